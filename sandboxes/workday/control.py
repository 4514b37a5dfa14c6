"""The controls only Workday has, under `/__sandbox__/`."""

from starlette.routing import Route

from sandboxes.control_routes import control_routes
from sandboxes.store import Row
from sandboxes.workday import soap
from sandboxes.workday.faults import SERVER, Refused
from sandboxes.workday.gate import XML
from sandboxes.workday.seeding import seed
from sandboxes.workday.state import State

# What a service under load answers: a fault that says nothing, or no XML at all.
_OVERLOADED = {
    "fault": (soap.fault(Refused(SERVER, "The service is temporarily unavailable.")).decode(), XML),
    "text": ("The server is too busy to answer.", "text/html"),
}


def overload(state: State, kind: str = "fault", operation: str = "", times: int = 1) -> None:
    """Make the next requests for an operation (or any) run into a service under load.

    Args:
        state: the tenant.
        kind: `fault` for a plain Server fault, `text` for something that is no XML.
        operation: such as `Get_Candidates`.
        times: how many requests.
    """
    answer, content_type = _OVERLOADED[kind]
    state.controls.fail(
        containing=f"{operation}_Request" if operation else "",
        times=times,
        text=answer,
        headers={"Content-Type": content_type},
    )


def routes(state: State) -> list[Route]:
    """Permissions, load, settings and reset."""

    def permissions(body: Row) -> Row:
        return state.permissions.put(body)

    def settings(body: Row) -> Row:
        state.addressing = body.get("addressing", state.addressing)
        state.outlook_scheduling = bool(body.get("outlook_scheduling", state.outlook_scheduling))
        return {"addressing": state.addressing, "outlook_scheduling": state.outlook_scheduling}

    return control_routes(
        {
            "permissions": permissions,
            "overload": lambda body: overload(state, **body),
            "settings": settings,
            "reset": lambda body: seed(state, **body),
        }
    )
