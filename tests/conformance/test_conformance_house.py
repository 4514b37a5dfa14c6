"""Arrows point one way: the service knows no vendor, and no vendor knows the service."""

import re
from pathlib import Path

import pytest

import app
import providers
from providers.registry import PROVIDERS

APP, VENDORS = Path(app.__file__).parent, Path(providers.__file__).parent
WRITTEN = [path for path in APP.rglob("*") if path.is_file() and path.suffix != ".pyc"]
MODULES = [path for path in VENDORS.rglob("*.py") if path.name != "registry.py"]


@pytest.mark.parametrize("slug", PROVIDERS)
def test_the_service_names_no_vendor(slug: str) -> None:
    names = re.compile(rf"\b({re.escape(slug)}|{re.escape(PROVIDERS[slug].name)})\b", re.IGNORECASE)
    assert [str(path.relative_to(APP)) for path in WRITTEN if names.search(path.read_text("latin-1"))] == []


def test_no_vendor_knows_the_service_or_another_vendor() -> None:
    for path in MODULES:
        home = path.relative_to(VENDORS).parts[0]
        for imported in re.findall(r"^(?:from|import) (\S+)", path.read_text(), re.MULTILINE):
            top, _, rest = imported.partition(".")
            assert top != "app", path
            assert top != "providers" or rest.split(".")[0] in ("kit", home), path
