"""`post-create`: POST /v1/posts durable, authors with 40 followers, against pgbench inserting the same rows."""

import asyncio
import tempfile

import asyncpg

from bench.machine import Machine, processes
from bench.network import AUTHORS, READERS, Account, accounts, sign_in
from bench.report import Row
from bench.wrk import Load, run_wrk
from rookery.embedded.postgres import program
from rookery.kit.settings import Settings

AUTHOR_COUNT, CONCURRENCY, SECONDS, ROUNDS = 200, 8, 6, 3
ACTIVE_READERS = 1_000
TARGET = 0.25
DRAIN_S = 60.0
BODY = '{"content":"Benchmark post %d by somebody with #forty followers"}'

PREPARE = """
CREATE SCHEMA bench;
CREATE SEQUENCE bench.ids;
CREATE TABLE bench.authors (n serial PRIMARY KEY, id bigint NOT NULL);
"""
# The rows that the service writes for a post, in one statement and one transaction as there; no consumer reads `bench`.
INSERT = """
\\set n random(1, {authors})
WITH author AS (SELECT id FROM bench.authors WHERE n = :n),
post AS (
    INSERT INTO posts.posts (id, author_id, content, entities, conversation_id)
    SELECT new.id, author.id, 'Benchmark post ' || new.id || ' by somebody with #forty followers',
        '{{"mentions":[],"hashtags":[{{"tag":"forty","start":40,"end":46}}],"cashtags":[],"urls":[]}}', new.id
    FROM author, (SELECT kit.first_id_at(clock_timestamp()) + nextval('bench.ids') % 60000 AS id) AS new
    RETURNING id, author_id
)
INSERT INTO bus.outbox (topic, partition, key, value)
SELECT 'bench', id % 16, author_id, convert_to('{{"type":"post.created.v1","event_id":' || id || ',"post_id":' || id
    || ',"author_id":' || author_id || ',"conversation_id":' || id || '}}', 'UTF8') FROM post;
"""


async def bench_post_create(settings: Settings, pids: list[int]) -> list[Row]:
    authors = await accounts(settings, AUTHORS, AUTHOR_COUNT)
    await _prepare(settings, authors)
    async with processes(settings, pids, static_body=b"{}") as machine:
        tokens = await sign_in(machine.url, authors)
        await _visit(machine, await sign_in(machine.url, await accounts(settings, READERS, ACTIVE_READERS)))
        inserts, loads, cpu_s = [], [], 0.0
        for _ in range(ROUNDS):
            inserts.append(await _pgbench(settings))
            before = machine.cpu_s()
            loads.append(await _create(machine, tokens))
            await _drained(settings)
            cpu_s += machine.cpu_s() - before
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
            note=f"CPU of all processes with the fan-out to active followers, {ACTIVE_READERS:,} active readers in all",
        )
    ]


async def _prepare(settings: Settings, authors: list[Account]) -> None:
    connection = await asyncpg.connect(settings.database_url)
    try:
        await connection.execute(PREPARE)
        await connection.executemany("INSERT INTO bench.authors (id) VALUES ($1)", [(each.id,) for each in authors])
    finally:
        await connection.close()


async def _visit(machine: Machine, tokens: list[str]) -> None:
    """Make readers active: their timelines are cached from now on."""
    await run_wrk(machine.url, "/v1/timelines/home", tokens=tokens, connections=4, seconds=5)


async def _create(machine: Machine, tokens: list[str]) -> Load:
    load = await run_wrk(machine.url, "/v1/posts", tokens=tokens, connections=CONCURRENCY, seconds=SECONDS, body=BODY)
    if load.errors:
        raise RuntimeError(f"{load.errors} of {load.requests} posts failed")
    return load


async def _pgbench(settings: Settings) -> float:
    """Transactions a second at the same concurrency."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(INSERT.format(authors=AUTHOR_COUNT))
        script.flush()
        process = await asyncio.create_subprocess_exec(
            str(program("pgbench")), "-n", "-M", "prepared", f"-c{CONCURRENCY}", "-j1", f"-T{SECONDS}",
            "-f", script.name, settings.database_url,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        output = (await process.communicate())[0].decode()
    for line in output.splitlines():
        if line.startswith("tps = "):
            return float(line.split()[2])
    raise RuntimeError(f"pgbench said: {output[-1000:]}")


async def _drained(settings: Settings) -> None:
    """Wait until the fan-out has caught up, so that its CPU time is counted."""
    from rookery.kit.bus import group_lag

    connection = await asyncpg.connect(settings.database_url)
    try:
        async with asyncio.timeout(DRAIN_S):
            while await group_lag(connection, "timelines.fan-out"):
                await asyncio.sleep(0.05)
    finally:
        await connection.close()
