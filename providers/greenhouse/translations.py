"""Harvest's words and the common model's."""

from typing import Any

INTERVIEW_STATUS = {
    "scheduled": "SCHEDULED",
    "awaiting_feedback": "AWAITING_FEEDBACK",
    "complete": "COMPLETE",
}
RESPONSE_STATUS = {
    "needs_action": "NEEDS_ACTION",
    "declined": "DECLINED",
    "tentative": "TENTATIVE",
    "accepted": "ACCEPTED",
}
JOB_STATUS = {"open": "OPEN", "closed": "CLOSED", "draft": "DRAFT"}
OFFER_STATUS = {"accepted": "SIGNED", "rejected": "DENIED", "deprecated": "DEPRECATED"}
OFFER_PENDING = ("unresolved", "created")
RECOMMENDATION = {
    "definitely_not": "DEFINITELY_NO",
    "strong_no": "DEFINITELY_NO",
    "no": "NO",
    "yes": "YES",
    "strong_yes": "STRONG_YES",
    "no_decision": "NO_DECISION",
}
ACTIVITY_TYPE = {"notes": "NOTE", "NOTE": "NOTE", "emails": "EMAIL", "EMAIL": "EMAIL"}
VISIBILITY = {
    "admin_only": "ADMIN_ONLY",
    "admin_only_visible": "ADMIN_ONLY",
    "private": "PRIVATE",
    "privately_visible": "PRIVATE",
    "public": "PUBLIC",
    "publicly_visible": "PUBLIC",
}
ATTACHMENT_TYPE = {
    "resume": "RESUME",
    "cover_letter": "COVER_LETTER",
    "offer_letter": "OFFER_LETTER",
    "signed_offer_letter": "OFFER_LETTER",
}
QUESTION_TYPE = {
    "short_text": "SINGLE_LINE_TEXT",
    "long_text": "MULTI_LINE_TEXT",
    "single_select": "SINGLE_SELECT",
    "multi_select": "MULTI_SELECT",
    "boolean": "BOOLEAN",
    "attachment": "FILE",
}
PHONE_TYPE = {"home": "HOME", "work": "WORK", "mobile": "MOBILE", "skype": "SKYPE", "other": "OTHER"}
EMAIL_TYPE = {"personal": "PERSONAL", "work": "WORK", "other": "OTHER"}
WEBSITE_TYPE = {
    "personal": "PERSONAL",
    "company": "COMPANY",
    "portfolio": "PORTFOLIO",
    "blog": "BLOG",
    "other": "OTHER",
}

DECLINED = "DECLINE_TO_SELF_IDENTIFY"
RACE = {
    "american indian or alaskan native": "AMERICAN_INDIAN_OR_ALASKAN_NATIVE",
    "asian": "ASIAN",
    "black or african american": "BLACK_OR_AFRICAN_AMERICAN",
    "hispanic or latino": "HISPANIC_OR_LATINO",
    "white": "WHITE",
    "native hawaiian or other pacific islander": "NATIVE_HAWAIIAN_OR_OTHER_PACIFIC_ISLANDER",
    "two or more races": "TWO_OR_MORE_RACES",
    "decline to self identify": DECLINED,
}
GENDER = {"male": "MALE", "female": "FEMALE", "decline to self identify": DECLINED}
VETERAN_STATUS = {
    "i am not a protected veteran": "I_AM_NOT_A_PROTECTED_VETERAN",
    "i identify as one or more of the classifications of a protected veteran": (
        "I_IDENTIFY_AS_ONE_OR_MORE_OF_THE_CLASSIFICATIONS_OF_A_PROTECTED_VETERAN"
    ),
    "i don't wish to answer": "I_DONT_WISH_TO_ANSWER",
}
DISABILITY_STATUS = {  # by how the sentence begins: its end has been reworded over the years
    "yes, i have a disability": "YES_I_HAVE_A_DISABILITY_OR_PREVIOUSLY_HAD_A_DISABILITY",
    "no, i don't have a disability": "NO_I_DONT_HAVE_A_DISABILITY",
    "i don't wish to answer": "I_DONT_WISH_TO_ANSWER",
}


def plain(value: str | None, table: dict[str, str]) -> str | None:
    """The common value alone, for the small objects inside a record."""
    return None if value is None else table.get(value, value)


def offer_status(value: str | None, sent: str | None) -> tuple[str, str] | None:
    """An offer's status; one that is still open counts as sent once it has a date of sending."""
    if value is not None and value.lower() in OFFER_PENDING:
        return ("SENT" if sent else "DRAFT"), value
    return None if value is None else (OFFER_STATUS.get(value.lower(), value), value)


def answer_text(answer: dict[str, Any] | None) -> str | None:
    """The text of an answer to an equal opportunity question; v1 calls the veteran's `message`."""
    if not answer:
        return None
    text = answer.get("description") or answer.get("message")
    return None if text is None else str(text)


def answered(answer: dict[str, Any] | None, table: dict[str, str]) -> tuple[str, str] | None:
    """An answer to an equal opportunity question, by its text."""
    text = answer_text(answer)
    return None if text is None else (table.get(_normal(text), text), text)


def disability(answer: dict[str, Any] | None) -> tuple[str, str] | None:
    """The answer on disability, by the beginning of its text."""
    text = answer_text(answer)
    if text is None:
        return None
    normal = _normal(text)
    return next((value for start, value in DISABILITY_STATUS.items() if normal.startswith(start)), text), text


def _normal(text: str) -> str:
    return " ".join(text.replace("\u2019", "'").split()).casefold()
