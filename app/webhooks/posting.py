"""One request to a subscriber."""

from contextlib import suppress
from dataclasses import dataclass

import httpx

from app.outbound import Outbound, Refused
from app.webhooks.signing import signed_headers

TIMEOUT = 10.0  # seconds
MAX_ANSWER = 100_000  # bytes; it is not looked at, only read to keep the connection
LONGEST_WAIT = 3600  # seconds a subscriber may ask for


@dataclass(frozen=True)
class Answer:
    """What became of a request.

    Attributes:
        status: what was answered; None when nothing was.
        error: why the message did not arrive; None when it did.
        retry_after: seconds the subscriber asks to wait.
    """

    status: int | None
    error: str | None = None
    retry_after: float = 0.0


def open_client(outbound: Outbound, connections: int) -> httpx.Client:
    """A client for `post`; close it."""
    return outbound.open(seconds=TIMEOUT, max_bytes=MAX_ANSWER, connections=connections)


def post(client: httpx.Client, target: str, key: str, delivery_id: str, body: bytes) -> Answer:
    """Send a signed message.

    Args:
        client: of `open_client`.
        target: where to.
        key: the organization's signature key.
        delivery_id: the same for every attempt.
        body: the message.
    """
    headers = {"Content-Type": "application/json"} | signed_headers(key, delivery_id, body)
    try:
        with (
            client.stream("POST", target, content=body, headers=headers) as answer,
            suppress(httpx.HTTPError),  # an answer that cannot be read costs only the connection
        ):
            answer.read()
    except Refused as refusal:
        return Answer(None, str(refusal))
    except httpx.TimeoutException:
        return Answer(None, "No answer in time.")
    except (httpx.TransportError, httpx.InvalidURL):
        return Answer(None, "No connection.")
    if answer.is_success:
        return Answer(answer.status_code)
    return Answer(answer.status_code, f"HTTP {answer.status_code}", _retry_after(answer))


def _retry_after(answer: httpx.Response) -> float:
    text = answer.headers.get("Retry-After", "")
    return float(min(int(text[:9]), LONGEST_WAIT)) if text.isascii() and text.isdigit() else 0.0
