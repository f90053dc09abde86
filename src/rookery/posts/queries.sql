-- What the posts service asks of PostgreSQL.
-- posts.posts is partitioned by id; a join on its id from an unnested array reaches one partition per id.

-- name: load_posts(post_ids)
-- Posts with their counters; tombstones too. Index: the partitions' primary keys, one probe per id.
SELECT p.id, p.author_id, p.content, p.entities, p.lang, p.reply_to_id, p.reply_to_author_id, p.conversation_id,
       p.quote_of_id, p.media_ids, p.revision, p.edited_at, p.deleted_at IS NOT NULL AS deleted,
       p.entities #>> '{urls,0,url}' AS link,
       coalesce(c.likes_count, 0) AS likes_count, coalesce(c.reposts_count, 0) AS reposts_count,
       coalesce(c.replies_count, 0) AS replies_count, coalesce(c.quotes_count, 0) AS quotes_count
FROM unnest(:post_ids::bigint[]) AS wanted (id)
JOIN posts.posts p ON p.id = wanted.id
LEFT JOIN posts.counters c ON c.post_id = wanted.id;

-- name: load_posts_after(after, row_limit)
-- Posts above an id with their counters, ascending. Index: the partitions' primary keys, from the oldest partition on.
SELECT p.id, p.author_id, p.content, p.entities, p.lang, p.reply_to_id, p.reply_to_author_id, p.conversation_id,
       p.quote_of_id, p.revision, coalesce(c.likes_count, 0) AS likes_count, coalesce(c.reposts_count, 0) AS reposts_count
FROM posts.posts p LEFT JOIN posts.counters c ON c.post_id = p.id
WHERE p.id > :after AND p.deleted_at IS NULL
ORDER BY p.id
LIMIT :row_limit;

-- name: load_marks(user_id, row_limit)^
-- A user's marks on the newest posts, at most `row_limit` of each kind, by descending post id.
-- Index: the primary keys (user_id, post_id), read backwards.
SELECT
    ARRAY(SELECT post_id FROM posts.likes WHERE user_id = :user_id ORDER BY post_id DESC LIMIT :row_limit),
    ARRAY(SELECT post_id FROM posts.reposts WHERE user_id = :user_id ORDER BY post_id DESC LIMIT :row_limit),
    ARRAY(SELECT post_id FROM posts.bookmarks WHERE user_id = :user_id ORDER BY post_id DESC LIMIT :row_limit);

-- name: likes_after(user_id, post_id, row_limit)
-- Index: likes_pkey.
SELECT id, user_id, post_id FROM posts.likes WHERE (user_id, post_id) > (:user_id, :post_id)
ORDER BY user_id, post_id LIMIT :row_limit;

-- name: load_marks_on(user_id, post_ids)^
-- A user's marks on some posts. Index: the primary keys (user_id, post_id), one probe per post: the limits keep the
-- planner from reading all that a user ever marked.
SELECT
    ARRAY(
        SELECT id FROM unnest(:post_ids::bigint[]) AS wanted (id)
        CROSS JOIN LATERAL (SELECT FROM posts.likes WHERE user_id = :user_id AND post_id = wanted.id LIMIT 1) found
    ),
    ARRAY(
        SELECT id FROM unnest(:post_ids::bigint[]) AS wanted (id)
        CROSS JOIN LATERAL (SELECT FROM posts.reposts WHERE user_id = :user_id AND post_id = wanted.id LIMIT 1) found
    ),
    ARRAY(
        SELECT id FROM unnest(:post_ids::bigint[]) AS wanted (id)
        CROSS JOIN LATERAL (SELECT FROM posts.bookmarks WHERE user_id = :user_id AND post_id = wanted.id LIMIT 1) found
    );

-- name: load_reposts(post_ids, row_limit)
-- The newest reposts of each post, at most `row_limit` of each. Index: reposts_by_post.
SELECT wanted.post_id, r.id, r.user_id
FROM unnest(:post_ids::bigint[]) AS wanted (post_id)
CROSS JOIN LATERAL (
    SELECT id, user_id FROM posts.reposts WHERE post_id = wanted.post_id ORDER BY id DESC LIMIT :row_limit
) r;

