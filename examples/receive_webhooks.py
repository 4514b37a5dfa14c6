"""Receives webhooks and prints what happened.

ATS_SIGNATURE_KEY=whsec_... python examples/receive_webhooks.py 8100
"""

import base64
import hashlib
import hmac
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = os.environ["ATS_SIGNATURE_KEY"]


def is_genuine(body: bytes, signature: str) -> bool:
    """Whether the bytes of a body, as they came, were signed with our key."""
    digest = hmac.new(KEY.encode(), body, hashlib.sha256).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(digest), signature.encode())


class Receiver(BaseHTTPRequestHandler):
    """Answers deliveries. Do the work elsewhere: an answer that takes over 10 seconds counts as none."""

    protocol_version = "HTTP/1.1"  # keeps the connection for the next delivery

    def do_POST(self) -> None:
        """Take one delivery."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        genuine = is_genuine(body, self.headers.get("X-Merge-Webhook-Signature", ""))
        self.send_response(200 if genuine else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()
        if genuine and "hook" in (event := json.loads(body)):  # a test message has no hook
            print(self.headers["webhook-id"], event["hook"]["event"], event["data"].get("id"), flush=True)


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
