"""What sign-up, sign-in and sessions refuse."""

from rookery.kit.problems import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    Unauthenticated,
    invalid_field,
)


class UsernameTaken(Conflict):
    code = "username_taken"
    title = "This username is taken"

    def __init__(self) -> None:
        super().__init__(self.title, errors=[FieldError("username", "taken", "is taken")])


class EmailTaken(Conflict):
    code = "email_taken"
    title = "An account with this e-mail address exists"

    def __init__(self) -> None:
        super().__init__(self.title, errors=[FieldError("email", "taken", "belongs to an account")])


class InvalidCredentials(Unauthenticated):
    """The same for an unknown login and for a wrong password."""

    code = "invalid_credentials"
    title = "Login or password is wrong"


class RefreshTokenInvalid(Unauthenticated):
    """Not ours, or of a session that has ended."""

    code = "refresh_token_invalid"
    title = "Sign in again"


class RefreshTokenReused(Unauthenticated):
    """An old token came back: it, or its successor, is in wrong hands, so the session has been ended."""

    code = "refresh_token_reused"
    title = "This session was ended for safety; sign in again"


class CrossSiteRefused(Forbidden):
    """A request that would use the refresh cookie did not come from the web app itself."""

    code = "cross_site"
    title = "Only the web app itself may use its cookie"


class SessionNotFound(NotFound):
    """No such session, or somebody else's."""


class SignInSlowedDown(RateLimited):
    title = "Too many attempts to sign in"


def reserved_username() -> Invalid:
    return invalid_field("username", "reserved", "is reserved")


def malformed_username() -> Invalid:
    return invalid_field("username", "malformed", "must be 1 to 20 letters, digits or underscores")


def malformed_email(why: str) -> Invalid:
    return invalid_field("email", "malformed", why)


def weak_password(field: str, why: str) -> Invalid:
    return invalid_field(field, "too_weak", why)


def malformed_password(field: str, why: str) -> Invalid:
    return invalid_field(field, "malformed", why)


def wrong_password() -> Invalid:
    return invalid_field("current_password", "wrong", "is not your password")


def mail_token_invalid() -> Invalid:
    return invalid_field("token", "invalid", "is no link that still holds; ask for a new one")
