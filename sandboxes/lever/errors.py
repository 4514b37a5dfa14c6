"""Refusals, worded as `{"code", "message"}` (https://hire.lever.co/developer/documentation#errors)."""


class Refused(Exception):
    """The call is not answered with what was asked for.

    The codes of 401, 403 and 429 are not documented; clients decide by the status.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message}


def bad_request(message: str) -> Refused:
    """A parameter or the body is missing or malformed: 400."""
    return Refused(400, "BadRequestError", message)


def missing(name: str) -> Refused:
    """A required parameter is not there: 400."""
    return bad_request(f"Missing required parameter: {name}")


def invalid(name: str) -> Refused:
    """A parameter has a value, or a name, that is none: 400."""
    return bad_request(f"Invalid parameter: {name}")


def not_found(what: str, key: object) -> Refused:
    """There is no such record: 404."""
    return Refused(404, "ResourceNotFound", f"{what} {key} was not found")


def unauthorized() -> Refused:
    """No valid key or token: 401."""
    return Refused(401, "UnauthorizedError", "The API key or access token is not valid")


def forbidden(permission: str) -> Refused:
    """The key lacks what the endpoint, or the record, needs: 403."""
    return Refused(403, "ForbiddenError", f"Insufficient permissions: {permission}")


def too_many_requests() -> Refused:
    """The limit is met: 429."""
    return Refused(429, "TooManyRequestsError", "Rate limit exceeded")
