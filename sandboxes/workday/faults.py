"""The SOAP faults requests are refused with; each is HTTP 500."""

from xml.etree.ElementTree import Element

from sandboxes.workday.elements import make

CLIENT, SERVER = "SOAP-ENV:Client", "SOAP-ENV:Server"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


class Refused(Exception):
    """A request is answered with a fault."""

    def __init__(self, code: str, reason: str, detail: Element | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.detail = detail


class Unauthenticated(Refused):
    """Wrong user, password or tenant."""

    def __init__(self) -> None:
        super().__init__(f"{CLIENT}.authenticationError", "invalid username or password")


class Malformed(Refused):
    """The request is no envelope, or does not follow the schema."""

    def __init__(self, reason: str) -> None:
        super().__init__(CLIENT, reason)


class Invalid(Refused):
    """A value or a rule of the business stands against it."""

    def __init__(self, message: str, xpath: str = "") -> None:
        error = make(
            "Validation_Error",
            make("Message", message),
            make("Detail_Message", message),
            make("Xpath", xpath) if xpath else None,
        )
        super().__init__(
            f"{CLIENT}.validationError",
            f"Validation error occurred. {message}",
            make("Validation_Fault", error),
        )


class NotPermitted(Refused):
    """The integration system user may not do this."""

    def __init__(self) -> None:
        reason = "Processing error occurred. The task submitted is not authorized."
        detail = make("Processing_Fault", make("Detail_Message", "The task submitted is not authorized."))
        super().__init__(f"{SERVER}.processingError", reason, detail)
