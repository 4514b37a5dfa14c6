"""A provider as data: which rows a vendor lists, and the pure functions that make common records of them.

The way of a record:

    vendor page → rows of a resource, kept as received → mapping (a row and the rows joined to it) → record

Rows are kept, so a mapping may join resources that the vendor lists apart, at whatever time each page
arrives, and a row that changes on its own brings the record it belongs to up to date.
"""

from collections.abc import Callable, Iterable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import httpx

from providers.kit.actions import Action
from providers.kit.auth import TokenStore
from providers.kit.authorization import Authorization
from providers.kit.client import Client
from providers.kit.errors import Classify
from providers.kit.limits import Limit
from providers.kit.webhooks import Remove, VendorWebhooks

Row = dict[str, Any]  # one vendor record as received
Rows = dict[str, list[Row]]  # rows by the resource (of a fetched set) or by the join (of a mapping)
Record = dict[str, Any]  # one common record: `remote_id` and fields by name, relations as vendor ids
Cursor = Any  # a position in a vendor's list: anything JSON can hold


class Kept(Protocol):
    """The rows that are kept of an account, for lists that cannot be read without knowing others."""

    def stored(self, resource: str, key: str) -> Row | None:
        """The row of that key, or None."""

    def find(self, resource: str, on: str, value: Any) -> list[Row]:
        """The rows whose index holds a value."""

    def after(self, resource: str, key: str, limit: int) -> list[tuple[str, Row]]:
        """Rows with their keys, in the order of these, after a key."""


class NothingKept:
    """What is kept of an account that has not been read."""

    def stored(self, _resource: str, _key: str) -> Row | None:
        """No row."""
        return None

    def find(self, _resource: str, _on: str, _value: Any) -> list[Row]:
        """No rows."""
        return []

    def after(self, _resource: str, _key: str, _limit: int) -> list[tuple[str, Row]]:
        """No rows."""
        return []


@dataclass(frozen=True)
class Window:
    """What a pass over a list asks for.

    Attributes:
        since: only rows changed at or after this time; None reads everything.
        until: the time the pass began, an upper bound where the vendor needs one.
        token: what the vendor gave at the end of the last pass, for vendors with sync tokens.
        kept: the account's rows as they are kept.
    """

    since: datetime | None
    until: datetime
    token: str | None = None
    kept: Kept = field(default_factory=NothingKept)


@dataclass(frozen=True)
class Page:
    """One page of a vendor's list.

    Attributes:
        rows: as received.
        next: the position of the next page; None at the end.
        token: what serves the next pass, for vendors with sync tokens.
        removed: what the vendor says is gone.
    """

    rows: list[Row]
    next: Cursor | None = None
    token: str | None = None
    removed: tuple[Remove, ...] = ()


def by_id(row: Row) -> str:
    """The key of most rows.

    Raises:
        KeyError, TypeError: the row has none, or one that is neither text nor number.
    """
    if not isinstance(row["id"], str | int):
        raise TypeError("an id is neither text nor number")
    return str(row["id"])


@dataclass(frozen=True, kw_only=True)
class Resource:
    """Something the vendor lists.

    Attributes:
        name: unique in its API, as the vendor calls it.
        path: what `remote_data` names as its origin.
        key: the row's id. Rows with the same key are the same thing.
        index: other values a mapping may find the row by: index name → values of a row.
        steady: a row without what the vendor makes anew with every read, such as signed addresses. Where
            nothing else is different, what is listed for each parent is not read again.
        fetch: reads one thing again by its id, for read-back, webhooks and `max_age`: the row itself
            under `name`, and under their own names all rows that belong to it. Raises `NotFound`.
        refetch: the same for a thing whose id alone does not lead to it, from its row as it is kept.
    """

    name: str
    path: str
    key: Callable[[Row], str] = field(default=by_id)
    index: MappingType[str, Callable[[Row], Iterable[Any]]] = field(default_factory=dict)
    steady: Callable[[Row], Row] | None = None
    fetch: Callable[[Client, str], Rows] | None = None
    refetch: Callable[[Client, Row], Rows] | None = None


