"""One call of an operation."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from sandboxes.workday.state import State


@dataclass(frozen=True)
class Call:
    """What an operation works with; the request follows the schema and its references mean something."""

    state: State
    operation: str
    request: Element
