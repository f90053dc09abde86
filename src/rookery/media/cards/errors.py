"""Why a page could not be had. Nobody is told: a post without a card is whole."""


class FetchError(Exception):
    """Base: what went wrong, for the log."""


class Forbidden(FetchError):
    """Asked for what we do not ask for: a private address, another port, a scheme that is not http."""


class Refused(FetchError):
    """The host answered, and will not answer otherwise soon: no page, not found, no HTML, too many redirects."""


class Unreachable(FetchError):
    """It may work later: no answer in time, a broken connection, an error of the server."""
