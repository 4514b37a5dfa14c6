"""What is going on: the request, the job's run and the linked account that a line of the log is about."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_NOTHING: Mapping[str, str] = {}
_present: ContextVar[dict[str, str] | None] = ContextVar("omniats_present", default=None)


@contextmanager
def about(**names: str) -> Iterator[None]:
    """Whatever is written until the block ends is about this too.

    Args:
        names: such as `request_id`.
    """
    token = _present.set({**present(), **names})
    try:
        yield
    finally:
        _present.reset(token)


def note(**names: str) -> None:
    """Tell more of what is going on, once it is known.

    It holds until the innermost `about` ends. A thread that a request is handed to has a copy of the
    context but the same dictionary in it, so what it notes is known to the request.
    """
    known = _present.get()
    if known is not None:
        known.update(names)


def present() -> Mapping[str, str]:
    """What is going on, by name."""
    known = _present.get()
    return _NOTHING if known is None else known
