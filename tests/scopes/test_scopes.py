"""Scopes: what they switch off is neither read, nor shown, nor written; switched on again it comes back."""

from typing import Any

import httpx
import pytest
from merge import Merge
from merge.resources.ats.types import (
    CommonModelScopeApi,
    IndividualCommonModelScopeDeserializerRequest,
    ModelPermissionDeserializerRequest,
)
from sqlalchemy import Connection, event, insert, select, update
from world import Account, Json, Synced, World

from app.accounts.keys import TEST, create_key
from app.accounts.tables import linked_account
from app.audit.tables import audit_event
from app.common.models import MODELS
from app.common.times import now
from app.jobs import job_table
from app.records.tables import RECORD_TABLES
from app.scopes.store import set_account
from app.webhooks.outbox import changing
from app.webhooks.tables import webhook_delivery, webhook_endpoint
from sandboxes.greenhouse.payloads import payload_of
from sandboxes.greenhouse.webhooks import webhook_body, webhook_headers

LISTS = {"v1": "/v1/candidates", "v3": "/v3/candidates"}


def off(model: str, *permissions: str, fields: tuple[str, ...] = ()) -> Json:
    return {
        "model_name": model,
        "model_permissions": {name: {"is_enabled": False} for name in permissions},
        "field_permissions": {"disabled_fields": list(fields)},
    }


def set_scopes(account: Account, *common_models: Json) -> Json:
    answer = account.http.post("/linked-account-scopes", json={"common_models": common_models})
    assert answer.status_code == 200, answer.text
    shown: Json = answer.json()
    return shown


def subscribe(connection: Connection) -> None:
    connection.execute(
        insert(webhook_endpoint).values(
            id="00000000-0000-4000-8000-0000000000ee",
            account_type="PRODUCTION",
            target="https://subscriber.example/",
            events='["*"]',
            state="DISABLED",  # events gather and are not sent
            failures=0,
            created_at=now(),
            modified_at=now(),
        )
    )


def scope_of(shown: Json, model: str) -> Json:
    (scope,) = [item for item in shown["common_models"] if item["model_name"] == model]
    return scope


def again(world: World, account: Account) -> None:
    """Every job of an account, now."""
    with world.service.engine.begin() as connection:
        mine = job_table.c.key == account.id
        connection.execute(update(job_table).where(mine).values(due_at=0, hold_until=0))
    while world.service.jobs.run_due():
        pass


def status_of(account: Account, model: str) -> Json:
    (row,) = [r for r in account.get("/sync-status").json()["results"] if r["model_name"] == model]
    return row


@pytest.mark.contract("7.11")
def test_the_shape_is_that_of_the_reference(synced: Synced) -> None:
    account = synced.v3
    client = Merge(
        base_url=f"{synced.world.url}/api", api_key=synced.world.key, account_token=account.token, timeout=30
    )
    for shown in (
        client.ats.scopes.default_scopes_retrieve(),
        client.ats.scopes.linked_account_scopes_retrieve(),
    ):
        assert isinstance(shown, CommonModelScopeApi)
        assert len(shown.common_models) == 16
        for scope in shown.common_models:
            assert scope.model_permissions and set(scope.model_permissions) == {"READ", "WRITE"}
            assert scope.field_permissions and scope.field_permissions.disabled_fields == []
    answer = client.ats.scopes.linked_account_scopes_create(
        common_models=[
            IndividualCommonModelScopeDeserializerRequest(
                model_name="Candidate",
                model_permissions={"WRITE": ModelPermissionDeserializerRequest(is_enabled=False)},
            )
        ]
    )
    candidate = next(scope for scope in answer.common_models if scope.model_name == "Candidate")
    assert candidate.model_permissions and candidate.model_permissions["WRITE"].is_enabled is False
    assert candidate.model_permissions["READ"].is_enabled is True
    for path in ("/default-scopes", "/linked-account-scopes"):
        CommonModelScopeApi.model_validate(account.get(path).json())


