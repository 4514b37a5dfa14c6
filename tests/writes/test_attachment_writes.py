"""Files written by address and inline, to vendors that fetch addresses and to those that take content."""

import base64
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from world import Account, Json, Synced, served
from writing import active_application, made, post, refused, sent, user

from app.outbound import Outbound
from app.writes.files import Files
from providers.kit import Content, File, JsonWithFile

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 700
INLINE = f"data:application/pdf;base64,{base64.b64encode(PDF).decode()}"


class FileServer:
    """Files of somebody's, and how often they were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        routes = {
            "/cv.pdf": self._file,
            "/endless": self._endless,
            "/broken": self._broken,
            "/moved": lambda request: RedirectResponse("/cv.pdf"),
            "/inside": lambda request: RedirectResponse("http://10.0.0.1/cv.pdf"),
            "/round": lambda request: RedirectResponse("/round"),
            "/gone": lambda request: Response(status_code=404),
        }
        self.app = Starlette(routes=[Route(path, self._noted(answer)) for path, answer in routes.items()])

    def _noted(self, answer: Any) -> Any:
        def noted(request: Request) -> Response:
            self.asked.append(request.url.path)
            response: Response = answer(request)
            return response

        return noted

    @staticmethod
    def _file(_request: Request) -> Response:
        return Response(PDF, media_type="application/pdf")

    @staticmethod
    def _endless(_request: Request) -> Response:
        return StreamingResponse(PDF for _ in range(100))

    @staticmethod
    def _broken(_request: Request) -> Response:
        async def parts() -> Any:
            yield PDF
            raise RuntimeError("the disk is broken")

        return StreamingResponse(parts())


@pytest.fixture
def server() -> Iterator[tuple[FileServer, str]]:
    files = FileServer()
    with served(files.app) as url:
        yield files, url


@pytest.fixture
def fetching(monkeypatch: pytest.MonkeyPatch, synced: Synced) -> None:
    """The vendor takes content only, so that files are fetched here; from this machine as well."""
    known = Files.of

    def content_only(files: Files, given: Json) -> File:
        return replace(known(files, given), url=None)

    monkeypatch.setattr(Files, "of", content_only)
    opened(synced, Outbound(allow_private=True))


def opened(synced: Synced, outbound: Outbound) -> None:
    """Fetch files in another way."""
    service = synced.world.service
    service.writing = replace(service.writing, files=Files(outbound, service.settings.max_file_size))


def attach(synced: Synced, account: Account, address: str, **more: Any) -> Any:
    candidate = active_application(synced, account)["candidate"]
    given = {"candidate": candidate, "file_url": address, "file_name": "cv.pdf", **more}
    return post(account, "/attachments", given)


def stored(synced: Synced) -> list[Json]:
    return list(synced.world.sandbox.tables["attachments"].rows.values())


@pytest.mark.contract("14.3", "5.1.1")
def test_a_file_by_address(synced: Synced, account: Account) -> None:
    """Greenhouse fetches it by itself."""
    address = "https://files.example.com/a%20cv.pdf?sig=1"
    new = made(attach(synced, account, address, file_name=None, attachment_type="RESUME"))
    assert (new["file_name"], new["attachment_type"]) == ("a cv.pdf", "RESUME")
    body = sent(synced)[-1].body
    assert body["url"] == address
    assert "content" not in body
    assert account.get(f"/attachments/{new['id']}").json()["candidate"] == new["candidate"]
    assert new["id"] in account.get(f"/candidates/{new['candidate']}").json()["attachments"]


@pytest.mark.contract("14.3")
def test_a_file_inline(synced: Synced, account: Account, style: str) -> None:
    new = made(attach(synced, account, INLINE, attachment_type="RESUME"))
    assert new["file_name"] == "cv.pdf"
    (request,) = sent(synced)
    assert base64.b64decode(request.body["content"], validate=True) == PDF
    assert int(request.headers["content-length"]) > len(PDF)
    assert request.body.get("content_type") == {"v1": "application/pdf", "v3": None}[style]
    assert "url" not in request.body
    assert not (new["file_url"] or "").startswith("data:")


@pytest.mark.contract("5.3.3")
def test_files_that_cannot_be_written(synced: Synced, account: Account) -> None:
    synced.world.service.writing.files.max_bytes = 1000
    inline = (
        "data:,x",
        "data:text/plain,x",
        "data:text/plain;base64,x",
        "data:text/plain;base64,eHh4=",
        INLINE,
    )
    for address in inline:
        assert refused(attach(synced, account, address)) == {("CORRUPTED_FILE", "model/file_url")}, address[
            :40
        ]
    for address in ("x", "ftp://a/b", "file:///etc/passwd", "https://", "http://[x", "https://a/\nb"):
        assert refused(attach(synced, account, address)) == {("INCORRECT_FIELD_TYPE", "model/file_url")}
    assert sent(synced) == []
    at_most = base64.b64encode(b"x" * 1000).decode()
    assert made(attach(synced, account, f"data:;base64,{at_most}"))


@pytest.mark.contract("5.1.3")
def test_a_file_inline_with_a_new_candidate(synced: Synced, account: Account) -> None:
    job = active_application(synced, account)["job"]
    files = [{"file_url": INLINE, "file_name": "cv.pdf", "attachment_type": "RESUME"}]
    person = {"first_name": "A", "last_name": "B", "applications": [{"job": job}], "attachments": files}
    new = made(post(account, "/candidates", person))
    assert account.one("/attachments", candidate_id=new["id"])["file_name"] == "cv.pdf"
    assert base64.b64decode(sent(synced)[-1].body["content"]) == PDF


# Vendors that take content only


@pytest.mark.usefixtures("fetching")
@pytest.mark.parametrize("path", ["/cv.pdf", "/moved"])
def test_a_file_is_fetched_and_passed_on(
    synced: Synced, account: Account, server: tuple[FileServer, str], path: str, style: str
) -> None:
    files, url = server
    assert made(attach(synced, account, url + path))
    (request,) = sent(synced)
    assert base64.b64decode(request.body["content"], validate=True) == PDF
    assert request.body.get("content_type") == {"v1": "application/pdf", "v3": None}[style]
    assert files.asked == list(dict.fromkeys([path, "/cv.pdf"]))


@pytest.mark.usefixtures("fetching")
@pytest.mark.contract("5.3.3")
@pytest.mark.parametrize("path", ["/gone", "/round", "/endless", "/broken", "/nothing"])
def test_files_that_cannot_be_fetched(
    synced: Synced, account: Account, server: tuple[FileServer, str], path: str
) -> None:
    synced.world.service.writing.files.max_bytes = len(PDF) + 1
    before = stored(synced)
    assert refused(attach(synced, account, server[1] + path)) == {("CORRUPTED_FILE", "model/file_url")}
    assert stored(synced) == before


@pytest.mark.usefixtures("fetching")
@pytest.mark.contract("5.3.3")
def test_a_file_that_says_it_is_too_large(
    synced: Synced, account: Account, server: tuple[FileServer, str]
) -> None:
    synced.world.service.writing.files.max_bytes = len(PDF) - 1
    assert refused(attach(synced, account, server[1] + "/cv.pdf")) == {("CORRUPTED_FILE", "model/file_url")}
    assert sent(synced) == [], "it is seen before the vendor is asked"


@pytest.mark.usefixtures("fetching")
def test_addresses_inside_are_not_reached(
    synced: Synced, account: Account, server: tuple[FileServer, str]
) -> None:
    files, url = server
    opened(synced, Outbound(allow_private=False))
    assert refused(attach(synced, account, url + "/cv.pdf")) == {("CORRUPTED_FILE", "model/file_url")}
    assert files.asked == []
    local = url.removeprefix("http://").partition(":")[0]
    here = Outbound(allow_private=False, resolve=lambda host, port: [host])
    here._addresses = lambda host, port: [host] if host == local else Outbound._addresses(here, host, port)  # type: ignore[method-assign] # only the file server counts as public
    opened(synced, here)
    assert refused(attach(synced, account, url + "/inside")) == {("CORRUPTED_FILE", "model/file_url")}
    assert files.asked == ["/inside"], "a redirect is looked at like any address"
    assert sent(synced) == []


@pytest.mark.usefixtures("fetching")
def test_a_request_that_is_sent_again_has_the_file_again(
    synced: Synced, server: tuple[FileServer, str]
) -> None:
    """The token has ended: the vendor refuses the first request, and takes the second."""
    files, url = server
    account = synced.v3
    candidate = active_application(synced, account)["candidate"]
    given = {"candidate": candidate, "file_url": url + "/cv.pdf", "file_name": "cv.pdf"}
    acts = user(account)
    token = synced.world.sandbox.tokens
    answer = account.http.post("/attachments", json={"model": given, "remote_user_id": acts})
    assert made(answer)
    token.expire_all()
    known = synced.world.sandbox.controls.fail("/v3/attachments", method="POST", status=401, times=1)
    assert made(account.http.post("/attachments", json={"model": given, "remote_user_id": acts}))
    assert known not in synced.world.sandbox.controls.faults
    last = [r for r in sent(synced) if r.path == "/v3/attachments"][-1]
    assert base64.b64decode(last.body["content"], validate=True) == PDF
    assert files.asked == ["/cv.pdf"] * 3


def test_content_is_read_while_it_is_sent() -> None:
    size, piece = 64_000_000, 64_000
    read = 0

    class Source:
        def __iter__(self) -> Iterator[bytes]:
            nonlocal read
            for _ in range(size // piece):
                read += piece
                yield bytes(piece)

    body = JsonWithFile({"filename": 'a"b'}, "content", Content("text/plain", size, Source()))
    length, ahead = 0, 0
    tracemalloc.start()
    for part in body:
        length += len(part)
        ahead = max(ahead, read - length * 3 // 4)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert str(length) == body.headers["Content-Length"]
    assert ahead <= piece
    assert peak < 1_000_000


@pytest.mark.parametrize("parts", [[b""], [b"a"], [b"ab", b"c"], [b"abcd", b"", b"e"], [b"a"] * 7])
def test_pieces_of_any_length_make_one_content(parts: list[bytes]) -> None:
    whole = b"".join(parts)
    body = JsonWithFile({"a": 1}, "content", Content("text/plain", len(whole), parts))
    text = b"".join(body)
    assert text == b'{"a": 1, "content": "' + base64.b64encode(whole) + b'"}'
    assert str(len(text)) == body.headers["Content-Length"]
