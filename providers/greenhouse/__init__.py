"""Greenhouse Recruiting: the Harvest API, in the generation the credentials are for."""

from providers.greenhouse import guide, harvest_v1, harvest_v3
from providers.greenhouse.auth import (
    AUTHORIZE_URL,
    TOKEN_URL,
    api_key,
    authorization_code,
    client_credentials,
    read_grant,
)
from providers.kit import Authorization, CredentialField, Provider, Style, Words

USER_ID = Words(
    en="The id of the Greenhouse user on whose behalf is written when a write names nobody. It is the number "
    "at the end of the address of their page under *Configure* > *Users*.",
    de="Die Id der Person in Greenhouse, in deren Namen geschrieben wird, wenn ein Schreibvorgang niemanden "
    "nennt. Es ist die Zahl am Ende der Adresse ihrer Seite unter *Configure* > *Users*.",
)

CLIENT_CREDENTIALS = Style(
    name="Harvest v3, OAuth client of your own",
    title=Words(
        en="With a client ID and secret (Harvest v3)", de="Mit Client-ID und Client-Secret (Harvest v3)"
    ),
    fields=(
        CredentialField(
            "client_id",
            Words(en="Client ID", de="Client-ID"),
            Words(
                en="Of a credential of the type *Harvest v3 (OAuth)*.",
                de="Von Zugangsdaten des Typs *Harvest v3 (OAuth)*.",
            ),
            secret=False,
        ),
        CredentialField(
            "client_secret",
            Words(en="Client secret", de="Client-Secret"),
            Words(
                en="Shown once, beside the client ID.",
                de="Wird einmal neben der Client-ID angezeigt.",
            ),
            advice=Words(
                en="Check that client ID and secret belong together and were copied whole. If the secret is "
                "lost, create new API credentials.",
                de="Prüfen Sie, ob Client-ID und Secret zusammengehören und vollständig kopiert sind. Ist "
                "das Secret verloren, legen Sie neue Zugangsdaten an.",
            ),
        ),
        CredentialField(
            "user_id",
            Words(en="User ID", de="Benutzer-ID"),
            Words(
                en=f"{USER_ID.en} They must be a *Site Admin*. Left empty, the credential's own service "
                "user acts.",
                de=f"{USER_ID.de} Sie muss *Site Admin* sein. Bleibt das Feld leer, handelt der "
                "Dienstbenutzer der Zugangsdaten.",
            ),
            advice=Words(
                en="Check that the user exists and is active, or leave this empty.",
                de="Prüfen Sie, ob es die Person gibt und sie aktiv ist, oder lassen Sie das Feld leer.",
            ),
            secret=False,
            required=False,
        ),
    ),
    api=harvest_v3.API,
    auth=client_credentials,
    guide=guide.CLIENT_CREDENTIALS,
)
AUTHORIZATION_CODE = Style(
    name="Harvest v3, OAuth partner",
    title=Words(en="By signing in to Greenhouse", de="Durch Anmelden bei Greenhouse"),
    fields=(
        CredentialField(
            "client_id",
            Words(en="Client ID", de="Client-ID"),
            Words(en="Of your partner integration.", de="Von Ihrer Partner-Integration."),
            secret=False,
        ),
        CredentialField(
            "client_secret",
            Words(en="Client secret", de="Client-Secret"),
            Words(en="Of your partner integration.", de="Von Ihrer Partner-Integration."),
        ),
        CredentialField(
            "refresh_token",
            Words(en="Refresh token", de="Refresh-Token"),
            Words(
                en="From the exchange of the authorization code. It ends after 24 hours unless it is used, "
                "and each use replaces it. The user who agreed must be a *Site Admin*.",
                de="Aus dem Tausch des Autorisierungscodes. Es endet nach 24 Stunden, wenn es nicht benutzt "
                "wird, und jede Benutzung ersetzt es. Wer zugestimmt hat, muss *Site Admin* sein.",
            ),
        ),
        CredentialField(
            "access_token",
            Words(en="Access token", de="Access-Token"),
            Words(en="Not needed: a new one is asked for.", de="Nicht nötig: Ein neues wird angefordert."),
            required=False,
        ),
    ),
    api=harvest_v3.API,
    auth=authorization_code,
    guide=guide.AUTHORIZATION_CODE,
    authorization=Authorization(AUTHORIZE_URL, TOKEN_URL, read_grant, scopes=guide.ALL_SCOPES),
)
API_KEY = Style(
    name="Harvest v1, API key",
    title=Words(en="With an API key (Harvest v1)", de="Mit einem API-Schlüssel (Harvest v1)"),
    fields=(
        CredentialField(
            "api_key",
            Words(en="Harvest API key", de="Harvest-API-Schlüssel"),
            Words(
                en="A key of the type *Harvest*. Greenhouse has announced the end of this generation; new "
                "credentials are better made for Harvest v3.",
                de="Ein Schlüssel des Typs *Harvest*. Greenhouse hat das Ende dieser Generation "
                "angekündigt; neue Zugangsdaten sind besser für Harvest v3.",
            ),
            advice=Words(
                en="Check that the key was copied whole, that its type is *Harvest* and that it has not "
                "been revoked. If it is lost, create new API credentials.",
                de="Prüfen Sie, ob der Schlüssel vollständig kopiert ist, ob sein Typ *Harvest* ist und ob "
                "er noch gilt. Ist er verloren, legen Sie neue Zugangsdaten an.",
            ),
        ),
        CredentialField(
            "user_id", Words(en="User ID", de="Benutzer-ID"), USER_ID, secret=False, required=False
        ),
    ),
    api=harvest_v1.API,
    auth=api_key,
    guide=guide.API_KEY,
)

GREENHOUSE = Provider(
    slug="greenhouse",
    name="Greenhouse",
    color="#23a47f",
    styles=(CLIENT_CREDENTIALS, AUTHORIZATION_CODE, API_KEY),
)
