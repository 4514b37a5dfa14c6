"""Field mappings: callers' own fields on records, filled from the vendor's."""

from typing import Any

import pytest
from merge import Merge
from merge.resources.ats.types import (
    Candidate,
    ExternalTargetFieldApiResponse,
    FieldMappingApiInstanceResponse,
    FieldMappingInstanceResponse,
    RemoteFieldApiResponse,
)
from sqlalchemy import select, update
from world import Account, Json, Synced, World

from app.accounts.keys import TEST, create_key
from app.accounts.tables import linked_account
from app.audit.tables import audit_event
from app.issues.store import ongoing
from app.jobs import job_table
from app.sync import remapping

CANDIDATES = {"v1": "/v1/candidates", "v3": "/v3/candidates"}
SALARY = {"v1": ["custom_fields", "desired_salary"], "v3": ["custom_fields", "desired_salary", "value"]}


def body(style: str, **more: Any) -> Json:
    return {
        "target_field_name": "salary",
        "target_field_description": "What they hope for",
        "remote_field_traversal_path": SALARY[style],
        "remote_method": "GET",
        "remote_url_path": CANDIDATES[style],
        "common_model_name": "Candidate",
    } | more


def make(account: Account, wanted: Json) -> Json:
    answer = account.http.post("/field-mappings", json=wanted)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()["model"]
    return made


def add_target(account: Account, name: str = "salary", model: str = "Candidate") -> Json:
    answer = account.http.post("/target-fields", json={"name": name, "common_model": model})
    assert answer.status_code == 200, answer.text
    shown: Json = answer.json()
    return shown


def remap(world: World) -> None:
    """What has been asked for, without a synchronisation: the vendor is asked nothing."""
    with world.service.engine.begin() as connection:
        connection.execute(update(job_table).where(job_table.c.kind == "sync").values(due_at=None))
    world.sandbox.controls.received.clear()
    while world.service.jobs.run_due():
        pass
    assert not world.sandbox.controls.received


def again(world: World, account: Account) -> None:
    with world.service.engine.begin() as connection:
        mine = job_table.c.key == account.id
        connection.execute(update(job_table).where(mine).values(due_at=0, hold_until=0))
    while world.service.jobs.run_due():
        pass


def mapped(account: Account, record: Json, group: str = "linked_account_defined_targets") -> Json:
    shown: Json = account.get(f"/candidates/{record['id']}").json()["field_mappings"][group]
    return shown


def salaries(world: World) -> dict[str, Any]:
    """What the vendor holds, by candidate."""
    rows = world.sandbox.tables["candidates"].rows.values()
    return {str(row["id"]): row["custom_fields"]["desired_salary"]["value"] for row in rows}


@pytest.mark.contract("3.6.1", "3.6.3", "8.4", "8.6")
def test_a_mapped_field_is_on_every_record_soon(synced: Synced, account: Account, style: str) -> None:
    world = synced.world
    before = {c["id"]: c for c in account.list("/candidates")}
    asked = account.get("/sync-status").json()["results"][0]["last_sync_finished"]
    assert all(c["field_mappings"] is None for c in before.values())
    made = make(account, body(style))
    remap(world)
    after = {c["id"]: c for c in account.list("/candidates")}
    held = salaries(world)
    for record in after.values():
        Candidate.model_validate(record)
        assert record["field_mappings"] == {
            "organization_defined_targets": {},
            "linked_account_defined_targets": {"salary": {"value": held[record["remote_id"]]}},
        }
        assert record["modified_at"] > before[record["id"]]["modified_at"]
    assert len(account.list("/candidates", modified_after=asked)) == len(before)
    assert all(a["field_mappings"] is None for a in account.list("/applications"))
    assert all(c["field_mappings"] is None for c in synced.other.list("/candidates"))

    answer = account.http.delete(f"/field-mappings/{made['id']}")
    assert (answer.status_code, answer.json()["model"]) == (200, made)
    remap(world)
    assert all(c["field_mappings"] is None for c in account.list("/candidates"))


@pytest.mark.contract("3.1.2", "8.4")
def test_a_mapped_value_follows_the_vendor(synced: Synced, account: Account, style: str) -> None:
    world = synced.world
    make(account, body(style))
    remap(world)
    record = account.list("/candidates")[0]
    key = int(record["remote_id"])
    fields = {"desired_salary": {"name": "Desired Salary", "type": "short_text", "value": "99999"}}
    world.sandbox.change("candidates", key, custom_fields=fields)
    again(world, account)
    assert mapped(account, record) == {"salary": {"value": "99999"}}
    changed = account.get(f"/candidates/{record['id']}").json()
    assert changed["modified_at"] > record["modified_at"]
    again(world, account)
    assert account.get(f"/candidates/{record['id']}").json() == changed, "nothing has changed"


