"""Sign-in by username or e-mail address: slowed down for guessers, and as long for unknown names as for known ones."""

from rookery.kit.resources import Resources
from rookery.users.accounts import repository
from rookery.users.accounts.device import Device
from rookery.users.accounts.errors import InvalidCredentials
from rookery.users.accounts.grants import Grants, Issued
from rookery.users.accounts.passwords import Passwords
from rookery.users.accounts.repository import Credentials
from rookery.users.accounts.rules import login_key
from rookery.users.accounts.schemas import SignIn
from rookery.users.accounts.throttle import SignInThrottle


class SignIns:
    def __init__(self, resources: Resources, passwords: Passwords, grants: Grants, throttle: SignInThrottle) -> None:
        self._database = resources.database
        self._passwords = passwords
        self._grants = grants
        self._throttle = throttle

    async def sign_in(self, data: SignIn, device: Device) -> Issued:
        """Raises InvalidCredentials, the same for an unknown login and a wrong password, and SignInSlowedDown."""
        login = login_key(data.login)
        await self._throttle.take(login, device.ip_address)
        found = None
        if "\0" not in login:
            async with self._database.connection() as conn:
                found = await repository.find_credentials(conn, login)
        issued = await self._open(found, data.password, device)
        await self._throttle.forgive(login, device.ip_address)
        return issued

    async def sign_in_as(self, user_id: int, password: str, device: Device) -> Issued:
        """For who just signed up and repeats the request. Raises InvalidCredentials."""
        async with self._database.connection() as conn:
            found = await repository.load_credentials(conn, user_id)
        return await self._open(found, password, device)

    async def check_password(self, credentials: Credentials, password: str, device: Device) -> bool:
        """Whether a signed-in user knows their password; guesses are slowed down as in a sign-in."""
        login = login_key(credentials.username)
        await self._throttle.take(login, device.ip_address)
        if not await self._passwords.verify(password, credentials.password_hash):
            return False
        await self._throttle.forgive(login, device.ip_address)
        return True

    async def welcome(self, username: str, email: str, device: Device) -> None:
        """Who has just shown by mail that the account is theirs is no stranger at this address."""
        for login in (username, email):
            await self._throttle.forgive(login_key(login), device.ip_address)

    async def _open(self, found: Credentials | None, password: str, device: Device) -> Issued:
        password_hash = found.password_hash if found else None
        if not await self._passwords.verify(password, password_hash) or found is None:
            raise InvalidCredentials()
        new_hash = await self._passwords.rehash(password, found.password_hash)
        async with self._grants.ending() as (conn, ended):
            opened = await self._grants.open_session(
                conn, found.user_id, device, password_hash=found.password_hash, new_password_hash=new_hash
            )
            if opened is None:
                raise InvalidCredentials()
            ended += opened.ended
            me = await self._grants.load_me(conn, found.user_id)
        return await self._grants.issue(me, opened.refresh)
