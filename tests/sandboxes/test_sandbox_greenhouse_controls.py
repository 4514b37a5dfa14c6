"""Limits, faults, the control surface, webhooks, and the seed."""

import hashlib
import hmac
import json
from datetime import timedelta
from time import perf_counter

import httpx
import pytest

from sandboxes import CREDENTIALS, SANDBOXES
from sandboxes.greenhouse import ADMIN, State, seed
from sandboxes.greenhouse.webhooks import webhook_body, webhook_headers


def test_v1_headers_and_429(harvest):
    harvest.state.limits.set("v1", 2)
    answers = [harvest.v1("GET", "/v1/jobs") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["x-ratelimit-limit"] for answer in answers] == ["2"] * 3
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    assert "x-ratelimit-reset" not in answers[0].headers
    assert answers[2].headers["retry-after"] == "10"
    harvest.clock.pass_(seconds=10)
    assert harvest.v1("GET", "/v1/jobs").status_code == 200


def test_v3_window_is_fixed_and_tells_its_end(harvest):
    token = harvest.token().json()["access_token"]
    harvest.state.limits.set("v3", 1)
    harvest.clock.pass_(seconds=20)
    answer = harvest.v3("GET", "/v3/jobs", token=token)
    resets = int(answer.headers["x-ratelimit-reset"])
    assert resets - harvest.clock.moment.timestamp() == 10
    refused = harvest.v3("GET", "/v3/jobs", token=token)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "10")
    harvest.clock.pass_(seconds=10)
    assert harvest.v3("GET", "/v3/jobs", token=token).status_code == 200


def test_tokens_have_their_own_window_of_a_minute(harvest):
    harvest.state.limits.set("token", 1)
    harvest.clock.pass_(seconds=30)
    assert harvest.token().status_code == 200
    assert (harvest.token().status_code, harvest.token().headers["retry-after"]) == (429, "30")


def test_the_limit_is_on_errors_too(harvest):
    assert "x-ratelimit-limit" in harvest.send("GET", "/v1/jobs").headers


def test_a_fault_counts_down(harvest):
    harvest.control(
        "POST",
        "faults",
        {"path": "/v1/jobs*", "times": 2, "skip": 1, "status": 503, "headers": {"Retry-After": "7"}},
    )
    codes = [harvest.v1("GET", "/v1/jobs").status_code for _ in range(4)]
    assert codes == [200, 503, 503, 200]
    harvest.state.controls.fail("/v1/users", body={"oops": True}, headers={"Retry-After": "7"})
    assert harvest.v1("GET", "/v1/jobs").status_code == 200
    answer = harvest.v1("GET", "/v1/users")
    assert (answer.status_code, answer.json(), answer.headers["retry-after"]) == (500, {"oops": True}, "7")


def test_a_fault_may_look_for_a_text_and_answer_one(harvest):
    url = "/v1/tags/candidate"
    harvest.state.controls.fail(containing="Gärtner", text="<busy/>", headers={"Content-Type": "text/xml"})
    assert harvest.v1("GET", url).status_code == 200
    answer = harvest.send("POST", url, content='{"name": "Gärtner"}'.encode())
    assert (answer.text, answer.headers["content-type"]) == ("<busy/>", "text/xml")
    assert harvest.send("POST", url, content='{"name": "Gärtner"}'.encode()).text != "<busy/>"


def test_an_executed_fault_loses_only_the_answer(harvest):
    harvest.state.controls.fail("/v1/candidates/*/tags/*", method="PUT", status=502, execute=True)
    candidate, tag = (harvest.rows(table)[0]["id"] for table in ("candidates", "candidate_tags"))
    assert harvest.v1("PUT", f"/v1/candidates/{candidate}/tags/{tag}").status_code == 502
    assert harvest.v1("GET", f"/v1/candidates/{candidate}/tags").json()[0]["id"] == tag


def test_requests_are_logged_without_secrets(harvest):
    candidate = harvest.rows("candidates")[0]["id"]
    harvest.v1("PATCH", f"/v1/candidates/{candidate}?x=1", {"company": "Ŷ"})
    (entry,) = harvest.control("GET", "requests").json()
    assert (entry["method"], entry["path"], entry["query"]) == ("PATCH", f"/v1/candidates/{candidate}", "x=1")
    assert (entry["body"], entry["caller"], entry["status"]) == ({"company": "Ŷ"}, str(ADMIN), 200)
    assert entry["headers"]["on-behalf-of"] == str(ADMIN)
    assert entry["headers"]["authorization"] == "Basic …"
    assert harvest.control("DELETE", "requests").json() == []


def test_latency_and_expired_tokens(harvest):
    assert harvest.control("POST", "latency", {"seconds": 0.001}).json() == {"seconds": 0.001}
    assert harvest.state.controls.latency == 0.001
    token = harvest.token().json()["access_token"]
    harvest.control("POST", "tokens/expire")
    assert harvest.v3("GET", "/v3/jobs", token=token).status_code == 401


def test_permissions_limit_and_settings_over_http(harvest):
    body = {"generation": "v3", "denied": ["harvest:jobs:list"]}
    harvest.control("POST", "permissions", body)
    assert harvest.v3("GET", "/v3/jobs").status_code == 403
    harvest.control("POST", "permissions", {"generation": "v3"})
    assert harvest.v3("GET", "/v3/jobs").status_code == 200
    harvest.control("POST", "rate_limit", {"window": "v1", "limit": 0})
    assert harvest.v1("GET", "/v1/jobs").status_code == 429
    settings = {"truncated_writes": True, "empty_links": True, "single_token": True}
    assert harvest.control("POST", "settings", settings).json() == settings


