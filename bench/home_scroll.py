"""`home-scroll`: 40 pages down the home timeline by cursor, past what is cached, against the first page."""

import asyncio

from msgspec import Struct

from bench.client import Client
from bench.errors import BenchError
from bench.home_read import CONNECTIONS, PATH
from bench.machine import Stage, processes
from bench.measured import Measured, alternate, cpu_row
from bench.network import CROWD, accounts, sign_in
from bench.report import Row
from bench.wrk import Request, same_path

TARGET = 8.0
PAGE_ENTRIES = 20


class Size(Struct, frozen=True):
    following: int = 500  # so many have a timeline that goes on below page 41
    readers: int = 100
    pages: tuple[int, ...] = (11, 41)
    seconds: int = 3
    rounds: int = 3


USUAL = Size()


async def bench_home_scroll(stage: Stage, size: Size = USUAL) -> list[Row]:
    readers = (await accounts(stage.settings, CROWD, size.following))[: size.readers]
    async with processes(stage) as machine:
        stage.step(f"{len(readers)} readers scroll {size.pages[-1]} pages down")
        tokens = await sign_in(machine.url, readers)
        below = await asyncio.to_thread(_scroll, machine.url, tokens, size.pages)
        first = Measured(same_path(PATH, tokens), connections=CONNECTIONS, seconds=size.seconds)
        deep = [Measured(requests, connections=CONNECTIONS, seconds=size.seconds) for requests in below]
        await alternate(machine, size.rounds, [first, *deep], stage.step)
    return [_row(page, each, first, size) for page, each in zip(size.pages, deep, strict=True)]


def _row(page: int, measured: Measured, first: Measured, size: Size) -> Row:
    last = page == size.pages[-1]
    name, target = ("home-scroll", TARGET) if last else (f"home-scroll/page-{page}", None)
    note = f"page {page} against page 1 of {size.readers} readers who follow {size.following}"
    return cpu_row(name, measured, first, target=target, note=note)


def _scroll(url: str, tokens: list[str], pages: tuple[int, ...]) -> list[list[Request]]:
    """For each of `pages` the requests that read it, one per reader; found by following the cursors."""
    client = Client(url)
    found: list[list[Request]] = [[] for _ in pages]
    for token in tokens:
        path = PATH
        for number in range(1, pages[-1] + 1):
            if number in pages:
                found[pages.index(number)].append((path, token))
            page = client.page(path, token)
            if len(page.data) < PAGE_ENTRIES or page.next_cursor is None:
                raise BenchError(f"page {number} is short: the seeded timelines do not reach down far enough")
            path = f"{PATH}&cursor={page.next_cursor}"
    client.close()
    return found
