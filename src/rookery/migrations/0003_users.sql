-- Accounts, sessions, the social graph. Owner of a row: the user whose command wrote it (users.id, follower_id, user_id).

CREATE SCHEMA users;

CREATE TABLE users.users (
    id bigint PRIMARY KEY,
    username text NOT NULL CONSTRAINT users_username_check CHECK (username ~ '^[A-Za-z0-9_]{1,20}$'),
    email text NOT NULL CONSTRAINT users_email_check CHECK (length(email) BETWEEN 3 AND 254),
    email_verified_at timestamptz,
    password_hash text NOT NULL,
    display_name text NOT NULL DEFAULT '' CHECK (length(display_name) <= 50),
    bio text NOT NULL DEFAULT '' CHECK (length(bio) <= 500),
    location text NOT NULL DEFAULT '' CHECK (length(location) <= 100),
    website text CHECK (length(website) <= 300),
    avatar_url text,
    header_url text,
    protected boolean NOT NULL DEFAULT false,
    pulled boolean NOT NULL DEFAULT false, -- so many followers that posts are merged at read; never goes back by itself
    created_at timestamptz NOT NULL GENERATED ALWAYS AS (kit.id_time(id)) STORED,
    updated_at timestamptz NOT NULL DEFAULT now(),
    last_login_at timestamptz
);
CREATE UNIQUE INDEX users_username_key ON users.users (lower(username));
CREATE UNIQUE INDEX users_email_key ON users.users (lower(email));
-- Equality look-ups at sign-in and for mentions; the unique B-trees above only guard.
CREATE INDEX users_username_hash ON users.users USING hash (lower(username));
CREATE INDEX users_email_hash ON users.users USING hash (lower(email));
CREATE INDEX users_pulled ON users.users (id) WHERE pulled;
CREATE INDEX users_created_at ON users.users (created_at);

-- Written by consumers only, apart from users.users so that counting never touches an account's row.
CREATE TABLE users.counters (
    user_id bigint PRIMARY KEY REFERENCES users.users ON DELETE CASCADE,
    followers_count bigint NOT NULL DEFAULT 0,
    following_count bigint NOT NULL DEFAULT 0,
    posts_count bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 80);

CREATE TABLE users.follows (
    id bigint NOT NULL,
    follower_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    followee_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    created_at timestamptz NOT NULL GENERATED ALWAYS AS (kit.id_time(id)) STORED,
    PRIMARY KEY (follower_id, followee_id),
    CONSTRAINT follows_not_self CHECK (follower_id <> followee_id)
);
CREATE INDEX follows_by_follower ON users.follows (follower_id, id DESC);
CREATE INDEX follows_by_followee ON users.follows (followee_id, id) INCLUDE (follower_id);

CREATE TABLE users.follow_requests (
    id bigint NOT NULL,
    follower_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    followee_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    PRIMARY KEY (follower_id, followee_id),
    CONSTRAINT follow_requests_not_self CHECK (follower_id <> followee_id)
);
CREATE INDEX follow_requests_by_followee ON users.follow_requests (followee_id, id DESC);

CREATE TABLE users.blocks (
    id bigint NOT NULL,
    user_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    target_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    PRIMARY KEY (user_id, target_id),
    CONSTRAINT blocks_not_self CHECK (user_id <> target_id)
);
CREATE INDEX blocks_by_user ON users.blocks (user_id, id DESC);
CREATE INDEX blocks_by_target ON users.blocks (target_id) INCLUDE (user_id);

CREATE TABLE users.mutes (
    id bigint NOT NULL,
    user_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    target_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    PRIMARY KEY (user_id, target_id),
    CONSTRAINT mutes_not_self CHECK (user_id <> target_id)
);
CREATE INDEX mutes_by_user ON users.mutes (user_id, id DESC);
CREATE INDEX mutes_by_target ON users.mutes (target_id);
