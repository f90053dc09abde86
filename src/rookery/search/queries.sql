-- What search asks of its own tables. Plans and times: docs/performance.md.

-- name: find_posts(condition, since, before, reader_id, following, hidden, follows_only, min_likes, min_reposts, row_limit)
-- The newest posts with ids from `since` to below `before` that match and that the reader's sets let through, and beside
-- each how many matched at all; one row without a post when none is left. Index: posts_terms (GIN) for all terms at
-- once, spans of time among them: `id + 0` keeps the planner from reading the ids of a stretch as well. Then, newest
-- first until enough are found, authors_pkey and engagement_pkey by post; OFFSET keeps the planner from asking those of
-- every match. Sets as subqueries are hashed, as arrays they would be searched from end to end.
WITH matched AS MATERIALIZED (
    SELECT id, author_id, revision FROM search.posts
    WHERE terms @@ :condition::tsquery AND id + 0 >= :since AND id + 0 < :before
)
SELECT counted.examined, shown.id, shown.author_id, shown.revision
FROM (SELECT count(*) AS examined FROM matched) counted
LEFT JOIN LATERAL (
    SELECT id, author_id, revision
    FROM (SELECT * FROM matched ORDER BY id DESC OFFSET 0) newest
    WHERE author_id NOT IN (SELECT unnest(:hidden::bigint[]))
        AND (NOT :follows_only OR author_id IN (SELECT unnest(:following::bigint[])))
        AND (
            author_id = :reader_id
            OR NOT coalesce((SELECT protected FROM search.authors a WHERE a.id = newest.author_id), false)
            OR author_id IN (SELECT unnest(:following::bigint[]))
        )
        AND (
            (:min_likes::bigint = 0 AND :min_reposts::bigint = 0)
            OR EXISTS (
                SELECT FROM search.engagement e
                WHERE e.post_id = newest.id AND e.likes >= :min_likes AND e.reposts >= :min_reposts
            )
        )
    LIMIT :row_limit
) shown ON true;

-- name: score_posts(ids, words, half_life_ms)
-- Scores of posts: see docs/decisions/0015-search.md. Index: posts_pkey and engagement_pkey, one probe per id.
SELECT p.id, greatest(0, round(1000 * (
    ln(0.001 + ts_rank_cd(p.terms, :words::tsquery, 1)::float8) / ln(2::float8)
    + 0.5 * ln((1 + coalesce(e.likes, 0) + 2 * coalesce(e.reposts, 0))::float8) / ln(2::float8)
    + (p.id >> 16)::float8 / :half_life_ms::float8
)))::bigint AS score
FROM unnest(:ids::bigint[]) AS wanted (id)
JOIN search.posts p ON p.id = wanted.id
LEFT JOIN search.engagement e ON e.post_id = wanted.id;

-- name: id_at_depth(depth)$
-- The id of the post that has so many newer ones; NULL when there are fewer. Index Only Scan Backward of posts_pkey.
SELECT id FROM search.posts ORDER BY id DESC OFFSET :depth LIMIT 1;

-- name: index_posts(ids, author_ids, revisions, langs, terms)
-- What is newer than the row there takes its place; a tombstone is newer than anything. Returns what was stored. Locks
-- every row that is there, in the order of ids, so that two writers of the same posts come one after the other.
INSERT INTO search.posts AS p (id, author_id, revision, lang, terms)
SELECT id, author_id, revision, lang, terms::tsvector
FROM unnest(:ids::bigint[], :author_ids::bigint[], :revisions::integer[], :langs::text[], :terms::text[])
    AS given (id, author_id, revision, lang, terms)
ORDER BY id
ON CONFLICT (id) DO UPDATE
SET revision = excluded.revision, lang = excluded.lang, terms = excluded.terms
WHERE p.revision <= excluded.revision
RETURNING id;

-- name: bury_posts(ids, author_ids)!
INSERT INTO search.posts (id, author_id, revision, terms)
SELECT id, author_id, 2147483647, ''::tsvector
FROM unnest(:ids::bigint[], :author_ids::bigint[]) AS given (id, author_id)
ORDER BY id
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, lang = NULL, terms = excluded.terms;

-- name: forget_engagement(post_ids)!
DELETE FROM search.engagement WHERE post_id = ANY (:post_ids::bigint[]);

