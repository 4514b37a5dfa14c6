"""The controls only Ashby has, under `/__sandbox__/`."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandboxes.answers import JSONAnswer
from sandboxes.ashby import hooks
from sandboxes.ashby.seeding import seed
from sandboxes.ashby.state import State
from sandboxes.control_routes import body_of
from sandboxes.controls import PREFIX

SETTINGS = ("key_deactivated", "sees_confidential", "sees_private", "errors", "invalid_status", "warnings")


def routes(state: State) -> list[Route]:
    """Permissions, cursors, sync tokens, settings, reset and webhooks."""

    async def permissions(request: Request) -> Response:
        body = await body_of(request)
        held = state.permissions
        held.denied = set(body.get("denied", ()))
        held.granted = set(body["granted"]) if body.get("granted") is not None else None
        return JSONAnswer({"denied": sorted(held.denied), "granted": body.get("granted")})

    async def cursors(request: Request) -> Response:
        state.passes.refuse_cursors((await body_of(request)).get("code", "next_cursor_expired"))
        return JSONAnswer({})

    async def sync_tokens(request: Request) -> Response:
        state.passes.refuse_tokens((await body_of(request)).get("code", "sync_token_expired"))
        return JSONAnswer({})

    async def settings(request: Request) -> Response:
        body = await body_of(request)
        for name in SETTINGS:
            setattr(state, name, body.get(name, getattr(state, name)))
        state.passes.most_pages = body.get("incremental_pages", state.passes.most_pages)
        shown: dict[str, Any] = {name: getattr(state, name) for name in SETTINGS}
        return JSONAnswer(shown | {"incremental_pages": state.passes.most_pages})

    async def reset(request: Request) -> Response:
        seed(state, **await body_of(request))
        return JSONAnswer({})

    async def webhooks(request: Request) -> Response:
        return JSONAnswer(await _sent(state, await body_of(request), str(request.base_url).rstrip("/")))

    return [
        Route(f"{PREFIX}/{path}", handle, methods=["POST"])
        for path, handle in (
            ("permissions", permissions),
            ("cursors/refuse", cursors),
            ("sync_tokens/refuse", sync_tokens),
            ("settings", settings),
            ("reset", reset),
            ("webhooks", webhooks),
        )
    ]


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
