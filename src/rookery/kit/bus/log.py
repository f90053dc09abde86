"""LogBus: consumers that read the outbox in PostgreSQL itself.

A record's place is (xid, position). Readers stop below pg_snapshot_xmin: everything there is decided, so nothing can
appear behind a cursor later. All partitions of a member are read by one index range scan from the lowest cursor; once
the first scan has caught up they stand level, and the scan touches nothing that was read before.

An open transaction that writes, in any database of the server, holds the watermark and with it all consumers back:
transactions are to be short.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg
import msgspec

from rookery.kit.bus.base import BEGINNING, PARTITIONS, BusUnavailable, PartitionLost, Record, Start
from rookery.kit.bus.ownership import Ownership
from rookery.kit.bus.positions import Cursor, Place, PositionTable, cursor_of, offset_of
from rookery.kit.bus.session import MEMBER_IDLE_TIMEOUT_S, Session

REBALANCE_EVERY_S = 1.0
# How stale the stored position of a quiet partition may get: what a restart reads over, and what retention waits for.
ADVANCE_EVERY_S = 30.0
POLL_MIN_S, POLL_MAX_S = 0.25, 1.0
# Rows above the watermark wait for somebody else's commit, which may come without a NOTIFY: look again soon.
HIDDEN_POLL_MIN_S = 0.005

# A look covers at most so many transactions: one that finds little (a rare topic, a stale partition) stays short.
LOOK_SPAN = 1_000_000

# $1 topics; $2 and $3 the cursor of each slot (topic by topic, PARTITIONS each), NULL where the partition is not ours;
# ($4, $5) the lowest of them; $6 the limit; $7 PARTITIONS; $8 where the look ends. `xid >= $4` only
# repeats the row comparison, to prune parts. Always at least one row: below `edge` all was seen, unless the limit was
# met; `more`: the watermark lies further; `hidden`: rows wait above the watermark.
READ = """
WITH edge AS MATERIALIZED (
    SELECT least(pg_snapshot_xmin(pg_current_snapshot()), $8::xid8) AS xid,
        $8::xid8 < pg_snapshot_xmin(pg_current_snapshot()) AS more
)
SELECT edge.xid AS edge, edge.more, found.*,
    CASE WHEN found.topic IS NULL THEN (
        SELECT true FROM bus.outbox AS o WHERE o.xid >= pg_snapshot_xmin(pg_current_snapshot()) ORDER BY o.xid LIMIT 1
    ) END AS hidden