-- name: count_engagement(consumer_group, event_ids, post_ids, likes, reposts)
-- Adds what those events say that the group has not counted yet, in the order of post ids.
WITH fresh AS (
    INSERT INTO kit.consumed (event_id, consumer_group)
    SELECT event_id, :consumer_group FROM unnest(:event_ids::bigint[]) AS event (event_id)
    ORDER BY event_id
    ON CONFLICT DO NOTHING
    RETURNING event_id
), added AS (
    SELECT post_id, sum(likes) AS likes, sum(reposts) AS reposts
    FROM unnest(:event_ids::bigint[], :post_ids::bigint[], :likes::integer[], :reposts::integer[])
        AS change (event_id, post_id, likes, reposts)
    JOIN fresh USING (event_id)
    GROUP BY post_id
)
INSERT INTO search.engagement AS e (post_id, likes, reposts)
SELECT post_id, likes, reposts FROM added ORDER BY post_id
ON CONFLICT (post_id) DO UPDATE SET likes = e.likes + excluded.likes, reposts = e.reposts + excluded.reposts
RETURNING post_id;

-- name: set_engagement(post_ids, likes, reposts)!
INSERT INTO search.engagement (post_id, likes, reposts)
SELECT * FROM unnest(:post_ids::bigint[], :likes::bigint[], :reposts::bigint[]) AS given (post_id, likes, reposts)
ORDER BY post_id
ON CONFLICT (post_id) DO UPDATE SET likes = excluded.likes, reposts = excluded.reposts;

-- name: forget_tags(post_ids)
-- What these posts are tagged with, taken away. Index: tag_uses_by_author, by way of search.posts.
DELETE FROM search.tag_uses u
USING search.posts p
WHERE p.id = ANY (:post_ids::bigint[]) AND u.author_id = p.author_id AND u.post_id = p.id
RETURNING u.tag;

-- name: add_tags(tags, post_ids, author_ids)!
INSERT INTO search.tag_uses (tag, post_id, author_id)
SELECT * FROM unnest(:tags::text[], :post_ids::bigint[], :author_ids::bigint[]) AS given (tag, post_id, author_id)
ORDER BY tag, post_id
ON CONFLICT DO NOTHING;

-- name: count_tags(tags, since, uses_max)!
-- Counts hashtags anew. Index: tag_uses_pkey backwards, at most `uses_max` of each; authors_pkey.
INSERT INTO search.hashtags AS h (tag, posts, authors, counted_at)
SELECT given.tag, count(used.author_id), count(DISTINCT used.author_id), now()
FROM unnest(:tags::text[]) AS given (tag)
LEFT JOIN LATERAL (
    SELECT u.author_id FROM (
        SELECT author_id FROM search.tag_uses
        WHERE tag = given.tag COLLATE "C" AND post_id >= :since ORDER BY post_id DESC LIMIT :uses_max
    ) u
    WHERE NOT coalesce((SELECT protected FROM search.authors a WHERE a.id = u.author_id), false)
) used ON true
GROUP BY given.tag
ORDER BY given.tag
ON CONFLICT (tag) DO UPDATE
SET posts = excluded.posts, authors = excluded.authors, counted_at = excluded.counted_at;

-- name: tags_of_authors(author_ids, since)
-- Index: tag_uses_by_author.
SELECT DISTINCT tag FROM search.tag_uses WHERE author_id = ANY (:author_ids::bigint[]) AND post_id >= :since;

-- name: stale_tags(row_limit)
-- Index: hashtags_counted.
SELECT tag FROM search.hashtags
WHERE posts > 0 AND counted_at < now() - interval '1 hour' ORDER BY counted_at LIMIT :row_limit;

-- name: tags_by_1(prefix, skipped, row_limit)
-- Hashtags that begin with a character, most authors first, then by name. Index: hashtags_by_1, in order.
SELECT tag, posts, authors FROM search.hashtags
WHERE left(tag, 1) = :prefix ORDER BY left(tag, 1), authors DESC, tag LIMIT :row_limit OFFSET :skipped;

-- name: tags_by_2(prefix, skipped, row_limit)
-- Likewise with two. Index: hashtags_by_2, in order.
SELECT tag, posts, authors FROM search.hashtags
WHERE left(tag, 2) = :prefix ORDER BY left(tag, 2), authors DESC, tag LIMIT :row_limit OFFSET :skipped;

-- name: tags_by_prefix(prefix, skipped, row_limit)
-- Likewise with more, few enough to be sorted. Index: hashtags_pkey; nothing sorts behind the last code point.
SELECT tag, posts, authors FROM search.hashtags
WHERE tag >= :prefix COLLATE "C" AND tag < (:prefix || chr(1114111)) COLLATE "C"
ORDER BY authors DESC, tag LIMIT :row_limit OFFSET :skipped;

