"""The controls only Ashby has, under `/__sandbox__/`."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandboxes.answers import JSONAnswer
from sandboxes.ashby import hooks
from sandboxes.ashby.seeding import seed
from sandboxes.ashby.state import State
from sandboxes.control_routes import body_of, control_routes
from sandboxes.controls import PREFIX
from sandboxes.store import Row

SETTINGS = ("key_deactivated", "sees_confidential", "sees_private", "errors", "invalid_status", "warnings")


def routes(state: State) -> list[Route]:
    """Permissions, cursors, sync tokens, settings, reset and webhooks."""

    def permissions(body: Row) -> Row:
        return state.permissions.put(body)

    def settings(body: Row) -> Row:
        for name in SETTINGS:
            setattr(state, name, body.get(name, getattr(state, name)))
        state.passes.most_pages = body.get("incremental_pages", state.passes.most_pages)
        shown: Row = {name: getattr(state, name) for name in SETTINGS}
        return shown | {"incremental_pages": state.passes.most_pages}

    async def webhooks(request: Request) -> Response:
        return JSONAnswer(await _sent(state, await body_of(request), str(request.base_url).rstrip("/")))

    actions = control_routes(
        {
            "permissions": permissions,
            "cursors/refuse": lambda body: state.passes.refuse_cursors(
                body.get("code", "next_cursor_expired")
            ),
            "sync_tokens/refuse": lambda body: state.passes.refuse_tokens(
                body.get("code", "sync_token_expired")
            ),
            "settings": settings,
            "reset": lambda body: seed(state, **body),
        }
    )
    return [*actions, Route(f"{PREFIX}/webhooks", webhooks, methods=["POST"])]


async def _sent(state: State, body: dict[str, Any], origin: str) -> Any:
    """Send a webhook to the given address, or to all enabled ones of its type."""
    action = body["action"]
    data = body["data"] if "data" in body else hooks.data_of(state, action, body.get("id", ""), origin)
    registered = [row for row in state.where("webhooks", "webhookType", action) if row["enabled"]]
    receivers = [(row["requestUrl"], row["secretToken"]) for row in registered]
    if "url" in body:
        receivers = [(body["url"], body.get("secret"))]
    statuses = [await hooks.deliver(state, action, data, to, secret) for to, secret in receivers]
    return {"statuses": statuses, "data": data}
