"""What a vendor's webhook says, in the terms of its resources."""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Refetch:
    """A thing changed: read it again. With `on` set, every row whose index `on` holds `id` is."""

    resource: str
    id: str
    on: str = "id"


@dataclass(frozen=True)
class Remove:
    """A thing is gone. With `on` set, every row of the resource whose index `on` holds `id` is gone."""

    resource: str
    id: str
    on: str = "id"


@dataclass(frozen=True)
class Relist:
    """A list changed in more places than are named: all of it is read again, at once."""

    resource: str


Change = Refetch | Remove | Relist


@dataclass(frozen=True)
class VendorWebhooks:
    """How a vendor's webhooks are received.

    Attributes:
        verify: whether a delivery is genuine: headers (lower-case names), raw body, the receiver's key.
        delivery_id: what makes a delivery unique, in its headers or body, or None when the vendor sends
            nothing of the kind.
        parse: what a delivery's body tells; empty for events that concern nothing we hold.
        removes: the resources whose removed rows it names.
        signs_id: whether the signature covers the id, and perhaps nothing else: then one with an id that has
            come before is a repetition whatever its body.
    """

    verify: Callable[[MappingType[str, str], bytes, str], bool]
    delivery_id: Callable[[MappingType[str, str], bytes], str | None]
    parse: Callable[[Any], Sequence[Change]]
    removes: tuple[str, ...] = ()
    signs_id: bool = False
