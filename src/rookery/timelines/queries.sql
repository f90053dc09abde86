-- name: entries_between(reader_id, before, since, max_entries)
-- A stretch of a reader's home timeline, newest first, by the view. The bounds on entry_id go down into every branch: per
-- followee one descent of posts_by_author and one of reposts_by_user, in the partitions that the bounds leave.
SELECT entry_id, user_id, post_id
FROM timelines.home
WHERE reader_id = :reader_id AND entry_id < :before AND entry_id >= :since
ORDER BY entry_id DESC
LIMIT :max_entries;

-- name: author_entries(author_id, max_entries)
-- The newest entries of one author, for authors that are merged at read: posts_by_author and reposts_by_user, read
-- backwards from their ends.
(
    SELECT id AS entry_id, author_id AS user_id, id AS post_id
    FROM timelines.posts
    WHERE author_id = :author_id AND deleted_at IS NULL
    ORDER BY id DESC
    LIMIT :max_entries
)
UNION ALL
(
    SELECT id, user_id, post_id
    FROM timelines.reposts
    WHERE user_id = :author_id
    ORDER BY id DESC
    LIMIT :max_entries
)
ORDER BY entry_id DESC
LIMIT :max_entries;
