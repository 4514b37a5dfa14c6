"""Writing notes (https://developers.ashbyhq.com/reference/candidatecreatenote)."""

from providers.ashby.sending import as_the_key, made, sent
from providers.kit import Action, Reference, Write, Written

HIDDEN = ("PRIVATE", "ADMIN_ONLY")


def _create(write: Write) -> Written:
    """Write a note; nobody is sent an e-mail about it."""
    given = write.fields
    body = {
        "candidateId": given["candidate"],
        "note": given["body"],
        "isPrivate": given.get("visibility") in HIDDEN,
        "sendNotifications": False,
    }
    row = sent(write, "/candidate.createNote", body)
    return Written(Reference("note", made(row)), row={**row, "candidateId": given["candidate"]})


ACTIONS = (
    Action(
        "Activity",
        "create",
        as_the_key(_create),
        fields=("candidate", "activity_type", "body", "visibility"),
        required=("candidate", "body"),
        choices={"activity_type": ("NOTE",)},
    ),
)