-- name: load_reposts_by(post_ids, user_ids, above)
-- The reposts of some posts by some users with an id above `above`. Index: the primary key (user_id, post_id), one
-- probe per user and post: the limit keeps the planner from reading all reposts of a post that everybody reposts.
SELECT wanted.post_id, r.id, reposter.user_id
FROM unnest(:post_ids::bigint[]) AS wanted (post_id)
CROSS JOIN unnest(:user_ids::bigint[]) AS reposter (user_id)
CROSS JOIN LATERAL (
    SELECT id FROM posts.reposts WHERE user_id = reposter.user_id AND post_id = wanted.post_id LIMIT 1
) r
WHERE r.id > :above;

-- name: create_posts(post_ids, author_ids, contents, entities, reply_to_ids, reply_to_author_ids, conversation_ids, quote_of_ids, media_ids, langs, topics, partitions, event_values, headers)!
-- Posts and their events, row by row in parallel arrays: one statement, so one transaction and one round trip.
-- `media_ids` are arrays as text, `{1,2}`: unnest would take an array of arrays apart.
WITH given AS (
    SELECT * FROM unnest(:post_ids::bigint[], :author_ids::bigint[], :contents::text[], :entities::text[],
                         :reply_to_ids::bigint[], :reply_to_author_ids::bigint[], :conversation_ids::bigint[],
                         :quote_of_ids::bigint[], :media_ids::text[], :langs::text[], :topics::text[],
                         :partitions::integer[], :event_values::bytea[], :headers::text[])
        AS post (id, author_id, content, entities, reply_to_id, reply_to_author_id, conversation_id, quote_of_id,
                 media_ids, lang, topic, partition, value, headers)
), post AS (
    INSERT INTO posts.posts (id, author_id, content, entities, reply_to_id, reply_to_author_id, conversation_id,
                             quote_of_id, media_ids, lang)
    SELECT id, author_id, content, entities::jsonb, reply_to_id, reply_to_author_id, conversation_id, quote_of_id,
           media_ids::bigint[], lang
    FROM given
)
INSERT INTO bus.outbox (topic, partition, key, value, headers)
SELECT topic, partition, author_id, value, headers::jsonb FROM given;

-- name: edit_post(post_id, author_id, edited_at, revision, content, entities, lang, topic, partition, value, headers)$
-- New words over those of `revision`, which move to posts.revisions. NULL, and nothing written, when the post is not
-- at that revision any more.
WITH edited AS (
    UPDATE posts.posts
    SET content = :content, entities = :entities::jsonb, lang = :lang, revision = revision + 1, edited_at = :edited_at
    WHERE id = :post_id AND author_id = :author_id AND revision = :revision AND deleted_at IS NULL
    RETURNING old.content, old.entities, old.revision, coalesce(old.edited_at, old.created_at) AS since
), kept AS (
    INSERT INTO posts.revisions (post_id, revision, author_id, content, entities, created_at)
    SELECT :post_id, revision, :author_id, content, entities, since FROM edited
)
INSERT INTO bus.outbox (topic, partition, key, value, headers)
SELECT :topic, :partition, :author_id, :value, :headers::jsonb FROM edited
RETURNING true;

-- name: empty_post(post_id, author_id)$
-- Leaves a tombstone; NULL when there is no such post. Locks the row until the transaction ends.
UPDATE posts.posts
SET content = '', entities = '{}', media_ids = '{}', deleted_at = now()
WHERE id = :post_id AND author_id = :author_id AND deleted_at IS NULL
RETURNING true;

-- name: forget_revisions(post_id, topic, partition, key, value, headers)!
-- Behind `empty_post`, in the same transaction but with a younger snapshot: an edit that was under way is in it.
WITH forgotten AS (DELETE FROM posts.revisions WHERE post_id = :post_id)
INSERT INTO bus.outbox (topic, partition, key, value, headers)
VALUES (:topic, :partition, :key, :value, :headers::jsonb);

-- name: list_revisions(post_id)
-- What a post said before, newest first. Index: the primary key.
SELECT revision, content, entities, created_at FROM posts.revisions WHERE post_id = :post_id ORDER BY revision DESC;