@pytest.mark.contract("8.4", "8.5")
def test_an_expression_makes_the_value_and_can_be_changed(
    synced: Synced, account: Account, style: str
) -> None:
    world = synced.world
    record = account.list("/candidates")[0]
    salary = int(salaries(world)[record["remote_id"]])
    made = make(account, body(style, advanced_mapping_expression="$number($) * 12"))
    assert made["advanced_mapping_expression"] == "$number($) * 12"
    assert made["jmes_path"] is None
    remap(world)
    assert mapped(account, record) == {"salary": {"value": salary * 12}}

    path = f"/field-mappings/{made['id']}"
    changed = account.http.patch(path, json={"jmes_path": "to_number(@)"})
    assert changed.status_code == 200, changed.text
    assert changed.json()["model"]["jmes_path"] == "to_number(@)"
    assert changed.json()["model"]["advanced_mapping_expression"] is None
    remap(world)
    assert mapped(account, record) == {"salary": {"value": salary}}

    account.http.patch(path, json={"remote_field_traversal_path": ["first_name"], "jmes_path": None})
    remap(world)
    assert mapped(account, record) == {"salary": {"value": record["first_name"]}}


@pytest.mark.contract("8.5", "12.1")
def test_a_mapping_that_fails_leaves_null_and_opens_an_issue(
    synced: Synced, account: Account, style: str
) -> None:
    world = synced.world
    count = len(account.list("/candidates"))
    made = make(account, body(style, advanced_mapping_expression='$number("not " & $)'))
    remap(world)
    records = account.list("/candidates")
    assert len(records) == count
    assert {r["field_mappings"]["linked_account_defined_targets"]["salary"]["value"] for r in records} == {
        None
    }
    with world.service.reader.connect() as connection:
        found = ongoing(connection, account.id)
    assert found == {f"field_mapping:{made['id']}": "Failing field mapping salary"}


def test_a_mapping_that_takes_too_long_does_not_hold_up_the_others(synced: Synced) -> None:
    world, account = synced.world, synced.v3
    make(account, body("v3"))
    endless = "($f := function($n) { $f($n + 1) }; $f(1))"
    make(account, body("v3", target_field_name="endless", advanced_mapping_expression=endless))
    remap(world)
    held = salaries(world)
    for record in account.list("/candidates"):
        targets = record["field_mappings"]["linked_account_defined_targets"]
        assert targets == {"salary": {"value": held[record["remote_id"]]}, "endless": {"value": None}}


@pytest.mark.contract("3.6.2", "8.3", "8.4")
def test_an_integration_wide_mapping(synced: Synced) -> None:
    """It holds for every account whose API has that path; an account's own mapping goes before it."""
    world = synced.world
    add_target(synced.v3)
    wide = body("v3", organization_wide_target_field="salary", is_integration_wide=True)
    del wide["target_field_name"]
    made = make(synced.v3, wide)
    assert made["is_integration_wide"] is True
    assert made["target_field"]["is_organization_wide"] is True
    record = synced.v3.list("/candidates")[0]
    value = {"salary": {"value": salaries(world)[record["remote_id"]]}}
    for account in (synced.v3, synced.other, synced.v1):
        again(world, account)
    for account in (synced.v3, synced.other):
        same = account.one("/candidates", remote_id=record["remote_id"])
        assert mapped(account, same, "organization_defined_targets") == value
    older = synced.v1.one("/candidates", remote_id=record["remote_id"])
    assert mapped(synced.v1, older, "organization_defined_targets") == {}, "it has no such path: omitted"

    own = {**wide, "is_integration_wide": False, "remote_field_traversal_path": ["last_name"]}
    make(synced.v3, own)
    remap(world)
    assert mapped(synced.v3, record, "organization_defined_targets") == {
        "salary": {"value": record["last_name"]}
    }
    listed = synced.v3.get("/field-mappings").json()["Candidate"]
    assert [m["is_integration_wide"] for m in listed] == [True, False]
    assert [m["id"] for m in synced.v1.get("/field-mappings").json()["Candidate"]] == [made["id"]]

    value = {"salary": {"value": salaries(world)[record["remote_id"]]}}
    new = world.link("v3", end_user_origin_id="new")
    again(world, new)
    fresh = new.one("/candidates", remote_id=record["remote_id"])
    assert mapped(new, fresh, "organization_defined_targets") == value


