"""The controls only Greenhouse has, under `/__sandbox__/`."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandboxes.answers import JSONAnswer
from sandboxes.control_routes import body_of
from sandboxes.controls import PREFIX
from sandboxes.greenhouse.payloads import payload_of
from sandboxes.greenhouse.seeding import seed
from sandboxes.greenhouse.state import State
from sandboxes.greenhouse.webhooks import webhook_body, webhook_headers
from sandboxes.webhooks import send_webhook


def routes(state: State) -> list[Route]:
    """Permissions, tokens, limits, reset and webhooks."""

    async def permissions(request: Request) -> Response:
        body = await body_of(request)
        return JSONAnswer(state.permissions[body["generation"]].put(body))

    async def expire_tokens(_request: Request) -> Response:
        state.tokens.expire_all()
        return JSONAnswer({})

    async def rate_limit(request: Request) -> Response:
        body = await body_of(request)
        state.limits.set(body["window"], int(body["limit"]))
        return JSONAnswer(body)

    async def settings(request: Request) -> Response:
        body = await body_of(request)
        state.truncated_writes = bool(body.get("truncated_writes", state.truncated_writes))
        state.empty_links = bool(body.get("empty_links", state.empty_links))
        state.tokens.single = bool(body.get("single_token", state.tokens.single))
        return JSONAnswer(
            {
                "truncated_writes": state.truncated_writes,
                "empty_links": state.empty_links,
                "single_token": state.tokens.single,
            }
        )

    async def reset(request: Request) -> Response:
        seed(state, **await body_of(request))
        return JSONAnswer({})

    async def webhooks(request: Request) -> Response:
        body = await body_of(request)
        action = body["action"]
        payload = body["payload"] if "payload" in body else payload_of(state, action, body["id"])
        raw = webhook_body(action, payload)
        headers = webhook_headers(raw, body["secret"], body.get("event_id"))
        status = await send_webhook(body["url"], raw, headers, transport=state.webhook_transport)
        return JSONAnswer({"status": status, "headers": headers, "payload": payload})

    return [
        Route(f"{PREFIX}/{path}", handle, methods=["POST"])
        for path, handle in (
            ("permissions", permissions),
            ("tokens/expire", expire_tokens),
            ("rate_limit", rate_limit),
            ("settings", settings),
            ("reset", reset),
            ("webhooks", webhooks),
        )
    ]
