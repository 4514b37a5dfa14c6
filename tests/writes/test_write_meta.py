"""`meta`: the JSON Schema of a write's body, and what the write makes of bodies that fit it or do not."""

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from world import STYLES, Account, Json, Synced
from writing import PERSON, active_application, job_with_stage, refused, sent, user

from providers.kit import Action, Api

MODELS = ("candidates", "applications", "attachments", "activities", "interviews")
PATHS = [f"/{model}/meta/post" for model in MODELS]


def meta(account: Account, path: str) -> Json:
    answer = account.get(path)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def validator(schema: Json) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def full(synced: Synced, account: Account, path: str) -> Json:
    """A body with everything the schema knows."""
    job, stage = job_with_stage(account)
    application = active_application(synced, account)
    known: dict[str, Any] = {
        "candidate": application["candidate"],
        "job": job,
        "current_stage": stage,
        "user": user(account),
        "credited_to": user(account),
        "organizer": user(account),
        "application": application["id"],
        "job_interview_stage": application["current_stage"],
        "interviewers": [user(account)],
        "interviewer_responses": [{"user": user(account), "response_status": "ACCEPTED"}],
        "file_url": "https://files.example.com/a.pdf",
        "activity_type": "NOTE",
        "integration_params": {},
        "linked_account_params": {},
        "start_at": "2031-03-04T10:00:00Z",
        "end_at": "2031-03-04T11:00:00Z",
    }
    model = meta(account, path)["request_schema"]["properties"]["model"]
    parts = model["properties"].items()
    given = {name: known[name] if name in known else _made(schema) for name, schema in parts}
    if path.startswith("/candidates"):
        given["applications"] = [{"job": job, "current_stage": stage}]
        given["attachments"] = [{"file_url": known["file_url"], "attachment_type": "RESUME"}]
    return {"model": given, "remote_user_id": user(account)}


def _made(schema: Json) -> Any:
    """Something that fits."""
    if "enum" in schema:
        return schema["enum"][0]
    if schema["type"] == "array":
        return [_made(schema["items"])]
    if schema["type"] == "object":
        return {name: _made(part) for name, part in schema["properties"].items() if "format" not in part}
    return {"boolean": True, "string": "x"}[schema["type"]]


@pytest.mark.contract("5.5.1", "5.5.2", "5.5.3", "5.5.4", "5.5.5")
@pytest.mark.parametrize("path", PATHS)
def test_the_schema_of_a_create(account: Account, path: str) -> None:
    found = meta(account, path)
    assert found["status"] == {"linked_account_status": "COMPLETE", "can_make_request": True}
    assert (found["has_conditional_params"], found["has_required_linked_account_params"]) == (False, False)
    assert (found["remote_fields"], found["remote_field_classes"]) == ({}, {})
    schema = found["request_schema"]
    validator(schema)
    assert schema["type"] == "object"
    assert set(schema["properties"]) == {"model", "remote_user_id"}
    model = schema["properties"]["model"]
    assert set(model["required"]) <= set(model["properties"])
    for name, part in model["properties"].items():
        assert part["type"], name
        assert name.endswith("_params") or part["description"], name


@pytest.mark.contract("5.5.2")
def test_nested_models_stand_under_their_relation(account: Account) -> None:
    candidate = meta(account, "/candidates/meta/post")["request_schema"]["properties"]["model"]
    inner = candidate["properties"]["applications"]["items"]
    assert inner["required"] == ["job"]
    assert "candidate" not in inner["properties"]
    assert inner["properties"]["job"]["format"] == "uuid"
    assert candidate["properties"]["attachments"]["items"]["required"] == ["file_url"]
    assert candidate["properties"]["phone_numbers"]["items"]["required"] == ["value"]
    application = meta(account, "/applications/meta/post")["request_schema"]["properties"]["model"]
    person = application["properties"]["candidate"]
    assert person["type"] == ["string", "object"]
    assert person["required"] == ["first_name", "last_name"]
    assert "applications" not in person["properties"]
    interview = meta(account, "/interviews/meta/post")["request_schema"]["properties"]["model"]
    assert interview["properties"]["integration_params"]["properties"]["interview_id"]["type"] == "string"
    note = meta(account, "/activities/meta/post")["request_schema"]["properties"]["model"]
    assert note["properties"]["activity_type"]["enum"] == ["NOTE", "EMAIL"]


