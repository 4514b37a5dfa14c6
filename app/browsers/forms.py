"""Forms as browsers send them: those of our own pages, of a bounded size."""

from urllib.parse import parse_qsl, urlsplit

from fastapi import Request

from app.api.errors import ApiError

LARGEST_FORM = 100_000  # bytes
MOST_FIELDS = 50


async def form_of(request: Request) -> dict[str, str]:
    """The form, sent by a page of ours.

    Raises:
        ApiError: 403, another site's page sent it; 413, it is too large; 400, it cannot be read.
    """
    if not _is_ours(request):
        raise ApiError(403, {"detail": "This form was sent by another site."})
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > LARGEST_FORM:
            raise ApiError(413, {"detail": "The form is too large."})
    try:
        return dict(parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError as error:  # not UTF-8, or too many fields
        raise ApiError(400, {"detail": "The form cannot be read."}) from error


def _is_ours(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")  # of browsers that do not say the above, or over plain HTTP
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
