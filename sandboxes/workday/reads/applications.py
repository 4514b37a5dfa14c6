"""Job applications, shown inside their candidate."""

from xml.etree.ElementTree import Element

from sandboxes.store import Row
from sandboxes.workday.elements import make, moment, optional
from sandboxes.workday.reads.attachments import resumes
from sandboxes.workday.references import reference, references
from sandboxes.workday.state import State


def application(state: State, row: Row, *, papers: bool) -> Element:
    """One application; `papers`: with the résumés that came with it."""
    sent = state.where("resumes", "application_id", row["id"]) if papers else []
    return make(
        "Job_Application_Data",
        reference(state, "Job_Application_Reference", "applications", row["id"]),
        _applied_to(state, row),
        *resumes(state, sent),
    )


def _applied_to(state: State, row: Row) -> Element:
    return make(
        "Job_Applied_To_Data",
        make("Job_Application_ID", row["reference_id"]),
        reference(state, "Job_Requisition_Reference", "requisitions", row["requisition_id"]),
        moment("Job_Application_Date", row["applied_at"]),
        reference(state, "Stage_Reference", "stages", row["stage_id"]),
        reference(state, "Workflow_Step_Reference", "workflow_steps", row["workflow_step_id"]),
        reference(state, "Disposition_Reference", "dispositions", row["disposition_id"]),
        moment("Status_Timestamp", row["status_at"]),
        reference(state, "Source_Reference", "sources", row["source_id"]),
        reference(state, "Referred_By_Worker_Reference", "workers", row["referrer_id"]),
        _personal(state, row["personal"]) if row["personal"] is not None else None,
    )


def _personal(state: State, row: Row) -> Element:
    """What the applicant said about themselves, all of it voluntary."""
    return make(
        "Personal_Information_Data",
        reference(state, "Gender_Reference", "genders", row.get("gender_id")),
        *references(state, "Ethnicity_Reference", "ethnicities", row.get("ethnicity_ids", ())),
        *references(state, "Veterans_Status_Reference", "veteran_statuses", row.get("veteran_ids", ())),
        optional("Hispanic_or_Latino", row.get("hispanic")),
        reference(state, "Disability_Status_Reference", "disability_statuses", row.get("disability_id")),
    )
