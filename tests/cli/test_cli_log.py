"""A served process as whoever runs it sees it: its log, and how it stops."""

import json
from pathlib import Path

import httpx
from running import started

from app.telemetry.requests import HEADER


def test_a_served_request_is_written_once(tmp_path: Path) -> None:
    with started(tmp_path, "serve", "--port", "0", "--no-worker") as served:
        url = served.until("listens on").split("listens on ")[1].split()[0]
        assert httpx.get(f"{url}/healthz?token=s3cret", headers={HEADER: "mine"}).status_code == 200
        line = json.loads(served.until('"app.access"'))
        assert served.end() == 0
    assert (line["route"], line["request_id"], line["status"]) == ("/healthz", "mine", 200)
    assert "s3cret" not in "\n".join(served.printed)
    assert sum("/healthz" in printed for printed in served.printed) == 1
