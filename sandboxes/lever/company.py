"""The account's lists: users, stages, archive reasons, tags, sources, requisitions, surveys."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from starlette.responses import Response

from sandboxes.lever.defaults import shown
from sandboxes.lever.endpoint import Call, Endpoint, data
from sandboxes.lever.paging import listing, plain
from sandboxes.lever.parameters import choice, flag, one, several, window
from sandboxes.store import Row

STAGE = ("id", "text", "pipeline", "rank", "hasInterview")
# The default window of the survey's answers.
LAST_WEEK = timedelta(days=7)


def single(path: str, permission: str, table: str) -> Endpoint:
    """The endpoint of one record that is nobody's child."""

    def handle(call: Call) -> Response:
        return data(shown(table, call.record(table, call.ids["id"])))

    return Endpoint("GET", f"{path}/{{id}}", permission, handle)


def within(call: Call, name: str, value: int | None) -> bool:
    """Whether a time lies in the window of the query, both ends included; no time lies in none."""
    start, end = call.query.get(f"{name}_at_start"), call.query.get(f"{name}_at_end")
    if start is None and end is None:
        return True
    return value is not None and (start or 0) <= value and (end is None or value <= end)


def everything(call: Call, table: str) -> list[Row]:
    """All records, in order."""
    kept = call.state.tables[table]
    return [kept.rows[key] for key in kept.ids]


def _users(call: Call) -> Sequence[Row]:
    roles, query = call.query.get("accessRole"), call.query
    return [
        row
        for row in everything(call, "users")
        if (query.get("includeDeactivated") or row["deactivatedAt"] is None)
        and (roles is None or row["accessRole"] in roles)
        and query.get("email", row["email"]).lower() == row["email"].lower()
    ]


def _archive_reasons(call: Call) -> Sequence[Row]:
    kinds = call.query.get("type")
    return [row for row in everything(call, "archive_reasons") if kinds is None or row["type"] in kinds]


def _disposition_stages(call: Call) -> Response:
    """Not documented, but there; a reason of type `non-hired` has no type here."""
    reasons = [
        {**shown("archive_reasons", row), "type": "hired" if row["type"] == "hired" else None}
        for row in everything(call, "archive_reasons")
    ]
    stages = [{field: row[field] for field in STAGE} for row in everything(call, "stages")]
    return data({"stages": stages, "archiveReasons": reasons})


def _counted(field: str) -> list[Endpoint]:
    """Tags and sources: texts without ids, with how many opportunities have them."""

    def rows(call: Call) -> Sequence[Row]:
        counts = Counter(text for row in everything(call, "opportunities") for text in row[field])
        # Ordered by text: what stands for the id here.
        return [{"id": text, "createdAt": 0, "text": text, "count": counts[text]} for text in sorted(counts)]

    def render(_call: Call, row: Row) -> Row:
        return {"text": row["text"], "count": row["count"]}

    return [listing(f"/{field}", f"{field}:read:admin", rows, render, newest_first=False)]


def _requisitions(call: Call) -> Sequence[Row]:
    query = call.query
    return [
        row
        for row in everything(call, "requisitions")
        if within(call, "created", row["createdAt"])
        and row["status"] in query.get("status", (row["status"],))
        and row["requisitionCode"] == query.get("requisition_code", row["requisitionCode"])
    ]


def _survey(call: Call) -> Response:
    """Answers of the last week, unless a start is given. The documented shape differs from the recorded."""
    return data({"eeoResponses": [_documented(row) for row in _responses(call)]})


def _responses(call: Call) -> Sequence[Row]:
    start = call.query.get("created_at_start", call.state.notation(call.state.time() - LAST_WEEK))
    end = call.query.get("created_at_end", float("inf"))
    return [row for row in everything(call, "eeo_responses") if start <= row["createdAt"] <= end]


def _documented(row: Row) -> Row:
    """Times are text and there is no id."""
    times = {name: str(row[name]) for name in ("appliedAt", "eeoSurveyRespondedAt")}
    kept = {name: value for name, value in shown("eeo_responses", row).items() if name not in NOT_DOCUMENTED}
    return {**kept, **times, "requisitionCodes": [], "source": row["eeoResponseSource"]}


NOT_DOCUMENTED = ("id", "applicationId", "applicationTitle", "eeoResponseSource", "sources")
RECORDED_SURVEY = listing(
    "/eeo/responses/pii",
    "eeo_responses_pii:read:admin",
    _responses,
    plain("eeo_responses"),
    window("created"),
)


def _survey_of_the_day(call: Call) -> Response:
    return _survey(call) if call.state.documented_eeo else RECORDED_SURVEY.handle(call)


ENDPOINTS = [
    listing(
        "/users",
        "users:read:admin",
        _users,
        plain("users"),
        {"includeDeactivated": flag, "accessRole": several, "email": one},
    ),
    single("/users", "users:read:admin", "users"),
    listing(
        "/stages",
        "stages:read:admin",
        lambda call: everything(call, "stages"),
        plain("stages"),
        newest_first=False,
    ),
    single("/stages", "stages:read:admin", "stages"),
    listing(
        "/archive_reasons",
        "archive_reasons:read:admin",
        _archive_reasons,
        plain("archive_reasons"),
        {"type": choice("hired", "non-hired")},
        newest_first=False,
    ),
    single("/archive_reasons", "archive_reasons:read:admin", "archive_reasons"),
    Endpoint("GET", "/disposition_stages", "stages:read:admin", _disposition_stages),
    *_counted("tags"),
    *_counted("sources"),
    listing(
        "/requisitions",
        "requisitions:read:admin",
        _requisitions,
        plain("requisitions"),
        {
            **window("created"),
            "status": choice("open", "onHold", "closed", "draft"),
            "requisition_code": one,
        },
    ),
    single("/requisitions", "requisitions:read:admin", "requisitions"),
    Endpoint(
        "GET", "/eeo/responses/pii", RECORDED_SURVEY.permission, _survey_of_the_day, RECORDED_SURVEY.query
    ),
]
