"""A copy of the repository to add providers to."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("app", "providers", "sandboxes", "migrations", "tests", "docs")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules", ".*")


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    status: int
    said: str


@dataclass(frozen=True)
class Copy:
    """A copy of the repository."""

    root: Path

    @classmethod
    def at(cls, root: Path) -> "Copy":
        """Make one."""
        for part in PARTS:
            shutil.copytree(ROOT / part, root / part, ignore=LEFT_OUT)
        shutil.copy(ROOT / "pyproject.toml", root)
        return cls(root)

    def python(self, *arguments: str) -> Ended:
        """Run a module of the copy, not of the repository."""
        known = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        known["PYTHONPATH"] = os.pathsep.join([str(self.root), str(self.root / "tests")])
        known["COLUMNS"] = "1000"  # or what a test says is cut off
        command = [sys.executable, "-m", *arguments]
        ended = subprocess.run(command, cwd=self.root, env=known, capture_output=True, text=True, check=False)
        return Ended(ended.returncode, ended.stdout + ended.stderr)

    def take_in(self, example: Path, slug: str) -> None:
        """Put a finished provider in the place of its skeleton, and do what its author would do."""
        package = slug.replace("-", "_")
        shutil.rmtree(self.root / "tests" / "providers" / package / "fixtures")
        for part in PARTS:
            if (example / part).exists():
                shutil.copytree(example / part, self.root / part, ignore=LEFT_OUT, dirs_exist_ok=True)
        registry = self.root / "sandboxes" / "registry.py"
        imported = f"from sandboxes import {package}\nfrom sandboxes import"
        text = registry.read_text().replace("from sandboxes import", imported, 1)
        for name, what in (("SANDBOXES", "create_sandbox"), ("CREDENTIALS", "CREDENTIALS")):
            text = re.sub(rf"({name}: .*? = {{)", rf'\1"{slug}": {package}.{what}, ', text, count=1)
        registry.write_text(text)
        for command in (("ruff", "check", "--select", "I", "--fix"), ("ruff", "format")):
            self.python(*command, str(registry))
        self.python("conformance.supported_fields")
        page = self.python("app.cli", "providers", "--markdown").said
        (self.root / "docs" / "providers" / "matrix.md").write_text(page)

    def complaints(self, package: str) -> str:
        """What the linter and the type checker find in a provider; nothing when they accept it."""
        own = [f"providers/{package}", "providers/registry.py", "sandboxes"]
        packages = [p for p in (f"providers.{package}", f"sandboxes.{package}") if self._has(p)]
        checks = (
            ("ruff", "check", *own),
            ("ruff", "format", "--check", *own),
            ("mypy", *(word for name in packages for word in ("-p", name))),
        )
        return "".join(ended.said for ended in (self.python(*check) for check in checks) if ended.status)

    def _has(self, module: str) -> bool:
        path = self.root / module.replace(".", "/")
        return path.exists() or path.with_suffix(".py").exists()

    def failures(self, slug: str) -> dict[str, str]:
        """The tests of the conformance suite that fail for a provider, and what they say."""
        ended = self.python("pytest", "tests/conformance", "-k", slug, "-p", "no:cacheprovider", "-rfE")
        assert ended.status in (0, 1), ended.said
        return dict(_failures(ended.said))


def _failures(said: str) -> Iterator[tuple[str, str]]:
    for line in re.findall(r"^(?:FAILED|ERROR) (.+)$", said, re.MULTILINE):
        name, _, why = line.partition(" - ")
        yield name.partition("::")[2], why