@pytest.mark.contract("5.5.2")
@pytest.mark.parametrize("path", PATHS)
def test_what_fits_the_schema_is_accepted(synced: Synced, account: Account, path: str) -> None:
    body = full(synced, account, path)
    check = validator(meta(account, path)["request_schema"])
    assert list(check.iter_errors(body)) == []
    answer = account.http.post(path.removesuffix("/meta/post"), json=body)
    assert answer.status_code == 201, answer.text
    unknown = {"UNRECOGNIZED_FIELD", "INCORRECT_FIELD_TYPE"}
    assert not [w for w in answer.json()["warnings"] if w["problem_type"] in unknown]


@pytest.mark.contract("5.5.2", "5.3.3")
@pytest.mark.parametrize("path", PATHS)
def test_what_lacks_something_required_is_refused_alike(synced: Synced, account: Account, path: str) -> None:
    body = full(synced, account, path)
    schema = meta(account, path)["request_schema"]
    check = validator(schema)
    required = schema["properties"]["model"]["required"]
    assert required
    for name in required:
        lacking = {**body, "model": {n: value for n, value in body["model"].items() if n != name}}
        assert [e for e in check.iter_errors(lacking) if e.validator == "required"], name
        answer = account.http.post(path.removesuffix("/meta/post"), json=lacking)
        assert refused(answer) == {("MISSING_REQUIRED_FIELD", f"model/{name}")}
    assert sent(synced) == []


@pytest.mark.contract("5.5.2")
@pytest.mark.parametrize("path", PATHS)
def test_who_acts_is_required_where_the_vendor_needs_it(synced: Synced, path: str) -> None:
    for style in STYLES:
        account = synced.account(style)
        body = full(synced, account, path)
        for name in ("organizer", "user"):
            body["model"].pop(name, None)
        del body["remote_user_id"]
        fits = not list(validator(meta(account, path)["request_schema"]).iter_errors(body))
        assert fits == (style == "v3")
        if not fits:
            answer = account.http.post(path.removesuffix("/meta/post"), json=body)
            assert refused(answer) == {("MISSING_REQUIRED_FIELD", "remote_user_id")}


@pytest.mark.contract("5.5.1", "5.5.2", "GET /interviews/meta/patch/{id}")
@pytest.mark.parametrize("model", ["candidates", "interviews"])
def test_the_schema_of_a_change(synced: Synced, account: Account, model: str) -> None:
    record = account.list(f"/{model}")[0]
    found = meta(account, f"/{model}/meta/patch/{record['id']}")
    schema = found["request_schema"]
    check = validator(schema)
    assert schema["properties"]["model"]["required"] == []
    body = {"model": {}, "remote_user_id": user(account)}
    assert list(check.iter_errors(body)) == []
    assert account.http.patch(f"/{model}/{record['id']}", json=body).status_code == 200
    assert account.get(f"/{model}/meta/patch/{synced.other.list(f'/{model}')[0]['id']}").status_code == 404


@pytest.mark.contract("5.5.6")
def test_an_account_that_must_be_linked_again(synced: Synced, account: Account) -> None:
    sandbox = synced.world.sandbox
    sandbox.api_key = "another"
    sandbox.tokens.clients.clear()
    sandbox.tokens.expire_all()
    refused(account.http.post("/candidates", json={"model": PERSON, "remote_user_id": "1"}))
    found = meta(account, "/candidates/meta/post")
    assert found["status"] == {"linked_account_status": "RELINK_NEEDED", "can_make_request": False}
    assert found["request_schema"]["properties"]["model"]["required"] == ["first_name", "last_name"]


@pytest.mark.contract("5.5.6", "4.1")
def test_a_write_the_vendor_does_not_have(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Api.action

    def fewer(api: Api, model: str, verb: str) -> Action | None:
        return None if model == "Activity" else known(api, model, verb)

    monkeypatch.setattr(Api, "action", fewer)
    found = meta(account, "/activities/meta/post")
    assert found["status"] == {"linked_account_status": "COMPLETE", "can_make_request": False}
    assert found["request_schema"] == {"type": "object", "properties": {}, "required": []}
    answer = account.http.post("/activities", json={"model": {}})
    assert refused(answer) == {("UNSUPPORTED_OPERATION", None)}
    assert re.search("create an activity", answer.json()["errors"][0]["detail"])
