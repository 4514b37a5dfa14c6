"""The operations that write. Everything is checked before anything changes."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from sandboxes.workday.call import Call
from sandboxes.workday.writes.attachments import put_candidate_attachment
from sandboxes.workday.writes.candidates import put_candidate
from sandboxes.workday.writes.interviews import put_interview
from sandboxes.workday.writes.moves import move_candidate

WRITES: dict[str, Callable[[Call], list[Element]]] = {
    "Put_Candidate": put_candidate,
    "Put_Candidate_Attachment": put_candidate_attachment,
    "Put_Interview": put_interview,
    "Move_Candidate": move_candidate,
}