def test_fields_of_the_rows_a_record_is_joined_from(synced: Synced) -> None:
    """A row the record names gives its value; rows that belong to it give a list."""
    world, account = synced.world, synced.v3
    shared = {"common_model_name": "ScheduledInterview", "remote_method": "GET"}
    make(
        account,
        shared
        | {
            "target_field_name": "minutes",
            "remote_url_path": "/v3/job_interviews",
            "remote_field_traversal_path": ["duration"],
        },
    )
    make(
        account,
        shared
        | {
            "target_field_name": "panel",
            "remote_url_path": "/v3/interviewers",
            "remote_field_traversal_path": ["email"],
            "jmes_path": "sort(@)",
        },
    )
    remap(world)
    panels = world.sandbox.tables["interviewers"].rows.values()
    steps = world.sandbox.tables["job_interviews"].rows
    for interview in account.list("/interviews"):
        targets = interview["field_mappings"]["linked_account_defined_targets"]
        key = int(interview["remote_id"])
        emails = sorted(row["email"] for row in panels if row["interview_id"] == key)
        assert targets["panel"] == {"value": emails}
        step = steps[world.sandbox.tables["interviews"].rows[key]["job_interview_id"]]
        assert targets["minutes"] == {"value": step["duration"]}
    row = next(row for row in panels if row["email"])
    world.sandbox.change("interviewers", row["id"], email="zz@new.example")
    again(world, account)
    interview = account.one("/interviews", remote_id=str(row["interview_id"]))
    assert "zz@new.example" in interview["field_mappings"]["linked_account_defined_targets"]["panel"]["value"]


@pytest.mark.contract("8.1", "POST /target-fields")
def test_target_fields(synced: Synced) -> None:
    shown = add_target(synced.v3)
    add_target(synced.v3, "other")
    ExternalTargetFieldApiResponse.model_validate(shown)
    assert len(shown) == 16
    make(synced.v3, body("v3", organization_wide_target_field="salary"))
    make(synced.v3, body("v3", target_field_name="mine"))
    assert synced.v3.get("/target-fields").json()["Candidate"] == [
        {"name": "salary", "description": "", "is_mapped": "true"},
        {"name": "other", "description": "", "is_mapped": "false"},
        {"name": "mine", "description": "What they hope for", "is_mapped": "true"},
    ]
    assert [(t["name"], t["is_mapped"]) for t in synced.v1.get("/target-fields").json()["Candidate"]] == [
        ("salary", "false"),
        ("other", "false"),
    ]
    answer = synced.v1.http.post("/target-fields", json={"name": "salary", "common_model": "Candidate"})
    assert (answer.status_code, list(answer.json())) == (400, ["name"])
    answer = synced.v1.http.post("/target-fields", json={"name": "x", "common_model": "Employee"})
    assert (answer.status_code, list(answer.json())) == (400, ["common_model"])


@pytest.mark.contract("8.2", "3.1.4")
def test_remote_fields(synced: Synced, account: Account, style: str) -> None:
    plain = account.get("/remote-fields").json()
    RemoteFieldApiResponse.model_validate(plain)
    assert len(plain) == 16
    shown = account.get("/remote-fields", common_models="Candidate,Tag", include_example_values="true").json()
    assert list(shown) == ["Candidate", "Tag"]
    salary = next(
        f for f in shown["Candidate"] if f["remote_endpoint_info"]["field_traversal_path"] == SALARY[style]
    )
    assert salary["schema"] == {"type": "string"}
    assert salary["remote_key_name"] == SALARY[style][-1]
    assert salary["remote_endpoint_info"] == {
        "method": "GET",
        "url_path": CANDIDATES[style],
        "field_traversal_path": SALARY[style],
    }
    assert set(salary["example_values"]) <= set(salaries(synced.world).values())
    assert salary["coverage"] == 1.0
    assert salary["advanced_metadata"] is None
    unknown = next(f for f in plain["Candidate"] if f["remote_key_name"] == SALARY[style][-1])
    assert unknown["example_values"] is None
    title = next(f for f in shown["Candidate"] if f["remote_key_name"] == "title")
    assert 0 < title["coverage"] < 1
    assert account.get("/remote-fields", common_models="Employee").status_code == 400
    assert account.get("/remote-fields", include_example_values="maybe").status_code == 400


