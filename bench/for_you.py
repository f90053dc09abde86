"""`for-you`: the ranked timeline, ranked anew and its next page, against the home timeline of the same readers."""

import asyncio
from collections.abc import Sequence

from msgspec import Struct

from bench.client import Client
from bench.errors import BenchError
from bench.home_read import PATH as HOME_PATH
from bench.machine import Machine, Stage, processes
from bench.measured import Measured, alternate, cpu_row
from bench.network import CROWD, accounts, sign_in, visit
from bench.report import Row
from bench.wrk import same_path

PATH = "/v1/timelines/for-you?limit=20"
CONNECTIONS = 4  # enough to keep the server busy; a longer queue would only be waited in
TARGET, P99_MS_WANTED = 15.0, 50


class Size(Struct, frozen=True):
    following: Sequence[int] = (50, 500, 5_000)
    seconds: int = 4
    rounds: int = 3


USUAL = Size()


async def bench_for_you(stage: Stage, size: Size = USUAL) -> list[Row]:
    rows = []
    async with processes(stage) as machine:
        for following in size.following:
            stage.step(f"readers who follow {following:,}")
            readers = await accounts(stage.settings, CROWD, following)
            rows += await _measure(stage, machine, following, await sign_in(machine.url, readers), size)
    return rows


async def _measure(stage: Stage, machine: Machine, following: int, tokens: list[str], size: Size) -> list[Row]:
    await visit(machine.url, HOME_PATH, tokens)
    cursors = await asyncio.to_thread(_cursors, machine.url, tokens)
    next_pages = [(f"{PATH}&cursor={cursor}", token) for cursor, token in zip(cursors, tokens, strict=True)]
    home, ranked, following_page = (
        Measured(requests, connections=CONNECTIONS, seconds=size.seconds)
        for requests in (same_path(HOME_PATH, tokens), same_path(PATH, tokens), next_pages)
    )
    loads = [home, following_page, ranked]  # the last puts other rankings in the place of those that have a next page
    await alternate(machine, size.rounds, loads, lambda text: stage.step(f"readers who follow {following:,}: {text}"))
    people = f"{len(tokens)} readers who follow {following:,}"
    return [
        _row(f"for-you/{following}", following, ranked, home, f"{people}, ranked anew, wanted: p99 {P99_MS_WANTED} ms"),
        _row(f"for-you/next/{following}", following, following_page, home, f"{people}, the page below"),
    ]


def _row(name: str, following: int, measured: Measured, home: Measured, note: str) -> Row:
    note = f"{note}; {measured.rate:,.0f} requests/s by {CONNECTIONS} connections"
    return cpu_row(name, measured, home, target=TARGET, size=following, note=note)


def _cursors(url: str, tokens: Sequence[str]) -> list[str]:
    """The cursor below the first page of each reader. Raises BenchError where a ranking has one page only."""
    client = Client(url)
    try:
        pages = [client.page(PATH, token) for token in tokens]
    finally:
        client.close()
    cursors = [page.next_cursor for page in pages if page.next_cursor is not None]
    if len(cursors) < len(tokens):
        raise BenchError("a ranking of the seeded readers has one page only")
    return cursors
