"""Interviews are written exactly as documented, as the right user, with the right step and panel."""

from datetime import datetime
from typing import Any

import httpx
import pytest
from harvest import CLIENT, KEY, PARTNER, Harvest, body_of

from providers.kit import Conflict, Invalid, NotFound, PermissionMissing, Reference, Unavailable

MODEL = "ScheduledInterview"
START = datetime.fromisoformat("2026-12-01T16:00:00+01:00")
END = datetime.fromisoformat("2026-12-01T15:45:00.500000+00:00")
GIVEN: dict[str, Any] = {
    "application": "4684156000",
    "start_at": START,
    "end_at": END,
    "interviewers": ["4080", "4081"],
}
STAGE_V1 = {
    "id": 72200,
    "interviews": [
        {"id": 6000, "schedulable": True, "active": False},
        {"id": 6001, "schedulable": False},
        {"id": 6002, "schedulable": True},
        {"id": 6003, "schedulable": True},
    ],
}
STEPS_V3 = [
    {"id": 6003, "sort_order": 3, "scheduling_type": "needs_scheduling", "active": True},
    {"id": 6001, "sort_order": 1, "scheduling_type": "none", "active": True},
    {"id": 6000, "sort_order": 0, "scheduling_type": "needs_scheduling", "active": False},
    {"id": 6002, "sort_order": 2, "scheduling_type": "needs_scheduling", "active": True},
]
KEPT_V1 = {("job_stages", "72200"): STAGE_V1}
FOUND_V3: Any = {("job_interviews", "job_interview_stage_id", "72200"): STEPS_V3}


def v1_interview(**changes: Any) -> dict[str, Any]:
    return {
        "id": 9,
        "organizer": {"id": 2000},
        "interviewers": [
            {"id": 4080, "email": "kate@example.com", "response_status": "accepted"},
            {"id": None, "email": "guest@example.com", "response_status": "tentative"},
        ],
        **changes,
    }


def v3(credentials: dict[str, str] = CLIENT, *, guest: bool = True) -> Harvest:
    harvest = Harvest(credentials)
    panel = [
        {"id": 1, "interview_id": 9, "user_id": 4080, "email": "k@x.io", "response_status": "accepted"},
        {"id": 2, "interview_id": 9, "user_id": None, "email": "guest@x.io", "response_status": "declined"},
    ]
    harvest.on("GET", "/v3/interviews", [{"id": 9, "organizer_id": 2000}])
    harvest.on("GET", "/v3/interviewers", panel if guest else panel[:1])
    harvest.on("PATCH", "/v3/interviews/9", {"id": 9})
    harvest.on("DELETE", "/v3/interviews/9", None, 204)
    return harvest


def v1() -> Harvest:
    harvest = Harvest(KEY)
    harvest.on("GET", "/v1/scheduled_interviews/9", v1_interview())
    harvest.on("PATCH", "/v2/scheduled_interviews/9", v1_interview())
    harvest.on("DELETE", "/v1/scheduled_interviews/9", {"message": "Interview 9 has been deleted."})
    return harvest


def test_create_in_v1() -> None:
    harvest = Harvest(KEY)
    harvest.on("POST", "/v2/scheduled_interviews", v1_interview(), 201)
    extra = {
        "job_interview_stage": "72200",
        "organizer": "4080",
        "location": "Room 1",
        "video_conferencing_url": "https://meet.example.com/1",
        "external_event_id": "event-1",
        "interviewer_responses": [
            {"user": "4081", "response_status": "ACCEPTED"},
            {"user": None, "email": "guest@example.com"},
        ],
    }
    written, warnings = harvest.write(MODEL, "create", GIVEN | extra, stored=KEPT_V1)
    assert (written.reference, written.row) == (Reference("scheduled_interviews", "9"), v1_interview())
    assert warnings == []
    assert harvest.sent == [("POST", "/v2/scheduled_interviews")]
    assert harvest.written.headers["On-Behalf-Of"] == "4080"
    assert harvest.written.headers["Content-Type"] == "application/json"
    assert body_of(harvest.written) == {
        "application_id": 4684156000,
        "interview_id": 6002,
        "interviewers": [
            {"user_id": 4080, "response_status": "needs_action"},
            {"user_id": 4081, "response_status": "accepted"},
            {"email": "guest@example.com", "response_status": "needs_action"},
        ],
        "start": "2026-12-01T15:00:00Z",
        "end": "2026-12-01T15:45:00.500000Z",
        "external_event_id": "event-1",
        "location": "Room 1",
        "video_conferencing_url": "https://meet.example.com/1",
    }


