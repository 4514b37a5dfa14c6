"""Ashby's words and the common model's."""

from typing import Any

ACCESS_ROLE = {
    "Organization Admin": "ADMIN",
    "Elevated Access": "TEAM_MEMBER",
    "Limited Access": "LIMITED_TEAM_MEMBER",
}
INTERVIEW_STATUS = {
    "Scheduled": "SCHEDULED",
    "WaitingOnFeedback": "AWAITING_FEEDBACK",
    "Complete": "COMPLETE",
}
JOB_STATUS = {"Draft": "DRAFT", "Open": "OPEN", "Closed": "CLOSED", "Archived": "ARCHIVED"}
OFFER_STATUS = {
    "WaitingOnApprovalStart": "DRAFT",
    "WaitingOnApprovalDefinition": "DRAFT",
    "WaitingOnOfferApproval": "APPROVAL-SENT",
    "WaitingOnCandidateResponse": "SENT",
    "CandidateAccepted": "SIGNED",
    "CandidateRejected": "DENIED",
    "OfferCancelled": "DEPRECATED",
}
RECOMMENDATION = {  # labels of a select field
    "Strong Hire": "STRONG_YES",
    "Hire": "YES",
    "No Hire": "NO",
    "Strong No Hire": "DEFINITELY_NO",
}
SCORE = {"4": "STRONG_YES", "3": "YES", "2": "NO", "1": "DEFINITELY_NO"}
QUESTION_TYPE = {
    "String": "SINGLE_LINE_TEXT",
    "LongText": "MULTI_LINE_TEXT",
    "Number": "NUMERIC",
    "Boolean": "BOOLEAN",
    "Date": "DATE",
    "File": "FILE",
    "ValueSelect": "SINGLE_SELECT",
    "MultiValueSelect": "MULTI_SELECT",
}
EMAIL_TYPE = {"Personal": "PERSONAL", "Work": "WORK", "Other": "OTHER"}
PHONE_TYPE = {"Personal": "MOBILE", "Work": "WORK", "Other": "OTHER"}
URL_TYPE = {
    **dict.fromkeys(
        ("LinkedIn", "GitHub", "Twitter", "Medium", "StackOverflow", "YouTube", "CodePen"), "SOCIAL_MEDIA"
    ),
    "Website": "PERSONAL",
}


def plain(value: Any, table: dict[str, str]) -> str | None:
    """The common value alone, for the small objects inside a record."""
    return None if value is None else table.get(str(value), str(value))
