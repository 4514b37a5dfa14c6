"""What a caller is told when the vendor, or something on the way to it, failed."""

from app.common.fields import Model
from app.writes.problems import Problem, WriteRefused, problem
from providers.kit import (
    CorruptedFile,
    Duplicate,
    Invalid,
    PermissionMissing,
    ProviderError,
    Reference,
    Unavailable,
    Unexpected,
)

UNKNOWN = "Outcome Unknown"


def disabled(model: Model) -> Problem:
    """The account's scopes switch the model off."""
    return problem("DISABLED_MODEL_WRITE", disabled_detail(model))


def disabled_detail(model: Model) -> str:
    """The same, for people."""
    return f"Writing a {model.name} is disabled in the scopes of this linked account."


def relink_needed(name: str) -> Problem:
    """The credentials are dead."""
    detail = f"{name} no longer accepts the credentials of this linked account. Link it again."
    return problem("RELINK_NEEDED", detail)


def refusal(name: str, error: ProviderError, *, acted: bool) -> WriteRefused:
    """Why nothing was written, or why it is not known whether it was.

    A write that may have reached the vendor is answered with 400: clients repeat a 5xx by themselves.

    Args:
        name: the integration's.
        error: how the write ended.
        acted: whether the vendor had carried a request out by then.
    """
    if acted or (isinstance(error, Unavailable) and error.outcome_unknown):
        return WriteRefused(outcome_unknown(name, error.detail))
    if isinstance(error, Unavailable):
        detail = f"{name} cannot be reached; nothing was written. Try again later."
        return WriteRefused(
            Problem("PROVIDER_ERROR", "Provider Unavailable", detail, raw_error=error.detail), status=503
        )
    return WriteRefused(_problem(name, error))


def _problem(name: str, error: ProviderError) -> Problem:
    said = error.detail
    if isinstance(error, CorruptedFile):
        return problem("CORRUPTED_FILE", said, "model/file_url")
    if isinstance(error, PermissionMissing):
        detail = f"The credentials may not do this in {name}: {said}"
        return Problem("MISSING_PERMISSION", "Missing Permission", detail, raw_error=said)
    if isinstance(error, Duplicate):
        detail = f"{name} has this already: {said}"
        return Problem("DUPLICATE_MODEL_EXISTS", "Duplicate Model Exists", detail, raw_error=said)
    ours = isinstance(error, Invalid) and error.status is None  # found out before anything was sent
    detail = said if ours else f"{name} refused: {said}"
    return Problem("PROVIDER_ERROR", "Provider Error", detail, raw_error=said)


def outcome_unknown(name: str, said: str | None = None) -> Problem:
    """The vendor may have acted."""
    detail = f"{name} did not confirm the write and may have carried it out. Read the record before a repeat."
    return Problem("PROVIDER_ERROR", UNKNOWN, detail, raw_error=said)


def _may_have_acted(error: ProviderError) -> bool:
    """Whether a request that ended like this may have been carried out."""
    if isinstance(error, Unavailable):
        return error.outcome_unknown
    return isinstance(error, Unexpected) and error.status is not None and error.status < 300


def acting_user_refused(name: str, error: ProviderError) -> WriteRefused:
    """The account's own credentials are good; whoever was to act is not let in."""
    detail = f"{name} does not let this acting user write: {error.detail}"
    return WriteRefused(
        Problem("MISSING_PERMISSION", "Missing Permission", detail, "remote_user_id", error.detail)
    )


def part_not_written(name: str, pointer: str, error: ProviderError) -> Problem:
    """A part was not made though the rest was: a repeat of the whole would make that twice."""
    repeat = "The rest was written: do not send it again, only this part."
    if _may_have_acted(error):
        detail = f"{name} did not confirm {pointer} and may have made it. {repeat}"
        return Problem("PROVIDER_ERROR", UNKNOWN, detail, pointer, error.detail)
    kind = "CORRUPTED_FILE" if isinstance(error, CorruptedFile) else "PROVIDER_ERROR"
    detail = f"{pointer} was not written: {error.detail} {repeat}"
    return Problem(kind, "Partly Written", detail, pointer, error.detail)


def only_parts_written(name: str, what: str, made: list[str], error: ProviderError) -> Problem:
    """What was asked for was not made, but something on the way to it was."""
    may = "may not have been" if _may_have_acted(error) else "was not"
    detail = (
        f"{name} made {', '.join(made)}, but the {what} {may} made: {error.detail} "
        "Do not send the same again: name what was made by its id."
    )
    return Problem("PROVIDER_ERROR", "Partly Written", detail, "model", error.detail)


def not_stored(name: str, reference: Reference) -> Problem:
    """The vendor has acted, and we failed."""
    detail = (
        f"{name} carried the write out (id {reference.id}), but it could not be stored here: "
        "the next synchronisation brings it. Do not repeat it."
    )
    return Problem("ERROR", "Written But Not Stored", detail)
