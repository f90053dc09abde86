"""What the edge itself refuses."""

from rookery.kit.problems import Problem


class TooLarge(Problem):
    status = 413
    code = "too_large"
    title = "The body is too large"


class AddressTooLong(Problem):
    status = 414
    code = "address_too_long"
    title = "The address is too long"


class HeadersTooLarge(Problem):
    status = 431
    code = "headers_too_large"
    title = "The headers are too large"


class MethodNotAllowed(Problem):
    status = 405
    code = "method_not_allowed"
    title = "Method not allowed"

    @property
    def headers(self) -> dict[str, str]:
        return {"Allow": "GET, HEAD"}
