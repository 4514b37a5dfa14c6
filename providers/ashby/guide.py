"""How a person gets an API key in Ashby, and what they grant.

Menu names are those of https://developers.ashbyhq.com/docs/authentication and of Ashby's own pages, which are
in English, so they are not translated.
"""

from providers.kit import Guide, Permission, Words

API_KEY = Guide(
    before=Words(
        en="You need to be an *Organization Admin* in Ashby.",
        de="Sie müssen in Ashby *Organization Admin* sein.",
    ),
    steps=(
        Words(
            en="In Ashby, open *Admin* > *Integrations* > *API Keys* and click *+ New*.",
            de="Öffnen Sie in Ashby *Admin* > *Integrations* > *API Keys* und klicken Sie auf *+ New*.",
        ),
        Words(
            en="Enter a name you will recognise, and tick *Read* and *Write* of each module as listed below. "
            "What you do not grant is left out; nothing else fails.",
            de="Geben Sie einen Namen ein, den Sie wiedererkennen, und setzen Sie für jedes Modul den Haken "
            "bei *Read* und *Write* wie unten aufgeführt. Was Sie nicht erteilen, bleibt außen vor; alles "
            "andere funktioniert.",
        ),
        Words(
            en="Turn on *Allow access to confidential jobs and projects*. Without it Ashby leaves out "
            "confidential jobs, and their candidates and applications too, without saying so. For private "
            "notes turn on *Allow access to non-offer private fields* as well.",
            de="Schalten Sie *Allow access to confidential jobs and projects* ein. Ohne diese Einstellung "
            "lässt Ashby vertrauliche Stellen samt ihren Kandidaten und Bewerbungen weg, ohne es zu sagen. "
            "Für private Notizen schalten Sie auch *Allow access to non-offer private fields* ein.",
        ),
        Words(
            en="Save, and copy the key into the form on this page. Ashby shows it only once.",
            de="Speichern Sie und kopieren Sie den Schlüssel in das Formular auf dieser Seite. Ashby zeigt "
            "ihn nur einmal.",
        ),
    ),
    permissions=(
        Permission("Candidates", ("candidatesRead",)),
        Permission("Interviews", ("interviewsRead",)),
        Permission("Jobs", ("jobsRead",)),
        Permission("Offers", ("offersRead",)),
        Permission("Organization", ("organizationRead",)),
        Permission("Hiring Process Metadata", ("hiringProcessMetadataRead",)),
        Permission("Candidates", ("candidatesWrite",), writing=True),
        Permission("Interviews", ("interviewsWrite",), writing=True),
        Permission("Hiring Process Metadata", ("hiringProcessMetadataWrite",), writing=True),
    ),
)
