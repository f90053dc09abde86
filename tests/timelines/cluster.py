"""Two web processes and a worker, each with caches of its own, on a database and a Valkey that nobody else uses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec

from rookery.embedded.valkey import Valkey
from rookery.gateway.app import wrap
from rookery.gateway.wiring import Services
from rookery.gateway.worker import Worker
from rookery.kit.settings import Settings
from tests.own_servers import own_valkey
from tests.settling import settled

READY_S = 10.0


class Process:
    """What a server process holds, reached as a server would: over ASGI, with the edge around it."""

    def __init__(self, settings: Settings) -> None:
        self.services = Services(settings)
        self.app = wrap(self.services, lifespan=False)
        transport = httpx.ASGITransport(app=self.app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://rookery.test")

    async def request(self, token: str, method: str, path: str, **options: Any) -> httpx.Response:
        return await self.client.request(method, path, headers={"Authorization": f"Bearer {token}"}, **options)

    async def read(self, token: str, path: str, query: str) -> bytes:
        """The body of a GET that must be a success; the query goes in as it is, no client touches it."""
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "scheme": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(b"host", b"rookery.test"), (b"authorization", b"Bearer " + token.encode())],
            "client": ("127.0.0.1", 1),
            "server": ("rookery.test", 80),
            "state": {},
        }
        answer: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            answer.append(message)

        await self.app(scope, receive, send)
        body = b"".join(part.get("body", b"") for part in answer[1:])
        assert answer[0]["status"] == 200, f"{path}?{query}: {body!r}"
        return body

    async def ready(self) -> bool:
        """Whether it has its database and its Valkey, and has told other processes what it owed them."""
        return bool((await self.client.get("/readyz")).json()["status"] == "ready")

    async def close(self) -> None:
        await self.client.aclose()
        await self.services.close()


class Cluster:
    """`away`: Valkey is stopped. The consumers run between `resume` and `pause`.

    The web processes have small pools, since the server is shared; the worker needs more than two for each of its jobs.
    """

    def __init__(self, settings: Settings, valkey: Valkey) -> None:
        self._web_settings = msgspec.structs.replace(settings, database_pool_size=8)
        self._valkey = valkey
        self.web = [Process(self._web_settings), Process(self._web_settings)]
        self._back = Process(settings)
        self._worker: Worker | None = None
        self.away = False

    async def open(self) -> None:
        for process in (*self.web, self._back):
            await process.services.open()
        await self._all_ready()
        await self.resume()

    async def close(self) -> None:
        await self.pause()
        for process in (*self.web, self._back):
            await process.close()

    async def restart(self, number: int) -> None:
        """A web process ends and another takes its place. Not while Valkey is away: starting waits for it."""
        if self.away:
            return
        await self.web[number].close()
        self.web[number] = Process(self._web_settings)
        await self.web[number].services.open()
        await self._all_ready()

    async def pause(self) -> None:
        if self._worker is not None:
            worker, self._worker = self._worker, None
            await worker.stop()

    async def resume(self) -> Worker:
        if self._worker is None:
            self._worker = Worker(self._back.services, paced=False)
            await self._worker.start()
        return self._worker

    async def settle(self) -> None:
        """Until the consumers have done all there is to do."""
        await self.bring_back()
        await settled(await self.resume())

    async def flush(self) -> None:
        await self._tell("FLUSHALL", "SCRIPT FLUSH")

    async def cut(self) -> None:
        """Every connection to Valkey breaks, and with it goes what processes keep in memory."""
        await self._tell("CLIENT KILL TYPE normal SKIPME yes", "CLIENT KILL TYPE pubsub SKIPME yes")
        await self._all_ready()

    async def take_away(self) -> None:
        if not self.away:
            self.away = True
            await self._valkey.stop()

    async def bring_back(self) -> None:
        if self.away:
            await self._valkey.start()
            await self._all_ready()
            self.away = False

    async def _all_ready(self) -> None:
        async with asyncio.timeout(READY_S):
            for process in (*self.web, self._back):
                while not await process.ready():
                    await asyncio.sleep(0.01)

    async def _tell(self, *commands: str) -> None:
        if self.away:
            return
        reader, writer = await asyncio.open_unix_connection(str(self._valkey.socket))
        for command in commands:
            writer.write(command.encode() + b"\r\n")
            assert not (await reader.readline()).startswith(b"-")
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def running_cluster(settings: Settings) -> AsyncIterator[Cluster]:
    """`settings` name the database; Valkey comes with it."""
    async with own_valkey() as valkey:
        cluster = Cluster(msgspec.structs.replace(settings, cache_url=valkey.url), valkey)
        await cluster.open()
        try:
            yield cluster
        finally:
            await cluster.bring_back()
            await cluster.close()
