"""Which usernames and e-mail addresses an account may have."""

import re
from functools import cache
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from rookery.users.accounts.errors import malformed_email, malformed_username, reserved_username

USERNAME = re.compile("[A-Za-z0-9_]{1,20}")
RESERVED_FILE = Path(__file__).with_name("reserved_usernames.txt")


@cache
def reserved_usernames() -> frozenset[str]:
    """Lower-case names that nobody may take: addresses of the web app, and names that would deceive."""
    lines = RESERVED_FILE.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def check_username(username: str) -> None:
    """Raises Invalid naming `username`."""
    if not USERNAME.fullmatch(username):
        raise malformed_username()
    if username.lower() in reserved_usernames():
        raise reserved_username()


def check_email(email: str) -> str:
    """The address in its one spelling (domain in lower-case ASCII); raises Invalid naming `email`.

    Syntax only: nothing is asked of DNS. Addresses that need SMTPUTF8 are refused, since many servers cannot take them.
    """
    try:
        checked = validate_email(email, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError as error:
        raise malformed_email(str(error)) from error
    if checked.ascii_email is None or len(checked.ascii_email) > 254:
        raise malformed_email("The address is too long.")
    return checked.ascii_email


def login_key(login: str) -> str:
    """A login as it is looked up: lower case, an e-mail address in its one spelling, `@name` as `name`."""
    login = login.strip()
    if "@" not in login[1:]:
        return login.removeprefix("@").lower()
    try:
        checked = validate_email(login, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return login.lower()
    return (checked.ascii_email or login).lower()
