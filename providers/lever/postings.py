"""Postings as common records: a job and its advert are one thing in Lever, and departments and offices are
words in it.
"""

from collections.abc import Iterator

from providers.kit import Record, Row, Rows
from providers.kit.enums import translate
from providers.lever import translations as words
from providers.lever.records import at


def job(row: Row, _joined: Rows) -> Record:
    """The job of a posting."""
    codes = [*(row.get("requisitionCodes") or ()), row.get("reqCode")]
    return {
        "remote_id": row["id"],
        "name": row.get("text"),
        "description": _html(row),
        "code": next((code for code in codes if code), None),
        "status": translate(row.get("state"), words.JOB_STATUS),
        "type": "POSTING",
        "job_posting_urls": _urls(row),
        "remote_created_at": at(row.get("createdAt")),
        "remote_updated_at": at(row.get("updatedAt")),
        "confidential": row.get("confidentiality") == "confidential",
        "departments": _departments(row),
        "offices": _offices(row),
        "hiring_managers": [row.get("hiringManager")],
        "recruiters": [row.get("owner")],
    }


def job_posting(row: Row, _joined: Rows) -> Record:
    """The advert. One that is published through the internal channel alone is for employees."""
    internally = row.get("distributionChannels") == ["internal"]
    return {
        "remote_id": row["id"],
        "title": row.get("text"),
        "job_posting_urls": _urls(row),
        "job": row["id"],
        "status": translate(row.get("state"), words.JOB_POSTING_STATUS),
        "content": _html(row),
        "remote_created_at": at(row.get("createdAt")),
        "remote_updated_at": at(row.get("updatedAt")),
        "is_internal": row.get("state") == "published" and internally,
    }


def departments(row: Row, _joined: Rows) -> Iterator[Record]:
    """The department a posting names."""
    for name in _departments(row):
        yield {"remote_id": name, "name": name}


def offices(row: Row, _joined: Rows) -> Iterator[Record]:
    """The places a posting names."""
    for name in _offices(row):
        yield {"remote_id": name, "name": name}


def _departments(row: Row) -> list[str]:
    name = (row.get("categories") or {}).get("department")
    return [name] if name else []


def _offices(row: Row) -> list[str]:
    categories = row.get("categories") or {}
    places = categories.get("allLocations") or [categories.get("location")]
    return list(dict.fromkeys(place for place in places if place))


def _html(row: Row) -> str | None:
    return (row.get("content") or {}).get("descriptionHtml")


def _urls(row: Row) -> list[Record]:
    address = (row.get("urls") or {}).get("show")  # drafts have none
    return [{"value": address, "url_type": "JOB_POSTING"}] if address else []
