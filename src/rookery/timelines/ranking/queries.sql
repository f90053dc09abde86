-- The read models of the ranked timeline, what readers set, and what candidates are drawn from.
-- Indexes are those of EXPLAIN (ANALYZE, BUFFERS) on a seeded network of 3,000 users, 30,000 posts and 60,000 likes.

-- name: consume(consumer_group, event_ids)
-- The events that the group has not acted on yet, remembered from now on.
INSERT INTO kit.consumed (event_id, consumer_group)
SELECT event_id, :consumer_group FROM unnest(:event_ids::bigint[]) AS event (event_id) ORDER BY event_id
ON CONFLICT DO NOTHING
RETURNING event_id;

-- name: add_affinities(user_ids, post_ids, amounts)!
-- Acts of users on posts of others, for user and author. Index: primary keys of posts (one partition each), affinities.
INSERT INTO timelines.affinities AS a (reader_id, author_id, value)
SELECT act.user_id, p.author_id, sum(act.amount)
FROM unnest(:user_ids::bigint[], :post_ids::bigint[], :amounts::double precision[]) AS act (user_id, post_id, amount)
JOIN timelines.posts p ON p.id = act.post_id
JOIN timelines.accounts u ON u.id = act.user_id
WHERE act.user_id <> p.author_id
GROUP BY 1, 2
ORDER BY 1, 2
ON CONFLICT (reader_id, author_id) DO UPDATE SET value = greatest(a.value + excluded.value, 0);

-- name: add_interests(user_ids, post_ids, amounts)!
-- The same for user and hashtags, and user and language, of the posts; own posts say as much.
INSERT INTO timelines.interests AS i (reader_id, kind, name, value)
SELECT act.user_id, topic.kind, topic.name, sum(act.amount)
FROM unnest(:user_ids::bigint[], :post_ids::bigint[], :amounts::double precision[]) AS act (user_id, post_id, amount)
JOIN timelines.posts p ON p.id = act.post_id
JOIN timelines.accounts u ON u.id = act.user_id
CROSS JOIN LATERAL (
    SELECT 'h'::"char", lower(tag ->> 'tag') FROM jsonb_array_elements(p.entities -> 'hashtags') AS tag
    UNION
    SELECT 'l', p.lang WHERE p.lang IS NOT NULL
) AS topic (kind, name)
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
ON CONFLICT (reader_id, kind, name) DO UPDATE SET value = greatest(i.value + excluded.value, 0);

-- name: add_engagement(user_ids, post_ids, amounts)!
-- The same for the posts' authors, whoever acts but themselves.
INSERT INTO timelines.author_stats AS s (author_id, engagement)
SELECT p.author_id, sum(act.amount)
FROM unnest(:user_ids::bigint[], :post_ids::bigint[], :amounts::double precision[]) AS act (user_id, post_id, amount)
JOIN timelines.posts p ON p.id = act.post_id
WHERE act.user_id <> p.author_id
GROUP BY 1
ORDER BY 1
ON CONFLICT (author_id) DO UPDATE SET engagement = greatest(s.engagement + excluded.engagement, 0);

-- name: add_posts(author_ids, amounts)!
INSERT INTO timelines.author_stats AS s (author_id, posts)
SELECT author_id, sum(amount)
FROM unnest(:author_ids::bigint[], :amounts::double precision[]) AS post (author_id, amount)
GROUP BY 1
ORDER BY 1
ON CONFLICT (author_id) DO UPDATE SET posts = greatest(s.posts + excluded.posts, 0);

-- name: add_heat(user_ids, post_ids, heats)!
-- Logarithms of what acts add to posts; two sums are joined as log2(2^a + 2^b) = max + log2(1 + 2^-|a - b|). An author's
-- own act counts for nothing but its being written (user 0). A withdrawn act cools by itself.
INSERT INTO timelines.heat AS h (post_id, heat)
SELECT post_id, top + ln(sum(2.0::double precision ^ greatest(heat - top, -1000))) / ln(2.0::double precision)
FROM (
    SELECT act.post_id, act.heat, max(act.heat) OVER (PARTITION BY act.post_id) AS top
    FROM unnest(:user_ids::bigint[], :post_ids::bigint[], :heats::double precision[]) AS act (user_id, post_id, heat)
    JOIN timelines.posts p ON p.id = act.post_id
    WHERE act.user_id <> p.author_id AND p.deleted_at IS NULL
) AS acts
GROUP BY post_id, top
ORDER BY post_id
ON CONFLICT (post_id) DO UPDATE SET heat = greatest(h.heat, excluded.heat)
    + ln(1 + 2.0::double precision ^ -least(abs(h.heat - excluded.heat), 1000)) / ln(2.0::double precision);

