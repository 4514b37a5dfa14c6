"""Pages, scripts and styles as they are sent to browsers."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fastapi import Response
from fastapi.responses import HTMLResponse

BASE = Path(__file__).parent / "static" / "base.css"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # nothing for others; with less, forms would not say their origin
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def html(content: str, status: int = 200, policy: Mapping[str, str] | None = None) -> Response:
    """A page that runs no script but ours, and shows nothing from elsewhere.

    Args:
        content: the page.
        status: the HTTP status.
        policy: what its Content-Security-Policy says otherwise than `POLICY`.
    """
    said = "; ".join(f"{name} {value}" for name, value in (POLICY | dict(policy or {})).items())
    return HTMLResponse(content, status, {"Content-Security-Policy": said, **HEADERS})


def static(file: Path, *, anywhere: bool = False) -> Response:
    """A script or style.

    Args:
        file: where it is.
        anywhere: whether pages of other sites may load it.
    """
    headers = {
        "Cache-Control": "public, max-age=300",
        "Cross-Origin-Resource-Policy": "cross-origin" if anywhere else "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(_content(file), media_type=TYPES[file.suffix], headers=headers)


@cache
def _content(file: Path) -> bytes:
    return file.read_bytes()
