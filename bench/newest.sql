-- The 20 newest entries of a reader's home timeline, in the ways in which one would write them by hand. $1: reader,
-- $2: no entry is older than this id (0: no bound). Posts and reposts of those followed and of the reader.

-- name: followee by followee
-- Per followee the newest 20 by index (posts_by_author, reposts_by_user), then the newest of all.
WITH sources AS MATERIALIZED (
    SELECT followee_id AS id FROM users.follows WHERE follower_id = $1 UNION ALL SELECT $1
)
SELECT entry.id FROM sources CROSS JOIN LATERAL (
    (SELECT p.id FROM posts.posts p
     WHERE p.author_id = sources.id AND p.deleted_at IS NULL AND p.id >= $2 ORDER BY p.id DESC LIMIT 20)
    UNION ALL
    (SELECT r.id FROM posts.reposts r WHERE r.user_id = sources.id AND r.id >= $2 ORDER BY r.id DESC LIMIT 20)
) entry
ORDER BY entry.id DESC LIMIT 20

-- name: plain join
WITH sources AS (
    SELECT followee_id AS id FROM users.follows WHERE follower_id = $1 UNION ALL SELECT $1
)
SELECT id FROM (
    SELECT p.id FROM sources JOIN posts.posts p ON p.author_id = sources.id WHERE p.deleted_at IS NULL AND p.id >= $2
    UNION ALL
    SELECT r.id FROM sources JOIN posts.reposts r ON r.user_id = sources.id WHERE r.id >= $2
) entry
ORDER BY id DESC LIMIT 20
