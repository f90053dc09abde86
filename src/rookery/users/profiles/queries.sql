-- name: profiles(viewer_id, ids, usernames)
-- Accounts by id or by lower-case username, with fresh counts and the viewer's relation to each (viewer 0: all false).
-- The e-mail address and the reminder are for Me only.
-- Plan with 200,000 users and 1,000,000 follows: users_pkey and counters_pkey, a name by a Bitmap Index Scan on
-- users_username_hash; each relation is one probe of a primary key per account. As EXISTS they would become hashed
-- subplans that read all followers of the viewer.
SELECT u.id, u.username, u.display_name, u.avatar_url, u.protected, u.bio, u.location, u.website, u.header_url,
    u.email, u.email_verified_at IS NOT NULL AS email_verified, u.alt_reminder,
    coalesce(c.followers_count, 0) AS followers_count,
    coalesce(c.following_count, 0) AS following_count,
    coalesce(c.posts_count, 0) AS posts_count,
    (SELECT true FROM users.follows f WHERE f.follower_id = :viewer_id AND f.followee_id = u.id) IS TRUE AS following,
    (SELECT true FROM users.follows f WHERE f.follower_id = u.id AND f.followee_id = :viewer_id) IS TRUE AS followed_by,
    (SELECT true FROM users.follow_requests r WHERE r.follower_id = :viewer_id AND r.followee_id = u.id) IS TRUE
        AS requested,
    (SELECT true FROM users.blocks b WHERE b.user_id = :viewer_id AND b.target_id = u.id) IS TRUE AS blocking,
    (SELECT true FROM users.blocks b WHERE b.user_id = u.id AND b.target_id = :viewer_id) IS TRUE AS blocked_by,
    (SELECT true FROM users.mutes m WHERE m.user_id = :viewer_id AND m.target_id = u.id) IS TRUE AS muting
FROM users.users u LEFT JOIN users.counters c ON c.user_id = u.id
WHERE u.id = ANY(
    :ids::bigint[] || ARRAY(SELECT n.id FROM users.users n WHERE lower(n.username) = ANY(:usernames::text[]))
);

-- name: authors(ids)
-- Index Scan using users_pkey: 100 accounts in 0.02 ms.
SELECT id, username, display_name, avatar_url, protected, pulled FROM users.users WHERE id = ANY(:ids::bigint[]);

-- name: ids_by_username(usernames)
-- `usernames` in lower case. Nested Loop <- Index Scan using users_username_hash, once per name.
SELECT n.username, u.id
FROM unnest(:usernames::text[]) AS n (username) JOIN users.users u ON lower(u.username) = n.username;

-- name: lock_profile(user_id)^
SELECT display_name, bio, location, website, protected, alt_reminder FROM users.users WHERE id = :user_id FOR NO KEY UPDATE;

-- name: update_profile(user_id, display_name, bio, location, website, protected, alt_reminder)!
UPDATE users.users
SET display_name = :display_name, bio = :bio, location = :location, website = :website, protected = :protected,
    alt_reminder = :alt_reminder, updated_at = now()
WHERE id = :user_id;

-- name: set_avatar(user_id, url)$
-- NULL when it was so already.
UPDATE users.users SET avatar_url = :url, updated_at = now()
WHERE id = :user_id AND avatar_url IS DISTINCT FROM :url
RETURNING true;

-- name: set_header(user_id, url)$
UPDATE users.users SET header_url = :url, updated_at = now()
WHERE id = :user_id AND header_url IS DISTINCT FROM :url
RETURNING true;

-- name: count_events(consumer_group, event_ids, user_ids, followers, following, posts)
-- Adds to the counters what was not counted before, and returns the new numbers of followers. Rows are locked in the
-- order of user ids, so that members of the group do not deadlock.
WITH deltas AS (
    SELECT DISTINCT * FROM unnest(:event_ids::bigint[], :user_ids::bigint[], :followers::int[], :following::int[], :posts::int[])
        AS d (event_id, user_id, followers, following, posts)
), fresh AS (
    INSERT INTO kit.consumed (event_id, consumer_group)
    SELECT DISTINCT event_id, :consumer_group::text FROM deltas ORDER BY event_id
    ON CONFLICT DO NOTHING
    RETURNING event_id
), sums AS (
    SELECT d.user_id, sum(d.followers) AS followers, sum(d.following) AS following, sum(d.posts) AS posts
    FROM deltas d JOIN fresh USING (event_id)
    GROUP BY d.user_id
)
INSERT INTO users.counters AS c (user_id, followers_count, following_count, posts_count)
SELECT s.user_id, s.followers, s.following, s.posts
FROM sums s JOIN users.users u ON u.id = s.user_id
ORDER BY s.user_id
ON CONFLICT (user_id) DO UPDATE SET
    followers_count = c.followers_count + excluded.followers_count,
    following_count = c.following_count + excluded.following_count,
    posts_count = c.posts_count + excluded.posts_count
RETURNING user_id, followers_count;

-- name: pulled_authors()
-- By the partial index users_pulled.
SELECT id FROM users.users WHERE pulled;

-- name: most_followed(row_limit)
-- Reads all counters (100,000 in 89 ms): an index on a count would be written with each follow.
SELECT c.user_id, c.followers_count FROM users.counters c
WHERE c.followers_count > 0 AND (SELECT NOT u.protected FROM users.users u WHERE u.id = c.user_id)
ORDER BY c.followers_count DESC, c.user_id
LIMIT :row_limit;

-- name: mark_pulled(ids)
-- For good: an author near the threshold would else be pushed and pulled in turns.
UPDATE users.users SET pulled = true
WHERE id IN (SELECT id FROM users.users WHERE id = ANY(:ids::bigint[]) AND NOT pulled ORDER BY id FOR NO KEY UPDATE)
RETURNING id;

-- name: stored_profiles(ids)
-- Accounts for the read models of other services. Index: the primary keys, one probe per id.
SELECT u.id, u.username, u.display_name, u.bio, u.protected, coalesce(c.followers_count, 0) AS followers_count
FROM unnest(:ids::bigint[]) AS wanted (id)
JOIN users.users u ON u.id = wanted.id
LEFT JOIN users.counters c ON c.user_id = wanted.id;

-- name: stored_profiles_after(after, row_limit)
-- Likewise, in order; a merge join of the two primary keys from `after` on.
SELECT u.id, u.username, u.display_name, u.bio, u.protected, coalesce(c.followers_count, 0) AS followers_count
FROM users.users u LEFT JOIN users.counters c ON c.user_id = u.id
WHERE u.id > :after
ORDER BY u.id LIMIT :row_limit;
