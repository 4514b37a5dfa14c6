"""Answers of vendors whose shape is not the documented one."""

from collections.abc import Iterator
from contextlib import contextmanager

from providers.kit import Unexpected


@contextmanager
def understood(resource: str) -> Iterator[None]:
    """Ask a vendor: what a provider stumbles over in its answer is the answer's fault.

    Raises:
        Unexpected: the provider did not understand the answer.
    """
    try:
        yield
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        detail = f"The answer to a request for {resource} has another shape than documented: {error!r}"
        raise Unexpected(detail) from error