-- name: add_author_replies(post_ids, amounts)!
-- What replies, given by id, add where their author began the conversation (to others) or answers themselves (to self).
-- Tombstones keep their relations, so that a deleted reply is taken away by the same rule.
INSERT INTO timelines.author_replies AS r (post_id, to_others, to_self)
SELECT counted.post_id, sum(counted.to_others), sum(counted.to_self)
FROM unnest(:post_ids::bigint[], :amounts::integer[]) AS reply (id, amount)
JOIN timelines.posts p ON p.id = reply.id
CROSS JOIN LATERAL (
    SELECT root.id, reply.amount, 0 FROM timelines.posts root
    WHERE root.id = p.conversation_id AND root.author_id = p.author_id AND p.reply_to_author_id <> p.author_id
    UNION ALL
    SELECT p.reply_to_id, 0, reply.amount WHERE p.reply_to_author_id = p.author_id
) AS counted (post_id, to_others, to_self)
GROUP BY 1
ORDER BY 1
ON CONFLICT (post_id) DO UPDATE SET to_others = r.to_others + excluded.to_others, to_self = r.to_self + excluded.to_self;

-- name: add_tagged(post_ids)!
INSERT INTO timelines.tagged (tag, post_id)
SELECT DISTINCT lower(tag ->> 'tag'), p.id
FROM unnest(:post_ids::bigint[]) AS post (id)
JOIN timelines.posts p ON p.id = post.id
CROSS JOIN LATERAL jsonb_array_elements(p.entities -> 'hashtags') AS tag
WHERE p.reply_to_id IS NULL AND p.deleted_at IS NULL
ORDER BY 1, 2
ON CONFLICT DO NOTHING;

-- name: forget_posts(post_ids)!
WITH cold AS (DELETE FROM timelines.heat WHERE post_id = ANY (:post_ids::bigint[]))
DELETE FROM timelines.tagged WHERE post_id = ANY (:post_ids::bigint[]);

-- name: taste(reader_id, affinities_max, interests_max, less_max, seen_max)^
-- All that ranking knows of a reader, the strongest or newest of each. One row. Index: primary keys by reader_id,
-- seen_newest.
SELECT s.weights, s.half_life_hours, a.author_ids, a.author_values, h.tags, h.tag_values, l.langs, l.lang_values,
       less.less_posts, less.less_authors, less.less_hashtags, less.less_at, seen.seen_posts, seen.seen_at
FROM (SELECT :reader_id::bigint AS id) AS reader
LEFT JOIN timelines.rank_settings s ON s.reader_id = reader.id
CROSS JOIN LATERAL (
    SELECT array_agg(author_id ORDER BY value DESC, author_id) AS author_ids,
           array_agg(value ORDER BY value DESC, author_id) AS author_values
    FROM (
        SELECT author_id, value FROM timelines.affinities
        WHERE reader_id = reader.id AND value > 0 ORDER BY value DESC, author_id LIMIT :affinities_max
    ) AS strongest
) AS a
CROSS JOIN LATERAL (
    SELECT array_agg(name ORDER BY value DESC, name) AS tags, array_agg(value ORDER BY value DESC, name) AS tag_values
    FROM (
        SELECT name, value FROM timelines.interests
        WHERE reader_id = reader.id AND kind = 'h' AND value > 0 ORDER BY value DESC, name LIMIT :interests_max
    ) AS strongest
) AS h
CROSS JOIN LATERAL (
    SELECT array_agg(name ORDER BY name) AS langs, array_agg(value ORDER BY name) AS lang_values
    FROM (
        SELECT name, value FROM timelines.interests
        WHERE reader_id = reader.id AND kind = 'l' AND value > 0 ORDER BY value DESC, name LIMIT :interests_max
    ) AS strongest
) AS l
CROSS JOIN LATERAL (
    SELECT array_agg(post_id ORDER BY post_id) AS less_posts, array_agg(author_id ORDER BY post_id) AS less_authors,
           array_agg(array_to_string(hashtags, ' ') ORDER BY post_id) AS less_hashtags,
           array_agg(at_ms ORDER BY post_id) AS less_at
    FROM (SELECT * FROM timelines.less WHERE reader_id = reader.id ORDER BY at_ms DESC LIMIT :less_max) AS newest
) AS less
CROSS JOIN LATERAL (
    SELECT array_agg(post_id ORDER BY post_id) AS seen_posts, array_agg(at_ms ORDER BY post_id) AS seen_at
    FROM (
        SELECT post_id, at_ms FROM timelines.seen
        WHERE reader_id = reader.id ORDER BY at_ms DESC, post_id DESC LIMIT :seen_max
    ) AS newest
) AS seen;

