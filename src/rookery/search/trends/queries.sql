-- What posts speak of, how many people did so in the past, and what is trending.
-- Plans are those of EXPLAIN (ANALYZE, BUFFERS): see docs/performance.md.

-- name: forget_posts(post_ids)!
-- Index: topic_uses_by_post.
DELETE FROM search.topic_uses WHERE post_id = ANY (:post_ids::bigint[]);

-- name: forget_authors(author_ids)!
-- Index: topic_uses_by_author.
DELETE FROM search.topic_uses WHERE author_id = ANY (:author_ids::bigint[]);

-- name: add_uses(topics, post_ids, author_ids, kinds, names, langs)!
INSERT INTO search.topic_uses (topic, post_id, author_id, kind, name, lang)
SELECT * FROM unnest(
    :topics::text[], :post_ids::bigint[], :author_ids::bigint[], :kinds::text[], :names::text[], :langs::text[]
)
ON CONFLICT DO NOTHING;

-- name: counted(period, above, below, authors_min, topics_max, langs_max)
-- Topics with enough authors among the posts of a window, in all languages ('') and in each, with their past. Hidden ones
-- left out. Index Scan using topic_uses_pkey, in its order, or a range of topic_uses_by_post; then topic_pasts_pkey.
WITH counted AS (
    SELECT coalesce(lang, '') AS lang, topic, min(kind) AS kind, count(*) AS posts, count(DISTINCT author_id) AS authors
    FROM search.topic_uses
    WHERE post_id >= :above AND post_id < :below
    GROUP BY GROUPING SETS ((topic), (topic, lang))
    HAVING count(DISTINCT author_id) >= :authors_min
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY lang ORDER BY authors DESC, topic) AS place,
           sum(authors) OVER (PARTITION BY lang) AS weight
    FROM counted c
    WHERE NOT EXISTS (SELECT FROM search.hidden_topics h WHERE h.topic = c.topic)
)
SELECT p.lang, p.topic, p.kind, p.posts, p.authors, t.mean, t.square, t.at
FROM placed p
LEFT JOIN search.topic_pasts t ON t.period = :period AND t.lang = p.lang AND t.topic = p.topic
WHERE p.place <= :topics_max
    AND p.lang IN (SELECT lang FROM placed WHERE place = 1 ORDER BY weight DESC, lang LIMIT :langs_max)
ORDER BY p.lang, p.topic;

-- name: sampled(topics, lang, above, below, row_limit)
-- The newest uses of each topic in a window; lang '' is all. Index: topic_uses_pkey backwards, one descent each.
SELECT u.*
FROM unnest(:topics::text[]) AS wanted (topic)
CROSS JOIN LATERAL (
    SELECT topic, post_id, author_id, kind, name FROM search.topic_uses
    WHERE topic = wanted.topic AND post_id >= :above AND post_id < :below AND (:lang = '' OR lang = :lang)
    ORDER BY post_id DESC LIMIT :row_limit
) u;

-- name: series(topics, lang, above, below, slot_ms)
-- Authors of each topic in each slot of a window. Index: topic_uses_pkey.
SELECT u.topic, ((u.post_id >> 16) - (:above::bigint >> 16)) / :slot_ms AS slot, count(DISTINCT u.author_id) AS authors,
       min(u.post_id) AS first_id
FROM search.topic_uses u
WHERE u.topic = ANY (:topics::text[]) AND u.post_id >= :above AND u.post_id < :below AND (:lang = '' OR u.lang = :lang)
GROUP BY 1, 2;

-- name: clock(period)^
SELECT first, rolled FROM search.trend_clocks WHERE period = :period;

-- name: start_clock(period, first)!
INSERT INTO search.trend_clocks (period, first, rolled) VALUES (:period, :first, :first - 1) ON CONFLICT DO NOTHING;

-- name: advance_clock(period, rolled)$
-- Holds the clock until the transaction ends; null where this period is in the pasts already.
UPDATE search.trend_clocks SET rolled = :rolled WHERE period = :period AND rolled < :rolled RETURNING rolled;

