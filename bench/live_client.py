"""Many WebSockets in a process of their own, told what to do line by line; see `bench.live` for the other end.

    {"type": "open", ...}    connect; each signs in and subscribes to `home`, or nothing of it towards the echo
    {"type": "echo", ...}    send so many messages a second, each over the next connection, and await them all
    {"type": "report"}       what has arrived since the last report

Each command is answered by a Report. An arrival is a frame that names the moment it was sent at ("live:<ns>:", by
the monotonic clock, which all processes of a machine share).
"""

import asyncio
import re
import resource
import sys
import time
from array import array
from collections.abc import Sequence

import msgspec
import uvloop
from msgspec import Struct
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

SENT_AT = re.compile(rb"live:(\d+):")
SUBSCRIBE = b'{"type":"subscribe","channels":["home","notifications"]}'
PONG = b'{"type":"pong"}'
PER_ADDRESS = 90  # below the server's limit for one address; all of 127.0.0.0/8 is ours
AT_ONCE = 50
OPEN_S = 120.0
GRACE_S = 5.0


class Open(Struct, tag_field="type", tag="open"):
    url: str
    tokens: list[str]  # one per connection; an empty one neither signs in nor subscribes


class Echo(Struct, tag_field="type", tag="echo"):
    per_s: int
    seconds: int


class AskReport(Struct, tag_field="type", tag="report"):
    pass


Command = Open | Echo | AskReport


class Report(Struct):
    """Arrivals since the last one; latencies in milliseconds; CPU seconds of this process so far."""

    connected: int
    lost: int
    arrivals: int
    p50_ms: float
    p99_ms: float
    cpu_s: float


class Crowd:
    """All connections of this process, and how long what arrived was under way (ns)."""

    def __init__(self) -> None:
        self.transports: list[WSTransport] = []
        self.under_way = array("q")
        self.lost = 0

    async def open(self, command: Open) -> None:
        """Raises TimeoutError when not all are subscribed within OPEN_S."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(number: int, token: str) -> None:
            async with gate:
                ready = asyncio.get_running_loop().create_future()
                address = f"127.1.{number // PER_ADDRESS // 250}.{number // PER_ADDRESS % 250 + 1}"
                transport, _ = await ws_connect(
                    lambda: Listener(self, token, ready), command.url, local_addr=(address, 0)
                )
                await ready
                self.transports.append(transport)

        async with asyncio.timeout(OPEN_S):
            await asyncio.gather(*(one(number, token) for number, token in enumerate(command.tokens)))

    async def echo(self, command: Echo) -> None:
        wanted = len(self.under_way) + command.per_s * command.seconds
        started = time.monotonic()
        for number in range(command.per_s * command.seconds):
            due = started + number / command.per_s
            if (wait_s := due - time.monotonic()) > 0:
                await asyncio.sleep(wait_s)
            message = b"live:%d:" % time.monotonic_ns()
            self.transports[number % len(self.transports)].send(WSMsgType.TEXT, message)
        deadline = time.monotonic() + GRACE_S
        while len(self.under_way) < wanted and time.monotonic() < deadline:
            await asyncio.sleep(0.01)

    def report(self) -> Report:
        times = sorted(self.under_way)
        self.under_way = array("q")
        p50_ms, p99_ms = (times[int(len(times) * share)] / 1e6 if times else 0.0 for share in (0.5, 0.99))
        return Report(len(self.transports), self.lost, len(times), p50_ms, p99_ms, time.process_time())


class Listener(WSListener):
    """One connection; `ready` is done when it is subscribed."""

    def __init__(self, crowd: Crowd, token: str, ready: "asyncio.Future[None]") -> None:
        self._crowd = crowd
        self._token = token
        self._ready = ready

    def on_ws_connected(self, transport: WSTransport) -> None:
        if self._token:
            transport.send(WSMsgType.TEXT, msgspec.json.encode({"type": "auth", "token": self._token}))
        else:
            self._ready.set_result(None)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        payload = frame.get_payload_as_bytes()
        if sent_at := SENT_AT.search(payload):
            self._crowd.under_way.append(time.monotonic_ns() - int(sent_at[1]))
        elif payload == b'{"type":"ping"}':
            transport.send(WSMsgType.TEXT, PONG)
        elif payload.startswith(b'{"type":"ready"'):
            transport.send(WSMsgType.TEXT, SUBSCRIBE)
        elif payload.startswith(b'{"type":"subscribed"') and not self._ready.done():
            self._ready.set_result(None)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._crowd.lost += 1
        if not self._ready.done():
            self._ready.set_exception(ConnectionError("closed before it was subscribed"))


async def main() -> None:
    crowd = Crowd()
    decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)
    while line := await asyncio.to_thread(sys.stdin.readline):
        command = decoder.decode(line)
        if isinstance(command, Open):
            await crowd.open(command)
        elif isinstance(command, Echo):
            await crowd.echo(command)
        print(msgspec.json.encode(crowd.report()).decode(), flush=True)


def raise_file_limit(wanted: int) -> int:
    """Allow as many open files as wanted, if the system lets us; returns how many there may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if allowed > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return max(soft, allowed)


def connections_for(tokens: Sequence[str], count: int) -> list[str]:
    """A token for each of `count` connections: of different people first, then of the same again."""
    return [tokens[number % len(tokens)] for number in range(count)]


if __name__ == "__main__":
    raise_file_limit(2**20)
    uvloop.run(main())
