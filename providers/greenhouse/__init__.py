"""Greenhouse Recruiting: the Harvest API, in the generation the credentials are for."""

from providers.greenhouse import harvest_v1, harvest_v3
from providers.greenhouse.auth import api_key, authorization_code, client_credentials
from providers.kit import CredentialField, Provider, Style

CONSOLE = "Greenhouse: Configure, Dev Center, API Credential Management"
SCOPES = (
    "Grant `list` of candidates, applications, sources, referrers, jobs, job_owners, job_hiring_managers, "
    "job_posts, job_interview_stages, job_interviews, interviews, interviewers, scorecards, offers, eeoc, "
    "users, departments, offices, notes, attachments, candidate_tags and rejection_reasons; for writing "
    "`create`, `update` and `destroy` of interviews, `create` of candidates, applications, notes and "
    "attachments, `update` of candidates, and `move` and `reject` of applications. What is not granted is "
    "left out of the sync."
)
PERMISSIONS = (
    "Grant the list and retrieve permissions of Candidates, Applications, Jobs, Job Posts, Job Stages, "
    "Scheduled Interviews, Scorecards, Offers, EEOC, Users, Departments, Offices, Candidate Tags, Rejection "
    "Reasons and the Activity Feed; for writing those that post, patch or delete Scheduled Interviews, and "
    "that post or patch Candidates, Applications, Notes, E-mails and Attachments. What is not granted is "
    "left out of the sync."
)
ACTING_USER = (
    "The id of the Greenhouse user on whose behalf is written when a write names nobody: a person who may "
    "manage the applications concerned."
)

CLIENT_CREDENTIALS = Style(
    name="Harvest v3, OAuth client of your own",
    fields=(
        CredentialField(
            "client_id",
            "Client id",
            help=f"{CONSOLE}, a Harvest v3 (OAuth) credential. {SCOPES}",
            secret=False,
        ),
        CredentialField("client_secret", "Client secret", help="Shown once, beside the client id."),
        CredentialField(
            "user_id",
            "User id",
            help=f"{ACTING_USER} Must be a Site Admin, for only they can list records. Left empty, the "
            "credential's own service user acts.",
            secret=False,
            required=False,
        ),
    ),
    api=harvest_v3.API,
    auth=client_credentials,
)
AUTHORIZATION_CODE = Style(
    name="Harvest v3, OAuth partner",
    fields=(
        CredentialField(
            "client_id", "Client id", help=f"Of your partner integration. {SCOPES}", secret=False
        ),
        CredentialField("client_secret", "Client secret", help="Of your partner integration."),
        CredentialField(
            "refresh_token",
            "Refresh token",
            help="From the exchange of the authorization code. It ends after 24 hours unless it is used, and "
            "each use replaces it. The user who agreed must be a Site Admin.",
        ),
        CredentialField(
            "access_token",
            "Access token",
            help="Not needed: a new one is asked for.",
            required=False,
        ),
    ),
    api=harvest_v3.API,
    auth=authorization_code,
)
API_KEY = Style(
    name="Harvest v1, API key",
    fields=(
        CredentialField(
            "api_key",
            "Harvest API key",
            help=f"{CONSOLE}, a key of the type Harvest. Greenhouse has announced the end of this "
            f"generation. {PERMISSIONS}",
        ),
        CredentialField("user_id", "User id", help=ACTING_USER, secret=False, required=False),
    ),
    api=harvest_v1.API,
    auth=api_key,
)

GREENHOUSE = Provider(
    slug="greenhouse",
    name="Greenhouse",
    color="#23a47f",
    styles=(CLIENT_CREDENTIALS, AUTHORIZATION_CODE, API_KEY),
)
