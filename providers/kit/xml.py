"""XML from vendors and callers: no document types, and so no entities; bounded in size and depth."""

from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from providers.kit.answers import LARGEST

DEEPEST = 100  # elements within elements


class BadXml(ValueError):
    """What is no XML, or none that is read."""


class _Bounded(TreeBuilder):
    """Builds a tree, up to a depth that recursion can go down, with some elements' text left out."""

    def __init__(self, hollow: frozenset[str]) -> None:
        super().__init__()
        self._depth = 0
        self._hollow = hollow
        self._in_hollow = False

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        """An element begins."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadXml(f"Elements are nested more than {DEEPEST} deep.")
        self._in_hollow = tag in self._hollow
        return super().start(tag, attrs)

    def data(self, data: str, /) -> None:
        """A piece of text."""
        if not self._in_hollow:
            super().data(data)

    def end(self, tag: str, /) -> Element:
        """An element ends."""
        self._depth -= 1
        self._in_hollow = False
        return super().end(tag)


def parse(content: bytes, hollow: frozenset[str] = frozenset()) -> Element:
    """The root element of a document.

    Args:
        content: the document.
        hollow: the elements whose text nobody wants, such as that of files: it is not even gathered.

    Raises:
        BadXml: it is not well-formed, declares a document type, is too large or too deep.
    """
    if len(content) > LARGEST:
        raise BadXml(f"The document is larger than {LARGEST:,} bytes.")
    parser = DefusedXMLParser(target=_Bounded(hollow), forbid_dtd=True)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except BadXml:
        raise
    except DefusedXmlException as error:
        raise BadXml("The document declares a document type.") from error
    except (ParseError, ValueError, LookupError) as error:  # the latter for its encoding
        raise BadXml(f"The document is not well-formed: {error}") from error
    return root
