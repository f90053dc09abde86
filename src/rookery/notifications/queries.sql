-- name: consume(event_ids)
-- The events among these that this group has not acted on yet.
INSERT INTO kit.consumed (event_id, consumer_group)
SELECT DISTINCT event_id, 'notifications' FROM unnest(:event_ids::bigint[]) AS event_id ORDER BY event_id
ON CONFLICT DO NOTHING
RETURNING event_id;

-- name: users_of_posts(post_ids)
-- Whom groups about these posts belong to; index notifications_by_post.
SELECT DISTINCT user_id
FROM notifications.notifications
WHERE post_id = ANY (:post_ids::bigint[]) AND post_id <> 0;

-- name: make_inboxes(user_ids)!
INSERT INTO notifications.inboxes (user_id)
SELECT user_id FROM unnest(:user_ids::bigint[]) AS user_id ORDER BY user_id
ON CONFLICT DO NOTHING;

-- name: lock_inboxes(user_ids)
-- In one order everywhere, so that nobody waits in a circle.
SELECT user_id FROM notifications.inboxes WHERE user_id = ANY (:user_ids::bigint[]) ORDER BY user_id FOR UPDATE;

-- name: remember_deleted(post_ids, event_ids)!
INSERT INTO notifications.deleted_posts (post_id, event_id)
SELECT post_id, event_id FROM unnest(:post_ids::bigint[], :event_ids::bigint[]) AS d (post_id, event_id)
ORDER BY post_id
ON CONFLICT DO NOTHING;

-- name: drop_groups_of_posts(post_ids, user_ids)!
-- Only those of locked users; index notifications_by_post. Their acts go later.
WITH gone AS (
    DELETE FROM notifications.notifications
    WHERE post_id = ANY (:post_ids::bigint[]) AND post_id <> 0 AND user_id = ANY (:user_ids::bigint[])
    RETURNING user_id, group_id
)
INSERT INTO notifications.dropped (user_id, group_id) SELECT user_id, group_id FROM gone ON CONFLICT DO NOTHING;

-- name: delete_acts(user_ids, actor_ids, kinds, object_ids)
-- By primary key; the group of each act that was there.
DELETE FROM notifications.acts AS a
USING unnest(:user_ids::bigint[], :actor_ids::bigint[], :kinds::text[], :object_ids::bigint[])
    AS k (user_id, actor_id, kind, object_id)
WHERE a.user_id = k.user_id AND a.actor_id = k.actor_id AND a.kind = k.kind AND a.object_id = k.object_id
RETURNING a.user_id, a.group_id;

-- name: delete_acts_between(user_ids, actor_ids)
-- All that one did upon the other, by the primary key's first two columns.
DELETE FROM notifications.acts AS a
USING unnest(:user_ids::bigint[], :actor_ids::bigint[]) AS k (user_id, actor_id)
WHERE a.user_id = k.user_id AND a.actor_id = k.actor_id
RETURNING a.user_id, a.group_id;

-- name: take_from_groups(user_ids, group_ids)!
-- One (user_id, group_id) for each act that is gone. The newest of those that are left: index acts_by_group.
WITH lost AS (
    SELECT user_id, group_id, count(*)::integer AS acts
    FROM unnest(:user_ids::bigint[], :group_ids::bigint[]) AS l (user_id, group_id)
    GROUP BY user_id, group_id
)
UPDATE notifications.notifications AS n
SET count = n.count - lost.acts, id = coalesce(rest.id, n.id), actor_ids = coalesce(rest.actor_ids, '{}')
FROM lost, LATERAL (
    SELECT max(newest.id) AS id, array_agg(newest.actor_id ORDER BY newest.id DESC) AS actor_ids
    FROM (
        SELECT a.id, a.actor_id
        FROM notifications.acts AS a
        WHERE a.user_id = lost.user_id AND a.group_id = lost.group_id
        ORDER BY a.id DESC
        LIMIT 8
    ) AS newest
) AS rest
WHERE n.user_id = lost.user_id AND n.group_id = lost.group_id;

-- name: delete_empty_groups(user_ids, group_ids)!
DELETE FROM notifications.notifications AS n
USING unnest(:user_ids::bigint[], :group_ids::bigint[]) AS l (user_id, group_id)
WHERE n.user_id = l.user_id AND n.group_id = l.group_id AND n.count = 0;

-- name: add_acts(user_ids, actor_ids, kinds, object_ids, ids, types)
-- Those that are new join the open group of their type and post, or open one (index unread_open). Returns them.
WITH fresh AS (
    SELECT k.*
    FROM unnest(
        :user_ids::bigint[], :actor_ids::bigint[], :kinds::text[], :object_ids::bigint[], :ids::bigint[], :types::text[]
    ) AS k (user_id, actor_id, kind, object_id, id, type)
    WHERE NOT EXISTS (
        SELECT FROM notifications.acts AS a
        WHERE a.user_id = k.user_id AND a.actor_id = k.actor_id AND a.kind = k.kind AND a.object_id = k.object_id
    ) AND NOT EXISTS (SELECT FROM notifications.deleted_posts AS d WHERE d.post_id = k.object_id)
), opened AS (
    INSERT INTO notifications.unread AS u (user_id, group_id, id, type, post_id, count, actor_ids)
    SELECT user_id, min(id), max(id), type, object_id, count(*), (array_agg(actor_id ORDER BY id DESC))[1 : 8]
    FROM fresh
    GROUP BY user_id, type, object_id
    ON CONFLICT (user_id, type, post_id) DO UPDATE SET
        count = u.count + excluded.count,
        id = greatest(u.id, excluded.id),
        actor_ids = (excluded.actor_ids || u.actor_ids)[1 : 8]
    RETURNING u.user_id, u.type, u.post_id, u.group_id
)
INSERT INTO notifications.acts AS a (user_id, actor_id, kind, object_id, id, group_id)
SELECT f.user_id, f.actor_id, f.kind, f.object_id, f.id, o.group_id
FROM fresh AS f JOIN opened AS o ON o.user_id = f.user_id AND o.type = f.type AND o.post_id = f.object_id
RETURNING a.user_id, a.group_id, a.id;

