"""Writes: what a vendor accepts, and the function that sends it."""

from collections.abc import Callable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Any

from providers.kit.client import Client
from providers.kit.errors import ProviderError
from providers.kit.files import File, by_address

UNSUPPORTED_FIELD = "UNSUPPORTED_FIELD"
INVALID_FIELD_CHOICE = "INVALID_FIELD_CHOICE"
ACTING_USER_IGNORED = "ACTING_USER_IGNORED"


@dataclass(frozen=True)
class Parameter:
    """An input only this vendor has, given in `integration_params`. `type` is JSON Schema's."""

    name: str
    type: str
    description: str
    required: bool = False


@dataclass(frozen=True)
class Warn:
    """Something a write could not take over, though it went through.

    Attributes:
        field: a common field's name, or a path such as `applications/0/source`.
        detail: what was not taken over, and why.
        problem_type: the reference's name for it.
    """

    field: str
    detail: str
    problem_type: str = UNSUPPORTED_FIELD


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
        fields: the common fields given: relations as vendor ids, or as fields of their own where the
            action nests them; date-times aware. Absent ones are not to be changed.
        params: `integration_params`.
        credentials: the account's, for a default acting user.
        stored: the kept row of a resource by its id, or None.
        find: the kept rows of a resource by an index value.
        file: the file of an Attachment's fields, whose `file_url` must not be used otherwise.
        warnings: what to tell the caller.
        failures: parts that were not written though the rest was, and why.
        also: what has been made or changed beside the record itself. It is noted as soon as the vendor has
            confirmed it, so that it is known when a later request fails.
    """

    client: Client
    as_user: str | None
    remote_id: str | None
    fields: dict[str, Any]
    params: dict[str, Any]
    credentials: MappingType[str, str] = field(repr=False)
    stored: Callable[[str, str], dict[str, Any] | None]
    find: Callable[[str, str, Any], list[dict[str, Any]]]
    file: Callable[[MappingType[str, Any]], File] = by_address
    warnings: list[Warn] = field(default_factory=list)
    failures: list[tuple[str, ProviderError]] = field(default_factory=list)
    also: list[Reference] = field(default_factory=list)

    def warn(self, name: str, detail: str, problem_type: str = UNSUPPORTED_FIELD) -> None:
        """Tell the caller of something that could not be taken over."""
        self.warnings.append(Warn(name, detail, problem_type))

    def failed(self, name: str, error: ProviderError) -> None:
        """Tell the caller of a part that was not written, or perhaps not, though the rest was."""
        self.failures.append((name, error))


@dataclass(frozen=True)
class Written:
    """What a write did.

    Attributes:
        reference: the vendor record made, changed or removed.
        removed: true when it is gone.
        row: the vendor's answer, kept when the record cannot be read back at once.
        remote_id: the common record's own id, where the referenced row gives several records.
    """

    reference: Reference
    removed: bool = False
    row: dict[str, Any] | None = None
    remote_id: str | None = None


def nobody_needed(_credentials: MappingType[str, str]) -> bool:
    """For vendors that write on nobody's behalf."""
    return False


@dataclass(frozen=True)
class Action:
    """A write this vendor has.

    Attributes:
        model: the common model.
        verb: `create`, `update`, `delete`, `change_stage` or `reject`.
        run: sends it. Raises `Invalid` when the caller's input cannot be sent.
        fields: the common fields it takes over; others are answered with a warning.
        required: those without which it is refused before anything is sent.
        nested: the relations that may be given as objects, to be made in the same write; what those may
            hold says the target's own `create`.
        choices: the values it takes of an enum, where they are fewer than the common model's.
        parameters: what it takes in `integration_params`.
        needs_user: whether, with these credentials, a write must name the acting user.
        user_field: a field that names the acting user as well.
    """

    model: str
    verb: str
    run: Callable[[Write], Written]
    fields: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()
    choices: MappingType[str, tuple[str, ...]] = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()
    needs_user: Callable[[MappingType[str, str]], bool] = nobody_needed
    user_field: str = ""
