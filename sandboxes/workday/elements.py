"""Elements of the vendor's one namespace: made for answers, looked up in requests."""

from datetime import datetime, timedelta, timezone
from xml.etree.ElementTree import Element, register_namespace

from sandboxes.instants import lenient_instant

WORKDAY = "urn:com.workday/bsvc"
TRUE = ("1", "true")
# Offsets differ per field; an hour and a half in them is as good as any other.
OFFSETS = {
    "Job_Application_Date": -8.0,
    "Status_Timestamp": 1.0,
    "Interview_Start_Time": -7.0,
    "Interview_End_Time": 5.5,
}

register_namespace("wd", WORKDAY)


def qualified(name: str) -> str:
    """A name in the vendor's namespace."""
    return f"{{{WORKDAY}}}{name}"


def local(name: str) -> str:
    """The name without its namespace."""
    return name.rpartition("}")[2]


def make(tag: str, *content: Element | str | bool | int | None) -> Element:
    """An element with these children, or this text; None among them is left out."""
    element = Element(qualified(tag))
    for part in content:
        if isinstance(part, Element):
            element.append(part)
        elif part is not None:
            element.text = str(int(part)) if isinstance(part, bool) else str(part)
    return element


def optional(tag: str, value: str | bool | int | None) -> Element | None:
    """An element with a text, or nothing for None."""
    return None if value is None else make(tag, value)


def moment(tag: str, value: str | None) -> Element | None:
    """A time with the offset of its field, or nothing for None."""
    if value is None:
        return None
    zone = timezone(timedelta(hours=OFFSETS[tag]))
    return make(tag, datetime.fromisoformat(value).astimezone(zone).isoformat(timespec="milliseconds"))


def _route(path: str) -> str:
    return "/".join(qualified(name) for name in path.split("/"))


def every(element: Element | None, path: str) -> list[Element]:
    """The elements at a path like `A/B`; none of them below nothing."""
    return [] if element is None else element.findall(_route(path))


def first(element: Element | None, path: str) -> Element | None:
    """The first element at a path like `A/B`."""
    return next(iter(every(element, path)), None)


def text(element: Element | None, path: str) -> str | None:
    """The text at a path, `""` when the element is there and empty."""
    found = first(element, path)
    return None if found is None else (found.text or "").strip()


def flag(element: Element | None, path: str, default: bool = False) -> bool:
    """The boolean at a path."""
    found = text(element, path)
    return default if found is None else found in TRUE


def marked(element: Element | None, attribute: str) -> bool:
    """Whether a boolean attribute is set."""
    return element is not None and element.get(qualified(attribute)) in TRUE


def instant(element: Element | None, path: str) -> str | None:
    """The time at a path in the stored notation."""
    found = text(element, path)
    return lenient_instant(found) if found else None
