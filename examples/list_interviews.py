"""Print every interview of a linked account, with plain HTTP.

Start `make demo`, then in another terminal:

    ATS_API_KEY=omn_key_... ATS_ACCOUNT_TOKEN=omn_acct_... .venv/bin/python examples/list_interviews.py
"""

import os
from collections.abc import Iterator
from typing import Any

import httpx


def records(client: httpx.Client, path: str, **params: Any) -> Iterator[dict[str, Any]]:
    """All records of a list, page after page."""
    cursor = None
    while True:
        page = client.get(path, params={**params, "cursor": cursor} if cursor else params)
        page.raise_for_status()
        yield from page.json()["results"]
        cursor = page.json()["next"]
        if cursor is None:
            return


def main() -> None:
    """List the interviews."""
    headers = {
        "Authorization": f"Bearer {os.environ['ATS_API_KEY']}",
        "X-Account-Token": os.environ["ATS_ACCOUNT_TOKEN"],
    }
    base_url = os.environ.get("ATS_URL", "http://127.0.0.1:8000") + "/api/ats/v1"
    with httpx.Client(base_url=base_url, headers=headers) as client:
        for interview in records(client, "/interviews", expand="application.candidate", page_size=10):
            candidate = (interview["application"] or {}).get("candidate") or {}
            print(interview["start_at"], interview["status"], candidate.get("last_name"), sep="\t")


if __name__ == "__main__":
    main()