-- name: create_like(like_id, user_id, post_id, revision, topic, partition, value, headers)$
-- A like, with its event; NULL when the post was liked already or is deleted.
WITH marked AS (
    INSERT INTO posts.likes (id, user_id, post_id, revision)
    SELECT :like_id, :user_id, p.id, :revision FROM posts.posts p WHERE p.id = :post_id AND p.deleted_at IS NULL
    ON CONFLICT (user_id, post_id) DO NOTHING
    RETURNING 1
)
INSERT INTO bus.outbox (topic, partition, key, value, headers)
SELECT :topic, :partition, :user_id, :value, :headers::jsonb FROM marked
RETURNING true;

-- name: delete_like(user_id, post_id, topic, partition, value, headers)$
-- NULL when there was none.
WITH unmarked AS (DELETE FROM posts.likes WHERE user_id = :user_id AND post_id = :post_id RETURNING 1)
INSERT INTO bus.outbox (topic, partition, key, value, headers)
SELECT :topic, :partition, :user_id, :value, :headers::jsonb FROM unmarked
RETURNING true;

-- name: create_repost(repost_id, user_id, post_id, revision, author_id, topic, partition, value, headers)$
-- As create_like; `author_id` is the author of the post.
WITH marked AS (
    INSERT INTO posts.reposts (id, user_id, post_id, revision, author_id)
    SELECT :repost_id, :user_id, p.id, :revision, :author_id
    FROM posts.posts p WHERE p.id = :post_id AND p.deleted_at IS NULL
    ON CONFLICT (user_id, post_id) DO NOTHING
    RETURNING 1
)
INSERT INTO bus.outbox (topic, partition, key, value, headers)
SELECT :topic, :partition, :user_id, :value, :headers::jsonb FROM marked
RETURNING true;

-- name: find_repost(user_id, post_id)$
-- The id of the repost of post `post_id` by user `user_id`.
SELECT id FROM posts.reposts WHERE user_id = :user_id AND post_id = :post_id;

-- name: delete_repost(user_id, post_id, repost_id, topic, partition, value, headers)$
-- The repost of that id and no later one of the same post; NULL when it is gone.
WITH unmarked AS (
    DELETE FROM posts.reposts WHERE user_id = :user_id AND post_id = :post_id AND id = :repost_id RETURNING 1
)
INSERT INTO bus.outbox (topic, partition, key, value, headers)
SELECT :topic, :partition, :user_id, :value, :headers::jsonb FROM unmarked
RETURNING true;

-- name: create_bookmark(bookmark_id, user_id, post_id)$
-- Bookmarks are private: they have no event.
INSERT INTO posts.bookmarks (id, user_id, post_id)
SELECT :bookmark_id, :user_id, p.id FROM posts.posts p WHERE p.id = :post_id AND p.deleted_at IS NULL
ON CONFLICT (user_id, post_id) DO NOTHING
RETURNING true;

-- name: delete_bookmark(user_id, post_id)$
DELETE FROM posts.bookmarks WHERE user_id = :user_id AND post_id = :post_id RETURNING true;

-- name: move_counters(consumer_group, event_ids, change_event_ids, kinds, post_ids, amounts)
-- Adds to the counters what those events say that the group has not counted yet, and returns the posts changed.
-- `event_ids` are the events in ascending order; the last four are rows (event, kind, post, amount) of what they add.
-- Rows are locked in the order of post ids, so that two members of the group cannot wait for each other.
WITH fresh AS (
    INSERT INTO kit.consumed (event_id, consumer_group)
    SELECT event_id, :consumer_group FROM unnest(:event_ids::bigint[]) AS event (event_id)
    ON CONFLICT DO NOTHING
    RETURNING event_id
), added AS (
    SELECT change.post_id,
           sum(amount) FILTER (WHERE kind = 'likes') AS likes, sum(amount) FILTER (WHERE kind = 'reposts') AS reposts,
           sum(amount) FILTER (WHERE kind = 'replies') AS replies, sum(amount) FILTER (WHERE kind = 'quotes') AS quotes
    FROM unnest(:change_event_ids::bigint[], :kinds::text[], :post_ids::bigint[], :amounts::integer[])
        AS change (event_id, kind, post_id, amount)
    JOIN fresh USING (event_id)
    JOIN posts.posts p ON p.id = change.post_id
    GROUP BY change.post_id
)
INSERT INTO posts.counters AS c (post_id, likes_count, reposts_count, replies_count, quotes_count)
SELECT post_id, coalesce(likes, 0), coalesce(reposts, 0), coalesce(replies, 0), coalesce(quotes, 0)
FROM added
ORDER BY post_id
ON CONFLICT (post_id) DO UPDATE
SET likes_count = c.likes_count + excluded.likes_count, reposts_count = c.reposts_count + excluded.reposts_count,
    replies_count = c.replies_count + excluded.replies_count, quotes_count = c.quotes_count + excluded.quotes_count
