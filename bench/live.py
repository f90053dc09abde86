"""`live`: from a post to its arrival at WebSockets, 100 posts a second, against an echo over the same server.

The clients run in a process of their own (`bench.live_client`) and speak `/v1/stream` as any client. The time of a post
runs from when it was due, so that a server that falls behind does not look better for it. Memory is that of the server
process: with all connections subscribed and idle, less before the first.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from threading import local

import msgspec
from msgspec import Struct

from bench import accounting
from bench.accounting import KIB
from bench.client import Client
from bench.errors import BenchError
from bench.home_read import PATH as HOME_PATH
from bench.live_client import AskReport, Command, Echo, Open, Report, connections_for, raise_file_limit
from bench.machine import Machine, Stage, processes, start
from bench.network import AUTHORS, READERS, accounts, sign_in, visit
from bench.report import Row
from bench.serve import ECHO_PATH

P99_MS, KIB_PER_CONNECTION = 100.0, 15.0
JUDGED_CONNECTIONS = 1_000
SPARE_FILES = 500
POSTERS = 8
SETTLE_S = 3.0
ARRIVE_S = 3.0


class Size(Struct, frozen=True):
    connections: tuple[int, ...] = (1_000, 10_000)
    readers: int = 5_000  # people who are connected, with several connections each where there are more of these
    authors: int = 100
    posts_per_s: int = 100
    warm_up_s: int = 3  # of posts before what counts: processes that have just begun prepare each statement once
    seconds: int = 15
    echo_connections: int = 1_000


USUAL = Size()


class Clients:
    """`bench.live_client`, one command at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise BenchError("the clients have no pipes")
        self._into, self._out = process.stdin, process.stdout
        self._process = process

    async def tell(self, command: Command) -> Report:
        self._into.write(msgspec.json.encode(command) + b"\n")
        line = await self._out.readline()
        if not line:
            raise BenchError("the WebSocket clients ended; their last words stand above")
        return msgspec.json.decode(line, type=Report)

    async def close(self) -> None:
        self._into.close()
        await self._process.wait()


class Delivered(Struct, frozen=True):
    """What came of some seconds of posts. `client_share`: of one core, by the clients."""

    report: Report
    posts: int
    cpu_us: float
    client_share: float
    kib_per_connection: float


async def bench_live(stage: Stage, size: Size = USUAL) -> list[Row]:
    rows = []
    for connections in size.connections:
        if raise_file_limit(connections + SPARE_FILES) < connections + SPARE_FILES:
            raise BenchError(f"too few open files are allowed for {connections:,} connections: see `ulimit -Hn`")
        async with processes(stage) as machine:  # fresh: memory that was used before would hide what is used now
            delivered = await _deliver(stage, machine, connections, size)
            echo = await _echo(stage, machine, connections, delivered, size)
        rows += [_row(connections, delivered, echo, size), _memory_row(connections, delivered)]
    return rows


async def _deliver(stage: Stage, machine: Machine, connections: int, size: Size) -> Delivered:
    stage.step(f"{connections:,} connections: signing in")
    readers = await accounts(stage.settings, READERS, min(connections, size.readers))
    signed_in = await sign_in(machine.url, readers)
    authors = await sign_in(machine.url, await accounts(stage.settings, AUTHORS, size.authors))
    await visit(machine.url, HOME_PATH, [*signed_in, *authors])  # as the web app does before it connects
    tokens = connections_for(signed_in, connections)
    before = accounting.memory([machine.serve_pid]).pss
    clients = Clients(await start("bench.live_client", stage.environment, pipes=True))
    try:
        stage.step(f"{connections:,} connections: opening")
        await clients.tell(Open(f"{machine.url.replace('http', 'ws')}/v1/stream", tokens))
        await asyncio.sleep(SETTLE_S)
        kib = (accounting.memory([machine.serve_pid]).pss - before) / KIB / connections
        stage.step(f"{connections:,} connections: {size.posts_per_s} posts/s")
        await Poster(machine.url, authors).run(size.posts_per_s, size.warm_up_s)
        await asyncio.sleep(ARRIVE_S)
        opened = await clients.tell(AskReport())
        cpu_before = machine.cpu_s()
        posts = await Poster(machine.url, authors).run(size.posts_per_s, size.seconds)
        await asyncio.sleep(ARRIVE_S)
        cpu_s = machine.cpu_s() - cpu_before
        report = await clients.tell(AskReport())
    finally:
        await clients.close()
    if report.lost or not report.arrivals:
        raise BenchError(f"{report.lost} of {connections} connections were lost, {report.arrivals} posts arrived")
    share = (report.cpu_s - opened.cpu_s) / (size.seconds + ARRIVE_S)
    return Delivered(report, posts, cpu_s * 1e6 / report.arrivals, share, kib)