@dataclass(frozen=True, kw_only=True)
class ListResource(Resource):
    """A resource with a list of its own.

    Attributes:
        read: reads one page of a pass. The cursor is None for the first page.
        incremental: whether `read` honours `Window.since` (or `token`).
        removes: the resources whose removed rows its pages name.
        heavy: whether its pages are large, as those that hold files are. Where a pass took more than a
            minute, the next is left out for ten times as long, at most until the next full synchronisation.
        owner: the resource whose rows these hang on, though they are listed apart: when the vendor tells that
            one is gone, the rows whose index named `parent` holds its key are gone with it.
        fallback: how to get the same rows parent by parent when the list itself is not permitted.
    """

    read: Callable[[Client, Window, Cursor | None], Page]
    incremental: bool = False
    removes: tuple[str, ...] = ()
    heavy: bool = False
    owner: str = ""
    fallback: "ChildResource | None" = None


@dataclass(frozen=True)
class Again:
    """Which parents are gone through again though they did not change: children may change on their own.

    Attributes:
        every: how often.
        when: whether a parent is one of them.
        others: how often all parents are gone through, changed or not; with every full pass unless given,
            which is too often where it costs a request for each.
    """

    every: timedelta
    when: Callable[[Row], bool]
    others: timedelta = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class ChildResource(Resource):
    """A resource that is listed for one parent at a time: only of parents that changed, once all are known.

    What becomes of its parent becomes of a row: with the parent it is gone. Rows that may be read by
    themselves say whose they are in an index named `parent`.

    Attributes:
        parent: the resource whose rows are gone through.
        read: all rows of one parent.
        again: which parents are gone through without a change of theirs.
    """

    parent: str
    read: Callable[[Client, Row], Iterable[Row]]
    again: Again | None = None


@dataclass(frozen=True)
class Join:
    """Rows of another resource that a mapping looks at.

    Attributes:
        resource: the other resource.
        on: the index of that resource to look in, or `id` for its key.
        value: the value or values to look for, from the row being mapped.
        name: what the mapping calls the rows; the resource's name unless given.
        belongs: true when the joined rows are parts of the mapped one (`value` is its key): when such a
            part changes, the record is mapped again.
        back: where joined rows are no parts but matter as much: an index of the mapped resource that holds
            the same values. When such a row changes, the rows found there are mapped again.
    """

    resource: str
    on: str
    value: Callable[[Row], Any]
    name: str = ""
    belongs: bool = False
    back: str = ""

    @property
    def alias(self) -> str:
        """What the mapping calls the joined rows."""
        return self.name or self.resource


@dataclass(frozen=True)
class Mapping:
    """How rows of one resource become records of one common model.

    Attributes:
        model: the common model's name.
        root: the resource whose rows are mapped.
        map: the pure function: a row and the joined rows (by alias) to a record, several, or None. With
            `group` it is given the list of the group's rows in the place of the row.
        joins: what else it looks at.
        many: false when a row gives one record whose `remote_id` is the row's key; true otherwise.
        group: an index of the root: the rows that share a value of it give one record together, whose
            `remote_id` is that value.
        lasting: true for records that are named in passing by rows of something else: that no row names
            one any more does not mean that the vendor deleted it.
        expires: when a record must be mapped again though nothing changed, because it depends on the time.
        derived: the fields that the vendor does not hold and `map` concludes from others, such as a status.
    """

    model: str
    root: str
    map: Callable[[Any, Rows], Record | Iterable[Record] | None]
    joins: tuple[Join, ...] = ()
    many: bool = False
    group: str | None = None
    lasting: bool = False
    expires: Callable[[Record], datetime | None] | None = None
    derived: tuple[str, ...] = ()


