"""Valkey is a cache: it is emptied, dies, hangs or stays away under load, and nothing is lost or stale but speed."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.faults.load import Load, loaded
from tests.faults.machine import Machine, kill, until
from tests.faults.truth import check_truth
from tests.people import Person, sign_up


async def test_valkey_is_flushed(machine: Machine) -> None:
    async with loaded(machine) as load:
        for _ in range(3):
            await command(machine, "FLUSHALL")
            await load.progress(10)
    await check_truth(machine, load)


async def test_valkey_is_killed_and_comes_back(machine: Machine) -> None:
    async with loaded(machine) as load:
        await kill(machine.valkey)
        await load.progress(10)
        await machine.valkey.start()
        await load.progress()
    await check_truth(machine, load)


async def test_what_is_changed_while_valkey_is_away_holds_at_once(machine: Machine) -> None:
    """Deletes, blocks and unfollows are seen by the next read: during the outage, and after it from whatever cache."""
    async with loaded(machine) as load:
        scene = await Scene.prepare(load)
        await machine.valkey.stop()
        await scene.change()
        await scene.check()
        await load.progress(10)
        await scene.check()
        await machine.valkey.start()
        await scene.check()
        await until_cached(machine, scene.reader)
        await scene.check()
    await scene.check()
    await check_truth(machine, load)


async def test_what_is_changed_while_valkey_hangs_holds_at_once(machine: Machine) -> None:
    """Connected and silent, as behind a broken network: the cache still holds what it held before."""
    async with loaded(machine) as load:
        scene = await Scene.prepare(load)
        await until_cached(machine, scene.reader)
        async with frozen(machine):
            await scene.change()
            await scene.check()
            await load.progress(10)
        await scene.check()
        await until_cached(machine, scene.reader)
        await scene.check()
    await scene.check()
    await check_truth(machine, load)


class Scene:
    """A reader of three others, of whom one deletes a post, one is blocked, one is unfollowed."""

    def __init__(self, load: Load, reader: Person, others: list[Person], posts: list[dict[str, Any]]) -> None:
        self.load = load
        self.reader = reader
        self._others = others
        self._posts = posts

    @classmethod
    async def prepare(cls, load: Load) -> "Scene":
        """The posts are in the reader's warm timeline."""
        reader, *others = [await sign_up(load.client, name) for name in ("eva", "fay", "gus", "hal")]
        for other in others:
            await reader.follow(other)
        await reader.home()
        posts = [await other.post(f"{other.username} begins") for other in others]

        async def arrived() -> bool:
            return len(await reader.home()) == len(posts)

        await until(arrived)
        return cls(load, reader, others, posts)

    async def change(self) -> None:
        """Each change is acknowledged on return."""
        fay, gus, hal = self._others
        insist = self.load.insist
        await insist(self.reader, "DELETE", f"/v1/users/me/following/{hal.id}")
        await insist(self.reader, "PUT", f"/v1/users/me/blocks/{gus.id}")
        response = await self.load.attempt(lambda: fay.request("DELETE", f"/v1/posts/{self._posts[0]['id']}"))
        while response is None:  # a 404 then: the answer to the first one was lost
            response = await self.load.attempt(lambda: fay.request("DELETE", f"/v1/posts/{self._posts[0]['id']}"))
        assert response.status_code in (204, 404)

    async def check(self) -> None:
        """The reader sees none of the three at home, and of the posts by id only that of the account left."""
        assert (await self.load.insist(self.reader, "GET", "/v1/timelines/home"))["data"] == []
        statuses = [await self._status(f"/v1/posts/{post['id']}") for post in self._posts]
        assert statuses == [404, 404, 200]
        assert await self._status(f"/v1/users/{self._others[1].id}/posts") == 403

    async def _status(self, path: str) -> int:
        while (response := await self.load.attempt(lambda: self.reader.request("GET", path))) is None:
            pass
        return response.status_code


async def until_cached(machine: Machine, reader: Person) -> None:
    """Read the home timeline until it comes from Valkey again: the server is connected then."""

    async def cached() -> bool:
        await reader.home()
        return await command(machine, "EXISTS", f"home:{{{reader.id}}}") == b":1\r\n"

    await until(cached)


@asynccontextmanager
async def frozen(machine: Machine) -> AsyncIterator[None]:
    pid = machine.valkey.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def command(machine: Machine, *words: str) -> bytes:
    """The first line of the answer to a command, on a connection of its own."""
    reader, writer = await asyncio.open_unix_connection(str(machine.valkey.socket))
    try:
        writer.write(" ".join(words).encode() + b"\r\n")
        return await reader.readline()
    finally:
        writer.close()
        await writer.wait_closed()