async def _echo(stage: Stage, machine: Machine, connections: int, delivered: Delivered, size: Size) -> Report:
    """As many messages a second as posts arrived."""
    stage.step(f"{connections:,} connections: echo")
    clients = Clients(await start("bench.live_client", stage.environment, pipes=True))
    try:
        url = f"{machine.url.replace('http', 'ws')}{ECHO_PATH}"
        await clients.tell(Open(url, [""] * min(connections, size.echo_connections)))
        per_s = max(1, delivered.report.arrivals // size.seconds)
        return await clients.tell(Echo(per_s, max(1, size.seconds // 3)))
    finally:
        await clients.close()


class Poster:
    """Posts at a steady rate, each by the next author, over POSTERS connections."""

    def __init__(self, url: str, tokens: list[str]) -> None:
        self._url = url
        self._tokens = tokens
        self._local = local()

    async def run(self, per_s: int, seconds: int) -> int:
        """How many were posted. Raises BenchError when one is refused."""
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(POSTERS) as pool:
            started = time.monotonic()
            posted = []
            for number in range(per_s * seconds):
                due = started + number / per_s
                if (wait_s := due - time.monotonic()) > 0:
                    await asyncio.sleep(wait_s)
                posted.append(loop.run_in_executor(pool, self._post, number, int(due * 1e9)))
            await asyncio.gather(*posted)
        return len(posted)

    def _post(self, number: int, due_ns: int) -> None:
        client: Client | None = getattr(self._local, "client", None)
        if client is None:
            client = self._local.client = Client(self._url)
        body = b'{"content":"Something new, live:%d: as it happens"}' % due_ns
        client.post("/v1/posts", body, self._tokens[number % len(self._tokens)])


def _row(connections: int, delivered: Delivered, echo: Report, size: Size) -> Row:
    report = delivered.report
    return Row(
        name=f"live/{connections}",
        value=report.p99_ms,
        unit="ms (p99)",
        yardstick=echo.p99_ms,
        ratio=report.p99_ms / echo.p99_ms,
        target=P99_MS if connections == JUDGED_CONNECTIONS else None,
        judges_value=True,
        orientation=True,
        cpu_us=delivered.cpu_us,
        p50_ms=report.p50_ms,
        p99_ms=report.p99_ms,
        note=f"{size.posts_per_s} posts/s, each to {report.arrivals / delivered.posts:.1f} connections on average; CPU "
        f"per arrival, posting included; the clients took {delivered.client_share:.0%} of a core; echo of as many "
        f"messages over {min(connections, size.echo_connections):,} connections: median {echo.p50_ms:.2f} ms",
    )


def _memory_row(connections: int, delivered: Delivered) -> Row:
    return Row(
        name=f"live/memory/{connections}",
        value=delivered.kib_per_connection,
        unit="KiB",
        target=KIB_PER_CONNECTION,
        judges_value=True,
        note="proportional set size of the server per connection that is signed in, subscribed and idle",
    )