-- name: update_settings(reader_id, weights, half_life_hours)!
INSERT INTO timelines.rank_settings (reader_id, weights, half_life_hours)
VALUES (:reader_id, :weights::jsonb, :half_life_hours)
ON CONFLICT (reader_id) DO UPDATE SET weights = excluded.weights, half_life_hours = excluded.half_life_hours;

-- name: lock_settings(reader_id)!
-- Held by a change of settings until its transaction ends, so that two of them add up.
SELECT pg_advisory_xact_lock(hashtextextended('timelines.ranking ' || :reader_id::bigint, 0));

-- name: settings(reader_id)^
SELECT weights, half_life_hours FROM timelines.rank_settings WHERE reader_id = :reader_id;

-- name: add_less(reader_id, post_id, author_id, hashtags, at_ms, kept)!
-- The newest `kept` stay.
WITH surplus AS (
    DELETE FROM timelines.less WHERE reader_id = :reader_id AND post_id IN (
        SELECT post_id FROM timelines.less WHERE reader_id = :reader_id
        ORDER BY at_ms DESC, post_id DESC OFFSET :kept - 1
    )
)
INSERT INTO timelines.less (reader_id, post_id, author_id, hashtags, at_ms)
VALUES (:reader_id, :post_id, :author_id, :hashtags::text[], :at_ms)
ON CONFLICT DO NOTHING;

-- name: delete_less(reader_id, post_id)!
DELETE FROM timelines.less WHERE reader_id = :reader_id AND post_id = :post_id;

-- name: delete_all_less(reader_id)!
DELETE FROM timelines.less WHERE reader_id = :reader_id;

-- name: add_seen(reader_id, post_ids, at_ms, kept)!
-- Once seen, the first time counts. The newest `kept` (and those of one more request) stay. Index: seen_newest.
WITH surplus AS (
    DELETE FROM timelines.seen WHERE reader_id = :reader_id AND post_id IN (
        SELECT post_id FROM timelines.seen WHERE reader_id = :reader_id
        ORDER BY at_ms DESC, post_id DESC OFFSET :kept
    ) AND NOT post_id = ANY (:post_ids::bigint[])
)
INSERT INTO timelines.seen (reader_id, post_id, at_ms)
SELECT :reader_id, post_id, :at_ms FROM unnest(:post_ids::bigint[]) AS post (post_id) ORDER BY post_id
ON CONFLICT DO NOTHING;

-- name: facts(post_ids)
-- Index: primary keys of posts (one partition per id), counters, author_replies and author_stats. The limit keeps the
-- planner from reading all posts. 1,000 posts: 9 ms.
SELECT f.*
FROM unnest(:post_ids::bigint[]) AS wanted (id)
CROSS JOIN LATERAL (SELECT * FROM timelines.post_facts WHERE post_id = wanted.id LIMIT 1) f;

-- name: vouched(user_ids, above, per_user, max_posts)
-- What these users liked or reposted with an id above `above`, most vouched for first; `via`: by whom, newest first,
-- twice who did both.
-- Per user one descent each of likes_by_user and reposts_by_user: 1,000 users in 7 ms.
SELECT v.post_id, count(DISTINCT v.user_id) AS vouches, array_agg(v.user_id ORDER BY v.id DESC) AS via
FROM unnest(:user_ids::bigint[]) AS followee (id)
CROSS JOIN LATERAL (
    SELECT user_id, post_id, id FROM timelines.vouches
    WHERE user_id = followee.id AND id > :above ORDER BY id DESC LIMIT :per_user
) AS v
GROUP BY v.post_id
ORDER BY vouches DESC, v.post_id DESC
LIMIT :max_posts;

-- name: tagged(tag, newest, max_posts)
-- The hottest among the newest posts of a hashtag. Index: tagged_pkey backwards, heat_pkey.
SELECT t.post_id
FROM (SELECT post_id FROM timelines.tagged WHERE tag = :tag ORDER BY post_id DESC LIMIT :newest) AS t
JOIN timelines.heat h ON h.post_id = t.post_id
ORDER BY h.heat DESC, t.post_id DESC
LIMIT :max_posts;

-- name: hottest(max_posts)
-- Index: heat_hottest.
SELECT post_id FROM timelines.heat ORDER BY heat DESC, post_id DESC LIMIT :max_posts;

-- The upkeep reads whole tables, hourly, at most `max_rows` rows at a time. Values compare as they are kept: `faded` has
-- grown as they have.

-- name: prune_affinities(faded, max_rows)
DELETE FROM timelines.affinities WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM timelines.affinities WHERE value < :faded LIMIT :max_rows
)) RETURNING 1;

