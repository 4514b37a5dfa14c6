"""Every common model, declared once: responses, filters, tables and documentation derive from here."""

from app.common import enums
from app.common.fields import (
    Field,
    Filter,
    Kind,
    Model,
    boolean,
    enum,
    integer,
    moment,
    objects,
    relation,
    relations,
    reverse,
    text,
    texts,
)

PHONE_NUMBER = (
    text("value", "The number as the vendor holds it.", example="+49 30 901820").but(essential=True),
    enum("phone_number_type", enums.PHONE_NUMBER_TYPE, "What kind of number it is."),
)
EMAIL_ADDRESS = (
    text("value", "The address.", example="ines.moreau@example.com").but(essential=True),
    enum("email_address_type", enums.EMAIL_ADDRESS_TYPE, "What kind of address it is."),
)
URL = (
    text("value", "The address of the page.", example="https://jobs.example.com/backend-engineer").but(
        essential=True
    ),
    enum("url_type", enums.URL_TYPE, "What the page is."),
)
INTERVIEWER_RESPONSE = (
    relation("user", "RemoteUser", "The invited user; null for an external attendee.", expandable=False),
    text("email", "The address the invitation went to.", example="jonas.weber@acme.example"),
    enum("response_status", enums.RESPONSE_STATUS, "What the invited person answered."),
    relation("scorecard", "Scorecard", "The scorecard this person wrote.", expandable=False),
)

ACTIVITY = Model(
    "Activity",
    "activities",
    (
        relation("user", "RemoteUser", "Who did it.", writable=True).filtered_by("user_id"),
        moment("remote_created_at", "When it happened, says the vendor."),
        enum("activity_type", enums.ACTIVITY_TYPE, "What kind of activity it is.", writable=True),
        text("subject", "Its subject.", example="Phone call", writable=True),
        text("body", "Its text.", example="Asked to start in May.", writable=True),
        enum("visibility", enums.VISIBILITY, "Who may see it.", writable=True),
        relation("candidate", "Candidate", "The candidate it is about.", writable=True, expandable=False),
    ),
    "Something that happened with a candidate: a note, an e-mail, a stage change.",
    about="candidate",
    personal=True,
)

APPLICATION = Model(
    "Application",
    "applications",
    (
        relation("candidate", "Candidate", "Who applies.", writable=True).filtered_by("candidate_id"),
        relation("job", "Job", "The job applied for.", writable=True).filtered_by("job_id"),
        moment("applied_at", "When the candidate applied.", writable=True),
        moment("rejected_at", "When the application was rejected.", writable=True),
        reverse("offers", "Offer", "application", "The offers made.", writable=True),
        text(
            "source", "Where the application came from.", example="Company website", writable=True
        ).filtered_by("source"),
        relation("credited_to", "RemoteUser", "Who gets credit for the source.", writable=True).filtered_by(
            "credited_to_id"
        ),
        reverse(
            "screening_question_answers",
            "ScreeningQuestionAnswer",
            "application",
            "The candidate's answers to the job's questions.",
            writable=True,
        ),
        relation("current_stage", "JobInterviewStage", "The stage it is in.", writable=True).filtered_by(
            "current_stage_id"
        ),
        relation("reject_reason", "RejectReason", "Why it was rejected.", writable=True).filtered_by(
            "reject_reason_id"
        ),
    ),
    "A candidate's candidacy for one job.",
    about="candidate",
)

ATTACHMENT = Model(
    "Attachment",
    "attachments",
    (
        text("file_name", "The file's name.", example="resume.pdf", writable=True),
        text(
            "file_url",
            "Where the file can be fetched; often short-lived.",
            example="https://files.example.com/resume.pdf",
            writable=True,
        ).but(volatile=True, file=True),
        relation("candidate", "Candidate", "Whose file it is.", writable=True).filtered_by("candidate_id"),
        enum("attachment_type", enums.ATTACHMENT_TYPE, "What the file is.", writable=True),
    ),
    "A candidate's file.",
    about="candidate",
    personal=True,
)