@pytest.mark.contract("7.11", "POST /default-scopes")
def test_what_a_post_omits_inherits_the_default(synced: Synced) -> None:
    world, account = synced.world, synced.v3
    answer = world.http.post(
        "/default-scopes",
        json={"common_models": [off("Candidate", fields=("title", "company")), off("Tag", "READ")]},
    )
    assert answer.status_code == 200, answer.text
    shown = set_scopes(
        account,
        {"model_name": "Candidate", "field_permissions": {"enabled_fields": ["title"]}},
        off("Office", "WRITE"),
    )
    assert scope_of(shown, "Candidate")["field_permissions"]["disabled_fields"] == ["company"]
    assert scope_of(shown, "Tag")["model_permissions"]["READ"] == {"is_enabled": False}
    assert scope_of(shown, "Office")["model_permissions"] == {
        "READ": {"is_enabled": True},
        "WRITE": {"is_enabled": False},
    }
    shown = set_scopes(account)
    assert scope_of(shown, "Candidate")["field_permissions"]["disabled_fields"] == ["company", "title"]
    assert scope_of(shown, "Office")["model_permissions"]["WRITE"] == {"is_enabled": True}
    assert shown == world.http.get("/default-scopes").json()


@pytest.mark.contract("POST /default-scopes")
def test_a_default_holds_at_once_for_accounts_old_and_new(synced: Synced) -> None:
    world = synced.world
    world.http.post("/default-scopes", json={"common_models": [off("Tag", "READ")]})
    fresh = world.link("v3", end_user_origin_id="fresh")
    for account in (synced.v1, synced.v3, synced.other, fresh):
        assert account.get("/tags").status_code == 403
    assert not world.sent("GET", "/v3/candidate_tags")
    world.http.post("/default-scopes", json={"common_models": []})
    assert synced.v1.list("/tags")


def test_an_account_has_its_own_scopes(synced: Synced) -> None:
    set_scopes(synced.v3, off("Candidate", "READ"))
    assert synced.v3.get("/candidates").status_code == 403
    assert synced.other.list("/candidates")


@pytest.mark.contract("7.11")
def test_a_disabled_model_is_not_readable(synced: Synced, account: Account) -> None:
    candidate = account.list("/candidates")[0]
    application = next(a for a in account.list("/applications") if a["candidate"])
    set_scopes(account, off("Candidate", "READ"))
    for path in ("/candidates", f"/candidates/{candidate['id']}"):
        answer = account.get(path)
        assert answer.status_code == 403
        assert answer.json() == {"detail": "Candidate is disabled in the scopes of this linked account."}
    shown = account.get(f"/applications/{application['id']}", expand="candidate,job").json()
    assert shown["candidate"] == application["candidate"], "expanding leaves the id"
    assert isinstance(shown["job"], dict)


def test_questions_go_with_the_job_they_are_asked_for(synced: Synced, account: Account) -> None:
    job = account.list("/jobs")[0]
    assert account.get(f"/jobs/{job['id']}/screening-questions").status_code == 200
    set_scopes(account, off("Job", "READ"))
    assert account.get(f"/jobs/{job['id']}/screening-questions").status_code == 403


@pytest.mark.contract("7.3", "7.11")
def test_a_disabled_model_is_not_synchronised_until_it_is_enabled(
    synced: Synced, account: Account, style: str
) -> None:
    world = synced.world
    before = {c["remote_id"]: c for c in account.list("/candidates")}
    # the older generation needs candidates for their attachments and activities too
    set_scopes(account, *(off(model, "READ") for model in ("Candidate", "Attachment", "Activity")))
    status = status_of(account, "Candidate")
    assert (status["status"], status["last_sync_result"]) == ("DISABLED", "DISABLED")
    assert status["is_initial_sync"] is False
    again(world, account)
    world.sandbox.controls.received.clear()
    changed, gone, *_ = before
    world.sandbox.change("candidates", int(changed), title="Chief of Tests")
    world.sandbox.delete("candidates", int(gone))
    again(world, account)
    world.sync(account)
    assert not world.sent("GET", LISTS[style])
    assert status_of(account, "Application")["status"] == "DONE"

    set_scopes(account)
    assert {c["remote_id"] for c in account.list("/candidates")} == set(before), (
        "what was stored is there at once"
    )
    again(world, account)
    after = {c["remote_id"]: c for c in account.list("/candidates")}
    assert after[changed]["title"] == "Chief of Tests"
    assert gone not in after, "a full pass has found what was deleted meanwhile"
    assert after[changed]["created_at"] == before[changed]["created_at"]
    assert status_of(account, "Candidate")["status"] == "DONE"


