"""GET of v1: numbered pages in the Link header, one record, and a record's children."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from starlette.responses import Response

from sandboxes.answers import JSONAnswer
from sandboxes.greenhouse.actions import record
from sandboxes.greenhouse.endpoint import ORIGIN, Call, Endpoint
from sandboxes.greenhouse.errors import Invalid, NotFound
from sandboxes.greenhouse.state import State
from sandboxes.greenhouse.v1 import render
from sandboxes.greenhouse.v1.resources import RESOURCES, Resource, scheduled
from sandboxes.store import Row

PER_PAGE = 100
MOST_PER_PAGE = 500


def read_endpoints() -> list[Endpoint]:
    """Every GET of v1."""
    endpoints = []
    for resource in RESOURCES:
        endpoints.append(_list(resource))
        if resource.retrieve:
            endpoints.append(_retrieve(resource, resource.retrieve))
    return endpoints + CHILDREN


def _list(resource: Resource) -> Endpoint:
    def handle(call: Call) -> Response:
        ids = _selection(call.state, resource, call.query)
        return _answer(call, ids, resource)

    return Endpoint("GET", f"/v1/{resource.path}", f"GET: List {resource.name}", handle)


def _retrieve(resource: Resource, name: str) -> Endpoint:
    def handle(call: Call) -> Response:
        row = record(call.state, resource.table, call.ids["id"])
        if resource.listed and not resource.listed(row):
            raise NotFound
        return JSONAnswer(resource.render(call.state, row))

    return Endpoint("GET", f"/v1/{resource.path}/{{id:int}}", f"GET: Retrieve {name}", handle)


def _selection(state: State, resource: Resource, query: Mapping[str, str]) -> list[int]:
    """Ids of the whole result, kept until a record changes: a pass through the pages selects once."""
    asked = {name: value for name, value in query.items() if name in resource.filters}
    if resource.table == "rejection_reasons":
        asked.setdefault("include_defaults", "false")
    table = state.tables[resource.table]
    if not asked and resource.listed is None:
        return table.ids
    key = (resource.path, tuple(sorted(asked.items())))
    version, ids = state.selections.get(key, (-1, []))
    if version != state.version:
        checks = [resource.filters[name](state, value) for name, value in asked.items()]
        checks += [resource.listed] if resource.listed else []
        ids = [id_ for id_ in table.ids if all(check(table.rows[id_]) for check in checks)]
        if len(state.selections) > 100:
            state.selections.clear()
        state.selections[key] = (state.version, ids)
    return ids


def _number(query: Mapping[str, str], name: str, default: int, most: int | None = None) -> int:
    value = query.get(name, str(default))
    if not value.isdecimal() or int(value) < 1 or (most and int(value) > most):
        raise Invalid(name, f"Must be a number from 1{f' to {most}' if most else ''}")
    return int(value)


def _answer(call: Call, ids: list[int], resource: Resource) -> Response:
    page, size = _number(call.query, "page", 1), _number(call.query, "per_page", PER_PAGE, MOST_PER_PAGE)
    rows = call.state.tables[resource.table].rows
    content = [resource.render(call.state, rows[id_]) for id_ in ids[(page - 1) * size : page * size]]
    link = _link(call, page, -(-len(ids) // size), size, numbered=resource.numbered)
    return JSONAnswer(content, headers={"Link": link} if link or call.state.empty_links else {})


def _link(call: Call, page: int, last: int, size: int, *, numbered: bool) -> str:
    """`next`, `prev` and `last`; newer endpoints have only `next`; a single page has no link."""
    others = {name: value for name, value in call.query.items() if name not in ("page", "per_page")}
    pages = {"next": page + 1} if page < last else {}
    if numbered:
        pages |= {"prev": page - 1} if page > 1 else {}
        pages |= {"last": last} if last > 1 and call.query.get("skip_count") != "true" else {}
    return ",".join(
        f'<{ORIGIN}{call.path}?{urlencode({"page": number, "per_page": size} | others)}>; rel="{rel}"'
        for rel, number in pages.items()
    )


def _children(
    path: str,
    permission: str,
    parent: str,
    child: tuple[str, str],
    render_child: Callable[[State, Row], Row],
    *,
    listed: Callable[[Row], bool] = lambda _row: True,
) -> Endpoint:
    """The children of one record, in one page."""
    table, field = child

    def handle(call: Call) -> Response:
        record(call.state, parent, call.ids["id"])
        rows = call.state.where(table, field, call.ids["id"])
        return JSONAnswer([render_child(call.state, row) for row in rows if listed(row)])

    return Endpoint("GET", path, permission, handle)


def _activity_feed(call: Call) -> Response:
    record(call.state, "candidates", call.ids["id"])
    return JSONAnswer(render.activity_feed(call.state, call.ids["id"]))


def _candidate_tags(call: Call) -> Response:
    record(call.state, "candidates", call.ids["id"])
    applied = call.state.where("applied_candidate_tags", "candidate_id", call.ids["id"])
    tags = call.state.tables["candidate_tags"].rows
    return JSONAnswer([render.tag(call.state, tags[row["candidate_tag_id"]]) for row in applied])


CHILDREN = [
    Endpoint(
        "GET",
        "/v1/candidates/{id:int}/activity_feed",
        "GET: Retrieve Activity Feed",
        _activity_feed,
    ),
    Endpoint("GET", "/v1/candidates/{id:int}/tags", "GET: List Tags Applied to Candidate", _candidate_tags),
    _children(
        "/v1/applications/{id:int}/scheduled_interviews",
        "GET: List Interviews for Application",
        "applications",
        ("interviews", "application_id"),
        render.interview,
        listed=scheduled,
    ),
    _children(
        "/v1/applications/{id:int}/scorecards",
        "GET: List Scorecards for Application",
        "applications",
        ("scorecards", "application_id"),
        render.scorecard,
        listed=lambda row: row["status"] == "complete",
    ),
    _children(
        "/v1/applications/{id:int}/offers",
        "GET: List Offers for Application",
        "applications",
        ("offers", "application_id"),
        render.offer,
    ),
    _children(
        "/v1/jobs/{id:int}/stages",
        "GET: List Job Stages for Job",
        "jobs",
        ("job_interview_stages", "job_id"),
        render.job_stage,
    ),
    _children(
        "/v1/jobs/{id:int}/job_posts",
        "GET: List Job Posts for Job",
        "jobs",
        ("job_posts", "job_id"),
        render.job_post,
    ),
]
