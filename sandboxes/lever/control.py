"""The controls only Lever has, under `/__sandbox__/`."""

import orjson
from starlette.routing import Route

from sandboxes.control_routes import control_routes
from sandboxes.lever.seeding import seed
from sandboxes.lever.state import State
from sandboxes.lever.webhooks import delivery, payload_of
from sandboxes.store import Row
from sandboxes.webhooks import send_webhook


def routes(state: State) -> list[Route]:
    """Permissions, tokens, limits, reset and webhooks."""

    def permissions(body: Row) -> Row:
        return state.permissions.put(body)

    def expire_offsets(_body: Row) -> None:
        state.era += 1

    def rate_limit(body: Row) -> Row:
        state.bucket.set(body["rate"], body["burst"])
        return body

    def settings(body: Row) -> Row:
        state.documented_eeo = bool(body["documented_eeo"])
        return {"documented_eeo": state.documented_eeo}

    async def webhooks(body: Row) -> list[Row]:
        return [await _send(state, *each) for each in _deliveries(state, body)]

    return control_routes(
        {
            "permissions": permissions,
            "tokens/expire": lambda _: state.tokens.expire_all(),
            "offsets/expire": expire_offsets,
            "rate_limit": rate_limit,
            "settings": settings,
            "reset": lambda body: seed(state, **body),
            "webhooks": webhooks,
        }
    )


def _deliveries(state: State, body: Row) -> list[tuple[str, Row]]:
    """To one address, or to all that are registered for the event."""
    event = body["event"]
    payload = body["data"] if "data" in body else payload_of(state, event, body["id"])
    targets = [(body["url"], body["signature_token"])] if "url" in body else []
    if not targets:
        registered = state.tables["webhooks"].rows.values()
        hooks = [row for row in registered if row["event"] == event]
        targets = [(row["url"], row["configuration"]["signatureToken"]) for row in hooks]
    return [(url, delivery(event, payload, state.now(), token)) for url, token in targets]


async def _send(state: State, url: str, content: Row) -> Row:
    headers = {"Content-Type": "application/json"}
    raw = orjson.dumps(content)
    status = await send_webhook(url, raw, headers, transport=state.webhook_transport)
    return {"url": url, "status": status, "body": content}
