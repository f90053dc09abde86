"""What clients send to and get from sign-up, sign-in, sessions, passwords and e-mail verification."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from rookery.contracts.users import Id
from rookery.kit.patterns import USERNAME
from rookery.users.schemas import Me

PASSWORD_MIN_CHARS = 8
PASSWORD_MAX_CHARS = 128

Username = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=20,
        pattern=USERNAME,
        description="Letters, digits and underscores; unique without regard to case.",
    ),
]
# How Litestar takes the format of a text into the OpenAPI description.
EMAIL_FORMAT = {"extra": {"format": "email"}}
PASSWORD_FORMAT = {"extra": {"format": "password"}}
Email = Annotated[
    str,
    Meta(min_length=3, max_length=254, description="An e-mail address.", extra_json_schema=EMAIL_FORMAT),
]
Password = Annotated[str, Meta(min_length=1, max_length=PASSWORD_MAX_CHARS, extra_json_schema=PASSWORD_FORMAT)]
NewPassword = Annotated[
    str,
    Meta(
        min_length=PASSWORD_MIN_CHARS,
        max_length=PASSWORD_MAX_CHARS,
        description="Hard to guess: at least 3 of 4 by zxcvbn's measure.",
        extra_json_schema=PASSWORD_FORMAT,
    ),
]
MailToken = Annotated[str, Meta(min_length=1, max_length=128, description="The token of a mailed link.")]


class SignUp(Struct, frozen=True, forbid_unknown_fields=True):
    username: Username
    email: Email
    password: NewPassword


class SignIn(Struct, frozen=True, forbid_unknown_fields=True):
    """`login` is a username or an e-mail address."""

    login: Annotated[str, Meta(min_length=1, max_length=254)]
    password: Password


class Refresh(Struct, frozen=True, forbid_unknown_fields=True):
    """Without a token in the body, the web app's cookie is used."""

    refresh_token: Annotated[str, Meta(min_length=1, max_length=256)] | None = None


class AuthGrant(Struct, frozen=True):
    """Who signed in, and their tokens. `refresh_token` is null when it travels in the web app's cookie."""

    user: Me
    access_token: str
    refresh_token: str | None
    expires_in: Annotated[int, Meta(description="Seconds until the access token expires.")]
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - no secret


class Session(Struct, frozen=True):
    """A signed-in device. `current` is the one that asks."""

    id: Id
    created_at: str
    last_used_at: str
    expires_at: str
    user_agent: str
    ip_address: str
    current: bool


class PasswordChange(Struct, frozen=True, forbid_unknown_fields=True):
    current_password: Password
    new_password: NewPassword


class PasswordResetCreate(Struct, frozen=True, forbid_unknown_fields=True):
    email: Email


class PasswordResetConfirm(Struct, frozen=True, forbid_unknown_fields=True):
    token: MailToken
    password: NewPassword


class EmailVerificationConfirm(Struct, frozen=True, forbid_unknown_fields=True):
    token: MailToken


class JsonWebKey(Struct, frozen=True):
    """An Ed25519 public key (RFC 8037)."""

    kid: str
    x: str
    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    alg: Literal["EdDSA"] = "EdDSA"
    use: Literal["sig"] = "sig"


class JsonWebKeySet(Struct, frozen=True):
    """The keys that access tokens are verified with (RFC 7517)."""

    keys: list[JsonWebKey]
