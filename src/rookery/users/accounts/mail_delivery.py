"""Sends what waits in `users.mails`: the worker's side of every mail.

At least once: a mail is deleted after the server has accepted it, so that a crash in between sends it again. Its token
is made here, just before sending: the queue holds no secret, and every mail that arrives has a link that works.
"""

import asyncio
import hashlib
import secrets
from typing import Final

import structlog

from rookery.kit.mail import Mailer, MailRefused, MailUnavailable
from rookery.kit.resources import Resources
from rookery.users.accounts import mail_queue
from rookery.users.accounts.mail_queue import Purpose, QueuedMail
from rookery.users.accounts.mail_texts import write_mail

LIFETIMES_S: Final[dict[Purpose, int]] = {"verify_email": 7 * 24 * 3600, "reset_password": 3600}
PER_HOUR: Final = 4  # mails of one purpose to one account; who asks for more gets none, and nobody is told
BATCH: Final = 10  # sent at once
BATCHES_MAX: Final = 50  # of one run
ATTEMPTS_MAX: Final = 9  # 1, 2, 4, ... minutes apart: about four hours

log = structlog.get_logger(__name__)


def token_digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class MailDelivery:
    """`run` is a periodic job; several at once do not disturb each other."""

    def __init__(self, resources: Resources, mailer: Mailer) -> None:
        self._database = resources.database
        self._public_url = resources.settings.public_url
        self._mailer = mailer

    async def run(self) -> None:
        """Send what is due, BATCH at a time."""
        for _ in range(BATCHES_MAX):
            async with self._database.connection() as conn:
                mails = await mail_queue.claim_mails(conn, BATCH)
            await asyncio.gather(*(self._deliver(mail) for mail in mails))
            if len(mails) < BATCH:
                return

    async def _deliver(self, mail: QueuedMail) -> None:
        token = secrets.token_urlsafe(32)
        # The limit is for those who ask again and again, not for our own further attempts.
        per_hour = PER_HOUR if mail.attempts == 1 else 1000
        async with self._database.connection() as conn:
            recipient = await mail_queue.insert_mail_token(
                conn, mail, token_digest(token), lifetime_s=LIFETIMES_S[mail.purpose], per_hour=per_hour
            )
        if recipient is not None:
            try:
                await self._mailer.send(write_mail(mail.purpose, recipient, token, self._public_url))
            except MailRefused as error:
                await self._fail(mail, error, dead=True)
                return
            except MailUnavailable as error:
                await self._fail(mail, error, dead=mail.attempts >= ATTEMPTS_MAX)
                return
        async with self._database.connection() as conn:
            await mail_queue.delete_mail(conn, mail.id)

    async def _fail(self, mail: QueuedMail, error: Exception, *, dead: bool) -> None:
        report = log.error if dead else log.warning
        report("mail.given_up" if dead else "mail.failed", mail_id=mail.id, attempts=mail.attempts, error=str(error))
        async with self._database.connection() as conn:
            await mail_queue.fail_mail(conn, mail.id, str(error), dead=dead)
