"""Lever's words and the common model's."""

from typing import Any

ACCESS_ROLE = {
    "super admin": "SUPER_ADMIN",
    "admin": "ADMIN",
    "team member": "TEAM_MEMBER",
    "limited team member": "LIMITED_TEAM_MEMBER",
    "interviewer": "INTERVIEWER",
}
PHONE_TYPE = {"mobile": "MOBILE", "home": "HOME", "work": "WORK", "skype": "SKYPE", "other": "OTHER"}
JOB_STATUS = {  # `internal` is an advert that is live, but listed nowhere
    "published": "OPEN",
    "internal": "OPEN",
    "closed": "CLOSED",
    "draft": "DRAFT",
    "pending": "PENDING",
}
JOB_POSTING_STATUS = {
    "published": "PUBLISHED",
    "internal": "INTERNAL",
    "closed": "CLOSED",
    "draft": "DRAFT",
    "pending": "PENDING",
}
OFFER_STATUS = {
    name: name.upper()
    for name in (
        *("draft", "approval-sent", "approved", "sent", "sent-manually"),
        *("opened", "denied", "signed"),
    )
}
RECOMMENDATION = {
    "4 - Strong Hire": "STRONG_YES",
    "3 - Hire": "YES",
    "2 - No Hire": "NO",
    "1 - Strong No Hire": "DEFINITELY_NO",
}
RESPONSE_STATUS = {
    "needsAction": "NEEDS_ACTION",
    "accepted": "ACCEPTED",
    "tentative": "TENTATIVE",
    "declined": "DECLINED",
}
QUESTION_TYPE = {
    "text": "SINGLE_LINE_TEXT",
    "textarea": "MULTI_LINE_TEXT",
    "dropdown": "SINGLE_SELECT",
    "multiple-choice": "SINGLE_SELECT",
    "multiple-select": "MULTI_SELECT",
    "file-upload": "FILE",
    "yes-no": "BOOLEAN",
    "date": "DATE",
    "score": "NUMERIC",
    "currency": "NUMERIC",
}

# Answers to the equal opportunity questions are told by how they begin: the rest explains.
GENDER = {"male": "MALE", "female": "FEMALE", "decline": "DECLINE_TO_SELF_IDENTIFY"}
RACE = {
    "hispanic or latino": "HISPANIC_OR_LATINO",
    "white": "WHITE",
    "black or african american": "BLACK_OR_AFRICAN_AMERICAN",
    "native hawaiian or other pacific islander": "NATIVE_HAWAIIAN_OR_OTHER_PACIFIC_ISLANDER",
    "asian": "ASIAN",
    "american indian or alaska native": "AMERICAN_INDIAN_OR_ALASKAN_NATIVE",
    "two or more races": "TWO_OR_MORE_RACES",
    "decline": "DECLINE_TO_SELF_IDENTIFY",
}
_PROTECTED = "I_IDENTIFY_AS_ONE_OR_MORE_OF_THE_CLASSIFICATIONS_OF_A_PROTECTED_VETERAN"
VETERAN = {
    "i am not a protected veteran": "I_AM_NOT_A_PROTECTED_VETERAN",
    "i am not a veteran": "I_AM_NOT_A_PROTECTED_VETERAN",
    "i am a protected veteran": _PROTECTED,
    "i am a veteran": _PROTECTED,
    "decline": "I_DONT_WISH_TO_ANSWER",
}
DISABILITY = {
    "yes,": "YES_I_HAVE_A_DISABILITY_OR_PREVIOUSLY_HAD_A_DISABILITY",
    "no,": "NO_I_DONT_HAVE_A_DISABILITY",
    "i don't wish to answer": "I_DONT_WISH_TO_ANSWER",
}


def answered(value: Any, table: dict[str, str]) -> tuple[str, str] | None:
    """An answer to an equal opportunity question; one nobody gave is absent."""
    if value in (None, ""):
        return None
    normal = " ".join(str(value).replace("\u2019", "'").split()).casefold()
    common = next((common for start, common in table.items() if normal.startswith(start)), str(value))
    return common, str(value)
