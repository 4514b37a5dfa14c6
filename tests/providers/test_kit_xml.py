"""XML is read without document types, and within bounds."""

import pytest

from providers.kit import xml

BOMB = """<?xml version="1.0"?>
<!DOCTYPE a [<!ENTITY x "xxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]><a b="&y;">&y;</a>"""
NO_XML = (b"", b"{}", b"<a>", b"<a/><b/>", b"<?xml version='1.0' encoding='x-y'?><a/>")


def test_a_document_is_read() -> None:
    root = xml.parse("<a b='1'><c>ü &amp; &#228;</c></a>".encode())
    assert (root.tag, root.get("b"), root.findtext("c")) == ("a", "1", "ü & ä")


@pytest.mark.parametrize(
    "content",
    [
        BOMB.encode(),
        BOMB.replace('version="1.0"', 'version="1.0" encoding="UTF-16"').encode("utf-16"),
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<!DOCTYPE a><a/>",
    ],
)
def test_a_document_type_is_refused(content: bytes) -> None:
    with pytest.raises(xml.BadXml, match="document type"):
        xml.parse(content)


@pytest.mark.parametrize("content", NO_XML)
def test_what_is_no_xml_is_refused(content: bytes) -> None:
    with pytest.raises(xml.BadXml, match="not well-formed"):
        xml.parse(content)


def test_it_is_bounded_in_depth_and_size(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = xml.DEEPEST
    assert xml.parse(b"<a>" * deep + b"</a>" * deep).tag == "a"
    with pytest.raises(xml.BadXml, match="deep"):
        xml.parse(b"<a>" * (deep + 1) + b"</a>" * (deep + 1))
    monkeypatch.setattr(xml, "LARGEST", 7)
    with pytest.raises(xml.BadXml, match="larger"):
        xml.parse(b"<a>abc</a>")


def test_text_that_nobody_wants_is_not_gathered() -> None:
    root = xml.parse(b"<a>1<file>AAAA<b>2</b></file>3<c>4</c></a>", hollow=frozenset({"file"}))
    assert (root.text, root.findtext("file"), root.findtext("file/b"), root.findtext("c")) == (
        "1",
        "",
        "2",
        "4",
    )
    assert root[0].tail == "3"
