-- Posts and what people do with them. Owner of a row: author_id for posts, user_id for likes, reposts and bookmarks.

CREATE SCHEMA posts;

-- Range partitions on creation time, which the id carries: a look-up by id reaches one partition. A deleted post stays as
-- a row without content, so that threads and quotes keep their shape.
CREATE TABLE posts.posts (
    id bigint NOT NULL,
    author_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    content text NOT NULL,
    entities jsonb NOT NULL DEFAULT '{}',
    lang text,
    reply_to_id bigint,
    reply_to_author_id bigint,
    conversation_id bigint NOT NULL,
    quote_of_id bigint,
    revision integer NOT NULL DEFAULT 1 CHECK (revision >= 1),
    edited_at timestamptz,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL GENERATED ALWAYS AS (kit.id_time(id)) STORED,
    PRIMARY KEY (id)
) PARTITION BY RANGE (id);
-- All that is older than the month before the installation, for imports with original dates.
DO $$ BEGIN
    EXECUTE format('CREATE TABLE posts.posts_early PARTITION OF posts.posts FOR VALUES FROM (MINVALUE) TO (%s)',
                   kit.first_id_at(date_trunc('month', now() - interval '1 month', 'UTC')));
END $$;
SELECT kit.make_month_partitions('posts.posts', now() - interval '1 month', 3);

CREATE INDEX posts_by_author ON posts.posts (author_id, id DESC);
CREATE INDEX posts_replies ON posts.posts (reply_to_id, id) WHERE reply_to_id IS NOT NULL;
CREATE INDEX posts_quotes ON posts.posts (quote_of_id, id) WHERE quote_of_id IS NOT NULL;
CREATE INDEX posts_created_at ON posts.posts (created_at);
CREATE INDEX posts_content ON posts.posts USING gin (to_tsvector('simple', content));

-- What a post said before each edit; the current words stand in posts.posts.
CREATE TABLE posts.revisions (
    post_id bigint NOT NULL REFERENCES posts.posts ON DELETE CASCADE,
    revision integer NOT NULL,
    author_id bigint NOT NULL,
    content text NOT NULL,
    entities jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (post_id, revision)
);

-- Written by consumers only. No row means all zero.
CREATE TABLE posts.counters (
    post_id bigint PRIMARY KEY REFERENCES posts.posts ON DELETE CASCADE,
    likes_count bigint NOT NULL DEFAULT 0,
    reposts_count bigint NOT NULL DEFAULT 0,
    replies_count bigint NOT NULL DEFAULT 0,
    quotes_count bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 80);

CREATE TABLE posts.likes (
    id bigint NOT NULL,
    user_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    post_id bigint NOT NULL REFERENCES posts.posts ON DELETE CASCADE,
    revision integer NOT NULL, -- what the post said when it was liked
    PRIMARY KEY (user_id, post_id)
);
CREATE INDEX likes_by_user ON posts.likes (user_id, id DESC);
CREATE INDEX likes_by_post ON posts.likes (post_id, id DESC);

CREATE TABLE posts.reposts (
    id bigint NOT NULL,
    user_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    post_id bigint NOT NULL REFERENCES posts.posts ON DELETE CASCADE,
    author_id bigint NOT NULL,
    revision integer NOT NULL,
    PRIMARY KEY (user_id, post_id) INCLUDE (id)
);
CREATE INDEX reposts_by_user ON posts.reposts (user_id, id DESC) INCLUDE (post_id, author_id);
CREATE INDEX reposts_by_post ON posts.reposts (post_id, id DESC);

CREATE TABLE posts.bookmarks (
    id bigint NOT NULL,
    user_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    post_id bigint NOT NULL REFERENCES posts.posts ON DELETE CASCADE,
    PRIMARY KEY (user_id, post_id)
);
CREATE INDEX bookmarks_by_user ON posts.bookmarks (user_id, id DESC);
