"""Larkspur, which does not exist: `examples/provider/larkspur.md` is all there is to know of it."""

from collections.abc import Mapping

import httpx

from providers.kit import BasicKey, CredentialField, Guide, Permission, Provider, Style, TokenStore, Words
from providers.larkspur.api import API


def _auth(credentials: Mapping[str, str], _store: TokenStore) -> httpx.Auth:
    """The key is the user name of HTTP Basic authentication."""
    return BasicKey(credentials["api_key"])


API_KEY = Style(
    name="API key",
    title=Words(en="With an API key", de="Mit einem API-Schlüssel"),
    fields=(
        CredentialField(
            "api_key",
            Words(en="API key", de="API-Schlüssel"),
            Words(
                en="Shown when it is made under *Settings* > *Integrations*.",
                de="Wird beim Anlegen unter *Settings* > *Integrations* angezeigt.",
            ),
            advice=Words(
                en="Check that the key was copied whole and has not expired.",
                de="Prüfen Sie, ob der Schlüssel vollständig kopiert und nicht abgelaufen ist.",
            ),
        ),
    ),
    api=API,
    auth=_auth,
    guide=Guide(
        before=Words(en="You must be an *Account Owner*.", de="Sie müssen *Account Owner* sein."),
        steps=(
            Words(
                en="In Larkspur, open *Settings* > *Integrations* and choose *New key*.",
                de="Öffnen Sie in Larkspur *Settings* > *Integrations* und wählen Sie *New key*.",
            ),
            Words(
                en="Tick the permissions below and copy the key.",
                de="Haken Sie die Berechtigungen unten an und kopieren Sie den Schlüssel.",
            ),
        ),
        permissions=(
            Permission("Integrations", ("Read everything",)),
            Permission("Integrations", ("Manage interviews",), writing=True),
        ),
    ),
)

LARKSPUR = Provider(
    slug="larkspur",
    name="Larkspur",
    color="#6a5acd",
    styles=(API_KEY,),
    gaps={
        "Offer": "Larkspur has no offers.",
        "Candidate.create": "Its API changes interviews only.",
    },
)