def test_create_in_v3() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("POST", "/v3/interviews", {"id": 9}, 201)
    extra = {
        "job_interview_stage": "72200",
        "interviewer_responses": [
            {"user": None, "email": "guest@example.com", "response_status": "DECLINED"}
        ],
    }
    written, _ = harvest.write(MODEL, "create", GIVEN | extra, as_user="77", found=FOUND_V3)
    assert (written.reference, written.row) == (Reference("interviews", "9"), {"id": 9})
    assert harvest.actor() == "77"
    assert "On-Behalf-Of" not in harvest.written.headers
    body = body_of(harvest.written)
    assert body.pop("external_event_id").startswith("omniats-")
    assert body == {
        "application_id": 4684156000,
        "job_interview_id": 6002,
        "interviewers": [
            {"user_id": 4080, "response_status": "needs_action"},
            {"user_id": 4081, "response_status": "needs_action"},
        ],
        "starts_at": "2026-12-01T15:00:00Z",
        "ends_at": "2026-12-01T15:45:00.500000Z",
    }


def test_guests_v3_cannot_invite_are_told_of() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("POST", "/v3/interviews", {"id": 9}, 201)
    answers = [{"user": None, "email": "guest@example.com"}, {"user": "5", "response_status": "ACCEPTED"}]
    given = GIVEN | {"interviewer_responses": answers}
    _, warnings = harvest.write(MODEL, "create", given, params={"interview_id": 1})
    assert [(name, "guest@example.com" in text or "User 5" in text) for name, text in warnings] == [
        ("interviewer_responses", True),
        ("interviewer_responses", True),
    ]


def test_generated_event_ids_differ() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("POST", "/v3/interviews", {"id": 9}, 201)
    for _ in range(2):
        harvest.write(MODEL, "create", GIVEN, params={"interview_id": "6002"})
    first, second = (
        body_of(r)["external_event_id"] for r in harvest.requests if r.url.path == "/v3/interviews"
    )
    assert first != second


@pytest.mark.parametrize("named", [6003, "6003"])
def test_step_may_be_named_outright(named: Any) -> None:
    harvest = Harvest(KEY)
    harvest.on("POST", "/v2/scheduled_interviews", v1_interview(), 201)
    harvest.write(MODEL, "create", GIVEN, as_user="1", params={"interview_id": named})
    assert body_of(harvest.written)["interview_id"] == 6003
    assert harvest.sent == [("POST", "/v2/scheduled_interviews")]


def test_step_of_the_applications_stage_in_v1() -> None:
    harvest = Harvest(KEY)
    harvest.on("GET", "/v1/applications/4684156000", {"id": 4684156000, "current_stage": {"id": 72200}})
    harvest.on("GET", "/v1/job_stages/72200", {"id": 72200, "interviews": [{"id": 1, "schedulable": False}]})
    harvest.on("POST", "/v2/scheduled_interviews", v1_interview(), 201)
    harvest.write(MODEL, "create", GIVEN, as_user="1")
    assert body_of(harvest.written)["interview_id"] == 1  # none is to be scheduled, so the first


def test_step_of_the_applications_stage_in_v3_with_lookups_by_the_account_itself() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("GET", "/v3/applications", [{"id": 4684156000, "job_interview_stage_id": 72200}])
    harvest.on("GET", "/v3/job_interviews", STEPS_V3)
    harvest.on("POST", "/v3/interviews", {"id": 9}, 201)
    harvest.write(MODEL, "create", GIVEN, as_user="77")
    assert body_of(harvest.written)["job_interview_id"] == 6002
    asked = [
        (r.url.path, dict(r.url.params), r.headers["Authorization"])
        for r in harvest.requests
        if r.url.path.startswith("/v3")
    ]
    assert asked == [
        ("/v3/applications", {"ids": "4684156000"}, "Bearer token-of-account"),
        (
            "/v3/job_interviews",
            {"per_page": "500", "job_interview_stage_ids": "72200"},
            "Bearer token-of-account",
        ),
        ("/v3/interviews", {}, "Bearer token-of-77"),
    ]


def test_kept_application_serves_where_it_may_not_be_read_alone() -> None:
    harvest = Harvest(KEY)
    harvest.on("GET", "/v1/applications/4684156000", {"message": "no"}, 403)
    harvest.on("POST", "/v2/scheduled_interviews", v1_interview(), 201)
    kept: Any = {**KEPT_V1, ("applications", "4684156000"): {"current_stage": {"id": 72200}}}
    harvest.write(MODEL, "create", GIVEN, as_user="1", stored=kept)
    assert body_of(harvest.written)["interview_id"] == 6002
    with pytest.raises(PermissionMissing):
        harvest.write(MODEL, "create", GIVEN, as_user="1")


