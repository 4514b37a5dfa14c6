"""Ashby: one API, of calls by POST, and an API key."""

from providers.ashby import guide
from providers.ashby.api import API
from providers.ashby.auth import api_key
from providers.kit import CredentialField, Provider, Style, Words

API_KEY = Style(
    name="API key",
    title=Words(en="With an API key", de="Mit einem API-Schlüssel"),
    fields=(
        CredentialField(
            "api_key",
            Words(en="API key", de="API-Schlüssel"),
            Words(
                en="From *Admin* > *Integrations* > *API Keys* in Ashby.",
                de="Aus *Admin* > *Integrations* > *API Keys* in Ashby.",
            ),
            advice=Words(
                en="Check that the key was copied whole and has not been deactivated. If it is lost, create "
                "a new one: Ashby does not show it again.",
                de="Prüfen Sie, ob der Schlüssel vollständig kopiert ist und nicht deaktiviert wurde. Ist er "
                "verloren, legen Sie einen neuen an: Ashby zeigt ihn nicht noch einmal.",
            ),
        ),
    ),
    api=API,
    auth=api_key,
    guide=guide.API_KEY,
)

ASHBY = Provider(
    slug="ashby",
    name="Ashby",
    color="#4f46e5",
    styles=(API_KEY,),
    gaps={
        "EEOC": "Ashby's API does not give out the answers to equal opportunity surveys.",
        "Job.deletions": "Ashby archives jobs and tells of that; it tells of no deletion of one.",
        "Department.deletions": "Ashby archives departments; it tells of no deletion of one.",
    },
)
