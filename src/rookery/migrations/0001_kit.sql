-- What every service stands on: extensions, ids and their times, node leases, remembered answers.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;

CREATE SCHEMA kit;

-- The time that an id carries, and the smallest id of a time: ids are Unix milliseconds << 16 | node << 8 | sequence.
CREATE FUNCTION kit.id_time(id bigint) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN to_timestamp((id >> 16) / 1000.0);

CREATE FUNCTION kit.first_id_at(at timestamptz) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (extract(epoch FROM at) * 1000)::bigint << 16;

CREATE TABLE kit.nodes (
    node smallint PRIMARY KEY CHECK (node BETWEEN 0 AND 255),
    holder uuid,
    expires_at timestamptz NOT NULL DEFAULT '-infinity'
);
-- 248 to 255 are kept for bulk loads, which mint ids in the past.
INSERT INTO kit.nodes (node) SELECT generate_series(0, 247);

-- The answer to a creating request, kept so that its repetition is harmless. One row per user (0: signed out) and key.
CREATE TABLE kit.idempotency_keys (
    user_id bigint NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_hash bytea NOT NULL,
    status smallint NOT NULL,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_created_at ON kit.idempotency_keys (created_at);

-- Events that a consumer group has acted on: a consumer inserts here, or does nothing, in the transaction of its effect,
-- and acts only on what was really inserted. Partitioned by time (event ids carry it), dropped after the log's retention.
CREATE TABLE kit.consumed (
    event_id bigint NOT NULL,
    consumer_group text NOT NULL,
    PRIMARY KEY (event_id, consumer_group)
) PARTITION BY RANGE (event_id);

-- Makes the partition of a table for one month, named `<table>_<yyyymm>`, unless it is there. For tables partitioned by id.
CREATE FUNCTION kit.make_month_partition(parent regclass, month timestamptz) RETURNS boolean
    LANGUAGE plpgsql AS $$
DECLARE
    first timestamptz := date_trunc('month', month, 'UTC');
    next_month timestamptz := date_trunc('month', first + interval '32 days', 'UTC');
    child text := (SELECT relname FROM pg_class WHERE oid = parent) || to_char(first AT TIME ZONE 'UTC', '_YYYYMM');
    space text := (SELECT nspname FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid WHERE c.oid = parent);
BEGIN
    IF to_regclass(format('%I.%I', space, child)) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I.%I PARTITION OF %s FOR VALUES FROM (%s) TO (%s)',
                   space, child, parent, kit.first_id_at(first), kit.first_id_at(next_month));
    RETURN true;
END $$;

-- Partitions from the month of `since` to `ahead` months from now. Called at migration and daily by the maintenance job.
CREATE FUNCTION kit.make_month_partitions(parent regclass, since timestamptz, ahead integer) RETURNS integer
    LANGUAGE sql AS $$
    SELECT count(*)::integer
    FROM generate_series(date_trunc('month', since, 'UTC'), now() + ahead * interval '1 month', interval '1 month') month
    WHERE kit.make_month_partition(parent, month);
$$;

SELECT kit.make_month_partitions('kit.consumed', now(), 2);
