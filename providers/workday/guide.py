"""How a person makes an integration system user in Workday, and what it may do.

Names of tasks and of domain security policies are those of Workday and are not translated.
"""

from providers.kit import Guide, Permission, Words

PERMISSIONS = (
    Permission("Recruiting: Get", ("Job Requisition Data", "Job Postings", "Manage Pre-Hire Process")),
    Permission(
        "Recruiting, candidates: Get",
        (
            "Candidate Data: Job Application",
            "Candidate Data: Personal Information",
            "Candidate Data: Other Information",
            "Candidate Data: Interview Schedule",
            "Candidate Data: Attachments",
        ),
    ),
    Permission(
        "Workers and organization: Get",
        (
            "Worker Data: Public Worker Reports",
            "Worker Data: Workers",
            "Worker Data: Organization Information",
            "Manage: Location",
        ),
    ),
    Permission(
        "Recruiting: Get and Put",
        (
            "Candidate Data: Edit Job Application",
            "Candidate Data: Personal Information",
            "Candidate Data: Attachments",
            "Candidate Data: Interview Schedule",
            "Prospects",
            "Move Candidate",
        ),
        writing=True,
    ),
)

GUIDE = Guide(
    before=Words(
        en="You need a Workday security administrator's rights.",
        de="Sie brauchen in Workday die Rechte der Sicherheitsadministration.",
    ),
    steps=(
        Words(
            en="In Workday's search, open the task *Create Integration System User*. Enter a user name and a "
            "password, leave *Require New Password at Next Sign In* clear, select *Do Not Allow UI Sessions* "
            "and click *OK*.",
            de="Öffnen Sie über die Suche von Workday die Aufgabe *Create Integration System User*. Geben "
            "Sie Benutzername und Passwort ein, lassen Sie *Require New Password at Next Sign In* leer, "
            "wählen Sie *Do Not Allow UI Sessions* und klicken Sie auf *OK*.",
        ),
        Words(
            en="Open *Maintain Password Rules* and add the user to *System Users exempt from password "
            "expiration*, or the connection ends when the password does.",
            de="Öffnen Sie *Maintain Password Rules* und nehmen Sie den Benutzer in *System Users exempt "
            "from password expiration* auf; sonst endet die Verbindung mit dem Passwort.",
        ),
        Words(
            en="Open *Create Security Group*, choose the type *Integration System Security Group "
            "(Unconstrained)*, name it, and add the user under *Integration System Users*.",
            de="Öffnen Sie *Create Security Group*, wählen Sie den Typ *Integration System Security Group "
            "(Unconstrained)*, geben Sie ihr einen Namen und fügen Sie den Benutzer unter *Integration "
            "System Users* hinzu.",
        ),
        Words(
            en="Open *Maintain Permissions for Security Group*, choose the group, and add the domain "
            "security policies listed below under *Integration Permissions*. What you do not grant is left "
            "out; nothing else fails.",
            de="Öffnen Sie *Maintain Permissions for Security Group*, wählen Sie die Gruppe und fügen Sie "
            "die unten aufgeführten Domain Security Policies unter *Integration Permissions* hinzu. Was Sie "
            "nicht erteilen, bleibt außen vor; alles andere funktioniert.",
        ),
        Words(
            en="Open *Activate Pending Security Policy Changes*, enter a comment and confirm.",
            de="Öffnen Sie *Activate Pending Security Policy Changes*, geben Sie einen Kommentar ein und "
            "bestätigen Sie.",
        ),
        Words(
            en="Open *Public Web Services*. From the related actions of *Recruiting (Public)* choose *Web "
            "Service* > *View WSDL*. At the end of that page is an address such as "
            "https://wd2-impl-services1.workday.com/ccx/service/acme/Recruiting: its host and the tenant "
            "(here acme) go into the form on this page.",
            de="Öffnen Sie *Public Web Services*. Wählen Sie bei *Recruiting (Public)* unter den Aktionen "
            "*Web Service* > *View WSDL*. Am Ende der Seite steht eine Adresse wie "
            "https://wd2-impl-services1.workday.com/ccx/service/acme/Recruiting: Ihr Hostname und der Tenant "
            "(hier acme) gehören in das Formular auf dieser Seite.",
        ),
    ),
    permissions=PERMISSIONS,
)
