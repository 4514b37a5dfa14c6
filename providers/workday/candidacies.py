"""Applications as they are read: parts of a candidate's row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from providers.kit import Record, Row, Rows
from providers.workday.rows import first, ident, label, many, text

APPLICATIONS = "Job_Application_Data"


@dataclass(frozen=True)
class Candidacy:
    """One application of a candidate.

    Attributes:
        wid: its id.
        candidate: the candidate's id.
        reference: as Workday gave it.
        details: what it says of itself.
    """

    wid: str
    candidate: str | None
    reference: Row
    details: Any

    @property
    def job(self) -> str | None:
        """The requisition applied for."""
        return ident(self.details, "Job_Requisition_Reference")

    @property
    def stage(self) -> str | None:
        """The stage it is in, or was in when it was given a disposition."""
        return ident(self.details, "Stage_Reference")

    @property
    def is_dispositioned(self) -> bool:
        """Whether it has been rejected or declined."""
        return first(self.details, "Disposition_Reference") is not None


def candidacies(row: Row) -> Iterator[Candidacy]:
    """The applications in a candidate's row; a prospect has none."""
    for each in many(first(row, "Candidate_Data"), APPLICATIONS):
        wid = ident(each, "Job_Application_Reference")
        if wid:
            yield Candidacy(
                wid,
                ident(row, "Candidate_Reference"),
                first(each, "Job_Application_Reference"),
                first(each, "Job_Applied_To_Data"),
            )


def applications(row: Row, _joined: Rows) -> Iterator[Record]:
    """The applications of a candidate."""
    for each in candidacies(row):
        details = each.details
        yield {
            "remote_id": each.wid,
            "candidate": each.candidate,
            "job": each.job,
            "applied_at": text(details, "Job_Application_Date"),
            "rejected_at": text(details, "Status_Timestamp") if each.is_dispositioned else None,
            "source": label(details, "Source_Reference"),
            "credited_to": ident(details, "Referred_By_Worker_Reference"),
            "current_stage": each.stage,
            "reject_reason": ident(details, "Disposition_Reference"),
        }


def stages(row: Row, _joined: Rows) -> Iterator[Record]:
    """The stages that a candidate's applications are in: Workday has no list of them. All jobs share them."""
    yield from _named(row, "Stage_Reference")


def reject_reasons(row: Row, _joined: Rows) -> Iterator[Record]:
    """The dispositions that a candidate's applications have: Workday has no list of them."""
    yield from _named(row, "Disposition_Reference")


def _named(row: Row, name: str) -> Iterator[Record]:
    for each in candidacies(row):
        wid = ident(each.details, name)
        if wid:
            yield {"remote_id": wid, "name": label(each.details, name)}