def test_a_resource_that_serves_another_model_is_read_but_not_stored(synced: Synced) -> None:
    """In Harvest v1 attachments come with their candidates."""
    world, account = synced.world, synced.v1
    set_scopes(account, off("Candidate", "READ"))
    again(world, account)
    candidate = world.sandbox.tables["candidates"].rows
    changed = str(next(iter(candidate)))
    world.sandbox.change("candidates", int(changed), title="Nobody shall know")
    again(world, account)
    assert world.sent("GET", "/v1/candidates")
    with world.service.reader.connect() as connection:
        table = RECORD_TABLES["Candidate"]
        bodies = connection.scalars(select(table.c.body).where(table.c.account_id == account.id)).all()
    assert bodies and not any(b"Nobody shall know" in body for body in bodies)
    set_scopes(account)
    again(world, account)
    assert account.one("/candidates", remote_id=changed)["title"] == "Nobody shall know"


def test_a_webhook_about_a_disabled_model_reads_nothing(synced: Synced) -> None:
    world, account = synced.world, synced.v3
    account.http.post("/webhook-receivers", json={"event": "any", "is_active": True, "key": "secret"})
    known = account.list("/candidates")[0]
    set_scopes(account, off("Candidate", "READ"))
    again(world, account)
    world.sandbox.controls.received.clear()
    raw = webhook_body(
        "update_candidate", payload_of(world.sandbox, "update_candidate", int(known["remote_id"]))
    )
    answer = httpx.post(world.url + account.listener, content=raw, headers=webhook_headers(raw, "secret"))
    assert answer.status_code == 200
    assert not world.sent("GET", "/v3/candidates")


@pytest.mark.contract("7.11", "3.4.4")
def test_a_disabled_field_shows_nothing_anywhere(synced: Synced, account: Account) -> None:
    world = synced.world
    before = next(
        c
        for c in account.list("/candidates")
        if c["email_addresses"] and c["applications"] and c["first_name"]
    )
    application = before["applications"][0]
    set_scopes(account, off("Candidate", fields=("email_addresses", "first_name", "applications")))

    def check() -> None:
        views: list[Json] = [
            account.get(f"/candidates/{before['id']}").json(),
            account.get(
                f"/candidates/{before['id']}", include_remote_data="true", expand="applications"
            ).json(),
            account.one("/candidates", remote_id=before["remote_id"]),
            account.get(
                f"/applications/{application}", expand="candidate", include_remote_data="true"
            ).json()["candidate"],
        ]
        for shown in views:
            assert shown["email_addresses"] == shown["applications"] == []
            assert shown["first_name"] is None
            assert shown["last_name"] == before["last_name"]
            assert shown["remote_data"] is None, "the vendor's own record holds every field"
        for name in ("first_name", "email_addresses"):
            answer = account.get("/candidates", **{name: "x"})
            assert answer.status_code == 403
            assert answer.json() == {
                "detail": f"Candidate.{name} is disabled in the scopes of this linked account."
            }

    check()
    again(world, account)
    check()
    assert account.get(f"/candidates/{before['id']}").json()["modified_at"] > before["modified_at"]
    with world.service.reader.connect() as connection:
        table = RECORD_TABLES["Candidate"]
        body = connection.scalar(select(table.c.body).where(table.c.id == before["id"]))
    assert before["email_addresses"][0]["value"].encode() not in body

    world.sandbox.controls.received.clear()
    asked = status_of(account, "Candidate")["last_sync_finished"]
    set_scopes(account)
    with world.service.engine.begin() as connection:
        connection.execute(update(job_table).where(job_table.c.kind == "sync").values(due_at=None))
    assert world.service.jobs.run_due()
    assert not world.sandbox.controls.received, "it is made from what is kept"
    shown = account.get(f"/candidates/{before['id']}").json()
    volatile = {"modified_at"}
    stamped = ("email_addresses", "phone_numbers", "urls")
    for key in before.keys() - volatile - set(stamped):
        assert shown[key] == before[key], key
    assert [e["value"] for e in shown["email_addresses"]] == [e["value"] for e in before["email_addresses"]]
    assert before["id"] in {c["id"] for c in account.list("/candidates", modified_after=asked)}


@pytest.mark.contract("3.4.1", "3.4.4")
def test_raw_data_are_shown_unless_they_are_switched_off(synced: Synced, account: Account) -> None:
    tag = account.list("/tags", include_remote_data="true")[0]
    assert tag["remote_data"][0]["data"]["name"] == tag["name"]
    set_scopes(account, off("Tag", fields=("remote_data",)))
    assert account.list("/tags", include_remote_data="true")[0] == tag | {"remote_data": None}