def test_remote_fields_show_no_examples_of_what_scopes_switch_off(synced: Synced) -> None:
    account = synced.v1
    scope = {"model_name": "Candidate", "field_permissions": {"disabled_fields": ["email_addresses"]}}
    account.http.post("/linked-account-scopes", json={"common_models": [scope]})
    shown = account.get("/remote-fields", include_example_values="true").json()
    for model in ("Candidate", "Attachment"):
        assert {f["example_values"] is None for f in shown[model]} == {True}
    assert any(f["example_values"] for f in shown["Application"])
    scope = {"model_name": "Candidate", "model_permissions": {"READ": {"is_enabled": False}}}
    account.http.post("/linked-account-scopes", json={"common_models": [scope]})
    assert account.get("/remote-fields").json()["Candidate"] == []


@pytest.mark.contract("8.3", "8.4")
def test_the_sdk_makes_shows_changes_and_deletes(synced: Synced, account: Account, style: str) -> None:
    client = Merge(
        base_url=f"{synced.world.url}/api", api_key=synced.world.key, account_token=account.token, timeout=30
    ).ats.field_mapping
    wanted = body(style)
    made = client.field_mappings_create(**wanted, jmes_path="to_number(@)")
    assert isinstance(made, FieldMappingInstanceResponse)
    assert made.model.id
    assert made.model.target_field and made.model.target_field.name == "salary"
    assert made.model.remote_field and made.model.remote_field.schema_ == {"type": "string"}
    assert (made.warnings, made.errors) == ([], [])
    listed = client.field_mappings_retrieve()
    assert listed.candidate and [m.id for m in listed.candidate] == [made.model.id]
    assert listed.tag == []
    bare = client.field_mappings_retrieve(exclude_remote_field_metadata=True)
    assert bare.candidate and bare.candidate[0].remote_field
    assert bare.candidate[0].remote_field.remote_key_name is None
    assert bare.candidate[0].remote_field.schema_ is None
    assert bare.candidate[0].remote_field.remote_endpoint_info.field_traversal_path == SALARY[style]
    changed = client.field_mappings_partial_update(
        made.model.id, jmes_path="to_string(@)", remote_data_iteration_count=5
    )
    assert changed.model.jmes_path == "to_string(@)"
    deleted = client.field_mappings_destroy(made.model.id)
    assert deleted.model.id == made.model.id
    assert client.field_mappings_retrieve().candidate == []
    assert client.target_fields_retrieve().candidate == [], "the account's own field goes with its mapping"
    raw = account.http.post("/field-mappings", json=wanted).json()
    FieldMappingInstanceResponse.model_validate(raw)
    FieldMappingApiInstanceResponse.model_validate(account.get("/field-mappings").json())


@pytest.mark.contract("8.4")
@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"common_model_name": "Employee"}, "model/common_model_name"),
        ({"remote_url_path": "/v3/nothing"}, "model/remote_url_path"),
        ({"remote_url_path": "/v3/users"}, "model/remote_url_path"),
        ({"remote_method": "POST"}, "model/remote_method"),
        ({"remote_field_traversal_path": [{}]}, "model/remote_field_traversal_path"),
        ({"jmes_path": "("}, "model/jmes_path"),
        ({"advanced_mapping_expression": "("}, "model/advanced_mapping_expression"),
        ({"advanced_mapping_expression": "x" * 3_000}, "model/advanced_mapping_expression"),
        ({"advanced_mapping_expression": "a", "jmes_path": "a"}, "model/advanced_mapping_expression"),
        ({"target_field_name": None}, "model/target_field_name"),
        ({"is_integration_wide": True}, "model/organization_wide_target_field"),
        ({"organization_wide_target_field": "unknown"}, "model/organization_wide_target_field"),
    ],
)
def test_what_cannot_be_mapped(synced: Synced, change: Json, pointer: str) -> None:
    answer = synced.v3.http.post("/field-mappings", json=body("v3") | change)
    assert answer.status_code == 400, answer.text
    assert answer.json()["model"] is None
    assert pointer in [p["source"]["pointer"] for p in answer.json()["errors"]]
    assert synced.v3.get("/field-mappings").json()["Candidate"] == []
    assert synced.v3.get("/target-fields").json()["Candidate"] == []