-- name: prune_interests(faded, max_rows)
DELETE FROM timelines.interests WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM timelines.interests WHERE value < :faded LIMIT :max_rows
)) RETURNING 1;

-- name: prune_author_stats(faded, max_rows)
DELETE FROM timelines.author_stats WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM timelines.author_stats WHERE posts < :faded AND engagement < :faded LIMIT :max_rows
)) RETURNING 1;

-- name: prune_heat(below, max_rows)
-- Index: heat_pkey.
DELETE FROM timelines.heat WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM timelines.heat WHERE post_id < :below LIMIT :max_rows
)) RETURNING 1;

-- name: prune_tagged(below, max_rows)
-- Index: tagged_by_post.
DELETE FROM timelines.tagged WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM timelines.tagged WHERE post_id < :below LIMIT :max_rows
)) RETURNING 1;

-- name: prune_author_replies(below, max_rows)
-- Index: author_replies_pkey.
DELETE FROM timelines.author_replies WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM timelines.author_replies WHERE post_id < :below LIMIT :max_rows
)) RETURNING 1;

-- name: prune_seen(before_ms, max_rows)
DELETE FROM timelines.seen WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM timelines.seen WHERE at_ms < :before_ms LIMIT :max_rows
)) RETURNING 1;

-- name: prune_less(before_ms, max_rows)
DELETE FROM timelines.less WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM timelines.less WHERE at_ms < :before_ms LIMIT :max_rows
)) RETURNING 1;

-- Making the read models anew, from what stands in users and posts.

-- name: forget_learnt()!
TRUNCATE timelines.affinities, timelines.interests, timelines.author_stats, timelines.author_replies, timelines.heat,
    timelines.tagged;

-- name: consume_logged(consumer_group)!
-- Events in the log speak of acts that stand already: none of them shall count once more.
INSERT INTO kit.consumed (event_id, consumer_group)
SELECT (convert_from(value, 'UTF8')::jsonb ->> 'event_id')::bigint, :consumer_group
FROM bus.outbox WHERE topic = 'posts'
ON CONFLICT DO NOTHING;

-- name: all_posts(above, below)
SELECT id, author_id, reply_to_id, quote_of_id FROM timelines.posts
WHERE id >= :above AND id < :below AND deleted_at IS NULL;

-- name: all_likes(above, below)
SELECT id, user_id, post_id FROM timelines.likes WHERE id >= :above AND id < :below;

-- name: all_reposts(above, below)
SELECT id, user_id, post_id FROM timelines.reposts WHERE id >= :above AND id < :below;

-- The offline evaluation: a network as it was, inside a transaction that is rolled back. A command of whoever owns the
-- database: no service's role may run it.

-- name: held_out(below, row_limit)
-- Who liked or reposted which older posts of others from the cut on; the readers with the lowest ids.
SELECT v.user_id, array_agg(DISTINCT v.post_id) AS post_ids
FROM timelines.vouches v JOIN posts.posts p ON p.id = v.post_id
WHERE v.id >= :below AND p.id < :below AND p.author_id <> v.user_id
GROUP BY 1 ORDER BY 1 LIMIT :row_limit;

-- name: forget_likes_since(below)!
DELETE FROM posts.likes WHERE id >= :below;

-- name: forget_reposts_since(below)!
DELETE FROM posts.reposts WHERE id >= :below;

-- name: forget_posts_since(below)!
DELETE FROM posts.posts WHERE id >= :below;

-- name: forget_follows_since(below)!
DELETE FROM users.follows WHERE id >= :below;

-- name: count_again()!
WITH counted AS (
    SELECT post_id, count(*) AS likes, 0 AS reposts, 0 AS replies, 0 AS quotes FROM posts.likes GROUP BY 1
    UNION ALL SELECT post_id, 0, count(*), 0, 0 FROM posts.reposts GROUP BY 1
    UNION ALL SELECT reply_to_id, 0, 0, count(*), 0 FROM posts.posts WHERE reply_to_id IS NOT NULL GROUP BY 1
    UNION ALL SELECT quote_of_id, 0, 0, 0, count(*) FROM posts.posts WHERE quote_of_id IS NOT NULL GROUP BY 1
)
UPDATE posts.counters c
SET likes_count = coalesce(n.likes, 0), reposts_count = coalesce(n.reposts, 0),
    replies_count = coalesce(n.replies, 0), quotes_count = coalesce(n.quotes, 0)
FROM posts.counters old
LEFT JOIN (
    SELECT post_id, sum(likes) AS likes, sum(reposts) AS reposts, sum(replies) AS replies, sum(quotes) AS quotes
    FROM counted GROUP BY 1
) AS n ON n.post_id = old.post_id
WHERE c.post_id = old.post_id;
