"""The yardstick of `fan-out`: ZADD and the trim behind it, pipelined, into many sets, by the fastest client here.

The sets are those of the service, newest first, where ZADD costs least.
"""

import socket
import struct
import time
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

import hiredis
import valkey

from rookery.kit.cache import Cache
from rookery.kit.ids import MAX_ID

PIPELINE = 1_000  # keys whose commands leave together
KEPT = 800
TRIAL_KEYS = 10_000

Command = tuple[str | int | bytes, ...]
Writer = Callable[[Sequence[str], int, bytes], Awaitable[None]]


def commands(keys: Sequence[str], score: int, member: bytes) -> list[Command]:
    found: list[Command] = []
    for key in keys:
        found += (("ZADD", key, score, member), ("ZREMRANGEBYRANK", key, KEPT + 1, -1))
    return found


class RawZadd:
    """Opened with the cache's Unix socket; `fastest` tries the clients on real keys."""

    def __init__(self, cache: Cache, cache_url: str) -> None:
        path = urlsplit(cache_url).path
        self._cache = cache
        self._valkey = valkey.Valkey(unix_socket_path=path)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(path)
        self._writers: dict[str, Writer] = {
            "rookery.kit.cache": self._by_kit,
            "valkey-py": self._by_valkey_py,
            "a blocking socket with hiredis": self._by_socket,
        }
        self.name = next(iter(self._writers))

    async def choose(self, keys: Sequence[str]) -> None:
        """Keep to the client that is fastest for these keys."""
        trial = keys[:TRIAL_KEYS]
        timed = {name: await self._timed(name, trial) for name in self._writers}
        self.name = min(timed, key=lambda name: timed[name])

    async def write(self, keys: Sequence[str]) -> float:
        """Seconds for one new entry in each set."""
        return await self._timed(self.name, keys)

    async def _timed(self, name: str, keys: Sequence[str]) -> float:
        score = -time.time_ns() // 1_000_000
        member = struct.pack(">qq", MAX_ID - time.time_ns(), -score)
        started = time.perf_counter()
        for first in range(0, len(keys), PIPELINE):
            await self._writers[name](keys[first : first + PIPELINE], score, member)
        return time.perf_counter() - started

    async def _by_kit(self, keys: Sequence[str], score: int, member: bytes) -> None:
        await self._cache.pipeline(commands(keys, score, member))

    async def _by_valkey_py(self, keys: Sequence[str], score: int, member: bytes) -> None:
        pipeline = self._valkey.pipeline(transaction=False)
        for key in keys:
            pipeline.zadd(key, {member: score})
            pipeline.zremrangebyrank(key, 0, -KEPT - 1)
        pipeline.execute()  # type: ignore[no-untyped-call]

    async def _by_socket(self, keys: Sequence[str], score: int, member: bytes) -> None:
        packed = [hiredis.pack_command(each) for each in commands(keys, score, member)]  # type: ignore[arg-type]
        self._socket.sendall(b"".join(packed))
        reader, left = hiredis.Reader(), len(packed)
        while left:
            reader.feed(self._socket.recv(65536))
            while left and reader.gets() is not False:
                left -= 1

    def close(self) -> None:
        self._socket.close()
        self._valkey.close()  # type: ignore[no-untyped-call]