-- name: uses_of_tags(tags, reader_id, following, hidden, uses_max, row_limit)
-- The newest uses of each hashtag, at most `row_limit`, by accounts that the reader's sets let through, among the newest
-- `uses_max`. Index: tag_uses_pkey backwards, authors_pkey.
SELECT given.tag, used.post_id
FROM unnest(:tags::text[]) AS given (tag)
CROSS JOIN LATERAL (
    SELECT post_id FROM (
        SELECT post_id, author_id FROM search.tag_uses
        WHERE tag = given.tag COLLATE "C" ORDER BY post_id DESC LIMIT :uses_max
    ) newest
    WHERE author_id NOT IN (SELECT unnest(:hidden::bigint[]))
        AND (
            author_id = :reader_id
            OR NOT coalesce((SELECT protected FROM search.authors a WHERE a.id = newest.author_id), false)
            OR author_id IN (SELECT unnest(:following::bigint[]))
        )
    LIMIT :row_limit
) used;

-- name: authors_by_start(start, following, hidden, row_limit)
-- Accounts whose username begins with one or two characters: the one of that name, followed ones, then most followers.
-- Index: authors_by_1, authors_by_2, in order; authors_pkey for those that the reader follows.
WITH found AS (
    SELECT id FROM search.authors WHERE username = :start
UNION
    (SELECT id FROM search.authors WHERE length(:start) = 1 AND left(username, 1) = :start
     ORDER BY left(username, 1), followers DESC, id LIMIT :row_limit + 50)
UNION
    (SELECT id FROM search.authors WHERE length(:start) = 2 AND left(username, 2) = :start
     ORDER BY left(username, 2), followers DESC, id LIMIT :row_limit + 50)
UNION
    (SELECT a.id FROM unnest(:following::bigint[]) AS followed (id) JOIN search.authors a ON a.id = followed.id
     WHERE a.username >= :start COLLATE "C" AND a.username < (:start || chr(1114111)) COLLATE "C"
     ORDER BY a.followers DESC LIMIT :row_limit)
)
SELECT a.id FROM found JOIN search.authors a USING (id)
WHERE a.id NOT IN (SELECT unnest(:hidden::bigint[]))
ORDER BY a.username = :start DESC, a.id IN (SELECT unnest(:following::bigint[])) DESC, a.followers DESC, a.id
LIMIT :row_limit;

-- name: authors_by_name(name, pattern, words, following, hidden, candidates, row_limit)
-- Accounts by name and bio: the one of that username, followed ones, then by likeness and followers. `pattern` finds the
-- name at the beginning of a word of username or display name, likeness forgives typos. Each way brings at most
-- `candidates`, those with most followers. Index: authors_username; authors_names (trigrams); authors_words.
WITH found AS (
    SELECT id FROM search.authors WHERE username = :name
UNION
    (SELECT id FROM search.authors WHERE :pattern <> '' AND names LIKE :pattern
     ORDER BY followers DESC LIMIT :candidates)
UNION
    (SELECT id FROM search.alike(:name) ORDER BY followers DESC LIMIT :candidates)
UNION
    (SELECT id FROM search.authors WHERE words @@ :words::tsquery ORDER BY followers DESC LIMIT :candidates)
)
SELECT a.id FROM found JOIN search.authors a USING (id)
WHERE a.id NOT IN (SELECT unnest(:hidden::bigint[]))
ORDER BY a.username = :name DESC, a.id IN (SELECT unnest(:following::bigint[])) DESC,
    CASE WHEN a.names LIKE :pattern THEN 1 ELSE word_similarity(:name, a.names) END + ln(1 + a.followers) / 20 DESC, a.id
LIMIT :row_limit;

-- name: index_authors(ids, usernames, names, words, protected, followers)!
INSERT INTO search.authors (id, username, names, words, protected, followers)
SELECT id, username, names, words::tsvector, protected, followers
FROM unnest(:ids::bigint[], :usernames::text[], :names::text[], :words::text[], :protected::boolean[],
            :followers::bigint[]) AS given (id, username, names, words, protected, followers)
ORDER BY id
ON CONFLICT (id) DO UPDATE
SET username = excluded.username, names = excluded.names, words = excluded.words, protected = excluded.protected,
    followers = excluded.followers;

-- name: posts_between(after, until, row_limit)
-- Indexed posts with ids above `after` up to `until`, tombstones left out, ascending. Index: posts_pkey.
SELECT id, author_id FROM search.posts
WHERE id > :after AND id <= :until AND revision < 2147483647 ORDER BY id LIMIT :row_limit;
