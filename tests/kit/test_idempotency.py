"""`recall` and `remember`, on real transactions."""

import asyncio
import secrets

import pytest
from msgspec import Struct

from rookery.gateway.wiring import Services
from rookery.kit.database import Database
from rookery.kit.idempotency import Answer, IdempotencyKeyReused, recall, remember, replay, request_digest

SECRET = "x" * 32
ANSWER = Answer(201, b'{"id":"1"}')


class Body(Struct):
    text: str


DIGEST = request_digest(SECRET, "create", Body("a"))


@pytest.fixture
def database(services: Services) -> Database:
    return services.resources.database


@pytest.fixture
def key() -> str:
    return secrets.token_hex()


async def create(database: Database, key: str, *, user_id: int = 5, digest: bytes = DIGEST) -> Answer | None:
    """A creating command: what it recalled, or None when it did the work and remembered."""
    async with database.transaction() as conn:
        if answer := await recall(conn, user_id, key, digest):
            return answer
        await remember(conn, user_id, key, ANSWER)
    return None


async def test_second_gets_the_answer_of_the_first(database: Database, key: str) -> None:
    assert await create(database, key) is None
    assert await create(database, key) == ANSWER
    assert await create(database, key) == ANSWER


async def test_other_request(database: Database, key: str) -> None:
    await create(database, key)
    for digest in (request_digest(SECRET, "create", Body("b")), request_digest(SECRET, "other", Body("a"))):
        with pytest.raises(IdempotencyKeyReused) as caught:
            await create(database, key, digest=digest)
        assert (caught.value.status, caught.value.code) == (409, "idempotency_key_reused")


async def test_keys_are_each_users_own(database: Database, key: str) -> None:
    assert await create(database, key, user_id=5) is None
    assert await create(database, key, user_id=6, digest=request_digest(SECRET, "create", Body("b"))) is None


async def test_rolled_back_leaves_the_key_free(database: Database, key: str) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as conn:
            assert await recall(conn, 5, key, DIGEST) is None
            raise ZeroDivisionError
    assert await create(database, key) is None


async def test_at_once(database: Database, key: str) -> None:
    results = await asyncio.gather(*(create(database, key) for _ in range(10)))
    assert results.count(None) == 1
    assert results.count(ANSWER) == 9


@pytest.mark.parametrize("commits", [True, False])
async def test_second_waits_for_the_first(database: Database, key: str, commits: bool) -> None:
    async with database.connection() as conn:
        transaction = conn.transaction()
        await transaction.start()
        assert await recall(conn, 5, key, DIGEST) is None
        second = asyncio.create_task(create(database, key))
        while not await conn.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))", conn.get_server_pid()
        ):
            await asyncio.sleep(0.01)
        await remember(conn, 5, key, ANSWER)
        await (transaction.commit() if commits else transaction.rollback())
    assert await second == (ANSWER if commits else None)


async def test_forgotten_after_a_day(database: Database, key: str) -> None:
    await create(database, key)
    async with database.connection() as conn:
        await conn.execute(
            "UPDATE kit.idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = $1", key
        )
    assert await create(database, key, digest=request_digest(SECRET, "create", Body("b"))) is None
    with pytest.raises(IdempotencyKeyReused):
        await create(database, key)


def test_digest_is_keyed() -> None:
    assert request_digest("y" * 32, "create", Body("a")) != DIGEST
    assert len(DIGEST) == 32


def test_replay() -> None:
    response = replay(ANSWER)
    assert (response.status_code, response.content, response.media_type) == (201, ANSWER.body, "application/json")
    assert response.headers["Idempotency-Replayed"] == "true"
