"""What the public API says about an account to its owner; as others see it, it stands in `rookery.contracts.users`."""

from rookery.contracts.users import Relationship, User

__all__ = ["Me", "Relationship", "User"]


class Me(User, frozen=True, kw_only=True):
    """An account as its owner sees it. `alt_reminder`: remind me before I post media without an alt text."""

    email: str
    email_verified: bool
    alt_reminder: bool
