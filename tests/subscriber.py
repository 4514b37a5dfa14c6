"""A subscriber to webhooks: a server on the loopback interface that writes down what it is sent."""

import base64
import hashlib
import hmac
import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from standardwebhooks import Webhook
from starlette.requests import Request
from starlette.responses import Response
from world import Json, World

from app.jobs import job_table
from app.webhooks.tables import webhook_delivery, webhook_endpoint


@dataclass(frozen=True)
class Hook:
    """One request a subscriber has received."""

    id: str
    headers: dict[str, str]
    raw: bytes
    accepted: bool

    @property
    def body(self) -> Json:
        parsed: Json = json.loads(self.raw)
        return parsed

    @property
    def event(self) -> str:
        return str(self.body["hook"]["event"])

    def is_signed_with(self, key: str) -> bool:
        """Whether both signatures are right, as a receiver checks them."""
        digest = hmac.new(key.encode(), self.raw, hashlib.sha256).digest()
        plain = base64.urlsafe_b64encode(digest).decode()
        Webhook(key).verify(self.raw, self.headers)  # raises when it is not
        return self.headers["x-merge-webhook-signature"] == plain


Answer = Callable[[int, str], int | Response]


def accept(_number: int, _delivery_id: str) -> int:
    """A receiver that is well."""
    return 200


class Subscriber:
    """What a customer runs.

    Attributes:
        url: where events are to be posted to.
        received: every request, the refused ones too.
        answer: the status for a request, from its number and its delivery id.
    """

    def __init__(self) -> None:
        self.url = ""
        self.received: list[Hook] = []
        self.answer: Answer = accept
        self._lock = threading.Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        raw = await request.body()
        headers = dict(request.headers)
        with self._lock:
            answer = self.answer(len(self.received), headers["webhook-id"])
            response = answer if isinstance(answer, Response) else Response(status_code=answer)
            accepted = response.status_code < 300
            self.received.append(Hook(headers["webhook-id"], headers, raw, accepted))
        await response(scope, receive, send)

    @property
    def accepted(self) -> list[Hook]:
        return [hook for hook in self.received if hook.accepted]

    def events(self) -> Counter[str]:
        """How often each event was accepted."""
        return Counter(hook.event for hook in self.accepted)


@dataclass
class Subscription:
    """A webhook, as its owner sees it."""

    world: World
    id: str
    key: str

    def get(self) -> Json:
        answer = self.world.http.get(f"/webhooks/{self.id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def change(self, **changes: Any) -> Json:
        answer = self.world.http.patch(f"/webhooks/{self.id}", json=changes)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def deliveries(self, **params: Any) -> list[Json]:
        """The whole log, page by page."""
        found: list[Json] = []
        params.setdefault("page_size", 100)
        while True:
            answer = self.world.http.get(f"/webhooks/{self.id}/deliveries", params=params)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page["results"]
            if page["next"] is None:
                return found
            params["cursor"] = page["next"]


Subscribe = Callable[..., Subscription]


def let_pass(world: World, seconds: float) -> None:
    """What waiting would do: everything that waits for a time comes nearer by so much."""
    micros = int(seconds * 1_000_000)
    with world.service.engine.begin() as connection:
        for column in (
            webhook_delivery.c.next_attempt_at,
            webhook_delivery.c.created_at,
            webhook_endpoint.c.failing_since,
        ):
            connection.execute(update(column.table).values({column.name: column - micros}))
        job = job_table.c
        connection.execute(
            update(job_table)
            .where(job.kind == "deliver")
            .values(due_at=job.due_at - seconds, hold_until=job.hold_until - seconds)
        )
