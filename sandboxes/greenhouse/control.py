"""The controls only Greenhouse has, under `/__sandbox__/`."""

from starlette.routing import Route

from sandboxes.control_routes import control_routes
from sandboxes.greenhouse.payloads import payload_of
from sandboxes.greenhouse.seeding import seed
from sandboxes.greenhouse.state import State
from sandboxes.greenhouse.webhooks import webhook_body, webhook_headers
from sandboxes.store import Row
from sandboxes.webhooks import send_webhook


def routes(state: State) -> list[Route]:
    """Permissions, tokens, limits, reset and webhooks."""

    def rate_limit(body: Row) -> Row:
        state.limits.set(body["window"], int(body["limit"]))
        return body

    def settings(body: Row) -> Row:
        state.truncated_writes = bool(body.get("truncated_writes", state.truncated_writes))
        state.empty_links = bool(body.get("empty_links", state.empty_links))
        state.tokens.single = bool(body.get("single_token", state.tokens.single))
        return {
            "truncated_writes": state.truncated_writes,
            "empty_links": state.empty_links,
            "single_token": state.tokens.single,
        }

    async def webhooks(body: Row) -> Row:
        action = body["action"]
        payload = body["payload"] if "payload" in body else payload_of(state, action, body["id"])
        raw = webhook_body(action, payload)
        headers = webhook_headers(raw, body["secret"], body.get("event_id"))
        status = await send_webhook(body["url"], raw, headers, transport=state.webhook_transport)
        return {"status": status, "headers": headers, "payload": payload}

    return control_routes(
        {
            "permissions": lambda body: state.permissions[body["generation"]].put(body),
            "tokens/expire": lambda _: state.tokens.expire_all(),
            "rate_limit": rate_limit,
            "settings": settings,
            "reset": lambda body: seed(state, **body),
            "webhooks": webhooks,
        }
    )
