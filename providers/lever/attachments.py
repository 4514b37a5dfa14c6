"""Writing attachments: files of an opportunity, sent in a form.

https://hire.lever.co/developer/documentation#upload-a-single-file. A résumé can be sent only while an
opportunity is made; later it is a file like any other.
"""

from typing import Any

from providers.kit import (
    INVALID_FIELD_CHOICE,
    Action,
    CorruptedFile,
    FormWithFile,
    Reference,
    Write,
    Written,
)
from providers.kit.files import measured
from providers.lever.acting import acting_user, made, needs_user, opportunity_of
from providers.lever.lists import row_of

LARGEST = 30_000_000  # bytes
OTHER = "OTHER"


def attach(write: Write, opportunity: str, given: dict[str, Any], user: str, at: str = "") -> Written:
    """Add a file to an opportunity.

    Raises:
        CorruptedFile: it cannot be had, or is larger than Lever takes.
    """
    if given.get("attachment_type", OTHER) not in (OTHER, None):
        write.warn(f"{at}attachment_type", "Lever keeps files without a type.", INVALID_FIELD_CHOICE)
    file = write.file(given)
    with file.open() as opened:
        content = measured(opened)
        if content.size and content.size > LARGEST:
            raise CorruptedFile(f"Lever takes files of {LARGEST:,} bytes at most.")
        form = FormWithFile({}, "file", file.name, content)
        path, params = f"/opportunities/{opportunity}/files", {"perform_as": user}
        response = write.client.send("POST", path, content=form, headers=form.headers, params=params)
    row = row_of(response)
    key = made(row)
    row = {**row, "opportunityId": opportunity}
    return Written(Reference("files", f"{opportunity}/{key}"), row=row, remote_id=key)


def create(write: Write) -> Written:
    """Add a file to a candidate's newest opportunity that is not archived."""
    user = acting_user(write)
    return attach(write, opportunity_of(write, str(write.fields["candidate"])), write.fields, user)


ACTIONS = (
    Action(
        "Attachment",
        "create",
        create,
        fields=("candidate", "file_url", "file_name", "attachment_type"),
        required=("candidate", "file_url"),
        needs_user=needs_user,
    ),
)