CANDIDATE = Model(
    "Candidate",
    "candidates",
    (
        text("first_name", "Given name.", example="Ines", writable=True).filtered_by("first_name"),
        text("last_name", "Family name.", example="Moreau", writable=True).filtered_by("last_name"),
        text("company", "Current employer.", example="Initech", writable=True),
        text("title", "Current job title.", example="Backend engineer", writable=True),
        moment("remote_created_at", "When the vendor created the record."),
        moment("remote_updated_at", "When the vendor last changed the record."),
        moment("last_interaction_at", "The last contact with the candidate.", writable=True),
        boolean("is_private", "Whether the candidate is hidden from most users.", writable=True),
        boolean("can_email", "Whether the candidate may be sent e-mail.", writable=True),
        texts("locations", "Addresses or places.", example=["Berlin"], writable=True),
        objects("phone_numbers", PHONE_NUMBER, "Telephone numbers.", writable=True),
        objects("email_addresses", EMAIL_ADDRESS, "E-mail addresses.", writable=True).filtered_by(
            "email_addresses"
        ),
        objects("urls", URL, "Web pages.", writable=True),
        texts(
            "tags", "Names of the tags the candidate carries.", example=["relocates"], writable=True
        ).filtered_by("tags"),
        reverse("applications", "Application", "candidate", "The candidacies.", writable=True),
        reverse("attachments", "Attachment", "candidate", "The files.", writable=True),
    ),
    "A person who is or may be applying.",
)

DEPARTMENT = Model(
    "Department",
    "departments",
    (text("name", "Its name.", example="Engineering"),),
    "A department of the company.",
)

EEOC = Model(
    "EEOC",
    "eeocs",
    (
        relation("candidate", "Candidate", "Who answered.").filtered_by("candidate_id"),
        moment("submitted_at", "When the answers were given."),
        enum("race", enums.RACE, "Race or ethnicity."),
        enum("gender", enums.GENDER, "Gender."),
        enum("veteran_status", enums.VETERAN_STATUS, "Veteran status."),
        enum("disability_status", enums.DISABILITY_STATUS, "Disability status."),
    ),
    "Voluntary answers to the equal employment opportunity questions.",
    about="candidate",
    personal=True,
)

JOB = Model(
    "Job",
    "jobs",
    (
        text("name", "The job's title.", example="Backend engineer"),
        text("description", "The job's description.", example="<p>You will build our booking service.</p>"),
        text("code", "The requisition's code.", example="ENG-17").filtered_by("code"),
        enum("status", enums.JOB_STATUS, "Whether people are being hired for it.").filtered_by("status"),
        enum("type", enums.JOB_TYPE, "What the vendor means by a job."),
        reverse("job_postings", "JobPosting", "job", "Its adverts."),
        objects("job_posting_urls", URL, "Pages of its adverts."),
        moment("remote_created_at", "When the vendor created the record."),
        moment("remote_updated_at", "When the vendor last changed the record."),
        boolean("confidential", "Whether only its hiring team may know of it."),
        relations("departments", "Department", "The departments it belongs to."),
        relations("offices", "Office", "Where the work is.").filtered_by("offices"),
        relations("hiring_managers", "RemoteUser", "The hiring managers."),
        relations("recruiters", "RemoteUser", "The recruiters."),
    ),
    "A job, or requisition.",
)

JOB_INTERVIEW_STAGE = Model(
    "JobInterviewStage",
    "job-interview-stages",
    (
        text("name", "Its name.", example="On-site interview"),
        relation("job", "Job", "The job it belongs to; null when all jobs share it.").filtered_by("job_id"),
        integer("stage_order", "Its place among the job's stages, lowest first.", example=3),
    ),
    "A stage that applications pass through.",
)

