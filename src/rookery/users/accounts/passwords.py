"""Password strength (zxcvbn) and hashing (Argon2id, RFC 9106), in threads, for a bounded number of people at once.

WORKERS bounds memory and CPU, QUEUE_MAX bounds how long anybody waits: whoever comes beyond is told to try again, so
that a flood of sign-ins slows sign-in down and nothing else.
"""

import os
import secrets
import threading
import unicodedata
from asyncio import wrap_future
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import argon2
import zxcvbn

from rookery.kit.problems import Unavailable
from rookery.kit.settings import Settings
from rookery.users.accounts.errors import malformed_password, weak_password

WORKERS: Final = max(2, min(4, os.cpu_count() or 2))
QUEUE_MAX: Final = 64  # at 50 to 100 ms of CPU each, on two cores the last one waits two or three seconds
SCORE_MIN: Final = 3  # zxcvbn: safely unguessable, more than 10^8 guesses against a slow hash
SCORED_CHARS: Final = 72  # zxcvbn's cost grows with the square of the length; more characters only add strength

T = TypeVar("T")


class Passwords:
    """Checks, hashes and verifies. Every method raises Unavailable when QUEUE_MAX people are waiting already."""

    def __init__(self, settings: Settings) -> None:
        self._hasher = argon2.PasswordHasher(
            time_cost=settings.argon2_time_cost,
            memory_cost=settings.argon2_memory_kib,
            parallelism=1,  # the threads of the pool are the parallelism
        )
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="passwords")
        self._places = threading.BoundedSemaphore(WORKERS + QUEUE_MAX)
        self._dummy: str | None = None

    async def check_and_hash(self, password: str, field: str, known: list[str]) -> str:
        """The hash of a new password; `known` is what an attacker would try first (name, address).

        Raises Invalid naming `field` when the password is easily guessed.
        """
        plain = _normalize(password)
        if "\0" in plain:
            raise malformed_password(field, "must not contain a null character")
        return await self._run(lambda: self._check_and_hash(plain, field, known))

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether the password is right. Without a hash (nobody of that name) it is wrong, after the same time."""
        plain = _normalize(password)
        return await self._run(lambda: self._verify(plain, password_hash))

    async def rehash(self, password: str, password_hash: str) -> str | None:
        """A new hash of a right password when the settings of today differ from those of its hash, else None."""
        if not self._hasher.check_needs_rehash(password_hash):
            return None
        plain = _normalize(password)
        return await self._run(lambda: self._hasher.hash(plain))

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._places.acquire(blocking=False):
            raise Unavailable("Too many people sign in at this moment; try again.", retry_after_s=2)
        future = self._pool.submit(work)
        future.add_done_callback(lambda _: self._places.release())
        return await wrap_future(future)

    def _check_and_hash(self, plain: str, field: str, known: list[str]) -> str:
        result = zxcvbn.zxcvbn(plain[:SCORED_CHARS], user_inputs=[*known, "rookery"])
        if result["score"] < SCORE_MIN:
            feedback = result["feedback"]
            hints = [feedback["warning"], *feedback["suggestions"]]
            raise weak_password(field, " ".join(["is too easy to guess.", *(hint for hint in hints if hint)]))
        return self._hasher.hash(plain)

    def _verify(self, plain: str, password_hash: str | None) -> bool:
        if self._dummy is None:
            self._dummy = self._hasher.hash(secrets.token_hex())
        if password_hash is None or not password_hash.startswith("$argon2"):  # also: accounts made without a password
            password_hash = self._dummy
        try:
            self._hasher.verify(password_hash, plain)
        except argon2.exceptions.VerifyMismatchError:
            return False
        return password_hash is not self._dummy


def _normalize(password: str) -> str:
    """The same password typed on another keyboard is the same password (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
