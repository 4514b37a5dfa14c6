"""The way of a linked account's requests to its vendor: each takes its turn, and its answer is noted."""

from collections.abc import Callable, Iterator

import httpx

from app.budgets.turns import Customer, Turns
from providers.kit.client import SIGNED


class Budgeted(httpx.BaseTransport):
    """Sends a request when its turn has come.

    Args:
        inner: what sends.
        turns: gives turns.
        customer: who sends.
    """

    def __init__(self, inner: httpx.BaseTransport, turns: Turns, customer: Customer) -> None:
        self._inner = inner
        self._turns = turns
        self._customer = customer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request.

        Raises:
            RateLimited: it would have to wait too long, and was not sent.
        """
        if request.extensions.get(SIGNED):  # to a file store, which has limits of its own
            return self._inner.handle_request(request)
        ticket = self._turns.take(self._customer, request)

        def end() -> None:
            self._turns.end(self._customer, ticket)

        try:
            response = self._inner.handle_request(request)
        except BaseException:
            end()
            raise
        self._turns.note(self._customer, ticket, response)
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Ending(response.stream, end)
        return response

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


class _Ending(httpx.SyncByteStream):
    """A body that tells when it has been read or let go of."""

    def __init__(self, inner: httpx.SyncByteStream, end: Callable[[], None]) -> None:
        self._inner = inner
        self._end = end

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._inner)

    def close(self) -> None:
        """Let go of the body."""
        self._inner.close()
        self._end()
