"""The queue of mails (`users.mails`): written with the command that wants the mail, drained by the worker."""

from typing import Literal

from msgspec import Struct

from rookery.kit.database import Connection, load_queries

Purpose = Literal["verify_email", "reset_password"]

_queries = load_queries(__file__)


class QueuedMail(Struct, frozen=True):
    """A mail that was claimed for its `attempts`-th attempt."""

    id: int
    purpose: Purpose
    email: str
    attempts: int


class Recipient(Struct, frozen=True):
    username: str
    email: str


async def queue_mail(conn: Connection, mail_id: int, purpose: Purpose, email: str) -> None:
    """In the transaction of the command. Nothing is queued while the same mail is still waiting."""
    await _queries.queue_mail(conn, mail_id=mail_id, purpose=purpose, email=email)


async def claim_mails(conn: Connection, batch: int) -> list[QueuedMail]:
    """Mails to send now; each is put off by 1, 2, 4, ... minutes, so that it is tried again unless deleted."""
    return [QueuedMail(*row.values()) async for row in _queries.claim_mails(conn, batch=batch)]


async def insert_mail_token(
    conn: Connection, mail: QueuedMail, token_hash: bytes, *, lifetime_s: int, per_hour: int
) -> Recipient | None:
    """Make a token hold for the account of the mail's address; None when there is nobody to write to."""
    row = await _queries.insert_mail_token(
        conn,
        token_hash=token_hash,
        purpose=mail.purpose,
        email=mail.email,
        lifetime_s=float(lifetime_s),
        per_hour=per_hour,
    )
    return None if row is None else Recipient(*row.values())


async def delete_mail(conn: Connection, mail_id: int) -> None:
    await _queries.delete_mail(conn, mail_id=mail_id)


async def fail_mail(conn: Connection, mail_id: int, error: str, *, dead: bool) -> None:
    """Keep the reason of a failed attempt; a dead mail is not tried again."""
    await _queries.fail_mail(conn, mail_id=mail_id, error=error[:1000], dead=dead)