JOB_POSTING = Model(
    "JobPosting",
    "job-postings",
    (
        text("title", "The advert's title.", example="Backend engineer (all genders)"),
        objects("job_posting_urls", URL, "Where the advert can be read."),
        relation("job", "Job", "The job it advertises."),
        enum("status", enums.JOB_POSTING_STATUS, "Whether it can be seen.").filtered_by("status"),
        text("content", "The advert, as HTML.", example="<p>We plan interviews. Join us.</p>"),
        moment("remote_created_at", "When the vendor created the record."),
        moment("remote_updated_at", "When the vendor last changed the record."),
        boolean("is_internal", "Whether only employees see it."),
    ),
    "An advert for a job.",
)

OFFER = Model(
    "Offer",
    "offers",
    (
        relation("application", "Application", "The application it answers.").filtered_by("application_id"),
        relation("creator", "RemoteUser", "Who made it.").filtered_by("creator_id"),
        moment("remote_created_at", "When the vendor created the record."),
        moment("closed_at", "When it was accepted or declined."),
        moment("sent_at", "When it was sent."),
        moment("start_date", "The first working day."),
        enum("status", enums.OFFER_STATUS, "How far it got.").filtered_by("status"),
    ),
    "An offer of employment.",
    about="application",
)

OFFICE = Model(
    "Office",
    "offices",
    (
        text("name", "Its name.", example="Berlin"),
        text("location", "Where it is.", example="Berlin, Germany"),
    ),
    "An office of the company.",
)

REJECT_REASON = Model(
    "RejectReason",
    "reject-reasons",
    (text("name", "The reason.", example="Position filled"),),
    "A reason to reject an application.",
)

REMOTE_USER = Model(
    "RemoteUser",
    "users",
    (
        text("first_name", "Given name.", example="Jonas"),
        text("last_name", "Family name.", example="Weber"),
        text("email", "E-mail address.", example="jonas.weber@acme.example").filtered_by("email"),
        boolean("disabled", "Whether the user can no longer sign in."),
        moment("remote_created_at", "When the vendor created the record."),
        enum("access_role", enums.ACCESS_ROLE, "What the user may do."),
    ),
    "A user of the applicant tracking system.",
)

SCHEDULED_INTERVIEW = Model(
    "ScheduledInterview",
    "interviews",
    (
        relation("application", "Application", "The application it is for.", writable=True).filtered_by(
            "application_id"
        ),
        relation("job_interview_stage", "JobInterviewStage", "The stage.", writable=True).filtered_by(
            "job_interview_stage_id"
        ),
        relation("organizer", "RemoteUser", "Who organizes it.", writable=True).filtered_by("organizer_id"),
        relations("interviewers", "RemoteUser", "Who interviews.", writable=True),
        text("location", "Where it takes place.", example="Room Tegel", writable=True),
        moment("start_at", "When it begins.", writable=True).but(example="2026-12-01T15:00:00Z"),
        moment("end_at", "When it ends.", writable=True).but(example="2026-12-01T16:00:00Z"),
        moment("remote_created_at", "When the vendor created the record."),
        moment("remote_updated_at", "When the vendor last changed the record."),
        enum("status", enums.INTERVIEW_STATUS, "How far it got.", writable=True),
        text(
            "name",
            "The vendor's name of the interview.",
            example="Technical interview",
            extra=True,
            writable=True,
        ),
        boolean("all_day", "Whether the vendor gave dates without times.", extra=True, writable=True),
        text(
            "video_conferencing_url",
            "Where to join by video.",
            example="https://meet.example.com/tegel",
            extra=True,
            writable=True,
        ),
        text(
            "external_event_id",
            "The id of the calendar event.",
            example="7k3v9q0c2d",
            extra=True,
            writable=True,
        ),
        text(
            "timezone", "The time zone it was planned in.", example="Europe/Berlin", extra=True, writable=True
        ),
        moment("cancelled_at", "When it was cancelled.", extra=True),
        objects(
            "interviewer_responses", INTERVIEWER_RESPONSE, "What each invited person answered.", writable=True
        ).but(extra=True),
    ),
    "An interview, past or to come.",
    filters=(Filter("job_id", "application", "job"),),
)