def test_raw_data_of_another_model_do_not_show_what_is_switched_off(synced: Synced) -> None:
    """In Harvest v1 the vendor's record of an attachment is that of its candidate."""
    account = synced.v1
    (entry,) = account.list("/attachments", include_remote_data="true")[0]["remote_data"]
    assert entry["path"] == "/v1/candidates"
    for scope in (off("Candidate", "READ"), off("Candidate", fields=("email_addresses",))):
        set_scopes(account, scope)
        assert account.list("/attachments", include_remote_data="true")[0]["remote_data"] == []
        interviews = account.list("/interviews", include_remote_data="true")
        assert all(interview["remote_data"] for interview in interviews)


def test_a_filter_does_not_look_through_what_is_withheld(synced: Synced, account: Account) -> None:
    job = account.list("/jobs")[0]["id"]
    assert account.get("/interviews", job_id=job).status_code == 200
    for scope in (
        off("Application", fields=("job",)),
        off("Application", "READ"),
        off("ScheduledInterview", fields=("application",)),
    ):
        set_scopes(account, scope)
        assert account.get("/interviews", job_id=job).status_code == 403
        assert account.get("/interviews").status_code == 200


def test_an_enum_origin_of_a_disabled_field_is_not_shown(synced: Synced, account: Account) -> None:
    set_scopes(account, off("ScheduledInterview", fields=("status",)))
    assert {i["status"] for i in account.list("/interviews", show_enum_origins="status")} == {None}


@pytest.mark.contract("5.3.3", "7.11")
def test_a_disabled_model_is_not_written(synced: Synced, account: Account) -> None:
    world = synced.world
    interview = account.list("/interviews")[0]
    for permissions in (("WRITE",), ("READ",)):
        set_scopes(account, off("ScheduledInterview", *permissions))
        for answer in (
            account.http.post("/interviews", json={"model": {}}),
            account.http.patch(f"/interviews/{interview['id']}", json={"model": {"location": "x"}}),
            account.http.delete(f"/interviews/{interview['id']}"),
        ):
            assert answer.status_code == 400
            assert answer.json()["model"] is None
            assert [p["problem_type"] for p in answer.json()["errors"]] == ["DISABLED_MODEL_WRITE"]
    assert not [
        r
        for r in world.sandbox.controls.received
        if r.method in ("POST", "PATCH", "DELETE") and "interviews" in r.path
    ]


def test_a_disabled_field_is_not_written(synced: Synced, account: Account) -> None:
    interview = next(i for i in account.list("/interviews") if i["status"] == "SCHEDULED")
    user = interview["organizer"]
    set_scopes(account, off("ScheduledInterview", fields=("location",)))
    answer = account.http.patch(
        f"/interviews/{interview['id']}",
        json={"model": {"location": "Secret room"}, "remote_user_id": user},
    ).json()
    (warning,) = [w for w in answer["warnings"] if w["source"] == {"pointer": "model/location"}]
    assert warning["problem_type"] == "UNSUPPORTED_FIELD"
    set_scopes(account)
    again(synced.world, account)
    assert account.get(f"/interviews/{interview['id']}").json()["location"] == interview["location"]


@pytest.mark.contract("5.5.1")
def test_meta_leaves_out_what_is_switched_off(synced: Synced, account: Account) -> None:
    def asked() -> Json:
        answer: Json = account.get("/candidates/meta/post").json()
        return answer

    before = asked()
    assert before["status"]["can_make_request"] is True
    fields = before["request_schema"]["properties"]["model"]["properties"]
    set_scopes(account, off("Candidate", "WRITE", fields=("first_name",)))
    after = asked()
    assert after["status"]["can_make_request"] is False
    assert fields.keys() - after["request_schema"]["properties"]["model"]["properties"] == {"first_name"}


def test_a_nested_record_of_a_disabled_model_is_not_written(synced: Synced, account: Account) -> None:
    job = account.list("/jobs")[0]["id"]
    set_scopes(account, off("Candidate", "WRITE"))
    synced.world.sandbox.controls.received.clear()
    answer = account.http.post(
        "/applications", json={"model": {"job": job, "candidate": {"first_name": "A", "last_name": "B"}}}
    )
    assert answer.status_code == 400
    problems = {p["problem_type"]: p["source"] for p in answer.json()["errors"]}
    assert problems["DISABLED_MODEL_WRITE"] == {"pointer": "model/candidate"}
    assert not synced.world.sent("POST")


def test_a_disabled_record_is_not_read_from_the_vendor(synced: Synced, account: Account) -> None:
    interview = account.list("/interviews")[0]
    set_scopes(account, off("ScheduledInterview", "READ"))
    synced.world.sandbox.controls.received.clear()
    assert account.get(f"/interviews/{interview['id']}", max_age=0).status_code == 403
    assert not synced.world.sandbox.controls.received