@dataclass(frozen=True)
class Api:
    """One generation of a vendor's API.

    Attributes:
        name: for people, for example `Harvest v3`.
        base_url: of relative paths; a function of the credentials where the host depends on the tenant.
        hosts: patterns of all hosts a client of it may speak to.
        classify: its error table.
        resources: in the order a sync reads them: what is joined before what it is joined to.
        mappings: what becomes of the rows.
        actions: the writes it has.
        webhooks: how it tells of changes, if it does.
        check: a cheap call that raises `CredentialsRefused` when the credentials are wrong.
        timeout: seconds a client waits for an answer.
        limits: what the vendor says it grants, where it says so; its refusals are obeyed in any case.
        fields: the common fields that its mappings fill, by model: what `filled_fields` reads.
    """

    name: str
    base_url: str | Callable[[MappingType[str, str]], str]
    hosts: tuple[str, ...]
    classify: Classify
    resources: tuple[ListResource | ChildResource, ...]
    mappings: tuple[Mapping, ...]
    check: Callable[[Client], None]
    actions: tuple[Action, ...] = ()
    webhooks: VendorWebhooks | None = None
    timeout: float = 60.0
    limits: tuple[Limit, ...] = ()
    fields: MappingType[str, tuple[str, ...]] = field(default_factory=dict)

    def resource(self, name: str) -> ListResource | ChildResource:
        """The resource of that name; `KeyError` when there is none."""
        for resource in self.resources:
            if resource.name == name:
                return resource
        raise KeyError(name)

    def action(self, model: str, verb: str) -> Action | None:
        """The write, or None when this vendor does not have it."""
        return next((a for a in self.actions if (a.model, a.verb) == (model, verb)), None)

    def base_url_for(self, credentials: MappingType[str, str]) -> str:
        """The base URL for these credentials."""
        return self.base_url if isinstance(self.base_url, str) else self.base_url(credentials)


@dataclass(frozen=True)
class Words:
    """What people are shown, in each language the link page speaks.

    `*asterisks*` mark what the vendor's own pages call something: a menu, a button, a permission.
    """

    en: str
    de: str


@dataclass(frozen=True)
class CredentialField:
    """One credential a person enters when linking.

    Attributes:
        name: its key in `credentials`.
        label: for people.
        help: what it is and where to find it.
        advice: what to look at when the vendor refuses it.
        secret: whether it must never be shown again.
        required: whether its style needs it.
    """

    name: str
    label: Words
    help: Words
    advice: Words | None = None
    secret: bool = True
    required: bool = True


@dataclass(frozen=True)
class Permission:
    """Permissions to grant in one place of the vendor's pages.

    Attributes:
        area: the heading they are under there.
        names: what they are called there.
        writing: whether only writes need them.
    """

    area: str
    names: tuple[str, ...]
    writing: bool = False


@dataclass(frozen=True)
class Guide:
    """How a person gets the credentials at the vendor.

    Attributes:
        steps: one thing to do each, with the vendor's exact menu names.
        permissions: what to grant.
        before: what the person needs before they begin, such as a role.
    """

    steps: tuple[Words, ...]
    permissions: tuple[Permission, ...] = ()
    before: Words | None = None


@dataclass(frozen=True)
class Style:
    """One way of linking: the credentials it takes, and the API they open.

    Attributes:
        name: for developers.
        title: for the person who links.
        fields: the credentials.
        api: the API generation.
        auth: makes the authentication of a client; the store keeps tokens and rotated credentials.
        guide: how to get the credentials.
        authorization: how the person lets us in at the vendor instead of entering credentials; then
            `client_id` and `client_secret` are those of the application, not of the person.
    """

    name: str
    title: Words
    fields: tuple[CredentialField, ...]
    api: Api
    auth: Callable[[MappingType[str, str], TokenStore], httpx.Auth]
    guide: Guide
    authorization: Authorization | None = None

    def matches(self, credentials: MappingType[str, str]) -> bool:
        """Whether all required fields are there and none that the style does not know."""
        known = {f.name for f in self.fields}
        required = {f.name for f in self.fields if f.required}
        given = {name for name, value in credentials.items() if value not in ("", None)}
        return required <= given <= known


@dataclass(frozen=True)
class Provider:
    """An applicant tracking system.

    Attributes:
        slug: as in `POST /linked-accounts`.
        name: as in `integration.name`.
        color: of the integration in a chooser, `#rrggbb`.
        styles: the ways of linking, the recommended one first.
        gaps: what one would look for and the vendor does not have, and why: a `Model`, a write as
            `Model.create`, a field as `Model.name`, or `Model.deletions` that nothing tells of.
    """

    slug: str
    name: str
    color: str
    styles: tuple[Style, ...]
    gaps: MappingType[str, str] = field(default_factory=dict)

    def style_for(self, credentials: MappingType[str, str]) -> Style | None:
        """The style these credentials belong to, the one with most required fields first."""
        ordered = sorted(self.styles, key=lambda s: -sum(f.required for f in s.fields))
        return next((style for style in ordered if style.matches(credentials)), None)

    @property
    def apis(self) -> tuple[Api, ...]:
        """Its API generations, each once."""
        return tuple({id(style.api): style.api for style in self.styles}.values())