-- name: find_acts(user_ids, actor_ids, kinds, object_ids, ids)
-- Of these acts, by primary key, those that are there from this very event.
SELECT a.user_id, a.group_id, a.id
FROM unnest(:user_ids::bigint[], :actor_ids::bigint[], :kinds::text[], :object_ids::bigint[], :ids::bigint[])
    AS k (user_id, actor_id, kind, object_id, id)
JOIN notifications.acts AS a
    ON a.user_id = k.user_id AND a.actor_id = k.actor_id AND a.kind = k.kind AND a.object_id = k.object_id
    AND a.id = k.id;

-- name: newest(user_id, before, max_groups)
-- A page: both parts of notifications_by_user merged, newest first, no sort.
SELECT group_id, id, type, post_id, count, actor_ids, is_read
FROM notifications.notifications
WHERE user_id = :user_id AND id < :before
ORDER BY id DESC
LIMIT :max_groups;

-- name: by_group(user_id, group_ids)
-- By primary key.
SELECT group_id, id, type, post_id, count, actor_ids, is_read
FROM notifications.notifications
WHERE user_id = :user_id AND group_id = ANY (:group_ids::bigint[]);

-- name: count_unread(user_id, max_groups)$
-- One range of unread_open, which is small because it holds unread groups only.
SELECT count(*) FROM (SELECT FROM notifications.unread WHERE user_id = :user_id LIMIT :max_groups) AS few;

-- name: unread_actors(user_id, max_groups)
-- The same range, with the rows.
SELECT actor_ids FROM notifications.unread WHERE user_id = :user_id LIMIT :max_groups;

-- name: newest_unread(user_id)$
SELECT max(id) FROM notifications.unread WHERE user_id = :user_id;

-- name: mark_read(user_id, up_to, max_groups)
-- Moves at most :max_groups, oldest first, from one part to the other.
UPDATE notifications.notifications
SET is_read = true
WHERE user_id = :user_id AND NOT is_read AND group_id = ANY (ARRAY(
    SELECT group_id FROM notifications.unread
    WHERE user_id = :user_id AND id <= :up_to
    ORDER BY id
    LIMIT :max_groups
))
RETURNING group_id;

-- name: inboxes_after(after, max_users)
-- A stretch of all users, for upkeep; by primary key.
SELECT user_id FROM notifications.inboxes WHERE user_id > :after ORDER BY user_id LIMIT :max_users;

-- name: prune(oldest_id, kept, user_ids, max_groups)
-- Groups of locked users that are too old or too many; at most :max_groups. Index notifications_by_user.
WITH cutoffs AS (
    SELECT user_id, greatest(:oldest_id, (
        SELECT n.id FROM notifications.notifications AS n
        WHERE n.user_id = u.user_id
        ORDER BY n.id DESC
        OFFSET :kept LIMIT 1
    )) AS cutoff
    FROM unnest(:user_ids::bigint[]) AS u (user_id)
), gone AS (
    DELETE FROM notifications.notifications
    WHERE (user_id, group_id) IN (
        SELECT n.user_id, n.group_id
        FROM cutoffs AS c JOIN notifications.notifications AS n ON n.user_id = c.user_id AND n.id <= c.cutoff
        LIMIT :max_groups
    )
    RETURNING user_id, group_id
)
INSERT INTO notifications.dropped (user_id, group_id) SELECT user_id, group_id FROM gone
ON CONFLICT DO NOTHING
RETURNING group_id;

-- name: some_dropped(max_groups)
SELECT user_id, group_id FROM notifications.dropped LIMIT :max_groups;

-- name: delete_dropped_acts(user_ids, group_ids, max_acts)
-- At most :max_acts of these groups, leaving out what a consumer is taking away itself. Index acts_by_group.
DELETE FROM notifications.acts
WHERE ctid = ANY (ARRAY(
    SELECT a.ctid
    FROM unnest(:user_ids::bigint[], :group_ids::bigint[]) AS d (user_id, group_id)
    JOIN notifications.acts AS a ON a.user_id = d.user_id AND a.group_id = d.group_id
    LIMIT :max_acts
    FOR UPDATE OF a SKIP LOCKED
))
RETURNING group_id;

-- name: forget_dropped(user_ids, group_ids)!
DELETE FROM notifications.dropped AS d
USING unnest(:user_ids::bigint[], :group_ids::bigint[]) AS g (user_id, group_id)
WHERE d.user_id = g.user_id AND d.group_id = g.group_id;

-- name: forget_deleted(before)!
-- Index deleted_posts_by_event.
DELETE FROM notifications.deleted_posts WHERE event_id < :before;
