"""New applications: of candidates Ashby knows, and of new ones, who are made first."""

from providers.ashby import applications
from providers.ashby.candidates import make
from providers.ashby.sending import as_the_key
from providers.kit import Action, Write, Written


def _create(write: Write) -> Written:
    body, candidate = applications.body_of(write, write.fields), write.fields["candidate"]
    if isinstance(candidate, dict):
        candidate = make(write, candidate, "candidate/")["id"]
    return applications.post(write, candidate, body)


ACTIONS = (
    Action(
        "Application",
        "create",
        as_the_key(_create),
        fields=("candidate", *applications.GIVEN),
        required=("candidate", "job"),
        nested=("candidate",),
        parameters=(applications.PLAN,),
    ),
    *applications.ACTIONS,
)
