"""Deliveries of webhooks to whoever is to receive them."""

from collections.abc import Mapping

import httpx


async def send_webhook(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    transport: httpx.AsyncBaseTransport | None = None,
) -> int:
    """Deliver one webhook; the status it was answered with."""
    async with httpx.AsyncClient(timeout=30, transport=transport) as client:
        answer = await client.post(url, content=body, headers=headers)
    return answer.status_code
