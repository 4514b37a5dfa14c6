"""What tests of the sandbox Workday's writes share."""

import json
import re
from pathlib import Path

from workday_calls import Tenant, el, ref

FIXTURES = Path(__file__).parent / "fixtures" / "workday"
NEXT, DECLINE = "Next_Step_Reference", "Disposition_Step_Reference"


def messages() -> set[str]:
    """The vendor's validation messages."""
    held = json.loads((FIXTURES / "validation_messages.json").read_text())
    return {message for each in held.values() for message in each}


def pattern(beginning: str) -> re.Pattern[str]:
    """The one message of the vendor that begins so, with something in its blanks."""
    (template,) = (message for message in messages() if message.startswith(beginning))
    return re.compile(re.sub(r"\\\[.*?\\\]", ".+", re.escape(template)))


def refused(tenant: Tenant, operation: str, *content: str, attributes: str = "") -> str:
    """The message a write is refused with."""
    fault = tenant.refused(operation, *content, attributes=attributes)
    assert fault.code == "SOAP-ENV:Client.validationError"
    assert fault.message is not None
    return fault.message


def move(name: str, step: str, application: str) -> tuple[str, str]:
    """The content of a `Move_Candidate` by a step of the workflow."""
    return (
        el("Dynamic_Business_Process_Parameters", ref(name, step, "Workflow_Step_ID")),
        el("Move_Candidate_Data", ref("Job_Application_Reference", application)),
    )
