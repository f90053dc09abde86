-- name: home_entries(reader_id, before, since, max_entries)
-- A stretch of a reader's home timeline, newest first, by the view. For who follows thousands: the posts of the window in the
-- order of time, those of followees kept by a hash (5 ms for 5,000 followees and 11,000 posts), or per followee one
-- descent of posts_by_author and one of reposts_by_user, as PostgreSQL finds cheaper.
SELECT entry_id, user_id, post_id
FROM timelines.home
WHERE reader_id = :reader_id AND entry_id < :before AND entry_id >= :since
ORDER BY entry_id DESC
LIMIT :max_entries;

-- name: entries_of(author_ids, before, since, max_entries)
-- The same as the view has it, of the accounts that the reader follows and the reader: per account one descent of
-- posts_by_author in each partition of the window and one of reposts_by_user, whatever there are of other posts. With
-- 60,000 posts: 0.5 ms for 50 accounts without a bound, 1.2 ms for 500 in 2 days.
SELECT entry.entry_id, entry.user_id, entry.post_id
FROM unnest(:author_ids::bigint[]) AS source (id)
CROSS JOIN LATERAL (
    (
        SELECT id AS entry_id, author_id AS user_id, id AS post_id
        FROM timelines.posts
        WHERE author_id = source.id AND deleted_at IS NULL AND id < :before AND id >= :since
        ORDER BY id DESC
        LIMIT :max_entries
    )
    UNION ALL
    (
        SELECT id, user_id, post_id
        FROM timelines.reposts
        WHERE user_id = source.id AND id < :before AND id >= :since
        ORDER BY id DESC
        LIMIT :max_entries
    )
) AS entry
ORDER BY entry.entry_id DESC
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
