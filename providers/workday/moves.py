"""Moving applications: to the workflow step of a stage, or out by a disposition step."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from providers.kit import Action, Invalid, Parameter, Reference, Write, Written
from providers.workday import people
from providers.workday.acting import as_integration
from providers.workday.candidacies import Candidacy, candidacies
from providers.workday.envelope import reference, tell, wd
from providers.workday.rows import ident

NEXT, DISPOSITION = "Next_Step_Reference", "Disposition_Step_Reference"


def _change_stage(write: Write) -> Written:
    """Move an application. Workday takes steps and not stages: one is known by who is in the stage now."""
    application = _application(write)
    wanted = str(write.fields["current_stage"])
    step = _step(write, wanted, application.job)
    if step is None:
        raise Invalid(
            "current_stage: no application is in this stage now, so Workday tells no way there.",
        )
    return _move(write, application, reference(NEXT, step))


def _step(write: Write, stage: str, job: str | None) -> str | None:
    """The workflow step of an application in a stage, of one for the same job if there is any.

    Everyone on the first page has an application there: no other page is needed.
    """
    request = people.LISTING.request(criteria=[reference("Recruiting_Stage_Reference", stage)])
    rows, _pages = people.LISTING.ask(write.client, request)
    step: str | None = None
    for row in rows:
        for each in candidacies(row):
            found = ident(each.details, "Workflow_Step_Reference") if each.stage == stage else None
            if found and each.job == job:
                return found
            step = step or found
    return step


def _reject(write: Write) -> Written:
    """Give an application its disposition: the step implies the reason."""
    step = str(write.params["disposition_step_id"])
    return _move(write, _application(write), reference(DISPOSITION, step, "Workflow_Step_ID"))


def _move(write: Write, application: Candidacy, target: Element) -> Written:
    as_integration(write)
    request = wd(
        "Move_Candidate_Request",
        wd("Dynamic_Business_Process_Parameters", target),
        wd("Move_Candidate_Data", reference("Job_Application_Reference", application.wid)),
    )
    tell(write.client, request)
    return Written(Reference(people.NAME, str(application.candidate)), remote_id=application.wid)


def _application(write: Write) -> Candidacy:
    """The application that is to be moved, as it was last read."""
    for each in _kept(write):
        if each.wid == write.remote_id:
            return each
    raise Invalid("The candidate of this application is not known.")


def _kept(write: Write) -> Iterator[Candidacy]:
    for row in write.find(people.NAME, "application", write.remote_id):
        yield from candidacies(row)


STEP = Parameter(
    name="disposition_step_id",
    type="string",
    description="The Workflow_Step_ID of the disposition step. Workday tells it to administrators only.",
    required=True,
)
ACTIONS = (
    Action(
        "Application", "change_stage", _change_stage, fields=("current_stage",), required=("current_stage",)
    ),
    Action("Application", "reject", _reject, parameters=(STEP,)),
)
