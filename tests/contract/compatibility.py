"""`make compatibility`: writes docs/compatibility.md from the rules, the operations and the tests' marks.

Prints what is amiss: a rule without a test or a stated deviation, an operation that is not served or that
no test calls, a mark that names neither.
"""

import ast
import sys
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import orjson

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
DOCUMENT = ROOT / "docs" / "compatibility.md"
PREFIX = "/api/ats/v1"
OUTSIDE = ("/api/", "/healthz", "/readyz", "/metrics")  # neither the reference's nor additions to it
SDK_TEST = "tests/sdk/test_sdk_python.py"
HEAD = """\
# Compatibility

What the reference, Merge's ATS API, does, and where our tests show that we do it too. Written by
`make compatibility`; a test sees that it is up to date and that nothing is without a test.

"""


@dataclass(frozen=True)
class Facts:
    """What the table is made of.

    Attributes:
        sections: titles by number.
        rules: wordings by number.
        deviations: what we do otherwise, and why, by the rule's number.
        operations: the reference's operations, and the SDK's method for each.
        others: the reference's operations that its SDK has no methods for, and what they do.
        notes: remarks by operation.
        served: our operations, with their names.
        extensions: those of ours that the reference lacks.
        tests: the tests that carry each mark.
    """

    sections: dict[str, str]
    rules: dict[str, str]
    deviations: dict[str, str]
    operations: dict[str, str]
    others: dict[str, str]
    notes: dict[str, str]
    served: dict[str, str]
    extensions: set[str]
    tests: dict[str, list[str]]


def facts() -> Facts:
    """What the repository says at present."""
    rules = tomllib.loads((HERE / "rules.toml").read_text())
    operations = tomllib.loads((HERE / "operations.toml").read_text())
    served, extensions = _served()
    return Facts(**rules, **operations, served=served, extensions=extensions, tests=marks())


def marks() -> dict[str, list[str]]:
    """The tests by what their `contract` marks name."""
    found = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text())
        everywhere = [
            name for node in tree.body if isinstance(node, ast.Assign) for name in _named(node.value)
        ]
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                own = [name for decorator in node.decorator_list for name in _named(decorator)]
                for name in dict.fromkeys(everywhere + own):
                    found[name].append(f"{path.relative_to(ROOT)}::{node.name}")
    return dict(found)


def amiss(known: Facts) -> list[str]:
    """What is wrong or missing, a line each."""
    reference = known.operations.keys() | known.others.keys()
    extensions, tests = known.extensions, known.tests
    ours = {name for name in known.served if not name.partition(" ")[2].startswith(OUTSIDE)}
    shown = tests.keys() | known.deviations.keys()
    problems = {
        "no test carries it, and no deviation is stated": known.rules.keys() - shown,
        "no test carries it": (extensions | known.others.keys()) - tests.keys(),
        "tests carry it, but there is no such rule or operation": tests.keys()
        - known.rules.keys()
        - reference
        - extensions,
        "a deviation of no rule": known.deviations.keys() - known.rules.keys(),
        "not served": reference - known.served.keys(),
        "beyond the reference, but not marked so": ours - reference - extensions,
        "marked as beyond the reference, but is of it": extensions & reference,
    }
    return sorted(f"{name}: {problem}" for problem, names in problems.items() for name in names)


def document(known: Facts) -> str:
    """The page."""
    return HEAD + _operations(known) + _extensions(known) + _rules(known)


def _served() -> tuple[dict[str, str], set[str]]:
    paths = orjson.loads((ROOT / "openapi" / "openapi.json").read_bytes())["paths"]
    served, extensions = {}, set()
    for path, item in paths.items():
        for method, operation in item.items():
            name = f"{method.upper()} {path.removeprefix(PREFIX)}"
            served[name] = operation["operationId"]
            if operation.get("x-omniats-extension"):
                extensions.add(name)
    return served, extensions


def _named(node: ast.AST) -> list[str]:
    """What the `contract` marks below a node name."""
    return [
        argument.value
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.contract"
        for argument in call.args
        if isinstance(argument, ast.Constant)
    ]


def _operations(known: Facts) -> str:
    rows = [
        _row(
            f"`{name}`", f"`{known.served.get(name)}`", f"`{method}`", _tests(known, name), _note(known, name)
        )
        for name, method in known.operations.items()
    ]
    words = (
        f"All {len(rows)}. Each method of Merge's Python SDK is called by\n"
        f"[{SDK_TEST}](../{SDK_TEST}), sync and async."
    )
    return _table(
        "Operations of the reference", words, ["Operation", "Name", "SDK", "More tests", "Notes"], rows
    )


def _extensions(known: Facts) -> str:
    rows = [
        _row(f"`{name}`", f"`{known.served.get(name)}`", _tests(known, name), words)
        for name, words in known.others.items()
    ]
    rows += [
        _row(f"`{name}`", f"`{ours}`", _tests(known, name), f"Ours. {_note(known, name)}".strip())
        for name, ours in known.served.items()
        if name in known.extensions
    ]
    words = "Those marked as ours are not the reference's; they add to it and change nothing of it."
    return _table("Operations beyond its SDK", words, ["Operation", "Name", "Tests", "Notes"], rows)


def _rules(known: Facts) -> str:
    text = "## Rules\n\nTests name them by their numbers.\n"
    for number, title in known.sections.items():
        rows = [
            _row(rule, words, _tests(known, rule), known.deviations.get(rule, ""))
            for rule, words in known.rules.items()
            if rule == number or rule.rpartition(".")[0] == number
        ]
        head = _head("Rule", "What holds", "Tests", "Deviation")
        text += "\n".join(["", f"### {number} {title}", "", *head, *rows, ""])
    return text


def _table(title: str, words: str, columns: list[str], rows: list[str]) -> str:
    return "\n".join([f"## {title}", "", words, "", *_head(*columns), *rows, "", ""])


def _head(*columns: str) -> tuple[str, str]:
    return _row(*columns), "|" + "---|" * len(columns)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _note(known: Facts, operation: str) -> str:
    return known.notes.get(operation, "")


def _tests(known: Facts, mark: str) -> str:
    """The tests that carry a mark, by file."""
    by_file: dict[str, list[str]] = defaultdict(list)
    for test in known.tests.get(mark, ()):
        path, _, name = test.partition("::")
        by_file[path].append(f"`{name.removeprefix('test_')}`")
    files = ((path.removeprefix("tests/"), path, ", ".join(names)) for path, names in by_file.items())
    return "<br>".join(f"[{short}](../{path}): {names}" for short, path, names in files)


def main() -> None:
    """Write the page and print what is amiss."""
    known = facts()
    DOCUMENT.write_text(document(known))
    problems = amiss(known)
    print("\n".join(problems), file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
