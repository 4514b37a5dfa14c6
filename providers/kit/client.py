"""The HTTP client of one linked account: the vendor's hosts and no others, errors by consequence."""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any
from urllib.parse import urlsplit

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from providers.kit.answers import LIMIT, bounded
from providers.kit.auth import ACTING_USER
from providers.kit.concealing import concealed
from providers.kit.errors import (
    READS,
    Classify,
    CredentialsRefused,
    NotFound,
    PermissionMissing,
    ProviderError,
    Unavailable,
    Unexpected,
    by_status,
    may_change,
)

CONNECT_TIMEOUT = 10.0  # seconds
SIGNED = "omniats.signed"  # request extension: the address is the vendor's own permission


@dataclass(frozen=True)
class Call:
    """One request that was made to the vendor: what the call log and debug answers show."""

    method: str
    url: str
    status: int | None
    duration: float


@dataclass(frozen=True)
class Relayed:
    """What a vendor answered to a caller's own request.

    Attributes:
        status: the HTTP status.
        headers: its headers.
        content: its body, decompressed.
        charset: how the body says its text is encoded.
        sent: the headers of the request but for those that authenticate it.
    """

    status: int
    headers: httpx.Headers
    content: bytes
    charset: str | None
    sent: httpx.Headers


class Client:
    """Requests to one vendor on behalf of one linked account.

    Args:
        http: the connection pool, which authenticates and keeps to the vendor's hosts.
        base_url: what relative paths are appended to.
        classify: sorts an answer into an error, or None.
        attempts: how often a reading request is tried when the vendor is unavailable.
        before_change: called before a request that may change something is sent.

    Attributes:
        has_written: whether the vendor has carried out a `send`.
    """

    def __init__(
        self,
        http: httpx.Client,
        base_url: str,
        classify: Classify,
        attempts: int = 3,
        before_change: Callable[[], None] | None = None,
    ) -> None:
        self._before_change = before_change
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._classify = classify
        self.has_written = False
        self._retrying = Retrying(
            stop=stop_after_attempt(attempts),
            wait=wait_exponential_jitter(multiplier=1, max=8),
            retry=retry_if_exception_type(Unavailable),
            reraise=True,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> httpx.Response:
        """Read something, trying again when the vendor is unavailable.

        Args:
            path: a path under the base URL, or an absolute URL such as a `next` link.
            params: the query; None values are left out.

        Raises:
            ProviderError: the vendor refused, or kept being unavailable.
        """
        return self._retrying(self._checked, "GET", path, params=params)

    def query(
        self,
        path: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Read something by POST, for vendors whose calls all are; tried again like `get`.

        Args:
            path: a path under the base URL, or an absolute URL.
            json: the body.
            content: the body, where it is not JSON.
            headers: more headers.

        Raises:
            ProviderError: the vendor refused, or kept being unavailable.
        """
        return self._retrying(
            self._checked, "POST", path, json=json, content=content, headers=headers, reads=True
        )

    def send(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | Iterable[bytes] | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        as_user: str | None = None,
    ) -> httpx.Response:
        """Change something, once: a write whose outcome is unknown is never repeated.

        Args:
            method: the HTTP method.
            path: a path under the base URL, or an absolute URL.
            json: the body.
            content: the body, where it is not JSON.
            params: the query.
            headers: more headers.
            as_user: the vendor's id of the acting user.

        Raises:
            ProviderError: the vendor refused; `Unavailable.outcome_unknown` when it may have acted.
        """
        response = self._checked(
            method, path, json=json, content=content, params=params, headers=headers, as_user=as_user
        )
        self.has_written = True
        return response

    def deposit(self, url: str, *, content: Iterable[bytes], headers: Mapping[str, str]) -> None:
        """Put a file where the vendor said: an address that is a permission by itself, at whatever host.

        It goes without the account's credentials, and changes no record: a later write takes the file up.

        Args:
            url: the absolute URL, as the vendor gave it.
            content: the body.
            headers: what it says of itself.

        Raises:
            ProviderError: it was not taken; nothing was written.
        """
        extensions = {READS: True, SIGNED: True}
        plain = {"Accept-Encoding": "identity", **headers}
        request = self._http.build_request("POST", url, content=content, headers=plain, extensions=extensions)
        with _faults_sorted(request):
            response = self._http.send(request, auth=None)
        error = by_status(response, f"The vendor's file store answers HTTP {response.status_code}.")
        if isinstance(error, (CredentialsRefused, PermissionMissing, NotFound)):
            # It is no judgement of the account's credentials, which it has never seen.
            raise Unexpected(error.detail, error.status)
        if error:
            raise error

    def raw(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a request and return whatever the vendor answers.

        Raises:
            ProviderError: the host is not the vendor's, or there was no answer.
        """
        request = self._http.build_request(
            method, self._url(path), content=content, headers=headers, extensions={READS: False}
        )
        return self._exchange(request)

    def relay(
        self,
        method: str,
        path: str,
        *,
        limit: int,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        files: Any = None,
        base_url: str | None = None,
    ) -> Relayed:
        """Send a caller's own request and return whatever the vendor answers.

        Args:
            method: the HTTP method.
            path: a path under the base URL, or an absolute URL.
            limit: how many bytes the answer's body may have, unpacked.
            content: the body.
            headers: more headers.
            files: the parts of a multipart body.
            base_url: another of the vendor's base URLs.

        Raises:
            ProviderError: the host is not the vendor's, the answer is too large, or there was none.
        """
        request = self._http.build_request(
            method,
            self._url(path, base_url),
            content=content,
            headers=headers,
            files=files,
            extensions={READS: method in ("HEAD", "OPTIONS"), LIMIT: limit},
        )
        sent = request.headers.copy()  # before it is authenticated
        answer = self._exchange(request)
        return Relayed(answer.status_code, answer.headers, answer.content, answer.charset_encoding, sent)

    def _url(self, path: str, base_url: str | None = None) -> str:
        if _is_absolute(path):
            return path
        return (base_url or self._base_url).rstrip("/") + "/" + path.lstrip("/")

    def _checked(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | Iterable[bytes] | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        as_user: str | None = None,
        reads: bool = False,
    ) -> httpx.Response:
        url = path if _is_absolute(path) else self._base_url + path
        query = {key: value for key, value in (params or {}).items() if value is not None} or None
        request = self._http.build_request(
            method,
            url,
            json=json,
            content=content,
            params=query,
            headers=headers,
            extensions={ACTING_USER: as_user, READS: reads},
        )
        response = self._exchange(request)
        error = self._classify(response)
        if error:
            raise error
        return response

    def _exchange(self, request: httpx.Request) -> httpx.Response:
        if self._before_change and may_change(request):
            self._before_change()
        with _faults_sorted(request):
            return self._http.send(request)


@contextmanager
def _faults_sorted(request: httpx.Request) -> Iterator[None]:
    """What goes wrong on the way, by consequence."""
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Unavailable("No connection to the vendor.") from error
    except httpx.LocalProtocolError as error:  # its text may hold the header that is wrong
        raise Unexpected("The request cannot be sent: a header or the URL is malformed.") from error
    except httpx.TransportError as error:
        slow = isinstance(error, httpx.TimeoutException)
        said = "The vendor did not answer in time." if slow else "The vendor broke off the exchange."
        # When it was the request for a token that failed, the request itself was never sent. Those are made
        # by the authentication, which may also send the request as another object: with its body signed.
        sent = READS in error.request.extensions
        raise Unavailable(said, outcome_unknown=sent and may_change(request), timed_out=slow) from error
    except httpx.DecodingError as error:
        raise Unexpected(f"The vendor's answer could not be decoded: {error}") from error


def _is_absolute(path: str) -> bool:
    return re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", path) is not None


def to_origin(url: httpx.URL, origin: httpx.URL) -> httpx.URL:
    """The same path and query at another origin."""
    return url.copy_with(scheme=origin.scheme, host=origin.host, port=origin.port)


class VendorTransport(httpx.BaseTransport):
    """Lets requests through to the vendor's hosts only, or sends all of them to another origin.

    Args:
        inner: what sends.
        strangers: what sends to an address of another's that the vendor names.
        hosts: patterns of the vendor's hosts, `*` standing for any part.
        origin: where everything goes instead, path and query kept; None for the vendor itself.
        on_call: told of every request.
    """

    def __init__(
        self,
        inner: httpx.BaseTransport,
        strangers: httpx.BaseTransport,
        hosts: tuple[str, ...],
        origin: str | None,
        on_call: Callable[[Call], None] | None,
    ) -> None:
        self._inner = inner
        self._strangers = strangers
        self._hosts = hosts
        self._origin = httpx.URL(origin) if origin else None
        self._on_call = on_call

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        if not (self._allowed(request.url) or self._is_signed(request)):
            raise Unexpected(f"{request.url.host} is not one of the vendor's hosts.")
        asked = concealed(str(self._told(request)))
        inner = self._inner if self._origin or self._allowed(request.url) else self._strangers
        if self._origin:
            request = self._redirected(request, self._origin)
        started = time.perf_counter()
        status: int | None = None
        try:
            response = inner.handle_request(request)
            status = response.status_code
        finally:
            if self._on_call:
                self._on_call(Call(request.method, asked, status, time.perf_counter() - started))
        return bounded(request, response)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()
        self._strangers.close()

    def _is_signed(self, request: httpx.Request) -> bool:
        """Whether the vendor itself named the address, for a request without credentials."""
        safe = request.url.scheme == "https" or self._origin is not None
        return bool(request.extensions.get(SIGNED)) and "Authorization" not in request.headers and safe

    @staticmethod
    def _told(request: httpx.Request) -> httpx.URL:
        """The address as it is told of: one that is a permission by itself loses all but the server."""
        return request.url.copy_with(raw_path=b"/***") if request.extensions.get(SIGNED) else request.url

    def _allowed(self, url: httpx.URL) -> bool:
        if self._origin and (url.host, url.port) == (self._origin.host, self._origin.port):
            return True
        known = any(fnmatch(url.host, pattern) for pattern in self._hosts)
        return known and url.scheme == "https" and url.port in (None, 443)

    @staticmethod
    def _redirected(request: httpx.Request, origin: httpx.URL) -> httpx.Request:
        url = to_origin(request.url, origin)
        headers = request.headers.copy()
        headers["Host"] = origin.netloc.decode()
        return httpx.Request(
            request.method, url, headers=headers, stream=request.stream, extensions=request.extensions
        )


def open_client(
    base_url: str,
    hosts: tuple[str, ...],
    auth: httpx.Auth,
    classify: Classify,
    *,
    origin: str | None = None,
    on_call: Callable[[Call], None] | None = None,
    transport: httpx.BaseTransport | None = None,
    strangers: httpx.BaseTransport | None = None,
    timeout: float = 60.0,
    attempts: int = 3,
    before_change: Callable[[], None] | None = None,
    around: Callable[[httpx.BaseTransport], httpx.BaseTransport] | None = None,
) -> Client:
    """The client of one linked account.

    Args:
        base_url: what relative paths are appended to.
        hosts: patterns of the hosts it may speak to.
        auth: how it authenticates.
        classify: the vendor's error table.
        origin: where all traffic goes instead, if redirected.
        on_call: told of every request made.
        transport: what really sends, for tests in one process.
        strangers: what sends to addresses of others that the vendor names; by default the same.
        timeout: seconds to wait for an answer.
        attempts: how often a reading request is tried when the vendor is unavailable.
        before_change: called before a request that may change something is sent.
        around: puts something around what sends, which sees every request as it is meant for the vendor.

    Raises:
        ValueError: the origin is not an absolute http(s) URL.
    """
    if origin and urlsplit(origin).scheme not in ("http", "https"):
        raise ValueError(f"A provider origin must be an http or https URL, not {origin!r}")
    inner = transport or httpx.HTTPTransport()
    guarded: httpx.BaseTransport = VendorTransport(inner, strangers or inner, hosts, origin, on_call)
    patience = httpx.Timeout(timeout, connect=min(timeout, CONNECT_TIMEOUT))
    http = httpx.Client(
        auth=auth,
        transport=around(guarded) if around else guarded,
        timeout=patience,
        follow_redirects=False,
        headers={"Accept-Encoding": "gzip"},  # the one that `bounded` measures
    )
    return Client(http, base_url, classify, attempts, before_change)


__all__ = ["Call", "Client", "ProviderError", "VendorTransport", "open_client"]