def test_a_target_is_mapped_once(synced: Synced) -> None:
    add_target(synced.v3)
    for wanted in (body("v3"), body("v3", organization_wide_target_field="salary")):
        make(synced.v3, wanted)
        answer = synced.v3.http.post("/field-mappings", json=wanted)
        assert answer.status_code == 400
        assert [p["problem_type"] for p in answer.json()["errors"]] == ["DUPLICATE_MODEL_EXISTS"]


def test_mappings_of_other_accounts_are_not_there(synced: Synced) -> None:
    made = make(synced.v3, body("v3"))
    path = f"/field-mappings/{made['id']}"
    assert synced.other.http.patch(path, json={"jmes_path": "a"}).status_code == 404
    assert synced.other.http.delete(path).status_code == 404
    assert synced.v3.http.delete(f"/field-mappings/{made['id'][:-1]}x").status_code == 404
    assert [m["id"] for m in synced.v3.get("/field-mappings").json()["Candidate"]] == [made["id"]]


def test_a_test_key_does_not_change_what_production_accounts_show(synced: Synced) -> None:
    world = synced.world
    add_target(synced.v3)
    wide = body("v3", organization_wide_target_field="salary", is_integration_wide=True)
    with world.service.jobs.begin() as connection:
        key = create_key(connection, "a test key", TEST)
        mine = linked_account.c.id == synced.v3.id
        connection.execute(update(linked_account).where(mine).values(account_type=TEST))
    tester = world.client(Authorization=f"Bearer {key}", X_Account_Token=synced.v3.token)
    assert tester.post("/field-mappings", json=wide).status_code == 403
    assert tester.post("/target-fields", json={"name": "x", "common_model": "Tag"}).status_code == 403
    made = make(synced.v3, wide)
    assert tester.patch(f"/field-mappings/{made['id']}", json={"jmes_path": "a"}).status_code == 403
    assert tester.delete(f"/field-mappings/{made['id']}").status_code == 403
    assert tester.post("/field-mappings", json=body("v3")).status_code == 201


@pytest.mark.contract("13")
def test_changes_are_in_the_audit_trail(synced: Synced) -> None:
    add_target(synced.v3)
    wide = body("v3", organization_wide_target_field="salary", is_integration_wide=True)
    for wanted in (body("v3"), wide):
        made = make(synced.v3, wanted)
        synced.v3.http.patch(f"/field-mappings/{made['id']}", json={"jmes_path": "to_number(@)"})
        synced.v3.http.delete(f"/field-mappings/{made['id']}")
    with synced.world.service.reader.connect() as connection:
        events = connection.scalars(
            select(audit_event.c.event_type)
            .where(audit_event.c.event_type.like("%FIELD_MAPPING"))
            .order_by(audit_event.c.created_at)
        ).all()
    assert events == [
        f"{deed}_{whose}_FIELD_MAPPING"
        for whose in ("LINKED_ACCOUNT", "INTEGRATION_WIDE")
        for deed in ("CREATED", "CHANGED", "DELETED")
    ]


def test_a_remapping_goes_on_where_it_was_and_begins_anew_after_a_change(
    synced: Synced, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, account = synced.world, synced.v3
    monkeypatch.setattr(remapping, "ROWS", 5)
    turns: list[int] = []

    def stop_after_three(_job: Any) -> None:
        turns.append(1)
        if len(turns) == 3:
            made = account.get("/field-mappings").json()["Candidate"][0]
            account.http.patch(
                f"/field-mappings/{made['id']}", json={"advanced_mapping_expression": '"€" & $'}
            )
            raise RuntimeError("the process is killed")

    make(account, body("v3"))
    monkeypatch.setattr(world.service.jobs, "turn", stop_after_three)
    with world.service.engine.begin() as connection:
        connection.execute(update(job_table).where(job_table.c.kind == "sync").values(due_at=None))
    world.service.jobs.run_due()
    done = [c for c in account.list("/candidates") if c["field_mappings"]]
    assert len(done) == 15, "three transactions of five rows"
    again(world, account)
    held = salaries(world)
    for record in account.list("/candidates"):
        value = record["field_mappings"]["linked_account_defined_targets"]["salary"]["value"]
        assert value == "€" + held[record["remote_id"]]


def test_strangers_learn_nothing(synced: Synced) -> None:
    for path in ("/field-mappings", "/remote-fields", "/target-fields"):
        assert synced.world.http.get(path).status_code == 401
        assert synced.world.client().get(path).status_code == 401
