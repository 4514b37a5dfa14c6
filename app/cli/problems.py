"""What a command that fails says."""

from alembic.util import CommandError
from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy.exc import SQLAlchemyError


class Refused(Exception):
    """A command cannot do what it was asked; the text says why and what to do."""


EXPECTED = (Refused, CommandError, SQLAlchemyError, ValueError, RuntimeError, OSError)


def sentence(error: Exception) -> str:
    """An error as one line, which never repeats the value of a setting: it may be a secret."""
    if isinstance(error, ValidationError):
        found = error.errors(include_input=False, include_url=False)
        return "; ".join(f"{_variable(problem['loc'])}: {problem['msg']}" for problem in found)
    if isinstance(error, SettingsError):
        name = str(error).split('"')[1] if '"' in str(error) else "settings"
        return f"{_variable((name,))} cannot be read: it must be JSON"
    if isinstance(error, SQLAlchemyError):
        return f"the database: {getattr(error, 'orig', None) or error}".strip().splitlines()[0]
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _variable(location: tuple[int | str, ...]) -> str:
    head, *rest = location or ("settings",)
    return ".".join([f"OMNIATS_{head}".upper(), *map(str, rest)])
