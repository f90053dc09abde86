"""`post-create`: POST /v1/posts durable, authors with 40 followers, against pgbench inserting the same rows."""

import asyncio
import tempfile

import asyncpg
from msgspec import Struct

from bench.children import output_of
from bench.errors import BenchError
from bench.home_read import PATH
from bench.machine import Machine, Stage, processes
from bench.network import AUTHORS, READERS, Account, accounts, sign_in, visit
from bench.report import Row
from bench.wrk import Load, run_wrk, same_path
from rookery.embedded.postgres import program
from rookery.kit.bus import group_lag
from rookery.kit.settings import Settings

CONCURRENCY = 8
TARGET, CPU_MS_WANTED = 0.5, 2
DRAIN_S = 60.0
BODY = '{"content":"Benchmark post %d by somebody with #forty followers"}'

PREPARE = """
CREATE SCHEMA IF NOT EXISTS bench;
CREATE SEQUENCE IF NOT EXISTS bench.ids;
CREATE TABLE IF NOT EXISTS bench.authors (n serial PRIMARY KEY, id bigint NOT NULL);
"""
# The rows that the service writes for a post, in one statement and one transaction as there; no consumer reads `bench`.
INSERT = """
\\set n random(1, :authors)
WITH author AS (SELECT id FROM bench.authors WHERE n = :n),
post AS (
    INSERT INTO posts.posts (id, author_id, content, entities, conversation_id)
    SELECT new.id, author.id, 'Benchmark post ' || new.id || ' by somebody with #forty followers',
        '{"mentions":[],"hashtags":[{"tag":"forty","start":40,"end":46}],"cashtags":[],"urls":[]}', new.id
    FROM author, (SELECT kit.first_id_at(clock_timestamp()) + nextval('bench.ids') % 60000 AS id) AS new
    RETURNING id, author_id
)
INSERT INTO bus.outbox (topic, partition, key, value)
SELECT 'bench', id % 16, author_id, convert_to('{"type":"post.created.v1","event_id":' || id || ',"post_id":' || id
    || ',"author_id":' || author_id || ',"conversation_id":' || id || '}', 'UTF8') FROM post;
"""


class Size(Struct, frozen=True):
    authors: int = 200
    active_readers: int = 1_000
    seconds: int = 5
    rounds: int = 3


USUAL = Size()


async def bench_post_create(stage: Stage, size: Size = USUAL) -> list[Row]:
    authors = await accounts(stage.settings, AUTHORS, size.authors)
    await _prepare(stage.settings, authors)
    async with processes(stage) as machine:
        stage.step(f"{size.active_readers:,} readers build their timelines")
        readers = await accounts(stage.settings, READERS, size.active_readers)
        await visit(machine.url, PATH, await sign_in(machine.url, readers))
        tokens = await sign_in(machine.url, authors)
        inserts, loads, cpu_s = [], [], 0.0
        for number in range(size.rounds):
            stage.step(f"round {number + 1} of {size.rounds}")
            inserts.append(await _pgbench(stage.settings, size.seconds, size.authors))
            load, used_s = await create(stage, machine, tokens, size.seconds)
            loads.append(load)
            cpu_s += used_s
    rate = sum(load.requests for load in loads) / sum(load.duration_s for load in loads)
    bare = sum(inserts) / len(inserts)
    cpu_us = cpu_s * 1e6 / sum(load.requests for load in loads)
    return [
        Row(
            name="post-create",
            value=rate,
            unit="posts/s",
            yardstick=bare,
            ratio=rate / bare,
            target=TARGET,
            at_most=False,
            cpu_us=cpu_us,
            p50_ms=loads[-1].p50_ms,
            p99_ms=loads[-1].p99_ms,
            note=f"{cpu_us / 1000:.2f} ms of CPU a post in all processes, wanted: at most {CPU_MS_WANTED}; with the "
            f"fan-out to active followers, {size.active_readers:,} active readers in all",
        )
    ]


async def create(stage: Stage, machine: Machine, tokens: list[str], seconds: int) -> tuple[Load, float]:
    """Posts for some seconds; CPU seconds of all processes until the fan-out of the last post is done."""
    before = machine.cpu_s()
    requests = same_path("/v1/posts", tokens)
    load = await run_wrk(machine.url, requests, connections=CONCURRENCY, seconds=seconds, body=BODY)
    await _drained(stage.settings)
    return load, machine.cpu_s() - before


async def _prepare(settings: Settings, authors: list[Account]) -> None:
    connection = await asyncpg.connect(settings.database_url)
    try:
        await connection.execute(PREPARE)
        await connection.executemany("INSERT INTO bench.authors (id) VALUES ($1)", [(each.id,) for each in authors])
    finally:
        await connection.close()


async def _pgbench(settings: Settings, seconds: int, authors: int) -> float:
    """Transactions a second at the same concurrency."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(INSERT)
        script.flush()
        command = [
            str(program("pgbench")), "-n", "-M", "prepared", f"-c{CONCURRENCY}", "-j1", f"-T{seconds}",
            f"-Dauthors={authors}", "-f", script.name, settings.database_url,
        ]  # fmt: skip
        _, output = await output_of(command)
    for line in output.splitlines():
        if line.startswith("tps = "):
            return float(line.split()[2])
    raise BenchError(f"pgbench said: {output[-1000:]}")


async def _drained(settings: Settings) -> None:
    """Wait until the fan-out has caught up, so that its CPU time is counted."""
    connection = await asyncpg.connect(settings.database_url)
    try:
        async with asyncio.timeout(DRAIN_S):
            while await group_lag(connection, "timelines.fan-out"):
                await asyncio.sleep(0.05)
    except TimeoutError as error:
        raise BenchError(f"the fan-out did not catch up within {DRAIN_S:.0f} s") from error
    finally:
        await connection.close()
