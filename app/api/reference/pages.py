"""`/openapi.json` and `/docs`: the specification for programs and for people.

Nothing the page shows comes from another host.
"""

from importlib.resources import files
from string import Template

import fastapi_offline
import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from app.api.reference.document import document

router = APIRouter(include_in_schema=False)
ASSETS = StaticFiles(directory=str(files(fastapi_offline) / "static"))  # Swagger UI
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PAGE = Template("""\
<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>omniats API</title>
  <link rel="stylesheet" href="$root/docs/assets/swagger-ui.css">
  <link rel="icon" href="data:,">
</head>
<body>
  <div id="reference" data-specification="$root/openapi.json"></div>
  <noscript>This page needs JavaScript; <a href="$root/openapi.json">openapi.json</a> does not.</noscript>
  <script src="$root/docs/assets/swagger-ui-bundle.js"></script>
  <script src="$root/docs/start.js"></script>
</body>
</html>
""")
START = """\
SwaggerUIBundle({
  url: document.getElementById("reference").dataset.specification,
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  filter: true,
  persistAuthorization: false,
  validatorUrl: null,
});
"""


@router.get("/openapi.json")
def specification(request: Request) -> Response:
    """The specification."""
    state = request.app.state
    if not hasattr(state, "specification"):
        state.specification = orjson.dumps(document(request.app))
    return Response(state.specification, media_type="application/json", headers=HEADERS)


@router.get("/docs")
def page(request: Request) -> Response:
    """The specification to read and try."""
    html = PAGE.substitute(root=request.scope.get("root_path", ""))
    return HTMLResponse(html, headers={"Content-Security-Policy": POLICY, **HEADERS})


@router.get("/docs/start.js")
def start() -> Response:
    """The page's script: apart from it, since the page allows none inside."""
    return Response(START, media_type="text/javascript", headers=HEADERS)
