"""How often Harvest lets itself be asked: the numbers are examples of the documentation, its answers tell."""

import httpx

from providers.kit import Limit


def _but_tokens(request: httpx.Request) -> int:
    """Requests for tokens have a window of their own, of which nothing is told."""
    return 0 if request.url.host == "auth.greenhouse.io" else 1


def _window(requests: int, seconds: float) -> Limit:
    return Limit(
        name="harvest",
        requests=requests,
        seconds=seconds,
        cost=_but_tokens,
        granted="X-RateLimit-Limit",
        remaining="X-RateLimit-Remaining",
        reset="X-RateLimit-Reset",  # in v1 told with refusals only
    )


V1 = (_window(50, 10),)
V3 = (_window(75, 30),)
