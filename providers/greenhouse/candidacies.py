"""New applications: of candidates Greenhouse knows, and of new ones, who are made in the same request."""

from dataclasses import replace

from providers.greenhouse import applications
from providers.greenhouse.acting import acting_v1, acting_v3, made, needs_user_v1, number
from providers.greenhouse.candidates import applications_of, create_v1, create_v3
from providers.greenhouse.lists import row_of
from providers.kit import Action, Reference, Unavailable, Write, Written

AT = "candidate/"


def _create_v1(write: Write) -> Written:
    candidate, body = write.fields["candidate"], applications.body_v1(write, write.fields)
    if isinstance(candidate, dict):
        answer = create_v1(write, candidate, [body], AT)
        return _along(write, next(iter(applications_of(answer)), None))
    path = f"/v1/candidates/{number(candidate, 'candidate')}/applications"
    answer = row_of(write.client.send("POST", path, json=body, as_user=acting_v1(write)))
    return Written(Reference("applications", made(answer)), row=answer)


def _create_v3(write: Write) -> Written:
    candidate, body = write.fields["candidate"], applications.body_v3(write, write.fields)
    if isinstance(candidate, dict):
        answer = create_v3(write, candidate, [body], AT)
        return _along(write, (answer.get("application") or {}).get("id"))
    return applications.post_v3(write, number(candidate, "candidate"), body, acting_v3(write))


def _along(write: Write, key: object) -> Written:
    """The application a new candidate came with.

    Raises:
        Unavailable: Greenhouse names none. The candidate is there.
    """
    if key is None:
        raise Unavailable("Greenhouse names no application in its answer.", outcome_unknown=True)
    application = Reference("applications", str(key))
    write.also.remove(application)
    return Written(application)


_CREATE = Action(
    "Application",
    "create",
    _create_v3,
    fields=("candidate", *applications.GIVEN),
    required=("candidate", "job"),
    nested=("candidate",),
)
V1_ACTIONS = (replace(_CREATE, run=_create_v1, needs_user=needs_user_v1), *applications.V1_ACTIONS)
V3_ACTIONS = (_CREATE, *applications.V3_ACTIONS)
