"""Sending mail: by SMTP, or into a folder of .eml files on a machine without a mail server.

MailError
├── MailRefused       for good: the server will not take this mail, trying again is of no use
└── MailUnavailable   for now: the server is away, busy or wrongly set up
"""

import asyncio
import contextlib
import os
import secrets
import ssl
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib
from msgspec import Struct

from rookery.kit.settings import Settings, SettingsError

TIMEOUT_S: Final = 20.0  # for each step of the conversation
SEND_TIMEOUT_S: Final = 45.0  # for all of it
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class MailError(Exception):
    """Base of what can go wrong with a mail."""


class MailRefused(MailError):
    """The server refused the recipient or the content for good."""


class MailUnavailable(MailError):
    """The mail was not accepted now (or we cannot know that it was); try again later."""


class Mail(Struct, frozen=True):
    """A mail to one person, in plain text and in HTML with the same content."""

    to: str
    subject: str
    text: str
    html: str


class Mailer(Protocol):
    async def send(self, mail: Mail) -> None:
        """Returns when the mail was accepted; raises MailRefused or MailUnavailable."""
        ...


def make_mailer(settings: Settings) -> Mailer:
    """By SMTP when ROOKERY_SMTP_URL is set, else into ROOKERY_MAIL_DIR. Raises SettingsError."""
    if settings.smtp_url:
        return SmtpMailer(parse_smtp_url(settings.smtp_url), settings.mail_from)
    return FolderMailer(Path(settings.mail_dir), settings.mail_from)


def compose(mail: Mail, mail_from: str) -> EmailMessage:
    """The message as it travels (RFC 5322), marked as sent by a machine (RFC 3834)."""
    name, address = parseaddr(mail_from)
    message = EmailMessage()
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


class SmtpServer(Struct, frozen=True):
    """Where and how to deliver. `starttls`: True demands it, None takes it when offered, False never."""

    host: str
    port: int
    username: str | None
    password: str | None
    tls: bool  # from the first byte (smtps)
    starttls: bool | None
    ca_file: str | None  # trust this authority's certificates instead of the system's


def parse_smtp_url(url: str) -> SmtpServer:
    """`smtp[s]://[user:password@]host[:port][?starttls=always|offered|never][&ca=file]`; raises SettingsError.

    A password is not sent in clear to another machine: STARTTLS is demanded then, unless the URL says `starttls=never`.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise SettingsError("ROOKERY_SMTP_URL: must look like smtp[s]://user:password@host:port")
    options = parse_qs(parts.query)
    careful = parts.username is not None and parts.hostname not in LOOPBACK
    choice = options.get("starttls", ["always" if careful else "offered"])[0]
    choices: dict[str, bool | None] = {"always": True, "offered": None, "never": False}
    if choice not in choices:
        raise SettingsError("ROOKERY_SMTP_URL: starttls must be always, offered or never")
    tls = parts.scheme == "smtps"
    try:
        port = parts.port or (465 if tls else 587 if parts.username else 25)
    except ValueError as error:
        raise SettingsError(f"ROOKERY_SMTP_URL: {error}") from error
    return SmtpServer(
        host=parts.hostname,
        port=port,
        username=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        tls=tls,
        starttls=False if tls else choices[choice],
        ca_file=options.get("ca", [None])[0],
    )


class SmtpMailer:
    """One connection for each mail: accounts' mails are few, and a server that went away costs nothing then."""

    def __init__(self, server: SmtpServer, mail_from: str) -> None:
        self._server = server
        self._from = mail_from

    async def send(self, mail: Mail) -> None:
        message = compose(mail, self._from)
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await self._send(message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients[0].code, str(error.recipients[0].message)) from error
        except aiosmtplib.SMTPDataError as error:
            raise _refusal(error.code, error.message) from error
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError, TimeoutError) as error:
            raise MailUnavailable(f"{type(error).__name__}: {error}") from error

    async def _send(self, message: EmailMessage) -> None:
        server = self._server
        await aiosmtplib.send(
            message,
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.tls,
            start_tls=server.starttls,
            tls_context=ssl.create_default_context(cafile=server.ca_file)
            if server.starttls is not False or server.tls
            else None,
            timeout=TIMEOUT_S,
        )


def _refusal(code: int, text: str) -> MailError:
    """5xx is for good, 4xx for now (RFC 5321, 4.2.1)."""
    return MailRefused(f"{code} {text}") if 500 <= code < 600 else MailUnavailable(f"{code} {text}")


class FolderMailer:
    """Each mail a file, readable by its owner only, named so that order by name is order by time."""

    def __init__(self, folder: Path, mail_from: str) -> None:
        self._folder = folder
        self._from = mail_from

    async def send(self, mail: Mail) -> None:
        content = compose(mail, self._from).as_bytes()
        try:
            await asyncio.to_thread(self._write, content)
        except OSError as error:
            raise MailUnavailable(f"{self._folder}: {error.strerror}") from error

    def _write(self, content: bytes) -> None:
        """Whole or not at all: readers see the file under its name only when it is complete."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}"
        partial = self._folder / f".{name}"
        try:
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
            partial.rename(self._folder / f"{name}.eml")
        except BaseException:
            with contextlib.suppress(OSError):
                partial.unlink()
            raise
