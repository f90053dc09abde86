-- Sign-in: sessions and their refresh tokens, the keys that sign access tokens, and mails on their way.
-- No secret stands here in clear: tokens as SHA-256 digests, keys sealed with a key derived from ROOKERY_SECRET_KEY.

-- A signed-in device. It holds the digest of its refresh token and, for half a minute, of those that were replaced, so that
-- a session costs one row however often it is refreshed; older tokens are recognised by their own seal. Revoking deletes
-- the row.
CREATE TABLE users.sessions (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    created_at timestamptz NOT NULL GENERATED ALWAYS AS (kit.id_time(id)) STORED,
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    user_agent text NOT NULL CHECK (length(user_agent) <= 300),
    ip_address text NOT NULL CHECK (length(ip_address) <= 45),
    refresh_hash bytea NOT NULL,
    -- The latest rotations, oldest first: the token that was replaced, the salt from which its successor was derived, when.
    recent_hashes bytea[] NOT NULL DEFAULT '{}',
    recent_salts bytea[] NOT NULL DEFAULT '{}',
    recent_at timestamptz[] NOT NULL DEFAULT '{}'
) WITH (fillfactor = 80);
CREATE INDEX sessions_by_user ON users.sessions (user_id, id DESC);
CREATE INDEX sessions_expires_at ON users.sessions (expires_at);

-- The newest key whose `signs_from` has passed signs; a key is verified until the last token of its time has expired.
CREATE TABLE users.signing_keys (
    kid text PRIMARY KEY,
    sealed bytea NOT NULL,
    signs_from timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Links that were mailed. A row is deleted when its token is used.
CREATE TABLE users.mail_tokens (
    token_hash bytea PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    purpose text NOT NULL CHECK (purpose IN ('verify_email', 'reset_password')),
    email text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX mail_tokens_by_user ON users.mail_tokens (user_id, purpose, created_at);
CREATE INDEX mail_tokens_expires_at ON users.mail_tokens (expires_at);

-- Mails to be sent: written in the transaction of the command, sent and deleted by the worker. A row names an address that
-- may belong to nobody (the worker finds out, so that asking for a reset takes the same time for every address).
CREATE TABLE users.mails (
    id bigint PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('verify_email', 'reset_password')),
    email text NOT NULL CHECK (length(email) <= 254),
    attempts smallint NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    last_error text,
    dead_at timestamptz
);
-- One waiting mail for an address and purpose, however often it is asked for.
CREATE UNIQUE INDEX mails_waiting_key ON users.mails (purpose, lower(email)) WHERE dead_at IS NULL;
CREATE INDEX mails_due ON users.mails (next_attempt_at) WHERE dead_at IS NULL;
