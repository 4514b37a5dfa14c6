"""How a person finds the credentials in Greenhouse, and what they grant.

Menu and button names are those of https://support.greenhouse.io/hc/en-us/articles/5888163769883 and are not
translated: Greenhouse shows them in English. So are the permissions of Harvest v1; those of v3 are scopes.
"""

from providers.kit import Guide, Permission, Words

SCOPES = (  # what is read, in the order of the pages; then what is written
    Permission("Candidates", ("harvest:candidates:list", "harvest:candidate_tags:list")),
    Permission(
        "Applications",
        ("harvest:applications:list", "harvest:sources:list", "harvest:referrers:list"),
    ),
    Permission(
        "Jobs",
        (
            "harvest:jobs:list",
            "harvest:job_owners:list",
            "harvest:job_hiring_managers:list",
            "harvest:job_posts:list",
            "harvest:job_interview_stages:list",
            "harvest:job_interviews:list",
        ),
    ),
    Permission(
        "Interviews",
        ("harvest:interviews:list", "harvest:interviewers:list", "harvest:scorecards:list"),
    ),
    Permission("Offers", ("harvest:offers:list", "harvest:rejection_reasons:list")),
    Permission("EEOC", ("harvest:eeoc:list",)),
    Permission(
        "Company",
        ("harvest:users:list", "harvest:departments:list", "harvest:offices:list"),
    ),
    Permission("Notes and attachments", ("harvest:notes:list", "harvest:attachments:list")),
    Permission(
        "Interviews",
        ("harvest:interviews:create", "harvest:interviews:update", "harvest:interviews:destroy"),
        writing=True,
    ),
    Permission(
        "Candidates and applications",
        (
            "harvest:candidates:create",
            "harvest:candidates:update",
            "harvest:applications:create",
            "harvest:applications:move",
            "harvest:applications:reject",
        ),
        writing=True,
    ),
    Permission("Notes and attachments", ("harvest:notes:create", "harvest:attachments:create"), writing=True),
)
ALL_SCOPES = tuple(name for permission in SCOPES for name in permission.names)

PERMISSIONS = (
    Permission("Activity Feed", ("GET: Retrieve Activity Feed",)),
    Permission("Applications", ("GET: List Applications",)),
    Permission("Candidates", ("GET: List Candidates", "GET: Retrieve Candidate")),
    Permission("Tags", ("GET: List Candidate Tags",)),
    Permission("Departments", ("GET: List Departments",)),
    Permission("EEOC", ("GET: List EEOC",)),
    Permission("Jobs", ("GET: List Jobs",)),
    Permission("Job Posts", ("GET: List Job Posts",)),
    Permission("Job Stages", ("GET: List Job Stages",)),
    Permission("Offers", ("GET: List Offers",)),
    Permission("Offices", ("GET: List Offices",)),
    Permission("Rejection Reasons", ("GET: List Rejection Reasons",)),
    Permission(
        "Scheduled Interviews",
        ("GET: List Interviews", "GET: List Interviews for Application"),
    ),
    Permission("Scorecards", ("GET: List Scorecards",)),
    Permission("Users", ("GET: List Users",)),
    Permission("Applications", ("POST: Move Application", "POST: Reject Application"), writing=True),
    Permission(
        "Candidates",
        (
            "POST: Add Candidate",
            "PATCH: Edit Candidate",
            "POST: Add Application",
            "POST: Add Attachment",
            "POST: Add Note",
            "POST: Add E-mail",
        ),
        writing=True,
    ),
    Permission(
        "Scheduled Interviews",
        (
            "POST: Create a scheduled interview",
            "PATCH: Update a scheduled interview",
            "DELETE: Delete a scheduled interview",
        ),
        writing=True,
    ),
)

_BEFORE = Words(
    en="You need the developer permission *Can manage ALL organization's API Credentials*. A Site Admin "
    "gives it under *Configure* > *Users* > your name > *Permissions* > *Developer Permissions*.",
    de="Sie brauchen die Entwicklerberechtigung *Can manage ALL organization's API Credentials*. Ein Site "
    "Admin vergibt sie unter *Configure* > *Users* > Ihr Name > *Permissions* > *Developer Permissions*.",
)
_OPEN = Words(
    en="In Greenhouse, click the *Configure* icon (the gear), then *Dev Center*, then *API Credential "
    "Management*.",
    de="Klicken Sie in Greenhouse auf das Symbol *Configure* (das Zahnrad), dann auf *Dev Center* und auf "
    "*API Credential Management*.",
)
_SAVE = Words(
    en="Grant the permissions listed below, then click *Save*. What you do not grant is left out; nothing "
    "else fails.",
    de="Erteilen Sie die unten aufgeführten Berechtigungen und klicken Sie auf *Save*. Was Sie nicht "
    "erteilen, bleibt außen vor; alles andere funktioniert.",
)

CLIENT_CREDENTIALS = Guide(
    before=_BEFORE,
    steps=(
        _OPEN,
        Words(
            en="Click *Create new API credentials*. Set *API type* to *Harvest v3 (OAuth)* and *Partner* to "
            "*custom* or *unlisted vendor*, and enter a description you will recognise.",
            de="Klicken Sie auf *Create new API credentials*. Stellen Sie *API type* auf *Harvest v3 "
            "(OAuth)* und *Partner* auf *custom* oder *unlisted vendor*, und geben Sie eine Beschreibung "
            "ein, die Sie wiedererkennen.",
        ),
        Words(
            en="Click *View and store credentials* and copy both values into the form on this page. "
            "Greenhouse shows the secret only once. Then click *I have stored the client credentials*.",
            de="Klicken Sie auf *View and store credentials* und kopieren Sie beide Werte in das Formular "
            "auf dieser Seite. Greenhouse zeigt das Secret nur einmal. Klicken Sie dann auf *I have stored "
            "the client credentials*.",
        ),
        _SAVE,
    ),
    permissions=SCOPES,
)
AUTHORIZATION_CODE = Guide(
    before=Words(
        en="Sign in to Greenhouse as a *Site Admin*: it shows lists of records to them only.",
        de="Melden Sie sich bei Greenhouse als *Site Admin* an: Nur diesen zeigt es Listen von Datensätzen.",
    ),
    steps=(
        Words(
            en="Greenhouse asks you to sign in and shows what is requested.",
            de="Greenhouse bittet Sie, sich anzumelden, und zeigt, was angefragt wird.",
        ),
        Words(
            en="When you agree, it brings you back here.",
            de="Wenn Sie zustimmen, kehren Sie hierher zurück.",
        ),
    ),
)
API_KEY = Guide(
    before=_BEFORE,
    steps=(
        _OPEN,
        Words(
            en="Click *Create new API credentials*. Set *API type* to *Harvest* and *Partner* to *custom* or "
            "*unlisted vendor*, and enter a description you will recognise.",
            de="Klicken Sie auf *Create new API credentials*. Stellen Sie *API type* auf *Harvest* und "
            "*Partner* auf *custom* oder *unlisted vendor*, und geben Sie eine Beschreibung ein, die Sie "
            "wiedererkennen.",
        ),
        Words(
            en="Click *Manage permissions* and copy the key into the form on this page. Greenhouse shows it "
            "only once. Then click *I have stored the API key*.",
            de="Klicken Sie auf *Manage permissions* und kopieren Sie den Schlüssel in das Formular auf "
            "dieser Seite. Greenhouse zeigt ihn nur einmal. Klicken Sie dann auf *I have stored the API "
            "key*.",
        ),
        _SAVE,
    ),
    permissions=PERMISSIONS,
)
