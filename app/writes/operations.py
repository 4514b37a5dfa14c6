"""Every write the API offers. Routes, `meta` and messages derive from this table."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.common.fields import Model
from app.common.models import ACTIVITY, APPLICATION, ATTACHMENT, CANDIDATE, SCHEDULED_INTERVIEW

CREATE, UPDATE, DELETE = "create", "update", "delete"
CHANGE_STAGE, REJECT = "change_stage", "reject"


@dataclass(frozen=True)
class Operation:
    """A write.

    Attributes:
        model: the common model.
        verb: as providers declare it in their actions.
        method: the HTTP method.
        path: under `/api/ats/v1`.
        summary: a few words for the API reference.
        description: a sentence for it.
        bare: for a body without `model`: its names, and the common fields they stand for.
        beyond: whether the reference API lacks it.
    """

    model: Model
    verb: str
    method: str
    path: str
    summary: str
    description: str
    bare: Mapping[str, str] = field(default_factory=dict)
    beyond: bool = False

    @property
    def creates(self) -> bool:
        """Whether a record is made."""
        return self.verb == CREATE

    @property
    def in_words(self) -> str:
        """What it does, within a sentence."""
        article = "an" if self.model.singular[0] in "aeiou" else "a"
        return f"{self.verb.replace('_', ' ')} {article} {self.model.singular}"


def _create(model: Model, summary: str, description: str) -> Operation:
    return Operation(model, CREATE, "POST", f"/{model.path}", summary, description)


def _update(model: Model, summary: str, description: str, *, beyond: bool = False) -> Operation:
    path = f"/{model.path}/{{id}}"
    return Operation(model, UPDATE, "PATCH", path, summary, description, beyond=beyond)


OPERATIONS = (
    _create(
        SCHEDULED_INTERVIEW,
        "Schedule an interview",
        "Create an interview at the vendor and answer it as stored.",
    ),
    _update(
        SCHEDULED_INTERVIEW,
        "Move or change an interview",
        "Change an interview at the vendor; fields that are not given keep their value.",
        beyond=True,
    ),
    Operation(
        SCHEDULED_INTERVIEW,
        DELETE,
        "DELETE",
        f"/{SCHEDULED_INTERVIEW.path}/{{id}}",
        "Cancel an interview",
        "Cancel an interview at the vendor; the record stays, marked as deleted, or as cancelled where the "
        "vendor keeps it.",
        beyond=True,
    ),
    _create(
        CANDIDATE,
        "Create a candidate",
        "Create a candidate at the vendor; `applications` and `attachments` may come along as objects.",
    ),
    _update(
        CANDIDATE,
        "Change a candidate",
        "Change a candidate at the vendor; absent fields keep their value, a list replaces the list.",
    ),
    _create(
        APPLICATION,
        "Create an application",
        "Create an application at the vendor; `candidate` is an id, or an object for a new candidate.",
    ),
    Operation(
        APPLICATION,
        CHANGE_STAGE,
        "POST",
        f"/{APPLICATION.path}/{{id}}/change-stage",
        "Move an application to another stage",
        "Move an application to a stage other than its present one.",
        bare={"job_interview_stage": "current_stage"},
    ),
    Operation(
        APPLICATION,
        REJECT,
        "POST",
        f"/{APPLICATION.path}/{{id}}/reject",
        "Reject an application",
        "Reject an application at the vendor, or change the reason of one that is rejected already.",
        bare={"reject_reason": "reject_reason"},
        beyond=True,
    ),
    _create(
        ATTACHMENT,
        "Add a file to a candidate",
        "Add a file by its address, or with its content as a `data:` URL in `file_url`.",
    ),
    _create(ACTIVITY, "Log an activity", "Add a note to a candidate, or log an e-mail sent elsewhere."),
)


def operation(model: Model, verb: str) -> Operation | None:
    """The operation of a model, or None when the API has none."""
    return next((o for o in OPERATIONS if (o.model, o.verb) == (model, verb)), None)
