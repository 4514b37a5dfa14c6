"""The process that evaluates expressions: started by `app.fields.expressions`, fed a line at a time.

An expression is a program of a caller's. It runs here, where there are no secrets, no connections and no
other tenant's data; it may take a little processor time and memory, and when it takes more only this
process dies of it. Nothing of the service is imported.
"""

import resource
import signal
import sys
from contextlib import suppress
from functools import lru_cache
from typing import Any

import jmespath
import orjson
from jsonata import Jsonata

SECONDS = 0.5  # of processor time, for one value
MEMORY = 512 * 1024 * 1024  # bytes
LARGEST = 100_000  # bytes of a result
# A value changes only when the vendor's data do: what gives another result each time would change it always.
UNSTEADY = ("now", "millis", "random", "shuffle")


@lru_cache(maxsize=500)
def compiled(language: str, expression: str) -> Any:
    """An expression, ready to be evaluated."""
    if language == "jmespath":
        return jmespath.compile(expression)
    made = Jsonata(expression)
    for name in UNSTEADY:
        made.assign(name, None)
    return made


def answer(language: str, expression: str, **given: Any) -> bytes:
    """The result, or what is wrong, as JSON. Without a value the expression is only looked at."""
    try:
        found = compiled(language, expression)
        if "value" not in given:
            return b"{}"
        value = given["value"]
        result = found.search(value) if language == "jmespath" else found.evaluate(value, {})
        content = orjson.dumps({"value": result})
    except Exception as error:
        return orjson.dumps({"error": f"{error!s:.200}" or type(error).__name__})
    return content if len(content) <= LARGEST else orjson.dumps({"error": "The result is too large."})


def main() -> None:
    """Answer lines until there are no more."""
    with suppress(ValueError, OSError):  # some systems have no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.setrecursionlimit(2_000)
    for line in sys.stdin.buffer:
        request = orjson.loads(line)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)  # what it sends ends the process, also in mid-regex
        content = answer(**request)
        signal.setitimer(signal.ITIMER_PROF, 0)
        sys.stdout.buffer.write(content + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
