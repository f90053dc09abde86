"""Changing a password: by who knows the old one, or by who reads the account's mail. Either ends other sessions."""

from rookery.kit.identity import Claims
from rookery.kit.problems import Unauthenticated, Unavailable
from rookery.kit.resources import Resources
from rookery.users.accounts import repository
from rookery.users.accounts.device import Device
from rookery.users.accounts.errors import mail_token_invalid, wrong_password
from rookery.users.accounts.grants import Grants
from rookery.users.accounts.mail_delivery import token_digest
from rookery.users.accounts.mail_queue import queue_mail
from rookery.users.accounts.passwords import Passwords
from rookery.users.accounts.rules import check_email
from rookery.users.accounts.schemas import PasswordChange, PasswordResetConfirm
from rookery.users.accounts.sign_in import SignIns


class PasswordChanges:
    def __init__(self, resources: Resources, passwords: Passwords, grants: Grants, sign_ins: SignIns) -> None:
        self._resources = resources
        self._database = resources.database
        self._passwords = passwords
        self._grants = grants
        self._sign_ins = sign_ins

    async def change(self, claims: Claims, data: PasswordChange, device: Device) -> None:
        """Raises Invalid naming `current_password` or `new_password`. The other sessions of the user end."""
        async with self._database.connection() as conn:
            credentials = await repository.load_credentials(conn, claims.user_id)
        if credentials is None:
            raise Unauthenticated("This account no longer exists.")
        if not await self._sign_ins.check_password(credentials, data.current_password, device):
            raise wrong_password()
        known = [credentials.username, credentials.email]
        new_hash = await self._passwords.check_and_hash(data.new_password, "new_password", known)
        async with self._grants.ending() as (conn, ended):
            if not await repository.set_password(conn, claims.user_id, credentials.password_hash, new_hash):
                raise Unavailable("The password was changed a moment ago; try again.")
            await repository.use_mail_tokens(conn, claims.user_id, "reset_password")
            ended += await repository.delete_sessions(conn, claims.user_id, except_id=claims.session_id)

    async def request_reset(self, email: str) -> None:
        """Queue a mail to this address. Whether it belongs to anybody is found out by the worker, not here."""
        address = check_email(email)
        async with self._database.transaction() as conn:
            await queue_mail(conn, self._resources.ids.next(), "reset_password", address)

    async def reset(self, data: PasswordResetConfirm, device: Device) -> None:
        """Set a new password by a mailed token; all sessions end. Raises Invalid naming `token` or `password`.

        A password that is refused leaves the token as it is. Who has the token reads the mail: the address is verified.
        """
        digest = token_digest(data.token)
        async with self._database.connection() as conn:
            found = await repository.find_mail_token(conn, digest, "reset_password")
        if found is None:
            raise mail_token_invalid()
        known = [found.username, found.email]
        new_hash = await self._passwords.check_and_hash(data.password, "password", known)
        async with self._grants.ending() as (conn, ended):
            changed = await repository.set_password(conn, found.user_id, found.password_hash, new_hash)
            if not await repository.use_mail_tokens(conn, found.user_id, "reset_password", digest):
                raise mail_token_invalid()
            if not changed:
                raise Unavailable("The password was changed a moment ago; try again.")
            await repository.verify_email(conn, found.user_id, found.email)
            ended += await repository.delete_sessions(conn, found.user_id)
        await self._sign_ins.welcome(found.username, found.email, device)
