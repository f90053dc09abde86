-- name: insert_account(user_id, username, email, password_hash)!
-- Refused by users_username_key and users_email_key.
INSERT INTO users.users (id, username, email, password_hash, display_name)
VALUES (:user_id, :username, :email, :password_hash, :username);

-- name: me(user_id)^
-- All that an account's owner sees of it. Indexes: users_pkey, counters_pkey.
SELECT u.id, u.username, u.display_name, u.avatar_url, u.protected, u.bio, u.location, u.website, u.header_url,
       u.created_at, u.email, u.email_verified_at IS NOT NULL AS email_verified,
       u.alt_reminder,
       coalesce(c.followers_count, 0) AS followers_count,
       coalesce(c.following_count, 0) AS following_count,
       coalesce(c.posts_count, 0) AS posts_count
FROM users.users u LEFT JOIN users.counters c ON c.user_id = u.id
WHERE u.id = :user_id;

-- name: credentials_by_username(login)^
-- Index: users_username_hash.
SELECT id, username, email, password_hash FROM users.users WHERE lower(username) = :login;

-- name: credentials_by_email(login)^
-- Index: users_email_hash.
SELECT id, username, email, password_hash FROM users.users WHERE lower(email) = :login;

-- name: credentials_by_id(user_id)^
-- Index: users_pkey.
SELECT id, username, email, password_hash FROM users.users WHERE id = :user_id;

-- name: start_session(user_id, password_hash, new_password_hash, session_id, lifetime_s, user_agent, ip_address, refresh_hash, keep)^
-- Starts a session for whoever knew the password whose hash is given, if that is still the password, and stores the new
-- hash of the same password, if any. The oldest sessions beyond `keep` end. Indexes: users_pkey, sessions_by_user.
WITH account AS (
    UPDATE users.users
    SET last_login_at = now(), password_hash = coalesce(:new_password_hash, password_hash)
    WHERE id = :user_id AND password_hash = :password_hash
    RETURNING id
), started AS (
    INSERT INTO users.sessions (id, user_id, expires_at, user_agent, ip_address, refresh_hash)
    SELECT :session_id::bigint, id, now() + make_interval(secs => :lifetime_s), :user_agent::text, :ip_address::text,
           :refresh_hash::bytea
    FROM account
    RETURNING id
), surplus AS (
    DELETE FROM users.sessions
    WHERE id IN (
        SELECT id FROM users.sessions WHERE user_id = :user_id ORDER BY id DESC OFFSET :keep::integer - 1
    ) AND EXISTS (SELECT FROM started)
    RETURNING id
)
SELECT EXISTS (SELECT FROM started) AS started, ARRAY(SELECT id FROM surplus) AS ended;

-- name: lock_session(session_id)^
-- The session for a refresh; requests for the same one queue here. Index: sessions_pkey.
SELECT id, user_id, expires_at, refresh_hash, recent_hashes, recent_salts, recent_at, now() AS now
FROM users.sessions
WHERE id = :session_id AND expires_at > now()
FOR UPDATE;

-- name: rotate_session(session_id, refresh_hash, recent_hashes, recent_salts, recent_at, user_agent, ip_address)!
-- Index: sessions_pkey.
UPDATE users.sessions
SET refresh_hash = :refresh_hash, recent_hashes = :recent_hashes, recent_salts = :recent_salts, recent_at = :recent_at,
    last_used_at = now(), user_agent = :user_agent, ip_address = :ip_address
WHERE id = :session_id;

-- name: list_sessions(user_id)
-- Last used first; their number is bounded when they start. Index: sessions_by_user.
SELECT id, created_at, last_used_at, expires_at, user_agent, ip_address
FROM users.sessions
WHERE user_id = :user_id AND expires_at > now()
ORDER BY last_used_at DESC, id DESC;

-- name: delete_session(user_id, session_id)$
-- Index: sessions_by_user.
DELETE FROM users.sessions WHERE id = :session_id AND user_id = :user_id RETURNING id;

-- name: delete_sessions(user_id, except_id)
-- All of a user's but one (0 for none). Index: sessions_by_user.
DELETE FROM users.sessions WHERE user_id = :user_id AND id <> :except_id RETURNING id;

