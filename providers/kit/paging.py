"""Ways in which vendors page their lists."""

import httpx


def next_link(response: httpx.Response) -> str | None:
    """The absolute URL of `rel="next"` in a `Link` header (RFC 8288), or None at the end.

    Only its absence means the end: short pages and empty headers occur in the middle too.
    """
    link = response.links.get("next")
    return link["url"] if link and link.get("url") else None
