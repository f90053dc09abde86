"""`memory`: bytes per cached timeline entry, and of a million timelines, against 16 bytes (id and score)."""

from msgspec import Struct

from bench import timelines
from bench.machine import Stage, Step, servers
from bench.report import Row
from rookery.kit.cache import Cache

ENTRIES = 800
ENTRY_BYTES = 16
TARGET = 2.0
MILLION = 1_000_000
GIB = 1024**3


class Size(Struct, frozen=True):
    """Full timelines, built one by one; and many short ones, to see what a timeline costs beside its entries."""

    full: int = 1_000
    many: int = 100_000
    many_entries: int = 100


USUAL = Size()


async def bench_memory(step: Step, size: Size = USUAL) -> list[Row]:
    async with servers(step) as stage:
        cache = Cache(stage.settings.cache_url)
        await cache.open()
        try:
            full = await _bytes_each(stage, cache, size.full, ENTRIES)
            many = await _bytes_each(stage, cache, size.many, size.many_entries)
        finally:
            await cache.close()
    per_entry = (full - many) / (ENTRIES - size.many_entries)
    million = MILLION * (many + per_entry * (ENTRIES - size.many_entries))
    return [
        _row("memory/entry", full / ENTRIES, "bytes", ENTRY_BYTES, f"{size.full:,} timelines of {ENTRIES} entries"),
        _row(
            "memory/million",
            million / GIB,
            "GiB",
            MILLION * ENTRIES * ENTRY_BYTES / GIB,
            f"a million timelines of {ENTRIES} entries; from {size.many:,} timelines of {size.many_entries} entries "
            f"({many:,.0f} bytes each) and {per_entry:.1f} bytes for each entry more",
        ),
    ]


def _row(name: str, value: float, unit: str, yardstick: float, note: str) -> Row:
    ratio = value / yardstick
    note += f"; one in {timelines.REPOST_SHARE} is a repost"
    return Row(name=name, value=value, unit=unit, yardstick=yardstick, ratio=ratio, target=TARGET, note=note)


async def _bytes_each(stage: Stage, cache: Cache, count: int, entries: int) -> float:
    """What a timeline takes of Valkey's memory, its key and its share of the tables included."""
    stage.step(f"{count:,} timelines of {entries} entries")
    await cache.execute("FLUSHALL", "SYNC")
    before = await _used(cache)
    readers = range(2**56, 2**56 + count)  # ids as long as real ones
    if count > 10_000:
        await timelines.build(cache, readers[:1], entries)
        await timelines.copy(cache, readers[0], readers)
    else:
        await timelines.build(cache, readers, entries)
    return (await _used(cache) - before) / count


async def _used(cache: Cache) -> int:
    reply = await cache.execute("INFO", "memory")
    text = (reply if isinstance(reply, bytes) else str(reply).encode()).decode()
    return int(text.split("used_memory:")[1].split()[0])
