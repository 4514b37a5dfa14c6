"""Webhooks: made, pinged, signed, sent by the control surface."""

import hashlib
import hmac

import httpx
import pytest

from sandboxes import CREDENTIALS, SANDBOXES

URL = "https://receiver.example/ashby"


class Receiver:
    """Takes deliveries and answers them with a status."""

    def __init__(self, status=200):
        self.status = status
        self.requests = []

    def transport(self):
        def answer(request):
            self.requests.append(request)
            return httpx.Response(self.status)

        return httpx.MockTransport(answer)


@pytest.fixture
def receiver(rpc):
    receiver = Receiver()
    rpc.state.webhook_transport = receiver.transport()
    return receiver


def create(rpc, action="applicationUpdate", **more):
    return rpc.results(
        "webhook.create", webhookType=action, requestUrl=URL, **{"secretToken": "s3cret", **more}
    )


def signature(request, secret="s3cret"):
    return "sha256=" + hmac.new(secret.encode(), request.content, hashlib.sha256).hexdigest()


def test_a_webhook_is_pinged_when_it_is_made(rpc, receiver):
    made = create(rpc)
    assert (made["enabled"], made["requestUrl"], made["webhookType"]) == (True, URL, "applicationUpdate")
    (ping,) = receiver.requests
    assert ping.headers["ashby-signature"] == signature(ping)
    assert ping.content == b'{"action":"ping","data":{"webhookActionType":"ping"}}'
    assert rpc.results("webhook.info", webhookId=made["id"]) == made


def test_a_failing_ping_leaves_it_disabled(rpc, receiver):
    receiver.status = 500
    made = create(rpc)
    assert made["enabled"] is False
    receiver.status = 200
    application = rpc.row("applications")["id"]
    body = {"action": "applicationUpdate", "id": application}
    assert rpc.control("webhooks", body)["statuses"] == []


def test_nobody_there_leaves_it_disabled(rpc):
    def refuse(request):
        raise httpx.ConnectError("nobody", request=request)

    rpc.state.webhook_transport = httpx.MockTransport(refuse)
    assert create(rpc)["enabled"] is False


def test_a_delivery_shows_the_record_and_is_signed(rpc, receiver):
    create(rpc, "candidateStageChange")
    key = rpc.row("applications")["id"]
    sent = rpc.control("webhooks", {"action": "candidateStageChange", "id": key})
    assert sent["statuses"] == [200]
    delivery = receiver.requests[-1]
    assert delivery.headers["ashby-signature"] == signature(delivery)
    shown = rpc.results("application.info", applicationId=key)
    assert sent["data"]["application"].keys() == shown.keys()
    assert sent["data"]["application"]["id"] == key


def test_without_a_secret_there_is_no_signature(rpc, receiver):
    rpc.control("webhooks", {"action": "candidateDelete", "id": "abc", "url": URL})
    (delivery,) = receiver.requests
    assert "ashby-signature" not in delivery.headers
    assert delivery.content == b'{"action":"candidateDelete","data":{"candidate":{"id":"abc"}}}'


@pytest.mark.parametrize(
    ("action", "table", "key"),
    [
        ("interviewScheduleUpdate", "interviewSchedules", "interviewSchedule"),
        ("jobUpdate", "jobs", "job"),
        ("jobPostingUnpublish", "jobPostings", "jobPosting"),
        ("offerUpdate", "offers", "offer"),
        ("offerDelete", "offers", "offer"),
        ("ping", "users", "webhookActionType"),
    ],
)
def test_every_action_has_its_payload(rpc, receiver, action, table, key):
    body = {"action": action, "id": rpc.row(table)["id"], "url": URL, "secret": "x"}
    assert list(rpc.control("webhooks", body)["data"]) == [key]


def test_a_payload_may_be_given(rpc, receiver):
    data = {"deletedCandidate": {"id": "a"}, "mergedCandidate": {"id": "b"}}
    rpc.control("webhooks", {"action": "candidateMerge", "data": data, "url": URL, "secret": "x"})
    assert receiver.requests[-1].headers["ashby-signature"] == signature(receiver.requests[-1], "x")


def test_a_deleted_webhook_gets_nothing(rpc, receiver):
    made = create(rpc)
    rpc.results("webhook.delete", webhookId=made["id"])
    assert rpc.refusal("webhook.info", webhookId=made["id"]) == "webhook_not_found"
    body = {"action": "applicationUpdate", "id": rpc.row("applications")["id"]}
    assert rpc.control("webhooks", body)["statuses"] == []


@pytest.mark.parametrize("bad", [{"webhookType": "somethingElse"}, {"requestUrl": "receiver"}, {"x": 1}])
def test_a_webhook_takes_what_is_documented(rpc, bad):
    arguments = {"webhookType": "jobUpdate", "requestUrl": URL, "secretToken": "s"} | bad
    assert rpc.refusal("webhook.create", **arguments) == "invalid_input"


def test_records_are_changed_from_outside(rpc):
    key = rpc.row("candidates")["id"]
    path = f"/__sandbox__/records/candidates/{key}"
    assert rpc.send("PATCH", path, json={"name": "Renamed"}).json()["name"] == "Renamed"
    assert rpc.results("candidate.info", id=key)["name"] == "Renamed"
    assert rpc.send("DELETE", path).status_code == 200
    assert rpc.send("GET", path).status_code == 404
    assert rpc.refusal("candidate.info", id=key) == "candidate_not_found"
    assert rpc.rows("applications", candidateId=key) == []


def test_every_new_record_can_be_shown(rpc):
    """A record made from outside with nothing but its relations."""
    person = rpc.state.add("candidates")["id"]
    job = rpc.state.add("jobs")["id"]
    stage = rpc.row("interviewStages")["id"]
    application = rpc.state.add("applications", candidateId=person, jobId=job, interviewStageId=stage)["id"]
    rpc.state.add("interviewSchedules", applicationId=application, interviewStageId=stage)
    rpc.state.add("jobPostings", jobId=job)
    for table in ("users", "departments", "locations", "sources", "archiveReasons", "candidateTags"):
        rpc.state.add(table)
    for resource in ("candidate", "job", "application", "interviewSchedule", "jobPosting", "user", "source"):
        assert rpc.results(f"{resource}.list")


def test_it_is_registered():
    assert CREDENTIALS["ashby"] == {"api_key": {"api_key": "sandbox-ashby-key"}}
    state = SANDBOXES["ashby"]().state.sandbox
    assert state.api_key == CREDENTIALS["ashby"]["api_key"]["api_key"]
