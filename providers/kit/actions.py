"""Writes: what a vendor accepts, and the function that sends it."""

from collections.abc import Callable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Any

from providers.kit.client import Client


@dataclass(frozen=True)
class Parameter:
    """An input only this vendor has, given in `integration_params`."""

    name: str
    type: str
    description: str
    required: bool = False


@dataclass(frozen=True)
class Warn:
    """Something a write could not take over, though it went through. `field` is a common field's name."""

    field: str
    detail: str


@dataclass(frozen=True)
class Reference:
    """A vendor thing that a write made or changed, to be read back."""

    resource: str
    id: str


@dataclass
class Write:
    """One write, ready to be sent.

    Attributes:
        client: the account's own client, for look-ups; pass `as_user` to it for the write itself.
        as_user: the vendor's id of the acting user the caller named, or None.
        remote_id: the vendor's id of the record to change; None for a create.
        fields: the common fields given: relations as vendor ids, date-times aware. Absent ones are
            not to be changed.
        params: `integration_params`.
        credentials: the account's, for a default acting user.
        stored: the kept row of a resource by its id, or None.
        find: the kept rows of a resource by an index value.
        warnings: what to tell the caller.
    """

    client: Client
    as_user: str | None
    remote_id: str | None
    fields: dict[str, Any]
    params: dict[str, Any]
    credentials: MappingType[str, str] = field(repr=False)
    stored: Callable[[str, str], dict[str, Any] | None]
    find: Callable[[str, str, Any], list[dict[str, Any]]]
    warnings: list[Warn] = field(default_factory=list)

    def warn(self, name: str, detail: str) -> None:
        """Tell the caller of something that could not be taken over."""
        self.warnings.append(Warn(name, detail))


@dataclass(frozen=True)
class Written:
    """What a write did.

    Attributes:
        reference: the vendor record made, changed or removed.
        removed: true when it is gone.
        row: the vendor's answer, kept when the record cannot be read back at once.
        also: further records it made or changed, to be read back too.
        remote_id: the common record's own id, where the referenced row gives several records.
    """

    reference: Reference
    removed: bool = False
    row: dict[str, Any] | None = None
    also: tuple[Reference, ...] = ()
    remote_id: str | None = None


@dataclass(frozen=True)
class Action:
    """A write this vendor has.

    Attributes:
        model: the common model.
        verb: `create`, `update`, `delete`, `change_stage` or `reject`.
        run: sends it. Raises `Invalid` when the caller's input cannot be sent.
        fields: the common fields it takes over; others are answered with a warning.
        required: those without which it is refused before anything is sent.
        parameters: what it takes in `integration_params`.
    """

    model: str
    verb: str
    run: Callable[[Write], Written]
    fields: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
