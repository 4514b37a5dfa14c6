"""The write envelope: the record, and what was wrong or could not be taken over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """A warning or an error of a write.

    Attributes:
        problem_type: one of the reference's names, such as `MISSING_REQUIRED_FIELD`.
        title: a few words.
        detail: what is wrong and what to do.
        pointer: where in the body: `model/candidate/first_name`, `remote_user_id`.
        raw_error: the vendor's own words.
    """

    problem_type: str
    title: str
    detail: str
    pointer: str | None = None
    raw_error: str | None = None

    def render(self) -> dict[str, Any]:
        """In the reference's shape."""
        problem: dict[str, Any] = {
            "problem_type": self.problem_type,
            "title": self.title,
            "detail": self.detail,
            "source": {"pointer": self.pointer} if self.pointer else None,
        }
        if self.raw_error is not None:
            problem["raw_error"] = self.raw_error
        return problem


def problem(problem_type: str, detail: str, pointer: str | None = None) -> Problem:
    """A problem whose title is its type in words."""
    return Problem(problem_type, problem_type.replace("_", " ").title(), detail, pointer)


class WriteRefused(Exception):
    """Nothing was written. `status` is the HTTP status of the answer."""

    def __init__(self, *problems: Problem, status: int = 400) -> None:
        super().__init__("; ".join(problem.detail for problem in problems))
        self.problems = problems
        self.status = status


def envelope(
    model: Any,
    warnings: Sequence[Problem] = (),
    errors: Sequence[Problem] = (),
    logs: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """The answer to a write."""
    answer: dict[str, Any] = {
        "model": model,
        "warnings": [problem.render() for problem in warnings],
        "errors": [problem.render() for problem in errors],
    }
    if logs is not None:
        answer["logs"] = logs
    return answer
