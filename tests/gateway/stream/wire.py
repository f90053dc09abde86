"""The far end of a connection, played by the test."""

import asyncio

from rookery.gateway.stream.clock import Clock
from rookery.gateway.stream.connection import Connection
from rookery.gateway.stream.limits import StreamLimits
from rookery.gateway.stream.protocol import PING

PATIENCE_S = 20.0


class Wire:
    """What was sent, and the connection that sent it. `answers`: a client that answers pings."""

    def __init__(self, limits: StreamLimits, *, answers: bool = False) -> None:
        self.texts: list[str] = []
        self.code: int | None = None
        self.answers = answers
        self.left = 0
        self.ended = asyncio.Event()
        self.connection = Connection(self, self, Clock(), limits, "192.0.2.1")

    def send_text(self, text: str) -> None:
        self.texts.append(text)
        if self.answers and text == PING:
            self.connection.frame_received()

    def close(self, code: int, reason: str) -> None:
        assert self.code is None
        self.code = code
        asyncio.get_running_loop().call_soon(self.connection.lost, code)

    def hear(self, connection: Connection, text: str) -> None:
        raise AssertionError("nobody said anything")

    def leave(self, connection: Connection) -> None:
        self.left += 1

    def gone(self, connection: Connection) -> None:
        assert self.left == 1
        self.ended.set()

    def block(self) -> None:
        """From now on the client takes nothing."""
        self.connection.writing_paused()

    def unblock(self) -> None:
        self.connection.writing_resumed()

    async def until_closed(self) -> int | None:
        await asyncio.wait_for(self.ended.wait(), PATIENCE_S)
        return self.code
