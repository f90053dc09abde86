"""Sign-up: one transaction makes the account, its first session, the mail that verifies the address, and the event."""

import msgspec
from msgspec import Struct

from rookery.contracts.codec import encode, topic_of
from rookery.contracts.events import UserCreated
from rookery.kit import idempotency
from rookery.kit.bus import Message, append
from rookery.kit.database import Connection
from rookery.kit.resources import Resources
from rookery.users.accounts import repository
from rookery.users.accounts.device import Device
from rookery.users.accounts.grants import Grants, Issued, Opened
from rookery.users.accounts.mail_queue import queue_mail
from rookery.users.accounts.passwords import Passwords
from rookery.users.accounts.rules import check_email, check_username
from rookery.users.accounts.schemas import SignUp
from rookery.users.accounts.sign_in import SignIns
from rookery.users.schemas import Me

SIGNED_OUT_ID = 0
OPERATION = "signUp"


class Remembered(Struct, frozen=True):
    """What is kept for an Idempotency-Key: whom the request made. Tokens are never kept."""

    user_id: int


class SignUps:
    """A repeated sign-up (same Idempotency-Key, same body) is a sign-in to the account that the first one made."""

    def __init__(self, resources: Resources, passwords: Passwords, grants: Grants, sign_ins: SignIns) -> None:
        self._resources = resources
        self._passwords = passwords
        self._grants = grants
        self._sign_ins = sign_ins

    async def sign_up(self, data: SignUp, device: Device, key: str | None) -> tuple[Issued, bool]:
        """The grant, and whether it answers a repetition.

        Raises Invalid naming the field, UsernameTaken, EmailTaken, and IdempotencyKeyReused.
        """
        check_username(data.username)
        email = check_email(data.email)
        known = [data.username, email, email.partition("@")[0]]
        password_hash = await self._passwords.check_and_hash(data.password, "password", known)
        digest = idempotency.request_digest(self._resources.settings.secret_key, OPERATION, data)
        async with self._resources.database.transaction() as conn:
            if key is not None and (answer := await idempotency.recall(conn, SIGNED_OUT_ID, key, digest)):
                first = msgspec.json.decode(answer.body, type=Remembered)
            else:
                first = None
                me, opened = await self._create(conn, data.username, email, password_hash, device)
                if key is not None:
                    kept = idempotency.Answer(201, msgspec.json.encode(Remembered(int(me.id))))
                    await idempotency.remember(conn, SIGNED_OUT_ID, key, kept)
        if first is not None:
            return await self._sign_ins.sign_in_as(first.user_id, data.password, device), True
        self._resources.waker.wake()
        return await self._grants.issue(me, opened.refresh), False

    async def _create(
        self, conn: Connection, username: str, email: str, password_hash: str, device: Device
    ) -> tuple[Me, Opened]:
        ids = self._resources.ids
        user_id = ids.next()
        await repository.insert_account(conn, user_id, username, email, password_hash)
        opened = await self._grants.open_session(conn, user_id, device, password_hash=password_hash)
        assert opened is not None, "the account was made in this transaction"  # noqa: S101
        await queue_mail(conn, ids.next(), "verify_email", email)
        event = UserCreated(event_id=ids.next(), user_id=user_id, username=username)
        await append(conn, [Message(topic_of(event), event.key, encode(event))])
        return await self._grants.load_me(conn, user_id), opened
