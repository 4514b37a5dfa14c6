"""`webhook.create`, and webhooks as Ashby sends them
(https://developers.ashbyhq.com/docs/authenticating-webhooks).
"""

import hashlib
import hmac
from typing import Any

import httpx
import orjson

from sandboxes.ashby import render
from sandboxes.ashby.arguments import one_of, text, url, uuid
from sandboxes.ashby.endpoint import Call, endpoint, found
from sandboxes.ashby.records import known
from sandboxes.ashby.state import State
from sandboxes.store import Row
from sandboxes.webhooks import send_webhook

# Action: the key under `data`, and the table the record is in.
ABOUT = {
    **dict.fromkeys(
        ("applicationSubmit", "applicationUpdate", "candidateHire", "candidateStageChange"),
        ("application", "applications"),
    ),
    **dict.fromkeys(
        ("interviewScheduleCreate", "interviewScheduleUpdate"), ("interviewSchedule", "interviewSchedules")
    ),
    **dict.fromkeys(("jobCreate", "jobUpdate"), ("job", "jobs")),
    **dict.fromkeys(
        ("jobPostingUpdate", "jobPostingPublish", "jobPostingUnpublish"), ("jobPosting", "jobPostings")
    ),
    **dict.fromkeys(("offerCreate", "offerUpdate"), ("offer", "offers")),
}
RENDERED = {
    "application": render.application_info,
    "interviewSchedule": render.schedule,
    "job": render.job,
    "jobPosting": render.job_posting,
    "offer": render.offer,
}
OTHERS = (
    *("candidateDelete", "candidateMerge", "offerDelete", "interviewPlanTransition", "openingCreate"),
    *("pushToHRIS", "signatureRequestUpdate", "surveySubmit"),
)
PING: Row = {"webhookActionType": "ping"}


def data_of(state: State, action: str, key: str, origin: str = "") -> Row:
    """The `data` of a webhook about a record; of one that is gone there is only the id."""
    if action == "ping":
        return PING
    if action in ABOUT:
        name, table = ABOUT[action]
        call = Call(state, action, {}, origin)
        return {name: RENDERED[name](call, state.tables[table].rows[key])}
    if action in ("candidateDelete", "offerDelete"):
        return {action.removesuffix("Delete"): {"id": key}}
    raise ValueError(f"{action} has no payload of its own here: give one")


def webhook_body(action: str, data: Any) -> bytes:
    """The bytes of a delivery."""
    return orjson.dumps({"action": action, "data": data})


def webhook_headers(body: bytes, secret: str | None) -> dict[str, str]:
    """The signature of a delivery; none without a secret token."""
    headers = {"Content-Type": "application/json"}
    if secret:
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers["Ashby-Signature"] = f"sha256={digest}"
    return headers


async def deliver(state: State, action: str, data: Any, to: str, secret: str | None) -> int | None:
    """Send one webhook; the status it was answered with, None when nobody answered."""
    body = webhook_body(action, data)
    headers = webhook_headers(body, secret)
    try:
        return await send_webhook(to, body, headers, transport=state.webhook_transport)
    except httpx.HTTPError:
        return None


async def create(call: Call) -> Row:
    """A webhook; when its receiver does not answer the ping, it is left disabled."""
    given = call.arguments
    status = await deliver(call.state, "ping", PING, given["requestUrl"], given.get("secretToken"))
    enabled = status is not None and 200 <= status < 300
    row = call.state.add("webhooks", **{"secretToken": None, **given, "enabled": enabled})
    return found(render.picked(row, "id", "enabled", "requestUrl", "secretToken", "webhookType"))


def info(call: Call) -> Row:
    """A webhook."""
    row = known(call.state, "webhooks", call.arguments["webhookId"])
    return found(render.picked(row, "id", "enabled", "requestUrl", "secretToken", "webhookType"))


def delete(call: Call) -> Row:
    """No more of these deliveries."""
    row = known(call.state, "webhooks", call.arguments["webhookId"])
    call.state.delete("webhooks", row["id"])
    return found({"webhookId": row["id"]})


ENDPOINTS = (
    endpoint(
        "webhook.create",
        "apiKeysWrite",
        create,
        {"webhookType": one_of(*ABOUT, *OTHERS), "requestUrl": url},
        {"secretToken": text},
    ),
    endpoint("webhook.info", "apiKeysRead", info, {"webhookId": uuid}),
    endpoint("webhook.delete", "apiKeysWrite", delete, {"webhookId": uuid}),
)
