"""Lists: named records or all that meet the criteria, page by page.

A page holds 100 at most, whatever `Count` says. With `As_Of_Entry_DateTime` the set is kept as of its first
page; without it every page is cut from what there is at that moment.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element, tostring

from sandboxes.instants import timestamp
from sandboxes.store import Row
from sandboxes.workday.call import Call
from sandboxes.workday.elements import every, first, instant, make, text
from sandboxes.workday.faults import Invalid
from sandboxes.workday.references import keys_of

LARGEST_PAGE = 100
LARGEST_COUNT = 999
KEPT = timedelta(hours=2)
ECHOED = ("Request_References", "Request_Criteria", "Response_Filter", "Response_Group")

Accepts = Callable[[Row], bool]


@dataclass(frozen=True)
class Listing:
    """A list operation: its records, how a request names or chooses them, and how one looks."""

    table: str
    reference: str
    accepts: Callable[[Call], Accepts]
    render: Callable[[Call, Row], Element]


def whole(_call: Call) -> Accepts:
    """No criteria: every record."""
    return lambda _row: True


def respond(call: Call, listing: Listing) -> list[Element]:
    """The content of a response: what was asked, the figures of the page, the rows if there are any.

    Raises:
        Invalid: there is no such page, or no page is that large.
    """
    page, size = _asked(call)
    keys = _keys(call, listing)
    shown = keys[(page - 1) * size : page * size]
    rows = [row for key in shown if (row := call.state.get(listing.table, key)) is not None]
    results = make(
        "Response_Results",
        make("Total_Results", len(keys)),
        make("Total_Pages", -(-len(keys) // size)),
        make("Page_Results", len(rows)),
        make("Page", page),
    )
    data = make("Response_Data", *(listing.render(call, row) for row in rows)) if rows else None
    echo = [deepcopy(element) for name in ECHOED if (element := first(call.request, name)) is not None]
    return [*echo, results, *([] if data is None else [data])]


def _asked(call: Call) -> tuple[int, int]:
    """The page that is asked for, and how many rows one has."""
    page = int(text(call.request, "Response_Filter/Page") or 1)
    count = int(text(call.request, "Response_Filter/Count") or LARGEST_PAGE)
    if page < 1:
        raise Invalid("The page must be 1 or more.", "Response_Filter/Page")
    if not 1 <= count <= LARGEST_COUNT:
        raise Invalid(f"The count must be between 1 and {LARGEST_COUNT}.", "Response_Filter/Count")
    return page, min(count, LARGEST_PAGE)


def _keys(call: Call, listing: Listing) -> list[str]:
    as_of = instant(call.request, "Response_Filter/As_Of_Entry_DateTime")
    if as_of is None:
        return _select(call, listing, None)
    kept, oldest = call.state.selections, timestamp(call.state.time() - KEPT)
    for name in [name for name in kept if name < oldest]:
        del kept[name]
    asked = [element for name in ECHOED[:2] if (element := first(call.request, name)) is not None]
    name = " ".join((as_of, call.operation, *(tostring(element, "unicode") for element in asked)))
    if name not in kept:
        kept[name] = _select(call, listing, as_of)
    return kept[name]


def _select(call: Call, listing: Listing, as_of: str | None) -> list[str]:
    named = every(call.request, f"Request_References/{listing.reference}")
    table = call.state.tables[listing.table]
    accepts = listing.accepts(call)
    keys = keys_of(call.state, named, listing.table) if named else table.ids
    return [
        key
        for key in keys
        if accepts(row := table.rows[key]) and (as_of is None or row["created_at"] <= as_of)
    ]


def logged(call: Call) -> Accepts:
    """The records with a transaction in a range that is asked for."""
    ranges = [
        (instant(each, "Updated_From") or "", instant(each, "Updated_Through") or timestamp(_END))
        for each in every(
            call.request, "Request_Criteria/Transaction_Log_Criteria_Data/Transaction_Date_Range_Data"
        )
    ]
    return lambda row: (
        not ranges or any(start <= at <= end for start, end in ranges for at in row["transactions"])
    )


_END = datetime.max.replace(tzinfo=UTC)