-- name: set_password(user_id, old_password_hash, new_password_hash)$
-- Changes the password unless another change came between. Index: users_pkey.
UPDATE users.users SET password_hash = :new_password_hash, updated_at = now()
WHERE id = :user_id AND password_hash = :old_password_hash
RETURNING id;

-- name: queue_mail(mail_id, purpose, email)!
-- One waiting mail for an address and purpose. Index: mails_waiting_key.
INSERT INTO users.mails (id, purpose, email) VALUES (:mail_id, :purpose, :email)
ON CONFLICT (purpose, lower(email)) WHERE dead_at IS NULL DO NOTHING;

-- name: claim_mails(batch)
-- Mails that are due, put off so that nobody else takes them while they are being sent, and so that a crash means
-- another attempt. Index: mails_due.
UPDATE users.mails m
SET attempts = m.attempts + 1, next_attempt_at = now() + make_interval(secs => 60 * 2 ^ least(m.attempts, 10))
FROM (
    SELECT id FROM users.mails WHERE dead_at IS NULL AND next_attempt_at <= now()
    ORDER BY next_attempt_at LIMIT :batch FOR UPDATE SKIP LOCKED
) due
WHERE m.id = due.id
RETURNING m.id, m.purpose, m.email, m.attempts;

-- name: insert_mail_token(token_hash, purpose, email, lifetime_s, per_hour)^
-- A token for the account of this address, unless there is none, the address is verified already (for `verify_email`),
-- or `per_hour` were made within the hour. Indexes: users_email_hash, mail_tokens_by_user.
WITH account AS (
    SELECT u.id, u.username, u.email
    FROM users.users u
    WHERE lower(u.email) = lower(:email)
      AND (:purpose = 'reset_password' OR u.email_verified_at IS NULL)
      AND (SELECT count(*) FROM users.mail_tokens t
           WHERE t.user_id = u.id AND t.purpose = :purpose AND t.created_at > now() - interval '1 hour') < :per_hour
)
INSERT INTO users.mail_tokens (token_hash, user_id, purpose, email, expires_at)
SELECT :token_hash::bytea, id, :purpose, email, now() + make_interval(secs => :lifetime_s) FROM account
RETURNING (SELECT username FROM account), (SELECT email FROM account);

-- name: delete_mail(mail_id)!
-- Index: mails_pkey.
DELETE FROM users.mails WHERE id = :mail_id;

-- name: fail_mail(mail_id, error, dead)!
-- Keeps the reason; a dead mail stays to be looked at until it is purged.
UPDATE users.mails SET last_error = :error, dead_at = CASE WHEN :dead::boolean THEN now() END WHERE id = :mail_id;

-- name: mail_token(token_hash, purpose)^
-- Whose token this is; none of an address that the account no longer has. Index: mail_tokens_pkey.
SELECT t.user_id, t.email, u.username, u.password_hash
FROM users.mail_tokens t JOIN users.users u ON u.id = t.user_id
WHERE t.token_hash = :token_hash AND t.purpose = :purpose AND t.expires_at > now() AND lower(t.email) = lower(u.email);

-- name: use_mail_tokens(user_id, purpose)
-- All of a user's tokens for one purpose: of two requests with such tokens, one gets the rows. Index: mail_tokens_by_user.
DELETE FROM users.mail_tokens WHERE user_id = :user_id AND purpose = :purpose RETURNING token_hash;

-- name: verify_email(user_id, email)!
-- Whoever used a link that was sent to this address reads its mail; nothing when the account has another by now.
UPDATE users.users SET email_verified_at = now()
WHERE id = :user_id AND lower(email) = lower(:email) AND email_verified_at IS NULL;

-- name: purge_sessions()!
-- Index: sessions_expires_at.
DELETE FROM users.sessions WHERE expires_at < now();

-- name: purge_mail_tokens()!
-- Kept for an hour at least, since they count how often mails were asked for. Index: mail_tokens_expires_at.
DELETE FROM users.mail_tokens WHERE expires_at < now() - interval '1 hour';

-- name: purge_dead_mails()!
-- A sequential scan, of a table that is nearly empty.
DELETE FROM users.mails WHERE dead_at < now() - interval '30 days';
