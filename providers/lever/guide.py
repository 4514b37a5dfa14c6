"""How a person finds the credentials in Lever, and what they grant.

Menu and button names are those of
https://help.lever.co/hc/en-us/articles/20087297592477-Generating-and-using-API-credentials and are not
translated: Lever shows them in English.
"""

from providers.kit import Guide, Permission, Words


def _scopes(area: str, *resources: str, writing: bool = False) -> Permission:
    verb = "write" if writing else "read"
    return Permission(area, tuple(f"{name}:{verb}:admin" for name in resources), writing)


SCOPES = (  # what is read; then what is written
    _scopes("Opportunities", "opportunities", "applications", "contact", "tags"),
    _scopes("Interviews", "interviews", "panels", "feedback"),
    _scopes("Postings", "postings"),
    _scopes("Offers, notes and files", "offers", "notes", "files", "resumes"),
    _scopes("Company", "users", "stages", "archive_reasons"),
    _scopes("EEO", "eeo_responses", "eeo_responses_pii"),
    Permission("Confidential records", ("confidential:access:admin",)),
    _scopes("Opportunities", "opportunities", "contact", writing=True),
    _scopes("Interviews", "interviews", "panels", writing=True),
    _scopes("Notes and files", "notes", "files", writing=True),
)
OFFLINE = "offline_access"  # without it there is no refresh token
ALL_SCOPES = (*(name for permission in SCOPES for name in permission.names), OFFLINE)

PERMISSIONS = (
    Permission(
        "Opportunities",
        ("list-opportunities", "read-opportunity", "list-deleted-opportunities", "read-contact", "list-tags"),
    ),
    Permission(
        "Interviews",
        (
            "list-opportunity-interviews",
            "read-opportunity-interview",
            "list-opportunity-panels",
            "list-opportunity-feedback",
        ),
    ),
    Permission(
        "Postings",
        ("list-postings", "read-posting", "list-deleted-postings", "read-posting-application-questions"),
    ),
    Permission(
        "Offers, notes and files",
        (
            "list-opportunity-offers",
            "list-opportunity-notes",
            "list-opportunity-files",
            "list-opportunity-resumes",
        ),
    ),
    Permission("Company", ("list-users", "read-user", "list-stages", "list-archive-reasons")),
    Permission("EEO", ("list-eeo-responses-pii",)),
    Permission(
        "Opportunities",
        (
            "create-opportunity",
            "update-opportunity-stage",
            "update-opportunity-archived-state",
            "update-contact",
            "add-opportunity-tags",
            "remove-opportunity-tags",
            "add-opportunity-links",
            "remove-opportunity-links",
        ),
        writing=True,
    ),
    Permission(
        "Interviews",
        (
            "create-opportunity-panel",
            "update-opportunity-panel",
            "delete-opportunity-panel",
            "create-opportunity-interview",
            "update-opportunity-interview",
            "delete-opportunity-interview",
        ),
        writing=True,
    ),
    Permission("Notes and files", ("create-opportunity-note", "create-opportunity-file"), writing=True),
)

API_KEY = Guide(
    before=Words(
        en="You need to be a *Super Admin*. Confidential records can be opened to a key only while it is "
        "made.",
        de="Sie müssen *Super Admin* sein. Vertrauliche Datensätze lassen sich für einen Schlüssel nur "
        "öffnen, während er angelegt wird.",
    ),
    steps=(
        Words(
            en="In Lever, open *Settings* > *Integrations and API*, then the tab *API Credentials*.",
            de="Öffnen Sie in Lever *Settings* > *Integrations and API* und dort den Reiter *API "
            "Credentials*.",
        ),
        Words(
            en="Under *Lever API credentials*, click *Generate New Key* and enter a name you will recognise.",
            de="Klicken Sie unter *Lever API credentials* auf *Generate New Key* und geben Sie einen Namen "
            "ein, den Sie wiedererkennen.",
        ),
        Words(
            en="Grant the permissions listed below, and access to confidential data if those records are to "
            "be read as well. What you do not grant is left out; nothing else fails.",
            de="Erteilen Sie die unten aufgeführten Berechtigungen, und Zugriff auf vertrauliche Daten, "
            "wenn auch diese gelesen werden sollen. Was Sie nicht erteilen, bleibt außen vor; alles andere "
            "funktioniert.",
        ),
        Words(
            en="Copy the key into the form on this page, then click *Done*. Lever shows it only once.",
            de="Kopieren Sie den Schlüssel in das Formular auf dieser Seite und klicken Sie dann auf *Done*. "
            "Lever zeigt ihn nur einmal.",
        ),
    ),
    permissions=PERMISSIONS,
)
OAUTH = Guide(
    before=Words(
        en="Sign in to Lever as a *Super Admin*: what is asked for concerns the whole account.",
        de="Melden Sie sich bei Lever als *Super Admin* an: Was angefragt wird, betrifft das ganze Konto.",
    ),
    steps=(
        Words(
            en="Lever asks you to sign in and shows what is requested.",
            de="Lever bittet Sie, sich anzumelden, und zeigt, was angefragt wird.",
        ),
        Words(
            en="When you agree, it brings you back here.",
            de="Wenn Sie zustimmen, kehren Sie hierher zurück.",
        ),
    ),
)
