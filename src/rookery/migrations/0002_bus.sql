-- The bus: the outbox as a log, the positions of its consumer groups, and what could not be processed.

CREATE SCHEMA bus;

-- One row per event, written in the transaction of the command that caused it.
-- Transactions commit out of order, so that `position` alone is no safe cursor: order is (xid, position), and readers stop
-- below pg_snapshot_xmin, under which no transaction is open any more.
-- Parts are ranges of transaction ids, not of time: a reader's cursor then names the parts that it needs.
CREATE TABLE bus.outbox (
    position bigint GENERATED ALWAYS AS IDENTITY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    topic text NOT NULL,
    partition smallint NOT NULL,
    key bigint NOT NULL,
    value bytea NOT NULL,
    headers jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (xid, position)
) PARTITION BY RANGE (xid);

-- Normally empty: it takes the rows when nobody has made parts ahead, so that no command ever fails for want of one.
CREATE TABLE bus.outbox_default PARTITION OF bus.outbox DEFAULT;

-- What maintenance knows about each part: transactions from `lower` up to, not including, `upper`.
CREATE TABLE bus.parts (
    lower xid8 PRIMARY KEY,
    upper xid8 NOT NULL,
    name text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Makes one part behind the last one. It reaches `span` transactions past the present, and begins above the rows that
-- the default part took meanwhile. The lock waits for open appends (set lock_timeout), so that none of them is missed.
CREATE FUNCTION bus.make_part(span bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    part_lower bigint;
    part_upper bigint;
    part_name text;
BEGIN
    LOCK TABLE bus.outbox IN ACCESS EXCLUSIVE MODE;
    part_lower := greatest(
        (SELECT max(upper)::text::bigint FROM bus.parts),
        (SELECT max(xid)::text::bigint + 1 FROM bus.outbox_default),
        0
    );
    part_upper := greatest(part_lower, pg_snapshot_xmax(pg_current_snapshot())::text::bigint) + span;
    part_name := 'outbox_' || part_lower;
    EXECUTE format(
        'CREATE TABLE bus.%I PARTITION OF bus.outbox FOR VALUES FROM (%L) TO (%L)',
        part_name, part_lower::text, part_upper::text
    );
    INSERT INTO bus.parts (lower, upper, name) VALUES (part_lower::text::xid8, part_upper::text::xid8, part_name);
    RETURN part_name;
END
$$;

-- The part in use and the one after it.
SELECT bus.make_part(262144), bus.make_part(262144);

-- `id` is also what the group's advisory locks are made of (see rookery.kit.bus.ownership).
CREATE TABLE bus.groups (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Everything up to and including (xid, position) is done. Updated in place all the time, hence the room in the pages.
CREATE TABLE bus.positions (
    group_id integer NOT NULL REFERENCES bus.groups (id) ON DELETE CASCADE,
    topic text NOT NULL,
    partition smallint NOT NULL,
    xid xid8 NOT NULL,
    position bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (group_id, topic, partition)
) WITH (fillfactor = 40, autovacuum_vacuum_threshold = 1000);

-- Records that fail whatever one does; kept with the reason until somebody looks.
CREATE TABLE bus.dead_letters (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    group_name text NOT NULL,
    topic text NOT NULL,
    partition smallint NOT NULL,
    record_offset numeric(40, 0) NOT NULL,
    key bigint NOT NULL,
    value bytea NOT NULL,
    headers jsonb,
    error text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (group_name, topic, partition, record_offset)
);
