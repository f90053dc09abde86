"""A client of `/v1/stream` over a real socket, and a real server process to connect to."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any

import httpx
import websockets
from websockets.asyncio.client import ClientConnection

from rookery.kit.settings import PREFIX, Settings

PATIENCE_S = 20.0
START_S = 60.0

Frame = dict[str, Any]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def running_server(settings: Settings, **changed: str) -> AsyncIterator[str]:
    """`rookery serve` as a process of its own; yields the address of its stream."""
    async with serving(settings, **changed) as (url, _):
        yield url


@asynccontextmanager
async def serving(settings: Settings, **changed: str) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """The same, with the process."""
    port = free_port()
    values = {"database_url": settings.database_url, "cache_url": settings.cache_url, "port": str(port)}
    values |= {"secret_key": settings.secret_key, "rate_limits": "false", "log_level": "warning"} | changed
    environment = {**os.environ, **{PREFIX + name.upper(): value for name, value in values.items()}}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "rookery", "serve", env=environment)
    try:
        await answering(f"http://127.0.0.1:{port}/healthz")
        yield f"ws://127.0.0.1:{port}/v1/stream", process
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), START_S)


async def answering(url: str) -> None:
    async with asyncio.timeout(START_S), httpx.AsyncClient() as client:
        while True:
            try:
                if (await client.get(url)).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)


class StreamClient:
    """One connection. Frames are taken in order; heartbeats are answered and not shown."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.last_event_id: str | None = None
        self.position: str | None = None

    @classmethod
    async def connect(cls, url: str, token: str | None = None, **options: Any) -> "StreamClient":
        """With a token, signed in on return."""
        client = cls(await websockets.connect(url, compression=None, **options))
        if token is not None:
            try:
                await client.send(type="auth", token=token)
                assert await client.next() == {"type": "ready", "heartbeat_s": 25}
            except BaseException:
                client.drop()
                raise
        return client

    async def __aenter__(self) -> "StreamClient":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.socket.close()

    async def send(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame))

    async def subscribe(self, *channels: str, after: str | None = None) -> None:
        await self.send(type="subscribe", channels=list(channels), last_event_id=after)
        frame = await self.next()
        assert frame["type"] == "subscribed", frame
        assert frame["channels"] == list(channels)
        self.position = frame["event_id"]

    async def next(self, patience_s: float = PATIENCE_S) -> Frame:
        """The next frame; raises ConnectionClosed or TimeoutError."""
        while True:
            frame: Frame = json.loads(await asyncio.wait_for(self.socket.recv(), patience_s))
            if frame["type"] == "ping":
                await self.send(type="pong")
                continue
            if frame["type"] == "event":
                self.last_event_id = frame["id"]
            return frame

    async def event(self) -> Frame:
        frame = await self.next()
        assert frame["type"] == "event", frame
        return frame

    async def nothing_before_pong(self) -> list[Frame]:
        """What comes before the answer to a ping: everything that the server had to send until then."""
        await self.send(type="ping")
        frames = []
        while (frame := await self.next())["type"] != "pong":
            frames.append(frame)
        return frames

    def drop(self) -> None:
        """As a network that goes away: no closing handshake."""
        self.socket.transport.abort()

    async def closed(self) -> int:
        """The code with which the server closes, after whatever comes before."""
        async with asyncio.timeout(PATIENCE_S):
            try:
                while True:
                    await self.socket.recv()
            except websockets.ConnectionClosed as end:
                return end.rcvd.code if end.rcvd is not None else 1006