def test_links_may_be_empty(harvest):
    harvest.state.empty_links = True
    assert harvest.v1("GET", "/v1/users").headers["link"] == ""
    assert harvest.v3("GET", "/v3/users").headers["link"] == ""


def test_records_can_be_read_added_changed_and_deleted(harvest):
    body = {"first_name": "Ada", "last_name": "Quill"}
    created = harvest.control("POST", "records/candidates", body).json()
    assert harvest.v1("GET", f"/v1/candidates/{created['id']}").json()["first_name"] == "Ada"
    since = harvest.state.now()
    path = f"records/candidates/{created['id']}"
    harvest.control("PATCH", path, {"first_name": "Eda"})
    found = harvest.v3("GET", f"/v3/candidates?updated_at=gte|{since}").json()
    assert [(row["id"], row["first_name"]) for row in found] == [(created["id"], "Eda")]
    assert harvest.control("DELETE", path).status_code == 200
    assert harvest.control("GET", path).status_code == 404
    assert harvest.control("GET", "records/nothing").status_code == 404
    assert len(harvest.control("GET", "records/candidates").json()) == 25


@pytest.mark.parametrize(
    "table", ["interviews", "applications", "jobs", "users", "job_posts", "offers", "notes"]
)
def test_a_sparsely_added_record_is_listed_by_both_generations(harvest, table):
    application = harvest.active()
    needed = {
        "interviews": {"application_id": application["id"], "starts_at": "2026-12-01T10:00:00.000Z"},
        "applications": {"candidate_id": application["candidate_id"], "job_id": application["job_id"]},
        "jobs": {"name": "J"},
        "users": {},
        "job_posts": {"title": "P"},
        "offers": {"application_id": application["id"], "job_id": None, "candidate_id": None},
        "notes": {"candidate_id": application["candidate_id"]},
    }[table]
    row = harvest.state.add(table, **needed)
    assert row["id"] in {each["id"] for each in harvest.v3("GET", f"/v3/{table}").json()}
    if table != "notes":
        path = "scheduled_interviews" if table == "interviews" else table
        assert row["id"] in {each["id"] for each in harvest.v1("GET", f"/v1/{path}").json()}


def test_reset_restores_the_seed(harvest):
    harvest.state.controls.fail()
    harvest.control("POST", "reset", {"candidates": 3, "interviews": 2})
    assert (len(harvest.rows("candidates")), len(harvest.rows("interviews"))) == (3, 2)
    assert harvest.v1("GET", "/v1/jobs").status_code == 200


# Webhooks


def test_webhook_bytes_are_escaped_and_signed():
    body = webhook_body("update_candidate", {"name": "Zoë <b>&</b>"})
    assert b"Zo\\u00eb \\u003cb\\u003e\\u0026\\u003c/b\\u003e" in body
    assert json.loads(body) == {"action": "update_candidate", "payload": {"name": "Zoë <b>&</b>"}}
    headers = webhook_headers(body, "s3cret", "event-1")
    assert headers["Signature"] == "sha256 " + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    assert headers["Greenhouse-Event-ID"] == "event-1"


def test_a_webhook_is_sent_over_http(harvest):
    delivered = []

    def receive(request: httpx.Request) -> httpx.Response:
        delivered.append(request)
        return httpx.Response(200)

    harvest.state.webhook_transport = httpx.MockTransport(receive)
    key = harvest.rows("interviews")[0]["id"]
    body = {"url": "https://omniats.example/hook", "secret": "s", "action": "interview_deleted", "id": key}
    assert harvest.control("POST", "webhooks", body).json()["status"] == 200
    (request,) = delivered
    assert json.loads(request.content) == {
        "action": "interview_deleted",
        "payload": {"interview": {"id": key}},
    }
    signature = hmac.new(b"s", request.content, hashlib.sha256).hexdigest()
    assert request.headers["signature"] == f"sha256 {signature}"
    assert request.headers["greenhouse-event-id"]


# The seed and the registry


def test_the_seed_is_deterministic(harvest):
    other = State(harvest.clock)
    seed(other)
    assert {name: table.rows for name, table in other.tables.items()} == {
        name: table.rows for name, table in harvest.state.tables.items()
    }


def test_the_seed_follows_now(harvest):
    later = State(harvest.clock)
    seed(later, now=harvest.clock.moment + timedelta(days=365))
    starts = [row["starts_at"] for row in later.tables["interviews"].rows.values() if row["starts_at"]]
    assert max(starts) > "2027-11"


def test_a_big_account_is_built_and_paged_fast(harvest):
    begun = perf_counter()
    seed(harvest.state, candidates=1000, interviews=20_000)
    built = perf_counter() - begun
    token = harvest.token().json()["access_token"]
    url, count, slowest = "/v3/interviews?per_page=500", 0, 0.0
    while url and count < 5000:
        begun = perf_counter()
        answer = harvest.v3("GET", url, token=token)
        slowest = max(slowest, perf_counter() - begun)
        count += len(answer.json())
        url = answer.links["next"]["url"]
    assert count == 5000
    # Aims: 3 s and 30 ms; a busy machine gets more.
    assert built < 10
    assert slowest < 0.5


def test_every_sandbox_can_be_made_and_has_credentials():
    assert SANDBOXES.keys() == CREDENTIALS.keys()
    app = SANDBOXES["greenhouse"]()
    assert len(app.state.sandbox.tables["interviews"]) == 15
    assert CREDENTIALS["greenhouse"]["v1"].keys() == {"api_key"}
    assert CREDENTIALS["greenhouse"]["v3"].keys() == {"client_id", "client_secret"}
