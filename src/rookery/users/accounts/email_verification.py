"""E-mail addresses: a mailed link shows that the owner of the account reads the mail."""

from rookery.kit.resources import Resources
from rookery.users.accounts import repository
from rookery.users.accounts.errors import mail_token_invalid
from rookery.users.accounts.mail_delivery import token_digest
from rookery.users.accounts.mail_queue import queue_mail


class EmailVerification:
    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._database = resources.database

    async def request(self, user_id: int) -> None:
        """Queue the mail again; one that waits already, or an address that is verified, brings no other."""
        async with self._database.transaction() as conn:
            credentials = await repository.load_credentials(conn, user_id)
            if credentials is not None:
                await queue_mail(conn, self._resources.ids.next(), "verify_email", credentials.email)

    async def confirm(self, token: str) -> None:
        """Raises Invalid naming `token`. Works once, signed in or not."""
        digest = token_digest(token)
        async with self._database.transaction() as conn:
            found = await repository.find_mail_token(conn, digest, "verify_email")
            if found is None:
                raise mail_token_invalid()
            await repository.verify_email(conn, found.user_id, found.email)
            if not await repository.use_mail_tokens(conn, found.user_id, "verify_email", digest):
                raise mail_token_invalid()
