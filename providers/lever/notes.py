"""Writing activities: Lever has notes of opportunities.

https://hire.lever.co/developer/documentation#create-a-note
"""

from providers.kit import Action, Reference, Write, Written
from providers.lever.acting import known_user, made, opportunity_of, tell_ignored
from providers.lever.lists import row_of


def create(write: Write) -> Written:
    """Add a note to a candidate's newest opportunity that is not archived."""
    given, opportunity = write.fields, opportunity_of(write, str(write.fields["candidate"]))
    user = known_user(write, given.get("user"))
    tell_ignored(write, "user", user)
    body = {"value": given["body"], "secret": given.get("visibility") == "PRIVATE"}
    path, params = f"/opportunities/{opportunity}/notes", {"perform_as": user}
    row = row_of(write.client.send("POST", path, json=body, params=params))
    key = made(row)
    row = {**row, "opportunityId": opportunity}
    return Written(Reference("notes", f"{opportunity}/{key}"), row=row, remote_id=key)


ACTIONS = (
    Action(
        "Activity",
        "create",
        create,
        fields=("candidate", "user", "activity_type", "body", "visibility"),
        required=("candidate", "body"),
        choices={"activity_type": ("NOTE",), "visibility": ("PUBLIC", "PRIVATE")},
    ),
)