@pytest.mark.parametrize(
    ("application", "stage", "said"),
    [
        ({"current_stage": None}, None, "in no stage"),
        ({"current_stage": {"id": 72200}}, {"id": 72200, "interviews": []}, "no interviews"),
    ],
)
def test_without_a_step_nothing_is_sent(application: Any, stage: Any, said: str) -> None:
    harvest = Harvest(KEY)
    harvest.on("GET", "/v1/applications/4684156000", application)
    with pytest.raises(Invalid, match=said):
        harvest.write(MODEL, "create", GIVEN, as_user="1", stored={("job_stages", "72200"): stage})
    assert all(method == "GET" for method, _ in harvest.sent)


def test_unknown_application_is_named() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("GET", "/v3/applications", [])
    with pytest.raises(Invalid, match="application: Greenhouse does not have 4684156000"):
        harvest.write(MODEL, "create", GIVEN)


@pytest.mark.parametrize("wrong", [{"interviewers": ["kate"]}, {"application": "x"}], ids=str)
def test_input_that_cannot_be_sent(wrong: dict[str, Any]) -> None:
    harvest = Harvest(KEY)
    with pytest.raises(Invalid, match=next(iter(wrong))):
        harvest.write(MODEL, "create", GIVEN | wrong, as_user="1", params={"interview_id": 1})
    assert harvest.sent == []


# Who acts


@pytest.mark.parametrize(
    ("named", "own", "organizer", "acting"),
    [("1", "2", "3", "1"), (None, "2", "3", "2"), (None, None, "3", "3")],
)
def test_order_of_acting_users_on_create(
    named: str | None, own: str | None, organizer: str | None, acting: str
) -> None:
    for base, path in ((KEY, "/v2/scheduled_interviews"), (CLIENT, "/v3/interviews")):
        harvest = Harvest({**base, "user_id": own} if own else base)
        harvest.on("POST", path, {"id": 9}, 201)
        given = GIVEN | {"organizer": organizer}
        _, warnings = harvest.write(MODEL, "create", given, as_user=named, params={"interview_id": 1})
        assert harvest.actor() == acting
        assert [name for name, _ in warnings] == ([] if acting == organizer else ["organizer"])


def test_nobody_to_act_for() -> None:
    harvest = Harvest(KEY)
    with pytest.raises(Invalid, match="remote_user_id"):
        harvest.write(MODEL, "create", GIVEN, params={"interview_id": 1})
    assert harvest.sent == []
    service = Harvest(CLIENT)
    service.on("POST", "/v3/interviews", {"id": 9}, 201)
    service.write(MODEL, "create", GIVEN, params={"interview_id": 1})
    assert service.actor() == "account"


def test_partners_always_act_as_who_authorised() -> None:
    harvest = Harvest(PARTNER)
    harvest.on("POST", "/v3/interviews", {"id": 9}, 201)
    _, warnings = harvest.write(MODEL, "create", GIVEN, as_user="5", params={"interview_id": 1})
    assert harvest.actor() == "account"
    assert [name for name, _ in warnings] == ["remote_user_id"]


def test_acting_for_the_accounts_user_needs_no_second_token() -> None:
    harvest = Harvest({**CLIENT, "user_id": "7"})
    harvest.on("POST", "/v3/interviews", {"id": 9}, 201)
    harvest.write(MODEL, "create", GIVEN, as_user="7", params={"interview_id": 1})
    assert list(harvest.tokens.grants) == [""]
    assert harvest.actor() == "7"


# Changes


def test_change_of_times_acts_for_the_organizer() -> None:
    for harvest, path, keys in (
        (v1(), "/v2/scheduled_interviews/9", ("start", "end")),
        (v3(), "/v3/interviews/9", ("starts_at", "ends_at")),
    ):
        given = {"start_at": START, "end_at": END, "location": None, "external_event_id": None}
        harvest.write(MODEL, "update", given, remote_id="9")
        assert (harvest.written.method, harvest.written.url.path) == ("PATCH", path)
        assert harvest.actor() == "2000"
        times = dict(zip(keys, ("2026-12-01T15:00:00Z", "2026-12-01T15:45:00.500000Z"), strict=True))
        assert body_of(harvest.written) == {**times, "location": None}


def test_named_user_spares_the_lookup() -> None:
    for harvest in (v1(), v3()):
        harvest.write(MODEL, "update", {"location": "Room 2"}, remote_id="9", as_user="5")
        assert len(harvest.sent) == 1
        assert harvest.actor() == "5"
        assert body_of(harvest.written) == {"location": "Room 2"}


