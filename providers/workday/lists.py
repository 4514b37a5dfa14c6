"""Reading Workday's lists: page by page as the service counts them, all as of one moment."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from providers.kit import Client, Invalid, NotFound, Page, Row, Rows, Window
from providers.kit.dates import iso
from providers.workday.envelope import RECRUITING, ask, reference, wd
from providers.workday.faults import UNKNOWN_ID
from providers.workday.rows import NAMESPACE, ident, row_of

PER_PAGE = 100  # as many as a page holds, says the schema beside `Total_Pages`

Criteria = Callable[[Window], list[Element]]


def no_criteria(_window: Window) -> list[Element]:
    """For lists that are read whole."""
    return []


def changed(window: Window) -> list[Element]:
    """Only what has a logged transaction in the time between."""
    if window.since is None:
        return []
    updated = wd(
        "Transaction_Date_Range_Data",
        wd("Updated_From", iso(window.since)),
        wd("Updated_Through", iso(window.until)),
    )
    return [wd("Transaction_Log_Criteria_Data", updated)]


@dataclass(frozen=True)
class Listing:
    """A list operation.

    Attributes:
        operation: without `Get_`, as `Candidates`.
        row: the element of a row in `Response_Data`.
        service: the web service it is one of.
        group: what `Response_Group` asks for; nothing leaves it out.
        criteria: what `Request_Criteria` holds for a pass.
        skips: whether an unknown id may be passed over, in place of a fault.
        per_page: rows a page.
    """

    operation: str
    row: str
    service: str = RECRUITING
    group: tuple[str, ...] = ("Include_Reference",)
    criteria: Criteria = no_criteria
    skips: bool = False
    per_page: int = PER_PAGE

    def request(
        self,
        *,
        references: Element | None = None,
        criteria: Iterable[Element] = (),
        page: Element | None = None,
    ) -> Element:
        """The request, its parts in the schema's order."""
        wanted = list(criteria)
        return wd(
            f"Get_{self.operation}_Request",
            references,
            wd("Request_Criteria", *wanted) if wanted else None,
            page,
            wd("Response_Group", *(wd(name, "true") for name in self.group)) if self.group else None,
        )

    def ask(self, client: Client, request: Element) -> tuple[list[Row], int]:
        """The rows of an answer, and how many pages there are."""
        answer = ask(client, self.service, request)
        data = answer.findall(f"{{{NAMESPACE}}}Response_Data/{{{NAMESPACE}}}{self.row}")
        total = answer.findtext(f"{{{NAMESPACE}}}Response_Results/{{{NAMESPACE}}}Total_Pages")
        return [row_of(each) for each in data], int(total or 0)


def numbered(number: int, count: int, window: Window | None = None) -> Element:
    """Which page is wanted, as of when: a set that is not fixed shifts between its pages."""
    as_of = wd("As_Of_Entry_DateTime", iso(window.until)) if window else None
    return wd("Response_Filter", as_of, wd("Page", str(number)), wd("Count", str(count)))


def page_of(client: Client, listing: Listing, window: Window, number: int) -> tuple[list[Row], int | None]:
    """A page of a pass, and the number of the next one.

    The service's own count of pages tells the end: a page may hold fewer rows than were asked for.
    """
    page = numbered(number, listing.per_page, window)
    rows, pages = listing.ask(client, listing.request(criteria=listing.criteria(window), page=page))
    return rows, number + 1 if number < pages else None


def reader(listing: Listing) -> Callable[[Client, Window, Any], Page]:
    """A function that reads one page."""

    def read(client: Client, window: Window, cursor: Any) -> Page:
        return Page(*page_of(client, listing, window, cursor or 1))

    return read


def fetcher(name: str, listing: Listing, *path: str) -> Callable[[Client, str], Rows]:
    """A function that reads one thing by its WID; `path` leads to its reference in the row."""

    def fetch(client: Client, key: str) -> Rows:
        return {name: [one(client, listing, key, *path)]}

    return fetch


def one(client: Client, listing: Listing, key: str, *path: str) -> Row:
    """The row of that WID; `path` leads to its reference in the row.

    Raises:
        NotFound: there is none.
    """
    skips = {"Skip_Non_Existing_Instances": "true"} if listing.skips else {}
    references = wd("Request_References", reference(path[-1], key), **skips)
    try:
        rows, _pages = listing.ask(client, listing.request(references=references))
    except Invalid as error:
        if UNKNOWN_ID not in error.detail:
            raise
        raise NotFound(error.detail, error.status) from error
    for row in rows:
        if ident(row, *path) == key:
            return row
    raise NotFound(f"Workday has no {listing.row} {key}.", 404)
