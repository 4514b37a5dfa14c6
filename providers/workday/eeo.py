"""What candidates say of themselves for equal employment opportunity, in words that tenants configure."""

import re
from collections.abc import Iterator
from typing import Any

from providers.kit import Record, Row, Rows
from providers.workday.candidacies import candidacies
from providers.workday.rows import first, flag, label, many, words

GENDER = {
    "male": "MALE",
    "female": "FEMALE",
    "non-binary": "NON-BINARY",
    "not declared": "DECLINE_TO_SELF_IDENTIFY",
}
RACE = {
    "asian": "ASIAN",
    "white": "WHITE",
    "black or african american": "BLACK_OR_AFRICAN_AMERICAN",
    "hispanic": "HISPANIC_OR_LATINO",
    "american indian": "AMERICAN_INDIAN_OR_ALASKAN_NATIVE",
    "native hawaiian": "NATIVE_HAWAIIAN_OR_OTHER_PACIFIC_ISLANDER",
    "two or more": "TWO_OR_MORE_RACES",
}
DECLINES = re.compile(r"(?:do not|don['’]t) (?:wish|want)", re.IGNORECASE)
NO_VETERAN = re.compile(r"not a protected|not a veteran", re.IGNORECASE)
YES, NO = re.compile(r"yes\b", re.IGNORECASE), re.compile(r"no\b", re.IGNORECASE)

Choice = tuple[str, str] | None


def eeocs(row: Row, _joined: Rows) -> Iterator[Record]:
    """One record for each application that has such answers, even empty ones."""
    for each in candidacies(row):
        answers = first(each.details, "Personal_Information_Data")
        if answers is not None:
            yield {
                "remote_id": each.wid,
                "candidate": each.candidate,
                "race": _race(answers),
                "gender": _gender(answers),
                "veteran_status": _veteran(answers),
                "disability_status": _disability(answers),
            }


def _gender(answers: Any) -> Choice:
    name = label(answers, "Gender_Reference")
    known = (GENDER.get(each) for each in words(answers, "Gender_Reference"))
    return (next(filter(None, known), name), name) if name else None


def _race(answers: Any) -> Choice:
    """To be Hispanic or Latino is a question of its own, and comes first."""
    if flag(answers, "Hispanic_or_Latino"):
        return "HISPANIC_OR_LATINO", "Hispanic or Latino"
    names = [name for each in many(answers, "Ethnicity_Reference") if (name := label(each))]
    if not names:
        return None
    found = {next((v for k, v in RACE.items() if name.casefold().startswith(k)), name) for name in names}
    return "TWO_OR_MORE_RACES" if len(found) > 1 else found.pop(), ", ".join(names)


def _veteran(answers: Any) -> Choice:
    name = label(answers, "Veterans_Status_Reference")
    if name is None:
        return None
    if NO_VETERAN.search(name):
        return "I_AM_NOT_A_PROTECTED_VETERAN", name
    if DECLINES.search(name):
        return "I_DONT_WISH_TO_ANSWER", name
    return "I_IDENTIFY_AS_ONE_OR_MORE_OF_THE_CLASSIFICATIONS_OF_A_PROTECTED_VETERAN", name


def _disability(answers: Any) -> Choice:
    name = label(answers, "Disability_Status_Reference")
    if name is None:
        return None
    if DECLINES.search(name):
        return "I_DONT_WISH_TO_ANSWER", name
    if YES.match(name):
        return "YES_I_HAVE_A_DISABILITY_OR_PREVIOUSLY_HAD_A_DISABILITY", name
    return ("NO_I_DONT_HAVE_A_DISABILITY" if NO.match(name) else name), name