def test_subscribers_are_not_told_of_a_disabled_model(synced: Synced) -> None:
    """A candidate's record changes with their applications, though candidates are not synchronised."""
    world, account = synced.world, synced.v3
    candidate = next(c for c in account.list("/candidates") if c["applications"])
    set_scopes(account, off("Candidate", "READ"))
    with world.service.engine.begin() as connection:
        subscribe(connection)
        with changing(connection, account.id) as store:
            store.remove(MODELS["Application"], candidate["applications"][:1])
        events = connection.scalars(select(webhook_delivery.c.event)).all()
    assert events == ["Application.removed"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"model_name": "Employee"},
        {"model_name": "Candidate", "model_permissions": {"DELETE": {"is_enabled": False}}},
        {"model_name": "Candidate", "model_permissions": {"READ": {"is_enabled": "no"}}},
        {"model_name": "Candidate", "model_permissions": {"READ": False}},
        {"model_name": "Candidate", "field_permissions": {"disabled_fields": ["salary"]}},
        {"model_name": "Candidate", "field_permissions": {"disabled_fields": "title"}},
        {
            "model_name": "Candidate",
            "field_permissions": {"disabled_fields": ["title"], "enabled_fields": ["title"]},
        },
        {},
    ],
)
def test_a_wrong_scope_changes_nothing(synced: Synced, wrong: Json) -> None:
    body: dict[str, Any] = {"common_models": [off("Tag", "READ"), wrong]}
    for post in (synced.v3.http.post, synced.world.http.post):
        path = "/default-scopes" if post == synced.world.http.post else "/linked-account-scopes"
        answer = post(path, json=body)
        assert answer.status_code == 400
        assert all(name.startswith("common_models") for name in answer.json())
    assert synced.v3.list("/tags")


@pytest.mark.contract("6.1.2")
def test_the_shape_of_a_link_token_is_taken_too(synced: Synced) -> None:
    with synced.world.service.jobs.begin() as connection:
        set_account(
            connection,
            synced.v3.id,
            [{"model_id": "ats.Candidate", "enabled_actions": ["READ"], "disabled_fields": ["title"]}],
        )
    scope = scope_of(synced.v3.get("/linked-account-scopes").json(), "Candidate")
    assert scope["model_permissions"] == {"READ": {"is_enabled": True}, "WRITE": {"is_enabled": False}}
    assert scope["field_permissions"]["disabled_fields"] == ["title"]


@pytest.mark.contract("13")
def test_changes_are_in_the_audit_trail(synced: Synced) -> None:
    set_scopes(synced.v3, off("Tag", "READ"))
    assert synced.world.http.post("/default-scopes", json={"common_models": []}).status_code == 200
    with synced.world.service.reader.connect() as connection:
        rows = connection.execute(
            select(audit_event)
            .where(audit_event.c.event_type == "CHANGED_SCOPES")
            .order_by(audit_event.c.created_at)
        ).all()
    assert [row.role for row in rows] == ["API", "API"]
    assert synced.v3.id in rows[0].description


def test_the_usual_account_carries_no_restrictions(synced: Synced) -> None:
    """Its stored bodies are handed out as they are."""
    set_scopes(synced.v3, {"model_name": "Tag", "model_permissions": {"READ": {"is_enabled": True}}})
    with synced.world.service.reader.connect() as connection:
        assert connection.scalars(select(linked_account.c.restrictions)).all() == [None, None, None]
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    synced.v3.list("/interviews")
    event.listen(synced.world.service.engine, "before_cursor_execute", note)
    synced.v3.list("/interviews")
    assert len(statements) == 2, "who asks, and the page"


def test_strangers_learn_nothing(synced: Synced) -> None:
    world = synced.world
    assert world.client().get("/default-scopes").status_code == 401
    assert world.client().post("/default-scopes", json={}).status_code == 401
    assert world.http.get("/linked-account-scopes").status_code == 401
    assert world.http.post("/linked-account-scopes", json={}).status_code == 401


def test_a_test_key_does_not_change_what_production_accounts_go_by(synced: Synced) -> None:
    world = synced.world
    with world.service.jobs.begin() as connection:
        key = create_key(connection, "a test key", TEST)
    stranger = world.client(Authorization=f"Bearer {key}")
    assert stranger.get("/default-scopes").status_code == 200
    assert stranger.post("/default-scopes", json={"common_models": [off("Tag", "READ")]}).status_code == 403
    assert synced.v3.list("/tags")