FROM edge LEFT JOIN LATERAL (
    SELECT o.topic, o.partition, o.xid, o.position, o.key, o.value, o.headers
    FROM bus.outbox AS o
    CROSS JOIN LATERAL (SELECT (array_position($1::text[], o.topic) - 1) * $7::int + o.partition + 1) AS s (slot)
    WHERE o.xid >= $4::xid8 AND (o.xid, o.position) > ($4::xid8, $5::bigint)
        AND o.xid < least(pg_snapshot_xmin(pg_current_snapshot()), $8::xid8)
        AND (o.xid, o.position) > (($2::xid8[])[s.slot], ($3::bigint[])[s.slot])
    ORDER BY o.xid, o.position
    LIMIT $6
) AS found ON true
"""

_decode_headers = msgspec.json.Decoder(dict[str, str]).decode


class LogBus:
    """The bus of one machine, and where the relay reads on many. `dsn` must reach PostgreSQL without a pooler.

    Each consumer has one connection of its own. `start` is where a group without positions begins.
    """

    def __init__(self, dsn: str, *, start: Start = Start.BEGINNING) -> None:
        self._dsn = dsn
        self._start = start
        self._consumers: set[LogConsumer] = set()

    async def open(self, group: str, topics: Sequence[str]) -> "LogConsumer":
        """Join a group; partitions that are free are ours on return. Ten round trips or so."""
        session = await Session.connect(self._dsn, idle_timeout_s=MEMBER_IDLE_TIMEOUT_S)
        try:
            positions = await PositionTable.open(session, group, topics, self._start)
            consumer = LogConsumer(session, positions, topics, on_close=self._consumers.discard)
            await consumer.start()
        except BaseException:
            session.terminate()
            raise
        self._consumers.add(consumer)
        return consumer

    async def close(self) -> None:
        for consumer in list(self._consumers):
            await consumer.close()


class LogConsumer:
    """See `Consumer`. An empty look costs one round trip, a batch one, its commit one."""

    def __init__(
        self, session: Session, positions: PositionTable, topics: Sequence[str], on_close: Any = lambda _: None
    ) -> None:
        self.session = session
        self._positions = positions
        self._ownership = Ownership(session, positions.group_id)
        self._topics = list(topics)
        self._on_close = on_close
        self._places: dict[tuple[str, int], Place] = {}
        self._woken = asyncio.Event()
        self._pause_s = POLL_MIN_S
        self._next_rebalance = 0.0
        self._next_advance = time.monotonic() + ADVANCE_EVERY_S

    async def start(self) -> None:
        await self.session.listen(self._woken)
        await self._ownership.join()
        await self._rebalance()

    @property
    def partitions(self) -> frozenset[int]:
        """The partitions that are ours, of every topic."""
        return self._ownership.partitions

    async def batch(self, max_records: int, wait_s: float) -> list[Record]:
        deadline = time.monotonic() + wait_s
        while True:
            self._woken.clear()
            await self._keep_up()
            records, hidden = await self._read_on(max_records)
            remaining_s = deadline - time.monotonic()
            if records or remaining_s <= 0:
                return records
            await self._wait(hidden, remaining_s)

    async def commit(self, records: Sequence[Record]) -> None:
        lost = {(r.topic, r.partition) for r in records} - self._places.keys()
        latest: dict[tuple[str, int], Cursor] = {}
        for record in records:
            where = (record.topic, record.partition)
            if where not in lost:
                latest[where] = max(cursor_of(record.offset), latest.get(where, (0, 0)))
        await self._store({where: at for where, at in latest.items() if at > self._places[where].committed})
        if lost:
            raise PartitionLost(f"given back before the commit: {sorted(lost)}")

    async def seek(self, topic: str, partition: int, offset: int) -> None:
        if (topic, partition) not in self._places:
            raise PartitionLost(f"{topic}/{partition} is not ours")
        xid, position = (0, 0) if offset == BEGINNING else cursor_of(offset)
        await self._reset([(topic, partition)], (xid, max(position - 1, 0)))

    async def seek_to_beginning(self) -> None:
        await self._reset(self._places, (0, 0))

    async def lag(self) -> int:
        return await self._positions.lag({where: place.committed for where, place in self._places.items()})

    async def close(self) -> None:
        self._on_close(self)
        if not self.session.closed:
            try:
                async with asyncio.timeout(1.0):
                    await self._advance()
            except (BusUnavailable, TimeoutError):
                self.session.terminate()
        self._places.clear()
        await self.session.close()

    async def _keep_up(self) -> None:
        now = time.monotonic()
        if now >= self._next_rebalance:
            await self._rebalance()
        if now >= self._next_advance:
            await self._advance()

    async def _rebalance(self) -> None:
        """Positions are read after the locks are taken, when whoever had them can no longer commit."""
        self._next_rebalance = time.monotonic() + REBALANCE_EVERY_S
        held = await self._ownership.rebalance()
        self._places = {where: place for where, place in self._places.items() if where[1] in held}
        gained = held - {partition for _, partition in self._places}
        if gained:
            for where, cursor in (await self._positions.load(self._topics, gained)).items():
                self._places[where] = Place(read=cursor, committed=cursor)

    async def _read_on(self, limit: int) -> tuple[list[Record], bool]:
        """Look further until there are records or the watermark is reached."""
        while True:
            records, more, hidden = await self._read(limit)
            if records or not more:
                return records, hidden

    async def _read(self, limit: int) -> tuple[list[Record], bool, bool]:
        """The next records; whether the watermark lies beyond this look; whether rows wait above it."""
        if not self._places:
            return [], False, False
        xids, positions = self._cursor_arrays()
        lowest = min(place.read for place in self._places.values())
        rows = await self.session.fetch(
            READ, self._topics, xids, positions, *lowest, limit, PARTITIONS, lowest[0] + LOOK_SPAN
        )
        records = [_record(row) for row in rows if row["topic"] is not None]
        for record in records:
            self._places[record.topic, record.partition].delivered = cursor_of(record.offset)
        level = cursor_of(records[-1].offset) if len(records) == limit else (rows[0]["edge"], 0)
        for place in self._places.values():
            place.read = max(place.read, level)
        return records, rows[0]["more"], bool(rows[0]["hidden"])

    def _cursor_arrays(self) -> tuple[list[int | None], list[int | None]]:
        places = [self._places.get((topic, number)) for topic in self._topics for number in range(PARTITIONS)]
        reads = [place.read if place else (None, None) for place in places]
        return [xid for xid, _ in reads], [position for _, position in reads]

    async def _wait(self, hidden: bool, remaining_s: float) -> None:
        """Until a NOTIFY or the next look: after 250 ms, later when nothing comes, sooner while rows are hidden."""
        if hidden:
            self._pause_s = min(self._pause_s * 2, POLL_MIN_S) if self._pause_s < POLL_MIN_S else HIDDEN_POLL_MIN_S
        else:
            self._pause_s = min(max(self._pause_s * 2, POLL_MIN_S), POLL_MAX_S)
        try:
            async with asyncio.timeout(min(self._pause_s, remaining_s)):
                await self._woken.wait()
            self._pause_s = POLL_MIN_S
        except TimeoutError:
            return

    async def _advance(self) -> None:
        """Let partitions without news follow the watermark in the table, so that they hold nobody back."""
        self._next_advance = time.monotonic() + ADVANCE_EVERY_S
        await self._store({where: p.read for where, p in self._places.items() if p.delivered <= p.committed < p.read})

    async def _store(self, cursors: dict[tuple[str, int], Cursor]) -> None:
        if cursors:
            await self._positions.move(cursors)
            for where, cursor in cursors.items():
                self._places[where].committed = cursor

    async def _reset(self, where: Iterable[tuple[str, int]], cursor: Cursor) -> None:
        places = list(where)
        await self._positions.reset(places, cursor)
        for place in places:
            self._places[place] = Place(read=cursor, committed=cursor)


def _record(row: asyncpg.Record) -> Record:
    headers = _decode_headers(row["headers"]) if row["headers"] else {}
    offset = offset_of((row["xid"], row["position"]))
    return Record(row["topic"], row["partition"], offset, row["key"], row["value"], headers)
