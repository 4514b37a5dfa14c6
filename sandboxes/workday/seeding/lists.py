"""The lists of the tenant's configuration."""

from sandboxes.workday.seeding.base import TenantSeeding

# Stage by stage, with the workflow step that leads to it.
STAGES = (
    ("REVIEW", "Review"),
    ("SCREEN", "Screen"),
    ("ASSESSMENT", "Prüfung & Aufgabe"),
    ("INTERVIEW", "Interview"),
    ("OFFER", "Offer"),
    ("BACKGROUND_CHECK", "Background Check"),
    ("READY_FOR_HIRE", "Ready for Hire"),
)
DISPOSITIONS = (
    ("NOT_QUALIFIED", "Not Qualified"),
    ("OTHER_CANDIDATE", "Hired Another Candidate"),
    ("DECLINED", "Kandidat:in hat abgesagt"),
)
LISTS = {
    "sources": (
        ("LINKEDIN", "LinkedIn"),
        ("CAREERS_SITE", "Careers Site"),
        ("REFERRAL", "Employee Referral"),
        ("AGENCY", "Talent & Söhne Agentur"),
    ),
    "tags": (
        ("SILVER_MEDALIST", "Silver Medalist"),
        ("ÜBER", "Über-qualified"),
        ("REMOTE", "R&D <remote>"),
    ),
    "requisition_statuses": (
        ("OPEN", "Open"),
        ("FILLED", "Filled"),
        ("CLOSED", "Closed"),
        ("FROZEN", "Frozen"),
        ("DRAFT", "Draft"),
        ("PENDING_APPROVAL", "Pending Approval"),
    ),
    "roles": (
        ("HIRING_MANAGER", "Hiring Manager"),
        ("PRIMARY_RECRUITER", "Primary Recruiter"),
        ("FINANCE_PARTNER", "Finance Partner"),
    ),
    "posting_sites": (("EXTERNAL", "Fairhaven Careers"), ("INTERNAL", "Internal Careers")),
    "organization_types": (("SUPERVISORY", "Supervisory"), ("COST_CENTER", "Cost Center")),
    "phone_device_types": (("Mobile", "Mobile"), ("Landline", "Landline")),
    "phone_codes": (
        ("USA_1", "United States of America (+1)"),
        ("DEU_49", "Germany (+49)"),
        ("CHE_41", "Switzerland (+41)"),
    ),
    "countries": (("USA", "United States of America"), ("DEU", "Germany"), ("JPN", "Japan")),
    "regions": (("USA-CA", "California"), ("DEU-BY", "Bayern")),
    "social_networks": (("LinkedIn", "LinkedIn"), ("Twitter", "Twitter")),
    "genders": (
        ("Male", "Male"),
        ("Female", "Female"),
        ("Non_Binary", "Non-Binary"),
        ("Not_Declared", "Not Declared"),
    ),
    "ethnicities": (
        ("Asian_USA", "Asian (United States of America)"),
        ("White_USA", "White (United States of America)"),
        ("Black_USA", "Black or African American (United States of America)"),
        ("Two_USA", "Two or More Races (United States of America)"),
    ),
    "veteran_statuses": (
        ("NOT_PROTECTED", "I am not a protected veteran"),
        ("PROTECTED", "I identify as one or more of the classifications of protected veterans"),
        ("NO_ANSWER", "I do not wish to self-identify"),
    ),
    "disability_statuses": (
        ("YES", "Yes, I have a disability, or have had one in the past"),
        ("NO", "No, I do not have a disability and have not had one in the past"),
        ("NO_ANSWER", "I do not want to answer"),
    ),
    "time_zones": (
        ("UTC", "UTC"),
        ("America/Los_Angeles", "America/Los_Angeles"),
        ("Europe/Zurich", "Europe/Zurich"),
    ),
    "interview_types": (
        ("PHONE", "Phone Interview"),
        ("ON_SITE", "On-site Interview"),
        ("VIDEO", "Vidéo-entretien"),
    ),
    "competencies": (("COMMUNICATION", "Communication"), ("CODING", "Coding & Design")),
    "questionnaires": (("CULTURE", "Culture Questionnaire"),),
    "ratings": (
        ("STRONG_HIRE", "Strong Hire"),
        ("HIRE", "Hire"),
        ("NO_HIRE", "No Hire"),
        ("STRONG_NO_HIRE", "Strong No Hire"),
        ("UNDECIDED", "Undecided"),
        ("WITH_TRAINING", "Nach Einarbeitung gern"),
    ),
    "mime_types": (("application/pdf", "PDF"), ("text/plain", "Text")),
    "document_categories": (
        ("RESUME", "Resume"),
        ("COVER_LETTER", "Cover Letter"),
        ("OFFER_LETTER", "Offer Letter"),
        ("WORK_SAMPLE", "Arbeitsprobe"),
    ),
    "usage_types": (("WORK", "Work"), ("HOME", "Home")),
}


def add_lists(seeding: TenantSeeding) -> None:
    """Every list, and the workflow: a step for each stage and each disposition."""
    for table, values in (("stages", STAGES), ("dispositions", DISPOSITIONS), *LISTS.items()):
        for reference_id, name in values:
            seeding.add(table, reference_id=reference_id, name=name)
    seeding.add("tags", reference_id="RETIRED", name="Retired tag", inactive=True)
    for number, (reference_id, name) in enumerate(STAGES, 1):
        step = {"reference_id": f"WORKFLOW_STEP-3-{number}", "name": name}
        seeding.add("workflow_steps", stage_id=seeding.known("stages", reference_id), **step)
    for number, (reference_id, name) in enumerate(DISPOSITIONS, len(STAGES) + 1):
        step = {"reference_id": f"WORKFLOW_STEP-3-{number}", "name": f"Decline: {name}"}
        seeding.add("workflow_steps", disposition_id=seeding.known("dispositions", reference_id), **step)