-- name: roll(period, at, above, below, fade, authors_min)!
-- Adds what a period had to the pasts: with fade a, mean = a * mean + (1 - a) * x after each period.
INSERT INTO search.topic_pasts AS t (period, lang, topic, mean, square, at)
SELECT :period, lang, topic, (1 - :fade::double precision) * authors, (1 - :fade::double precision) * authors * authors, :at
FROM (
    SELECT coalesce(lang, '') AS lang, topic, count(DISTINCT author_id)::double precision AS authors
    FROM search.topic_uses
    WHERE post_id >= :above AND post_id < :below
    GROUP BY GROUPING SETS ((topic), (topic, lang))
    HAVING count(DISTINCT author_id) >= :authors_min
) AS counted
ON CONFLICT (period, lang, topic) DO UPDATE SET
    mean = t.mean * power(:fade::double precision, excluded.at - t.at) + excluded.mean,
    square = t.square * power(:fade::double precision, excluded.at - t.at) + excluded.square,
    at = excluded.at;

-- name: since(period)
SELECT lang, topic, since_ms FROM search.trends WHERE period = :period;

-- name: lock_trends(period)!
-- Until the transaction ends, for who writes them: a job, or a rebuild beside it.
SELECT pg_advisory_xact_lock(hashtextextended('search.trends ' || :period::text, 0));

-- name: forget_trends(period)!
DELETE FROM search.trends WHERE period = :period;

-- name: add_trend(period, lang, place, topic, keys, kind, name, url, posts, authors, usual, since_ms, computed_ms, series, example_ids)*!
INSERT INTO search.trends (
    period, lang, place, topic, keys, kind, name, url, posts, authors, usual, since_ms, computed_ms, series, example_ids
) VALUES (
    :period, :lang, :place, :topic, :keys::text[], :kind, :name, :url, :posts, :authors, :usual, :since_ms, :computed_ms,
    :series::integer[], :example_ids::bigint[]
);

-- name: trends(period, lang)
-- Index: trends_pkey, hidden_topics_pkey.
SELECT * FROM search.trends t
WHERE t.period = :period AND t.lang = :lang
    AND NOT EXISTS (SELECT FROM search.hidden_topics h WHERE h.topic = ANY (t.keys))
ORDER BY t.place;

-- name: hide_topic(topic)!
INSERT INTO search.hidden_topics (topic) VALUES (:topic) ON CONFLICT DO NOTHING;

-- name: show_topic(topic)!
DELETE FROM search.hidden_topics WHERE topic = :topic;

-- name: add_decision(decision, topic, name, reason, decided_by)!
INSERT INTO search.trend_decisions (decision, topic, name, reason, decided_by)
VALUES (:decision, :topic, :name, :reason, :decided_by);

-- name: hidden(row_limit)
-- The hidden topics with the decision that hid each, newest first.
SELECT h.topic, d.name, d.reason, d.decided_by, d.decided_at
FROM search.hidden_topics h
CROSS JOIN LATERAL (
    SELECT * FROM search.trend_decisions
    WHERE topic = h.topic AND decision = 'hide' ORDER BY id DESC LIMIT 1
) d
ORDER BY d.id DESC LIMIT :row_limit;

-- name: prune_uses(below, max_rows)
-- Index: topic_uses_by_post.
DELETE FROM search.topic_uses WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM search.topic_uses WHERE post_id < :below ORDER BY post_id LIMIT :max_rows
)) RETURNING 1;

-- name: prune_pasts(period, rolled, fade, faded, max_rows)
DELETE FROM search.topic_pasts WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM search.topic_pasts
    WHERE period = :period AND mean * power(:fade::double precision, :rolled - at) < :faded LIMIT :max_rows
)) RETURNING 1;

-- name: forget_uses()!
TRUNCATE search.topic_uses, search.trends;

-- name: restart_clock(period, first)!
WITH forgotten AS (DELETE FROM search.topic_pasts WHERE period = :period)
INSERT INTO search.trend_clocks (period, first, rolled) VALUES (:period, :first, :first - 1)
ON CONFLICT (period) DO UPDATE SET first = excluded.first, rolled = excluded.rolled;
