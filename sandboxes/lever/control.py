"""The controls only Lever has, under `/__sandbox__/`."""

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandboxes.answers import JSONAnswer
from sandboxes.control_routes import body_of
from sandboxes.controls import PREFIX
from sandboxes.lever.seeding import seed
from sandboxes.lever.state import State
from sandboxes.lever.webhooks import delivery, payload_of
from sandboxes.store import Row
from sandboxes.webhooks import send_webhook


def routes(state: State) -> list[Route]:
    """Permissions, tokens, limits, reset and webhooks."""

    async def permissions(request: Request) -> Response:
        return JSONAnswer(state.permissions.put(await body_of(request)))

    async def expire_tokens(_request: Request) -> Response:
        state.tokens.expire_all()
        return JSONAnswer({})

    async def expire_offsets(_request: Request) -> Response:
        state.era += 1
        return JSONAnswer({})

    async def rate_limit(request: Request) -> Response:
        body = await body_of(request)
        state.bucket.set(body["rate"], body["burst"])
        return JSONAnswer(body)

    async def settings(request: Request) -> Response:
        state.documented_eeo = bool((await body_of(request))["documented_eeo"])
        return JSONAnswer({"documented_eeo": state.documented_eeo})

    async def reset(request: Request) -> Response:
        seed(state, **await body_of(request))
        return JSONAnswer({})

    async def webhooks(request: Request) -> Response:
        return JSONAnswer([await _send(state, *each) for each in _deliveries(state, await body_of(request))])

    return [
        Route(f"{PREFIX}/{path}", handle, methods=["POST"])
        for path, handle in (
            ("permissions", permissions),
            ("tokens/expire", expire_tokens),
            ("offsets/expire", expire_offsets),
            ("rate_limit", rate_limit),
            ("settings", settings),
            ("reset", reset),
            ("webhooks", webhooks),
        )
    ]


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
