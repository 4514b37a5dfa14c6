"""The reference's own classes, which every answer must satisfy."""

from typing import Any, TypeVar

from pydantic import BaseModel

T = TypeVar("T", bound=BaseModel)


def valid(kind: type[T], body: Any) -> T:
    """A body as the SDK's class reads it, once validated: every key the class declares is there."""
    missing = {f.alias or name for name, f in kind.model_fields.items()} - body.keys()
    assert not missing, missing
    return kind.model_validate(body)


def valid_page(kind: type[T], body: Any) -> list[T]:
    """The results of a list's envelope."""
    assert list(body) == ["next", "previous", "results"]
    return [valid(kind, one) for one in body["results"]]
