"""Bytes that come over the network: to a file on disk, never whole in memory, and never for longer than they may."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

from litestar import Request

from rookery.kit.problems import Problem
from rookery.kit.settings import Settings
from rookery.media.errors import TooLarge, TooSlow
from rookery.media.formats import HEAD_BYTES
from rookery.media.temporary import temp_folder

IDLE_S: Final = 30.0  # without a byte
WHOLE_S: Final = 3600.0
WRITTEN_AT_ONCE: Final = 256 * 1024  # bytes; smaller pieces are gathered, so that a thread is worth its switch


class ClientLeft(Problem):
    """The connection ended before the body did: nobody hears of this but the log."""

    status = 400
    code = "incomplete"
    title = "The body ended early"


async def pieces(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    """The body as it comes. Raises TooSlow, or ClientLeft."""
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + WHOLE_S
    while True:
        try:
            async with asyncio.timeout(min(IDLE_S, ends_at - loop.time())):
                message: Any = await request.receive()
        except TimeoutError as error:
            raise TooSlow from error
        if message["type"] == "http.disconnect":
            raise ClientLeft
        if body := message.get("body"):
            yield body
        if not message.get("more_body"):
            return


class Spool:
    """A file on disk that is written piece by piece, at most `size_max` bytes."""

    def __init__(self, path: Path, size_max: int) -> None:
        self.path = path
        self.size = 0
        self.head = b""
        self.size_max = size_max
        self._gathered = bytearray()
        self._file: BinaryIO = path.open("wb")

    async def write(self, piece: bytes | bytearray) -> None:
        """Raises TooLarge, and keeps nothing of the piece that is too much."""
        if self.size + len(piece) > self.size_max:
            raise TooLarge(self.size_max)
        self.size += len(piece)
        if len(self.head) < HEAD_BYTES:
            self.head += bytes(piece[: HEAD_BYTES - len(self.head)])
        self._gathered += piece
        if len(self._gathered) >= WRITTEN_AT_ONCE:
            await self.flush()

    async def flush(self) -> None:
        gathered, self._gathered = self._gathered, bytearray()
        if gathered:
            await asyncio.to_thread(self._file.write, gathered)
        self._file.flush()

    def close(self) -> None:
        self._file.close()


@asynccontextmanager
async def spooled(size_max: int, settings: Settings) -> AsyncIterator[Spool]:
    """A Spool whose file is gone afterwards."""
    with temp_folder(settings) as folder:
        spool = Spool(folder / "sent", size_max)
        try:
            yield spool
        finally:
            spool.close()
