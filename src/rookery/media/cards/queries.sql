-- What link cards ask of PostgreSQL.

-- name: load_cards(keys)
-- The cards that are there, with their pictures. Index: the primary keys, one probe per key each.
SELECT c.key, c.page_url, c.page_host, c.title, c.description, c.site_name, i.files::text AS files, i.placeholder, i.color
FROM media.cards c LEFT JOIN media.card_images i ON i.id = c.image_id
WHERE c.key = ANY (:keys::bytea[]) AND c.title IS NOT NULL;

-- name: load_card_images(image_ids)
-- Index: card_images_pkey.
SELECT id, files::text AS files, width, height, placeholder, color
FROM media.card_images WHERE id = ANY (:image_ids::bigint[]);

-- name: want_cards(post_ids, keys, urls, hosts)!
-- Makes links due that are new, or whose result has expired; posts whose card, or its picture, is still to come are
-- written down. The four are rows (post, key, URL, host). Rows are locked in the order of keys; the lock holds off the end of a fetch, so
-- that a post is either written down before it or finds the card.
-- Index: the primary keys.
WITH wanted AS (
    SELECT * FROM unnest(:post_ids::bigint[], :keys::bytea[], :urls::text[], :hosts::text[]) AS w (post_id, key, url, host)
), card AS (
    INSERT INTO media.cards AS c (key, url, host)
    SELECT DISTINCT ON (key) key, url, host FROM wanted ORDER BY key
    ON CONFLICT (key) DO UPDATE
    SET due_at = CASE WHEN c.due_at IS NULL AND c.expires_at <= now() THEN now() ELSE c.due_at END
    RETURNING c.key, c.due_at, c.image_due_at
)
INSERT INTO media.card_posts (key, post_id)
SELECT wanted.key, wanted.post_id FROM wanted JOIN card USING (key)
WHERE card.due_at IS NOT NULL OR card.image_due_at IS NOT NULL
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

-- name: store_card(key, leased_until, ttl_s, page_url, page_host, title, description, site_name, image_url, image_host)$
-- The end of a fetch: a card, or (title NULL) that there is none. NULL when the lease has gone to another. A picture is
-- fetched anew; until then the card keeps the one it has, if it is still to be had at the same address.
UPDATE media.cards
SET due_at = NULL, attempts = 0, expires_at = now() + make_interval(secs => :ttl_s), page_url = :page_url,
    page_host = :page_host, title = :title, description = :description, site_name = :site_name, image_url = :image_url,
    image_host = :image_host, image_attempts = 0, image_due_at = CASE WHEN :image_url::text IS NOT NULL THEN now() END,
    image_id = CASE WHEN image_url = :image_url THEN image_id END
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

-- name: waiting_posts(key)
-- The posts that waited for a card or its picture, forgotten unless more is to come.
WITH forgotten AS (
    DELETE FROM media.card_posts p USING media.cards c
    WHERE p.key = :key AND c.key = p.key AND c.due_at IS NULL AND c.image_due_at IS NULL
)
SELECT post_id FROM media.card_posts WHERE key = :key;

-- name: claim_card_image(busy_hosts, lease_s)^
-- As claim_card, of pictures. Index: cards_image_due.
UPDATE media.cards
SET image_due_at = now() + make_interval(secs => :lease_s), image_attempts = image_attempts + 1
WHERE key = (
    SELECT key FROM media.cards
    WHERE image_due_at <= now() AND image_host <> ALL (:busy_hosts::text[])
    ORDER BY image_due_at
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING key, image_url, image_host, image_attempts, image_due_at;

-- name: touch_card_image(digest)$
-- Index: card_images_digest_key.
UPDATE media.card_images SET check_at = now() + interval '1 hour' WHERE digest = :digest RETURNING id;

-- name: announce_card_image(image_id)!
INSERT INTO media.doomed (media_id, only_sent, due_at) VALUES (:image_id, false, now() + interval '1 hour');

-- name: create_card_image(image_id, digest, files, width, height, placeholder, color, size_bytes)$
-- Takes the announcement back. Of another that has made a picture of the same bytes meanwhile, its id; then ours stays.
WITH made AS (
    INSERT INTO media.card_images (id, digest, files, width, height, placeholder, color, bytes)
    VALUES (:image_id, :digest, :files::jsonb, :width, :height, :placeholder, :color, :size_bytes)
    ON CONFLICT (digest) DO UPDATE SET check_at = excluded.check_at
    RETURNING id
), kept AS (
    DELETE FROM media.doomed d USING made WHERE d.media_id = made.id
)
SELECT id FROM made;

-- name: show_card_image(key, leased_until, image_id)$
-- The end of a fetch: a picture, or NULL. NULL when the lease has gone to another, or the page was fetched anew.
UPDATE media.cards SET image_due_at = NULL, image_attempts = 0, image_id = :image_id
WHERE key = :key AND image_due_at = :leased_until
RETURNING true;

-- name: keep_card_image(key, leased_until)$
-- As show_card_image, with the picture as it was.
UPDATE media.cards SET image_due_at = NULL, image_attempts = 0
WHERE key = :key AND image_due_at = :leased_until
RETURNING true;

-- name: retry_card_image(key, leased_until, delay_s)!
UPDATE media.cards SET image_due_at = now() + make_interval(secs => :delay_s)
WHERE key = :key AND image_due_at = :leased_until;

-- name: collect_card_images(row_limit)
-- Looks after those that are to be checked; who shows one notes it for later when it stops to, so that none is missed.
-- Index: card_images_by_check, cards_by_image.
WITH due AS (
    SELECT id, EXISTS (SELECT FROM media.cards c WHERE c.image_id = i.id) AS shown
    FROM media.card_images i
    WHERE check_at <= now()
    ORDER BY check_at
    LIMIT :row_limit
    FOR UPDATE SKIP LOCKED
), kept AS (
    UPDATE media.card_images i SET check_at = NULL FROM due WHERE i.id = due.id AND due.shown
)
DELETE FROM media.card_images i USING due WHERE i.id = due.id AND NOT due.shown
RETURNING i.id;

-- name: forget_cards(row_limit)!
-- Takes away what is known not to be there and is not to be believed any longer. Index: cards_without_title.
DELETE FROM media.cards WHERE key = ANY (ARRAY(
    SELECT key FROM media.cards
    WHERE title IS NULL AND due_at IS NULL AND expires_at <= now()
    ORDER BY expires_at
    LIMIT :row_limit
    FOR UPDATE SKIP LOCKED
));
