"""Lists: filters, pages, and what changed since the last pass."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

import orjson

from sandboxes.ashby.arguments import Check, integer, text
from sandboxes.ashby.endpoint import Call, Endpoint, endpoint
from sandboxes.ashby.passes import Pass
from sandboxes.ashby.records import known
from sandboxes.ashby.state import State
from sandboxes.instants import timestamp
from sandboxes.store import Row

PAGE = 100  # the most, and what is given when nothing is asked
MOVING = ("limit", "cursor", "syncToken")
PARENTS = {
    "applicationId": "applications",
    "candidateId": "candidates",
    "interviewPlanId": "interviewPlans",
    "interviewScheduleId": "interviewSchedules",
    "jobId": "jobs",
}


def anything(_call: Call, _row: Row) -> bool:
    """The filter of lists that have none."""
    return True


@dataclass(frozen=True)
class Listing:
    """A `.list` endpoint: `within` names the argument (and field) that narrows it down."""

    name: str
    permission: str
    table: str
    render: Callable[[Call, Row], Row]
    keep: Callable[[Call, Row], bool] = anything
    within: str | None = None
    required: dict[str, Check] = field(default_factory=dict)
    optional: dict[str, Check] = field(default_factory=dict)
    created_after: bool = False


def paged(listing: Listing) -> Endpoint:
    """A list in pages, with a sync token on the last."""
    optional = {**listing.optional, "limit": integer(1, PAGE), "cursor": text, "syncToken": text}
    if listing.created_after:
        optional["createdAfter"] = integer(0)
    return endpoint(
        listing.name,
        listing.permission,
        lambda call: _page(listing, call),
        listing.required,
        optional,
    )


def whole(listing: Listing, *, says_so: bool = True) -> Endpoint:
    """A list in one piece; `moreDataAvailable` is false, or missing altogether.

    Clients that page through every list send `limit` here, so it is taken and has no effect.
    """

    def handle(call: Call) -> Row:
        rows = (call.state.tables[listing.table].rows[key] for key in _all(listing, call))
        results = [listing.render(call, row) for row in rows if kept(listing, call, row)]
        return {"results": results} | ({"moreDataAvailable": False} if says_so else {})

    optional = {**listing.optional, "limit": integer(1, PAGE)}
    return endpoint(listing.name, listing.permission, handle, listing.required, optional)


def kept(listing: Listing, call: Call, row: Row) -> bool:
    """Whether a record is on the list that was asked for."""
    after = call.get("createdAfter")
    if after is not None and row["createdAt"] <= timestamp(datetime.fromtimestamp(after / 1000, UTC)):
        return False
    return call.state.visible(listing.table, row) and listing.keep(call, row)


def _page(listing: Listing, call: Call) -> Row:
    state, limit = call.state, call.get("limit", PAGE)
    passing = _pass(call)
    place = _place(state, listing, passing)
    rows = _rows(listing, call, passing, place)
    results = list(islice(rows, limit))
    more = next(rows, None) is not None
    answer: Row = {"results": [listing.render(call, row) for row in results], "moreDataAvailable": more}
    if more:
        return answer | {"nextCursor": state.passes.go_on(passing, place(results[-1]["id"]))}
    return answer | {"syncToken": state.passes.token(_scope(call), passing.started)}


def _scope(call: Call, *leaving: str) -> bytes:
    """The list and its arguments, but for those that move from page to page or from pass to pass."""
    named = {name: value for name, value in call.arguments.items() if name not in (leaving or MOVING)}
    return orjson.dumps([call.endpoint, named], option=orjson.OPT_SORT_KEYS)


def _pass(call: Call) -> Pass:
    """The pass this call continues or begins; a cursor goes with the sync token of its first page."""
    passes, token = call.state.passes, call.get("syncToken")
    since = passes.since(token, _scope(call)) if token else None
    scope = _scope(call, "limit", "cursor")
    if call.get("cursor"):
        return passes.resumed(call.arguments["cursor"], scope)
    return Pass(scope, call.state.now(), since)


def _place(state: State, listing: Listing, passing: Pass) -> Callable[[str], tuple[str, str]]:
    """Where a record stands: by creation, or by change in an incremental pass."""
    table = state.tables[listing.table]
    if passing.since is None:
        return table.place
    return lambda key: (table.rows[key]["updatedAt"], key)


def _rows(
    listing: Listing, call: Call, passing: Pass, place: Callable[[str], tuple[str, str]]
) -> Iterator[Row]:
    table = call.state.tables[listing.table]
    keys: Sequence[str] = _all(listing, call)
    if passing.since is not None:
        keys = sorted((key for key in keys if table.rows[key]["updatedAt"] > passing.since), key=place)
    start = bisect_right(keys, passing.after, key=place) if passing.after else 0
    for position in range(start, len(keys)):
        row = table.rows[keys[position]]
        if kept(listing, call, row):
            yield row


def _all(listing: Listing, call: Call) -> Sequence[str]:
    """The ids a list is drawn from, in order."""
    table = call.state.tables[listing.table]
    if listing.within and call.get(listing.within) is not None:
        known(call.state, PARENTS[listing.within], call.arguments[listing.within])
        return table.find(listing.within, [call.arguments[listing.within]])
    return table.ids