def test_new_panel_keeps_known_answers_and_guests_in_v1() -> None:
    harvest = v1()
    _, warnings = harvest.write(MODEL, "update", {"interviewers": ["4081", "4080"]}, remote_id="9")
    assert body_of(harvest.written) == {
        "interviewers": [
            {"user_id": 4081, "response_status": "needs_action"},
            {"user_id": 4080, "response_status": "accepted"},
            {"email": "guest@example.com", "response_status": "tentative"},
        ]
    }
    assert warnings == []


def test_new_panel_loses_guests_in_v3_and_says_so() -> None:
    harvest = v3()
    _, warnings = harvest.write(MODEL, "update", {"interviewers": ["4080", "4081"]}, remote_id="9")
    assert body_of(harvest.written) == {
        "interviewers": [
            {"user_id": 4080, "response_status": "accepted"},
            {"user_id": 4081, "response_status": "needs_action"},
        ]
    }
    assert [(name, "guest@x.io" in text) for name, text in warnings] == [("interviewers", True)]
    assert harvest.actor() == "2000"


def test_same_panel_is_left_out() -> None:
    for harvest in (v1(), v3()):
        given = {"interviewers": ["4080"], "location": "Room 2"}
        _, warnings = harvest.write(MODEL, "update", given, remote_id="9")
        assert body_of(harvest.written) == {"location": "Room 2"}
        assert warnings == []


def test_nothing_to_change_sends_nothing() -> None:
    for harvest in (v1(), v3()):
        written, _ = harvest.write(MODEL, "update", {"interviewers": ["4080"]}, remote_id="9")
        assert written.reference.id == "9"
        assert all(method == "GET" for method, _ in harvest.sent)


def test_answer_of_one_interviewer() -> None:
    harvest = v3(guest=False)
    answers = [{"user": "4080", "response_status": "DECLINED"}]
    harvest.write(MODEL, "update", {"interviewer_responses": answers}, remote_id="9")
    assert body_of(harvest.written) == {"interviewers": [{"user_id": 4080, "response_status": "declined"}]}


def test_answer_of_an_interviewer_known_by_address() -> None:
    harvest = v3(guest=False)
    answers = [{"user": None, "email": "k@x.io", "response_status": "DECLINED"}]
    harvest.write(MODEL, "update", {"interviewer_responses": answers}, remote_id="9")
    assert body_of(harvest.written) == {"interviewers": [{"user_id": 4080, "response_status": "declined"}]}


def test_panel_as_kept_where_it_may_not_be_read() -> None:
    harvest = Harvest(CLIENT)
    harvest.on("GET", "/v3/interviews", {"message": "Forbidden"}, 403)
    harvest.on("PATCH", "/v3/interviews/9", {"id": 9})
    row = {"id": 1, "interview_id": 9, "user_id": 4080, "response_status": "tentative"}
    harvest.write(
        MODEL,
        "update",
        {"interviewers": ["4080", "4081"]},
        remote_id="9",
        stored={("interviews", "9"): {"id": 9, "organizer_id": None}},
        found={("interviewers", "interview_id", "9"): [row]},
    )
    assert body_of(harvest.written)["interviewers"][0] == {"user_id": 4080, "response_status": "tentative"}


def test_delete() -> None:
    for harvest, path in ((v1(), "/v1/scheduled_interviews/9"), (v3(), "/v3/interviews/9")):
        written, _ = harvest.write(MODEL, "delete", remote_id="9")
        assert written.removed
        assert (harvest.written.method, harvest.written.url.path) == ("DELETE", path)
        assert harvest.written.content == b""
        assert harvest.actor() == "2000"


def test_delete_of_what_is_gone() -> None:
    harvest = Harvest(KEY)
    harvest.on("DELETE", "/v1/scheduled_interviews/9", {"message": "Resource not found"}, 404)
    with pytest.raises(NotFound):
        harvest.write(MODEL, "delete", remote_id="9", as_user="1")


@pytest.mark.parametrize(("status", "error"), [(422, Invalid), (409, Conflict), (503, Unavailable)])
def test_refused_write_is_sent_once(status: int, error: type[Exception]) -> None:
    harvest = Harvest(KEY)
    harvest.on("POST", "/v2/scheduled_interviews", {"message": "application is not active"}, status)
    with pytest.raises(error, match="not active") as raised:
        harvest.write(MODEL, "create", GIVEN, as_user="1", params={"interview_id": 1})
    assert len(harvest.sent) == 1
    assert not isinstance(raised.value, Unavailable) or raised.value.outcome_unknown


def test_lookups_carry_no_body() -> None:
    harvest = v1()
    harvest.write(MODEL, "update", {"interviewers": ["4080", "4081"]}, remote_id="9")
    gets: list[httpx.Request] = [r for r in harvest.requests if r.method == "GET"]
    assert [(r.content, r.headers.get("On-Behalf-Of")) for r in gets] == [(b"", None)]
