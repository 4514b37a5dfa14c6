"""The documents say what the code does: commands, settings, links."""

import re
from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined
from running import ROOT

from app.cli.commands import cli
from app.settings import Settings

DOCUMENTS = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
named = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


@named
def test_every_make_command_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b`?$", document.read_text(), re.MULTILINE)) <= targets
    assert set(re.findall(r"`make ([a-z]+)`", document.read_text())) <= targets


@named
def test_every_command_of_omniats_exists(document: Path) -> None:
    known = {c.name or c.callback.__name__ for c in cli.registered_commands if c.callback}
    known |= {group.name for group in cli.registered_groups}
    assert set(re.findall(r"`(?:\.venv/bin/)?omniats ([a-z-]+)", document.read_text())) <= known
    assert set(re.findall(r"^(?:\.venv/bin/)?omniats ([a-z-]+)", document.read_text(), re.MULTILINE)) <= known


@named
def test_every_link_leads_to_a_file(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", document.read_text()):
        assert "://" in target or (document.parent / target).exists(), target


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    field = Settings.model_fields[name]
    default = field.get_default(call_default_factory=True)
    assert default is not PydanticUndefined
    assert field.description
    row = f"| `OMNIATS_{name.upper()}` | {_shown(default)} | {field.description} |"
    assert row in (ROOT / "docs" / "settings.md").read_text()


def test_no_setting_is_documented_that_is_not_there() -> None:
    known = {f"OMNIATS_{name.upper()}" for name in Settings.model_fields}
    for document in DOCUMENTS:
        written = set(re.findall(r"OMNIATS_[A-Z_]+", document.read_text()))
        assert written - {"OMNIATS_TEST_DATABASE_URL"} <= known, document


def _shown(default: object) -> str:
    text = "" if str(default) in ("", "{}", "**********") else str(default).lower()
    return f"`{text if not isinstance(default, str) else default}`" if text else "none"
