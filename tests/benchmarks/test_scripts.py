"""The benchmarks run, at sizes at which their figures say nothing."""

import importlib
import sys

import pytest
from databases import SERVER, Databases

LITTLE = ("--candidates", "2", "--interviews", "4")


def printed(script: str, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    sys.argv = [script, *arguments, *(("--database", SERVER) if SERVER else ())]
    importlib.import_module(f"benchmarks.{script}").main()
    return capsys.readouterr().out


@pytest.fixture(autouse=True)
def arguments(monkeypatch: pytest.MonkeyPatch, databases: Databases) -> None:
    """Put the arguments back; they are run on PostgreSQL too."""
    monkeypatch.setattr(sys, "argv", sys.argv)


def test_first_sync(capsys: pytest.CaptureFixture[str]) -> None:
    assert "(4 interviews)" in printed("first_sync", capsys, *LITTLE)


def test_deliveries(capsys: pytest.CaptureFixture[str]) -> None:
    assert "(0 lost, 0 came again)" in printed("deliveries", capsys, "--events", "20", "--failing", "0")


def test_fleet(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--accounts", "2", "--workers", "1", "--latency-ms", "0")
    if not SERVER:
        with pytest.raises(SystemExit, match="PostgreSQL"):
            printed("fleet", capsys, *words, *LITTLE)
        return
    *_, names, figures = printed("fleet", capsys, *words, *LITTLE).splitlines()
    assert names.split()[-4:] == ["lost", "doubled", "altered", "errors"]
    assert figures.split()[-4:] == ["0", "0", "0", "0"]
