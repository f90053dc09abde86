-- Pictures and videos. Owner of a row: user_id. See docs/decisions/0014-media.md.

CREATE SCHEMA media;

-- Complete uploads and what became of them. Bytes are in the object store: what was sent under uploads/<id>/ (`chunks`, in
-- order), what is served under files/<id>/ (`files`, JSON of contracts.media.StoredFile).
CREATE TABLE media.media (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    purpose text NOT NULL DEFAULT 'post' CONSTRAINT media_purpose_check CHECK (purpose IN ('post', 'avatar', 'header')),
    kind text NOT NULL CONSTRAINT media_kind_check CHECK (kind IN ('image', 'gif', 'video')),
    format text NOT NULL, -- what the content is, by its first bytes: jpeg, png, ...
    state text NOT NULL CONSTRAINT media_state_check CHECK (state IN ('uploaded', 'processing', 'ready', 'failed')),
    progress real NOT NULL DEFAULT 0,
    failure_code text,
    failure_detail text,
    bytes bigint NOT NULL, -- against the quota: what was sent until it is processed, then what is served
    sent_bytes bigint NOT NULL DEFAULT 0, -- the size of the file that was sent
    chunks text[] NOT NULL DEFAULT '{}',
    files jsonb NOT NULL DEFAULT '[]',
    width integer,
    height integer,
    duration_ms integer,
    placeholder text,
    color text,
    alt text NOT NULL DEFAULT '' CHECK (length(alt) <= 10000),
    focus_x real,
    focus_y real,
    sensitive boolean NOT NULL DEFAULT false,
    post_id bigint, -- that shows it, or is about to until claimed_until
    claimed_until timestamptz,
    kept boolean NOT NULL DEFAULT false, -- in a post that is stored, or on a profile: not collected
    attempts smallint NOT NULL DEFAULT 0,
    leased_until timestamptz -- who processes it has it to itself until then
);
CREATE INDEX media_by_user ON media.media (user_id, id DESC) INCLUDE (kind, bytes);
CREATE INDEX media_by_post ON media.media (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX media_unused ON media.media (id) WHERE NOT kept;
-- Pictures before videos, which take a hundred times as long.
CREATE INDEX media_waiting ON media.media ((kind = 'video'), id) WHERE state IN ('uploaded', 'processing');

-- Resumable uploads (tus) on their way. A complete one becomes a row of media.media with the same id.
CREATE TABLE media.uploads (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    length bigint NOT NULL CHECK (length > 0),
    received bigint NOT NULL DEFAULT 0 CHECK (received <= length),
    head bytea NOT NULL DEFAULT '', -- the first bytes, by which the type is known
    chunks text[] NOT NULL DEFAULT '{}',
    alt text NOT NULL DEFAULT '',
    focus_x real,
    focus_y real,
    sensitive boolean NOT NULL DEFAULT false,
    expires_at timestamptz NOT NULL
);
CREATE INDEX uploads_by_user ON media.uploads (user_id) INCLUDE (length);
CREATE INDEX uploads_by_end ON media.uploads (expires_at);

-- Whose objects in the store are to go: all of them, or only what was sent. Deleted with an account, too.
CREATE TABLE media.doomed (
    media_id bigint NOT NULL,
    only_sent boolean NOT NULL,
    due_at timestamptz NOT NULL DEFAULT now(),
    rounds smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (media_id, only_sent)
);
CREATE INDEX doomed_by_due ON media.doomed (due_at);

CREATE FUNCTION media.doom() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- An upload that became a row of media.media lives on.
    IF TG_TABLE_NAME = 'media' OR NOT EXISTS (SELECT FROM media.media WHERE id = OLD.id) THEN
        INSERT INTO media.doomed (media_id, only_sent) VALUES (OLD.id, false) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER doom_objects AFTER DELETE ON media.media FOR EACH ROW EXECUTE FUNCTION media.doom();
CREATE TRIGGER doom_objects AFTER DELETE ON media.uploads FOR EACH ROW EXECUTE FUNCTION media.doom();

-- Whether clients remind before media are posted that nobody described. The users service's own.
ALTER TABLE users.users ADD COLUMN alt_reminder boolean NOT NULL DEFAULT false;

-- What a post shows, in order. The posts service's own.
ALTER TABLE posts.posts ADD COLUMN media_ids bigint[] NOT NULL DEFAULT '{}';

CREATE OR REPLACE VIEW timelines.post_facts AS
    SELECT p.id AS post_id, p.author_id, coalesce(p.reply_to_author_id, 0) AS reply_to_author_id, p.lang,
           p.deleted_at IS NOT NULL AS deleted, p.media_ids <> '{}' AS has_media,
           coalesce(c.likes_count, 0) AS likes, coalesce(c.reposts_count, 0) AS reposts,
           greatest(coalesce(c.replies_count, 0) - coalesce(r.to_self, 0), 0) AS replies,
           coalesce(c.quotes_count, 0) AS quotes, coalesce(r.to_others, 0) AS author_replies,
           coalesce(a.posts, 0) AS author_posts, coalesce(a.engagement, 0) AS author_engagement,
           ARRAY(SELECT lower(tag ->> 'tag') FROM jsonb_array_elements(p.entities -> 'hashtags') AS tag) AS hashtags
    FROM posts.posts p
    LEFT JOIN posts.counters c ON c.post_id = p.id
    LEFT JOIN timelines.author_replies r ON r.post_id = p.id
    LEFT JOIN timelines.author_stats a ON a.author_id = p.author_id;
