"""Requests are held against the schema, strictly: names, order, number, values and attributes.

`schema.json` is the part of Recruiting v45.2 (and of Human_Resources) that the sandbox serves. What it does
not serve is left out of it, so that it is refused instead of being passed over in silence.
"""

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from sandboxes.workday.elements import WORKDAY, local, qualified
from sandboxes.workday.faults import Malformed

_OWN = Path(__file__).with_name("schema.json")
_WID = "WID"


@dataclass(frozen=True)
class Mention:
    """A reference in a request: where it stands and what it is a reference to."""

    element: Element
    kind: str
    xpath: str


@dataclass(frozen=True)
class Schema:
    """Types by name.

    `types` holds the children of each in order, as (name, type, cardinality), attributes with an `@`;
    `choices` the children of a type of which exactly one must be there; `references` the kinds of id an
    object is known by beside its WID.
    """

    types: dict[str, list[tuple[str, str, str]]]
    choices: dict[str, list[str]]
    references: dict[str, list[str]]

    def check(self, element: Element, kind: str) -> list[Mention]:
        """Check an element of a type.

        Args:
            element: the element.
            kind: the name of its type.

        Returns:
            The references in it.

        Raises:
            Malformed: the schema does not allow it.
        """
        mentions: list[Mention] = []
        self._element(element, kind, local(element.tag), mentions)
        return mentions

    def _element(self, element: Element, kind: str, xpath: str, mentions: list[Mention]) -> None:
        if kind in self.types:
            self._complex(element, kind, xpath, mentions)
        elif kind in self.references:
            self._reference(element, kind, xpath)
            mentions.append(Mention(element, kind, xpath))
        else:
            _attributes(element, {}, xpath)
            if len(element) or not _VALUES[kind]((element.text or "").strip()):
                raise Malformed(f"Invalid content of element {xpath}")

    def _complex(self, element: Element, kind: str, xpath: str, mentions: list[Mention]) -> None:
        if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
            raise Malformed(f"Unexpected text in element {xpath}")
        columns = self.types[kind]
        _attributes(element, {name[1:]: value for name, value, _ in columns if name.startswith("@")}, xpath)
        children = {name: (place, value) for place, (name, value, _) in enumerate(columns) if name[0] != "@"}
        last = -1
        for child in element:
            place, value = children.get(_name(child), (None, ""))
            if place is None or place < last:
                raise Malformed(f"Unexpected element {local(child.tag)} in {xpath}")
            last = place
            self._element(child, value, f"{xpath}/{local(child.tag)}", mentions)
        self._number(Counter(_name(child) for child in element), kind, xpath)

    def _number(self, counts: Counter[str], kind: str, xpath: str) -> None:
        choice = self.choices.get(kind, [])
        for name, _, cardinality in self.types[kind]:
            least, _, most = cardinality.partition("..")
            if most == "1" and counts[name] > 1:
                raise Malformed(f"Element {name} is repeated in {xpath}")
            if least == "1" and not counts[name] and name not in choice:
                raise Malformed(f"Element {name} is missing in {xpath}")
        if choice and sum(counts[name] for name in choice) != 1:
            raise Malformed(f"Exactly one of {', '.join(choice)} is expected in {xpath}")

    def _reference(self, element: Element, kind: str, xpath: str) -> None:
        """At least one ID of a kind the object is known by; the Descriptor is ignored on input."""
        _attributes(element, {"Descriptor": "string"}, xpath)
        if not len(element):
            raise Malformed(f"Element ID is missing in {xpath}")
        for child in element:
            if _name(child) != "ID" or len(child):
                raise Malformed(f"Unexpected element {local(child.tag)} in {xpath}")
            _attributes(child, {"type": "string"}, f"{xpath}/ID")
            if child.get(qualified("type")) not in (_WID, *self.references[kind]):
                raise Malformed(f"Invalid type of ID in {xpath}")


def _name(element: Element) -> str:
    """The local name of an element of the vendor's namespace, `""` for any other."""
    return local(element.tag) if element.tag == qualified(local(element.tag)) else ""


def _attributes(element: Element, known: dict[str, str], xpath: str) -> None:
    """Attributes are qualified: a plain `type` is another attribute."""
    for name, value in element.attrib.items():
        kind = known.get(local(name)) if name.startswith(f"{{{WORKDAY}}}") else None
        if kind is None or not _VALUES[kind](value):
            raise Malformed(f"Unexpected attribute {local(name)} of {xpath}")


def _parsed(parse: Callable[[str], Any]) -> Callable[[str], bool]:
    def valid(value: str) -> bool:
        try:
            parse(value)
        except (ValueError, binascii.Error):
            return False
        return True

    return valid


def _date_time(value: str) -> None:
    """Python takes more notations than XML Schema does."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", value):
        raise ValueError(value)
    datetime.fromisoformat(value)


_VALUES: dict[str, Callable[[str], bool]] = {
    "string": lambda _: True,
    "RichText": lambda _: True,
    "boolean": lambda value: value in ("0", "1", "true", "false"),
    "integer": lambda value: re.fullmatch(r"[+-]?\d{1,12}", value) is not None,
    "date": _parsed(date.fromisoformat),
    "dateTime": _parsed(_date_time),
    "base64Binary": _parsed(lambda value: base64.b64decode("".join(value.split()), validate=True)),
}


@cache
def schema(path: Path = _OWN) -> Schema:
    """The schema in a file, read once."""
    return Schema(**json.loads(path.read_text()))
