"""Callers' expressions: what they give, and what they cannot do to the service."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest

from app.fields.expressions import EVALUATOR, JMESPATH, JSONATA, Evaluator, ExpressionFailed, TookTooMuch

ENDLESS = "($f := function($n) { $f($n + 1) }; $f(1))"
ROW = {
    "custom_fields": [{"name": "Salary", "value": "120"}, {"name": "Team", "value": "X"}],
    "scores": {"all": [1, 2, 3]},
    "phone": "+49 (30) 123",
}


@pytest.fixture(scope="module")
def evaluator() -> Iterator[Evaluator]:
    made = Evaluator()
    yield made
    made.close()


@pytest.mark.contract("8.5")
@pytest.mark.parametrize(
    ("language", "expression", "value"),
    [
        (JSONATA, 'custom_fields[name="Salary"].value', "120"),
        (JSONATA, '$number(custom_fields[name="Salary"].value) * 12', 1440),
        (JSONATA, '$replace(phone, /[^0-9]/, "")', "4930123"),
        (JSONATA, "$map(scores.all, function($n) { $n * 2 })", [2, 4, 6]),
        (JSONATA, "custom_fields{name: value}", {"Salary": "120", "Team": "X"}),
        (JSONATA, "scores.all[0] > 0 ? 'yes' : 'no'", "yes"),
        (JSONATA, '$fromMillis(0, "[D01].[M01].[Y0001]")', "01.01.1970"),
        (JSONATA, "nothing.here", None),
        (JMESPATH, "custom_fields[?name=='Team'].value | [0]", "X"),
        (JMESPATH, "sum(scores.all)", 6),
        (JMESPATH, "nothing.here", None),
    ],
)
def test_what_expressions_give(evaluator: Evaluator, language: str, expression: str, value: Any) -> None:
    assert evaluator.evaluate(language, expression, ROW) == value
    evaluator.check(language, expression)


@pytest.mark.parametrize(
    ("language", "expression"),
    [
        (JSONATA, "("),
        (JSONATA, "[" * 900),
        (JMESPATH, "("),
        (JMESPATH, "[?"),
    ],
)
def test_what_is_no_expression(evaluator: Evaluator, language: str, expression: str) -> None:
    with pytest.raises(ExpressionFailed):
        evaluator.check(language, expression)


@pytest.mark.parametrize(
    ("language", "expression"),
    [
        (JSONATA, '$match("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", /(x+x+)+y/)'),
        (JSONATA, "($f := function($n) { $f($n + 1) }; $f(1))"),
        (JSONATA, "($f := function($n) { 1 + $f($n + 1) }; $f(1))"),
        (JSONATA, "[1..10000000]"),
        (JSONATA, '$pad("x", 1000000000)'),
        (JSONATA, '($a := "xxxxxxxxxx";' + "$a := $a & $a;" * 60 + "$a)"),
        (JSONATA, "($a := [1, 2];" + "$a := [[$a], [$a]];" * 60 + "$a)"),
        (JSONATA, "($a := 9;" + "$a := $a * $a;" * 60 + "$a)"),
        (JSONATA, '$pad("x", 200000)'),
        (JSONATA, "$sum"),
        (JSONATA, "$now()"),
        (JSONATA, '$eval("$random()")'),
        (JMESPATH, "[@,@]|" * 60 + "to_string(@)"),
        (JMESPATH, "[scores.all,scores.all][]|" + "[@,@][]|" * 60 + "length(@)"),
    ],
)
def test_what_takes_too_much_ends_alone(evaluator: Evaluator, language: str, expression: str) -> None:
    """In time, memory or size; or gives another result each time, or none that JSON can hold."""
    with pytest.raises(ExpressionFailed):
        evaluator.evaluate(language, expression, ROW)
    assert evaluator.evaluate(language, "phone", ROW) == ROW["phone"]


def test_a_large_value_is_not_even_sent(evaluator: Evaluator) -> None:
    with pytest.raises(ExpressionFailed, match="too large"):
        evaluator.evaluate(JSONATA, "$", "x" * 300_000)


def test_threads_do_not_mix_up_their_values(evaluator: Evaluator) -> None:
    def one(number: int) -> Any:
        language, place = (JSONATA, 0) if number % 2 else (JMESPATH, 1)
        return evaluator.evaluate(language, f"pair[{place}]", {"pair": [number, -number]})

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(one, range(500)))
    assert found == [number if number % 2 else -number for number in range(500)]


def test_nothing_stays_from_one_evaluation_to_the_next(evaluator: Evaluator) -> None:
    for _ in range(2):
        assert evaluator.evaluate(JSONATA, '$x ? "leaked" : ($x := "set")', {}) == "set"


def test_the_process_that_evaluates_knows_no_secrets(
    evaluator: Evaluator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMNIATS_ENCRYPTION_KEYS", "secret")
    evaluator.close()
    evaluator.check(JSONATA, "x")
    assert evaluator._process is not None
    with open(f"/proc/{evaluator._process.pid}/environ") as environment:  # noqa: PTH123 - not a file on disk
        assert environment.read() == ""


def test_a_killed_process_is_started_again(evaluator: Evaluator) -> None:
    evaluator.check(JSONATA, "x")
    assert evaluator._process is not None
    evaluator._process.kill()
    evaluator._process.wait()
    assert evaluator.evaluate(JSONATA, "phone", ROW) == ROW["phone"]


def test_what_is_killed_says_so(evaluator: Evaluator) -> None:
    with pytest.raises(TookTooMuch):
        evaluator.evaluate(JSONATA, ENDLESS, {})


def test_the_process_ends_itself_when_its_time_is_up() -> None:
    request = orjson.dumps({"language": JSONATA, "expression": ENDLESS, "value": {}}) + b"\n"
    ended = subprocess.run(
        [sys.executable, "-I", EVALUATOR], check=False, input=request, capture_output=True, timeout=60
    )
    assert (ended.returncode, ended.stdout) == (-signal.SIGPROF, b"")


def test_the_process_has_little_memory(evaluator: Evaluator) -> None:
    with pytest.raises(ExpressionFailed, match="MemoryError"):
        evaluator.evaluate(JSONATA, '$pad("x", 1000000000)', {})
