"""Running `omniats` as a user does: as a process, in an empty directory, with no settings but the given."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0  # seconds; a bound, not an expectation


def environment(**settings: str) -> dict[str, str]:
    """The environment without any setting of omniats, and with these."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("OMNIATS_")}
    return bare | {"COLUMNS": "80", "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | settings


def omniats(directory: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments],
        cwd=directory,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


class Running:
    """A command that goes on until it is told to stop."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.process = process
        self.printed: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, args=(process.stdout,), daemon=True).start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def until(self, text: str) -> str:
        """The first line with this text, from here on."""
        while True:
            line = self._lines.get(timeout=PATIENCE)
            assert line is not None, f"{text!r} was not printed:\n" + "\n".join(self.printed)
            self.printed.append(line)
            if text in line:
                return line

    def end(self, with_signal: signal.Signals = signal.SIGINT) -> int:
        """Stop it; gives the exit code."""
        self.process.send_signal(with_signal)
        code = self.process.wait(PATIENCE)
        while (line := self._lines.get(timeout=PATIENCE)) is not None:
            self.printed.append(line)
        return code


@contextmanager
def started(directory: Path, *arguments: str, **settings: str) -> Iterator[Running]:
    """Start a command; it is killed at the end if it still runs. Both outputs are one."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", *arguments],
        cwd=directory,
        env=environment(**settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Running(process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
