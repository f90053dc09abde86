-- What others did that concerns a user, grouped when it is written ("Ana and 12 others liked your post").
-- Owner of a row: user_id, the one who is notified. See docs/decisions/0006-notifications.md.

CREATE SCHEMA notifications;

-- One row per user who was ever notified. Whoever changes a user's notifications locks it first, several of them in the
-- order of user_id: everything else about one user then happens one after the other.
CREATE TABLE notifications.inboxes (
    user_id bigint PRIMARY KEY REFERENCES users.users ON DELETE CASCADE
);

-- A group of acts of one type about one post, or about none (0). `group_id` is the id of the act that opened it and never
-- changes; `id` is that of its newest act, which is its place in the list and what clients see. An act's id is the id of
-- its event, so it carries its time. `actor_ids` are the newest 8, newest first.
CREATE TABLE notifications.notifications (
    user_id bigint NOT NULL REFERENCES notifications.inboxes ON DELETE CASCADE,
    group_id bigint NOT NULL,
    is_read boolean NOT NULL DEFAULT false,
    id bigint NOT NULL,
    type text NOT NULL CONSTRAINT notifications_type_check CHECK (
        type IN ('follow', 'follow_request', 'follow_accepted', 'mention', 'reply', 'like', 'repost', 'quote')
    ),
    post_id bigint NOT NULL DEFAULT 0,
    count integer NOT NULL CONSTRAINT notifications_count_check CHECK (count >= 0),
    actor_ids bigint[] NOT NULL,
    PRIMARY KEY (user_id, group_id, is_read)
) PARTITION BY LIST (is_read);

-- The unread part is small and changes all the time; the read part only grows old.
CREATE TABLE notifications.unread PARTITION OF notifications.notifications FOR VALUES IN (false)
    WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
CREATE TABLE notifications.read PARTITION OF notifications.notifications FOR VALUES IN (true);

CREATE INDEX notifications_by_user ON notifications.notifications (user_id, id DESC);
-- For the consumer of `post.deleted` alone: whom a post was about to reach, whoever they are.
CREATE INDEX notifications_by_post ON notifications.notifications (post_id) WHERE post_id <> 0;
-- One open group for each type and post: once it is read, a new act opens another.
CREATE UNIQUE INDEX unread_open ON notifications.unread (user_id, type, post_id);

-- Each act once. `kind` is the type, or `written` for a reply, mention or quote, which a post causes at most one of per
-- user; `object_id` is the post that was liked, reposted or written, 0 for the acts about nothing but the two people.
CREATE TABLE notifications.acts (
    user_id bigint NOT NULL REFERENCES notifications.inboxes ON DELETE CASCADE,
    actor_id bigint NOT NULL,
    kind text NOT NULL,
    object_id bigint NOT NULL DEFAULT 0,
    id bigint NOT NULL,
    group_id bigint NOT NULL,
    PRIMARY KEY (user_id, actor_id, kind, object_id)
);
CREATE INDEX acts_by_group ON notifications.acts (user_id, group_id, id DESC);

-- Groups that are gone while their acts may still be there: the maintenance job takes those away in batches.
CREATE TABLE notifications.dropped (
    user_id bigint NOT NULL,
    group_id bigint NOT NULL,
    PRIMARY KEY (user_id, group_id)
);

-- Posts deleted lately: a like that was handled later than the deletion must not tell of it.
CREATE TABLE notifications.deleted_posts (
    post_id bigint PRIMARY KEY,
    event_id bigint NOT NULL
);
CREATE INDEX deleted_posts_by_event ON notifications.deleted_posts (event_id);
