"""Lever: the Data API, with an API key or as a partner application."""

from urllib.parse import urlencode

from providers.kit import Authorization, CredentialField, Provider, Style, Words
from providers.lever import guide
from providers.lever.auth import api_key, oauth, read_grant
from providers.lever.data_api import API
from providers.lever.environments import AUTHORIZE_URL, PRODUCTION

PERFORM_AS = CredentialField(
    "perform_as",
    Words(en="User ID", de="Benutzer-ID"),
    Words(
        en="The id of the Lever user on whose behalf is written when a write names nobody. The list of "
        "users in Lever's API shows it.",
        de="Die Id der Person in Lever, in deren Namen geschrieben wird, wenn ein Schreibvorgang niemanden "
        "nennt. Die Liste der Benutzer in der Lever-API zeigt sie.",
    ),
    secret=False,
    required=False,
)
ENVIRONMENT = CredentialField(
    "environment",
    Words(en="Environment", de="Umgebung"),
    Words(
        en="*production* unless you enter *sandbox* (a partner's test account) or *eu*.",
        de="*production*, wenn Sie nicht *sandbox* (Testkonto eines Partners) oder *eu* eingeben.",
    ),
    advice=Words(
        en="Enter *production*, *sandbox* or *eu*, or leave this empty.",
        de="Geben Sie *production*, *sandbox* oder *eu* ein, oder lassen Sie das Feld leer.",
    ),
    secret=False,
    required=False,
)
_OF_THE_APPLICATION = Words(en="Of your partner application.", de="Von Ihrer Partner-Anwendung.")

API_KEY = Style(
    name="API key",
    title=Words(en="With an API key", de="Mit einem API-Schlüssel"),
    fields=(
        CredentialField(
            "api_key",
            Words(en="API key", de="API-Schlüssel"),
            Words(
                en="Of the kind *Lever API credentials*, not of the Postings API.",
                de="Von der Art *Lever API credentials*, nicht der Postings API.",
            ),
            advice=Words(
                en="Check that the key was copied whole and has not been deactivated, and that it is of the "
                "chosen environment. If it is lost, generate a new one.",
                de="Prüfen Sie, ob der Schlüssel vollständig kopiert ist, ob er noch gilt und ob er zur "
                "gewählten Umgebung gehört. Ist er verloren, erzeugen Sie einen neuen.",
            ),
        ),
        PERFORM_AS,
        ENVIRONMENT,
    ),
    api=API,
    auth=api_key,
    guide=guide.API_KEY,
)
OAUTH = Style(
    name="OAuth partner",
    title=Words(en="By signing in to Lever", de="Durch Anmelden bei Lever"),
    fields=(
        CredentialField(
            "client_id", Words(en="Client ID", de="Client-ID"), _OF_THE_APPLICATION, secret=False
        ),
        CredentialField("client_secret", Words(en="Client secret", de="Client-Secret"), _OF_THE_APPLICATION),
        CredentialField(
            "refresh_token",
            Words(en="Refresh token", de="Refresh-Token"),
            Words(
                en="From the exchange of the authorization code, asked for with *offline_access*. It ends "
                "after 90 days without use and after a year, and each use replaces it.",
                de="Aus dem Tausch des Autorisierungscodes, angefragt mit *offline_access*. Es endet nach 90 "
                "Tagen ohne Benutzung und nach einem Jahr, und jede Benutzung ersetzt es.",
            ),
        ),
        CredentialField(
            "access_token",
            Words(en="Access token", de="Access-Token"),
            Words(en="Not needed: a new one is asked for.", de="Nicht nötig: Ein neues wird angefordert."),
            required=False,
        ),
        PERFORM_AS,
        ENVIRONMENT,
    ),
    api=API,
    auth=oauth,
    guide=guide.OAUTH,
    authorization=Authorization(
        f"{AUTHORIZE_URL}?{urlencode({'audience': PRODUCTION.audience})}",
        PRODUCTION.token_url,
        read_grant,
        scopes=guide.ALL_SCOPES,
        client_auth="form",
    ),
)

LEVER = Provider(
    slug="lever",
    name="Lever",
    color="#4a61e3",
    styles=(API_KEY, OAUTH),
    gaps={
        "ScheduledInterview.remote_updated_at": "Lever does not say when an interview was changed.",
        "ScheduledInterview.all_day": "Every interview has a time.",
        "ScheduledInterview.video_conferencing_url": "The address stands in the location or the note.",
        "ScheduledInterview.external_event_id": "Lever does not show the calendar's id of an interview.",
    },
)