RETURNING post_id;

-- name: list_user_entries(user_id, before, with_replies, row_limit)
-- What a user posted and reposted below the entry `before`, newest first; replies to others only when asked for.
-- Index: posts_by_author, partition by partition from the newest, and reposts_by_user.
(
    SELECT id, author_id AS user_id, id AS post_id
    FROM posts.posts
    WHERE author_id = :user_id AND id < :before AND deleted_at IS NULL
        AND (:with_replies OR reply_to_author_id IS NULL OR reply_to_author_id = author_id)
    ORDER BY id DESC
    LIMIT :row_limit
)
UNION ALL
(
    SELECT id, user_id, post_id
    FROM posts.reposts
    WHERE user_id = :user_id AND id < :before
    ORDER BY id DESC
    LIMIT :row_limit
)
ORDER BY id DESC
LIMIT :row_limit;

-- name: list_user_media(user_id, before, row_limit)
-- A user's own posts with media, replies too, below the id `before`, newest first.
-- Index: posts_media_by_author, partition by partition from the newest.
SELECT id, author_id AS user_id, id AS post_id
FROM posts.posts
WHERE author_id = :user_id AND id < :before AND media_ids <> '{}' AND deleted_at IS NULL
ORDER BY id DESC
LIMIT :row_limit;

-- name: list_ancestors(post_id, depth_max)
-- The posts that a post answers, up to the first of the conversation or `depth_max` steps, oldest first; tombstones
-- too. Index: the partitions' primary keys, one probe per step.
WITH RECURSIVE up AS (
    SELECT reply_to_id AS id, 1 AS depth FROM posts.posts WHERE id = :post_id AND reply_to_id IS NOT NULL
UNION ALL
    SELECT p.reply_to_id, up.depth + 1
    FROM up JOIN posts.posts p ON p.id = up.id
    WHERE p.reply_to_id IS NOT NULL AND up.depth < :depth_max
)
SELECT id FROM up ORDER BY depth DESC;

-- name: list_replies(post_id, after, row_limit)
-- Direct replies above the id `after` (at least the post's own), oldest first. Index: posts_replies.
SELECT id, id AS post_id FROM posts.posts
WHERE reply_to_id = :post_id AND id > :after AND deleted_at IS NULL
ORDER BY id
LIMIT :row_limit;

-- name: list_quotes(post_id, before, row_limit)
-- Posts that quote a post, below the id `before`, newest first. Index: posts_quotes.
SELECT id, id AS post_id FROM posts.posts
WHERE quote_of_id = :post_id AND id > :post_id AND id < :before AND deleted_at IS NULL
ORDER BY id DESC
LIMIT :row_limit;

-- name: list_likes(user_id, before, row_limit)
-- What a user liked, the newest like first. Index: likes_by_user.
SELECT id, post_id FROM posts.likes WHERE user_id = :user_id AND id < :before ORDER BY id DESC LIMIT :row_limit;

-- name: list_bookmarks(user_id, before, row_limit)
-- Index: bookmarks_by_user.
SELECT id, post_id FROM posts.bookmarks WHERE user_id = :user_id AND id < :before ORDER BY id DESC LIMIT :row_limit;

-- name: list_likers(post_id, before, row_limit)
-- Who liked a post, the newest like first. Index: likes_by_post.
SELECT id, user_id FROM posts.likes WHERE post_id = :post_id AND id < :before ORDER BY id DESC LIMIT :row_limit;

-- name: list_reposters(post_id, before, row_limit)
-- Index: reposts_by_post.
SELECT id, user_id FROM posts.reposts WHERE post_id = :post_id AND id < :before ORDER BY id DESC LIMIT :row_limit;
