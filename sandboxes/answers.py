"""The JSON answer every sandbox sends."""

from typing import Any

import orjson
from starlette.responses import Response


class JSONAnswer(Response):
    """A JSON response rendered by orjson."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Serialise the content."""
        return orjson.dumps(content)