SCORECARD = Model(
    "Scorecard",
    "scorecards",
    (
        relation("application", "Application", "The application judged.").filtered_by("application_id"),
        relation("interview", "ScheduledInterview", "The interview it is about.").filtered_by("interview_id"),
        relation("interviewer", "RemoteUser", "Who judged.").filtered_by("interviewer_id"),
        moment("remote_created_at", "When the vendor created the record."),
        moment("submitted_at", "When it was handed in."),
        enum("overall_recommendation", enums.OVERALL_RECOMMENDATION, "The judgement."),
    ),
    "An interviewer's judgement.",
    about="application",
)

SCREENING_QUESTION = Model(
    "ScreeningQuestion",
    "",
    (
        relation("job", "Job", "The job it is asked for.").filtered_by("job_id"),
        text("description", "Its explanation.", example="Days you must give notice, please."),
        text("title", "The question.", example="When could you start?"),
        enum("type", enums.SCREENING_QUESTION_TYPE, "What kind of answer it takes."),
        boolean("required", "Whether it must be answered."),
        reverse("options", "ScreeningQuestionOption", "question", "The answers to choose from."),
        Field("position", Kind.INTEGER, hidden=True),
    ),
    "A question candidates answer when they apply.",
    has_supplements=False,
)

SCREENING_QUESTION_ANSWER = Model(
    "ScreeningQuestionAnswer",
    "",
    (
        relation("application", "Application", "").but(hidden=True),
        relation("question", "ScreeningQuestion", "The question answered."),
        text("answer", "The answer.", example="On the first of May"),
        Field("position", Kind.INTEGER, hidden=True),
    ),
    "A candidate's answer to a screening question.",
    has_supplements=False,
    about="application",
    personal=True,
)

SCREENING_QUESTION_OPTION = Model(
    "ScreeningQuestionOption",
    "",
    (
        relation("question", "ScreeningQuestion", "").but(hidden=True),
        text("label", "The option.", example="Within a month"),
        Field("position", Kind.INTEGER, hidden=True),
    ),
    "One of the answers to choose from.",
    has_supplements=False,
)

TAG = Model(
    "Tag",
    "tags",
    (text("name", "Its name.", example="relocates"),),
    "A tag candidates may carry.",
    retrievable=False,
)

ALL = (  # the most read first: routes are tried in this order
    SCHEDULED_INTERVIEW,
    APPLICATION,
    CANDIDATE,
    JOB,
    JOB_INTERVIEW_STAGE,
    REMOTE_USER,
    ACTIVITY,
    ATTACHMENT,
    OFFER,
    SCORECARD,
    JOB_POSTING,
    DEPARTMENT,
    OFFICE,
    TAG,
    REJECT_REASON,
    EEOC,
    SCREENING_QUESTION,
    SCREENING_QUESTION_ANSWER,
    SCREENING_QUESTION_OPTION,
)
MODELS: dict[str, Model] = {model.name: model for model in ALL}
COLLECTIONS: tuple[Model, ...] = tuple(model for model in ALL if model.path)


def reverses_of(model: Model, relation_name: str) -> tuple[tuple[Model, Field], ...]:
    """The fields of other models that list the records of `model` by its relation `relation_name`."""
    return _REVERSES.get((model.name, relation_name), ())


_REVERSES: dict[tuple[str, str], tuple[tuple[Model, Field], ...]] = {}
for _owner in ALL:
    for _field in _owner.fields:
        if _field.kind is Kind.REVERSE:
            _key = _field.target, _field.via
            _REVERSES[_key] = (*_REVERSES.get(_key, ()), (_owner, _field))
