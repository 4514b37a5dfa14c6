"""Prints what has changed since it was last run: keep the copy of your own the same way.

ATS_API_KEY=omn_key_... ATS_ACCOUNT_TOKEN=omn_acct_... python examples/follow_changes.py
"""

import os
from pathlib import Path

import httpx

BASE = os.environ.get("ATS_URL", "http://127.0.0.1:8000")
CURSOR = Path(os.environ.get("ATS_CURSOR_FILE", "changes.cursor"))
HEADERS = {
    "Authorization": f"Bearer {os.environ['ATS_API_KEY']}",
    "X-Account-Token": os.environ["ATS_ACCOUNT_TOKEN"],
}

with httpx.Client(base_url=f"{BASE}/api/ats/v1", headers=HEADERS) as http:
    more = True
    while more:
        cursor = {"cursor": CURSOR.read_text()} if CURSOR.exists() else {}
        page = http.get("/changes", params={"page_size": 100, **cursor}).raise_for_status().json()
        for change in page["results"]:
            # removed: delete your copy of `id`, if you have one; else store `data` under `id`, new or not
            print(change["action"], change["model"], change["id"])
        CURSOR.write_text(page["next"])  # after the page has been stored, never before
        more = page["has_more"]
