"""Evaluating callers' expressions (JSONata, JMESPath) in a process of its own."""

import atexit
import select
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import orjson

EVALUATOR = Path(__file__).with_name("evaluator.py")
JSONATA, JMESPATH = "jsonata", "jmespath"
LONGEST = 2_000  # characters of an expression
LARGEST = 200_000  # bytes of a value
PATIENCE = 10.0  # seconds; processor time, which the process limits by itself, ends long before


class ExpressionFailed(Exception):
    """An expression gives no value: it is wrong, does not fit the value, or takes too much."""


class TookTooMuch(ExpressionFailed):
    """It was stopped for want of time or memory."""


class Evaluator:
    """Evaluates expressions, one at a time, in a process that lives until one of them kills it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def evaluate(self, language: str, expression: str, value: Any) -> Any:
        """The value of an expression.

        Args:
            language: `JSONATA` or `JMESPATH`.
            expression: the expression.
            value: what it is evaluated on.

        Raises:
            ExpressionFailed: it has none.
        """
        return self._answer(language=language, expression=expression, value=value)["value"]

    def check(self, language: str, expression: str) -> None:
        """Find out whether a text is an expression at all.

        Raises:
            ExpressionFailed: it is not.
        """
        self._answer(language=language, expression=expression)

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _answer(self, **request: Any) -> Any:
        content = orjson.dumps(request)
        if len(content) > LARGEST:
            raise ExpressionFailed("The vendor's value is too large for an expression.")
        with self._lock:
            line = self._ask(content + b"\n")
        answer = orjson.loads(line)
        if "error" in answer:
            raise ExpressionFailed(answer["error"])
        return answer

    def _ask(self, request: bytes) -> bytes:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(request)
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
            line = process.stdout.readline() if ready else b""
        except BrokenPipeError:
            line = b""
        if not line.endswith(b"\n"):
            self.close()
            raise TookTooMuch("The expression took too much time or memory.")
        return line

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            # Isolated and with an empty environment: nothing of the service is within its reach.
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-I", str(EVALUATOR)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                start_new_session=True,
            )
        return self._process


evaluator = Evaluator()
atexit.register(evaluator.close)
