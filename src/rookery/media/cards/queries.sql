-- What link cards ask of PostgreSQL.

-- name: load_cards(keys)
-- The cards that are there. Index: the primary key, one probe per key.
SELECT key, page_url, page_host, title, description, site_name
FROM media.cards
WHERE key = ANY (:keys::bytea[]) AND title IS NOT NULL;

-- name: want_cards(post_ids, keys, urls, hosts)!
-- Makes links due that are new, or whose result has expired; posts whose card is still to come are written down. The
-- four are rows (post, key, URL, host). Rows are locked in the order of keys; the lock holds off the end of a fetch, so
-- that a post is either written down before it or finds the card.
-- Index: the primary keys.
WITH wanted AS (
    SELECT * FROM unnest(:post_ids::bigint[], :keys::bytea[], :urls::text[], :hosts::text[]) AS w (post_id, key, url, host)
), card AS (
    INSERT INTO media.cards AS c (key, url, host)
    SELECT DISTINCT ON (key) key, url, host FROM wanted ORDER BY key
    ON CONFLICT (key) DO UPDATE
    SET due_at = CASE WHEN c.due_at IS NULL AND c.expires_at <= now() THEN now() ELSE c.due_at END
    RETURNING c.key, c.due_at
)
INSERT INTO media.card_posts (key, post_id)
SELECT wanted.key, wanted.post_id FROM wanted JOIN card USING (key) WHERE card.due_at IS NOT NULL
ON CONFLICT DO NOTHING;

-- name: claim_card(busy_hosts, lease_s)^
-- The link that has been due for longest, of no busy host, leased for `lease_s` seconds; none when nothing is due.
-- Index: cards_due, from its beginning past the links of busy hosts.
UPDATE media.cards
SET due_at = now() + make_interval(secs => :lease_s), attempts = attempts + 1
WHERE key = (
    SELECT key FROM media.cards
    WHERE due_at <= now() AND host <> ALL (:busy_hosts::text[])
    ORDER BY due_at
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING key, url, host, attempts, due_at;

-- name: store_card(key, leased_until, ttl_s, page_url, page_host, title, description, site_name, image_url)$
-- The end of a fetch: a card, or (title NULL) that there is none. NULL when the lease has gone to another.
UPDATE media.cards
SET due_at = NULL, attempts = 0, expires_at = now() + make_interval(secs => :ttl_s), page_url = :page_url,
    page_host = :page_host, title = :title, description = :description, site_name = :site_name, image_url = :image_url
WHERE key = :key AND due_at = :leased_until
RETURNING true;

-- name: keep_card(key, leased_until, ttl_s)$
-- The end of a fetch that came to nothing, by no fault of the page: what was there before stays.
UPDATE media.cards
SET due_at = NULL, attempts = 0, expires_at = now() + make_interval(secs => :ttl_s)
WHERE key = :key AND due_at = :leased_until
RETURNING true;

-- name: retry_card(key, leased_until, delay_s)!
UPDATE media.cards SET due_at = now() + make_interval(secs => :delay_s) WHERE key = :key AND due_at = :leased_until;

-- name: forget_posts(key)
-- The posts that waited for a card.
DELETE FROM media.card_posts WHERE key = :key RETURNING post_id;

-- name: forget_cards(row_limit)!
-- Takes away what is known not to be there and is not to be believed any longer. Index: cards_without_title.
DELETE FROM media.cards WHERE key = ANY (ARRAY(
    SELECT key FROM media.cards
    WHERE title IS NULL AND due_at IS NULL AND expires_at <= now()
    ORDER BY expires_at
    LIMIT :row_limit
    FOR UPDATE SKIP LOCKED
));
