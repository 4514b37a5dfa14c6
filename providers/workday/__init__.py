"""Workday Recruiting: its SOAP web services, with an integration system user."""

from providers.kit import CredentialField, Provider, Style, Words
from providers.workday import api
from providers.workday.guide import GUIDE
from providers.workday.security import username_token

HOST = CredentialField(
    "host",
    Words(en="Services host", de="Hostname der Dienste"),
    Words(
        en="Without https://, such as wd2-impl-services1.workday.com or services1.wd12.myworkday.com.",
        de="Ohne https://, etwa wd2-impl-services1.workday.com oder services1.wd12.myworkday.com.",
    ),
    advice=Words(
        en="It is the host of the web services and not the one you sign in at. It ends in workday.com or "
        "myworkday.com.",
        de="Gemeint ist der Hostname der Web Services, nicht der, an dem Sie sich anmelden. Er endet auf "
        "workday.com oder myworkday.com.",
    ),
    secret=False,
)
TENANT = CredentialField(
    "tenant",
    Words(en="Tenant", de="Tenant"),
    Words(
        en="The name of your tenant, as it stands in the address of the web services.",
        de="Der Name Ihres Tenants, wie er in der Adresse der Web Services steht.",
    ),
    secret=False,
)
USERNAME = CredentialField(
    "username",
    Words(en="User name", de="Benutzername"),
    Words(
        en="Of the integration system user. The tenant is added when it is left out.",
        de="Des Integration System User. Der Tenant wird ergänzt, wenn er fehlt.",
    ),
    secret=False,
)
PASSWORD = CredentialField(
    "password",
    Words(en="Password", de="Passwort"),
    Words(en="Of the integration system user.", de="Des Integration System User."),
    advice=Words(
        en="Check user name, tenant and password, that the account is not locked, and that its password has "
        "not expired.",
        de="Prüfen Sie Benutzername, Tenant und Passwort, ob das Konto gesperrt und ob das Passwort "
        "abgelaufen ist.",
    ),
)
API_VERSION = CredentialField(
    "api_version",
    Words(en="Version of the web services", de="Version der Web Services"),
    Words(
        en="Left empty, v45.2. Workday keeps former versions available.",
        de="Bleibt das Feld leer: v45.2. Workday hält frühere Versionen verfügbar.",
    ),
    secret=False,
    required=False,
)

SYSTEM_USER = Style(
    name="Integration system user",
    title=Words(en="With an integration system user", de="Mit einem Integration System User"),
    fields=(HOST, TENANT, USERNAME, PASSWORD, API_VERSION),
    api=api.API,
    auth=username_token,
    guide=GUIDE,
)

WORKDAY = Provider(
    slug="workday",
    name="Workday",
    color="#0875e1",
    styles=(SYSTEM_USER,),
    gaps={
        "Offer": "the web services write offers, and read none",
        "Activity": "the web services have no operation for notes and activities",
        "ScreeningQuestion": "questionnaires are referred to by requisitions, and not listed by job",
        "Activity.create": "the web services have no operation for notes and activities",
        "Attachment.file_url": "Workday sends a file's content, and has no address of it",
    },
)
