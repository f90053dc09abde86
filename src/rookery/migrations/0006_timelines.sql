-- The home timeline by definition: what the accounts that a reader follows now, and the reader, posted and reposted.
-- What the reader may not or will not see (blocks, mutes, protection, repeated reposts) is taken off at read.

CREATE SCHEMA timelines;

CREATE VIEW timelines.home AS
    SELECT f.follower_id AS reader_id, p.id AS entry_id, p.author_id AS user_id, p.id AS post_id
    FROM users.follows f JOIN posts.posts p ON p.author_id = f.followee_id
    WHERE p.deleted_at IS NULL
UNION ALL
    SELECT p.author_id, p.id, p.author_id, p.id
    FROM posts.posts p
    WHERE p.deleted_at IS NULL
UNION ALL
    SELECT f.follower_id, r.id, r.user_id, r.post_id
    FROM users.follows f JOIN posts.reposts r ON r.user_id = f.followee_id
UNION ALL
    SELECT r.user_id, r.id, r.user_id, r.post_id
    FROM posts.reposts r;
