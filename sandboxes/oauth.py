"""The authorize page of a vendor: whoever opens it is taken to agree, or to decline."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from sandboxes.tokens import Client, Tokens


def agreement(tokens: Tokens, client: Client, query: Mapping[str, str]) -> Response:
    """Send the person back to the client, with a code or the word that they declined."""
    declined = {"error": "access_denied"}
    agreed = declined if tokens.declines else {"code": tokens.mint_code(client, query.get("scope", ""))}
    answer = {**agreed, "state": query.get("state", "")}
    return RedirectResponse(f"{query['redirect_uri']}?{urlencode(answer)}", 302)
