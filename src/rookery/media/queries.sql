-- What the media service asks of PostgreSQL.

-- name: create_media(media_id, user_id, kind, format, size_bytes, chunks, alt, focus_x, focus_y, sensitive)!
INSERT INTO media.media (id, user_id, kind, format, state, bytes, sent_bytes, chunks, alt, focus_x, focus_y, sensitive)
VALUES (:media_id, :user_id, :kind, :format, 'uploaded', :size_bytes, :size_bytes, :chunks, :alt, :focus_x, :focus_y,
        :sensitive);

-- name: load_media(media_ids)
-- Index: media_pkey.
SELECT id, user_id, purpose, kind, format, state, progress, failure_code, failure_detail, bytes, files::text AS files,
       width, height, duration_ms, placeholder, color, captions::text AS captions, alt, focus_x, focus_y, sensitive,
       post_id, coalesce(claimed_until > now(), false) AS claimed, kept
FROM media.media WHERE id = ANY(:media_ids::bigint[]);

-- name: update_media(media_id, user_id, alt, keeps_focus, focus_x, focus_y, sensitive)$
-- What is NULL stays; a focus may be cleared. NULL when there is none of this user for a post.
-- Index: media_pkey.
UPDATE media.media SET
    alt = coalesce(:alt, alt),
    focus_x = CASE WHEN :keeps_focus::boolean THEN focus_x ELSE :focus_x::real END,
    focus_y = CASE WHEN :keeps_focus THEN focus_y ELSE :focus_y::real END,
    sensitive = coalesce(:sensitive, sensitive)
WHERE id = :media_id AND user_id = :user_id AND purpose = 'post'
RETURNING true;

-- name: put_captions(media_id, user_id, language, file_name, size_bytes, languages_max)$
-- In the place of those in that language; NULL when there is no such video of this user, or no room for a language more.
-- Index: media_pkey, doomed_files_pkey.
WITH put AS (
    UPDATE media.media SET
        captions = captions || jsonb_build_object(:language::text, jsonb_build_object(
            'language', :language, 'name', :file_name::text, 'size_bytes', :size_bytes::integer)),
        bytes = bytes + :size_bytes - coalesce((captions -> :language ->> 'size_bytes')::bigint, 0)
    WHERE id = :media_id AND user_id = :user_id AND kind = 'video' AND state <> 'failed'
        AND (captions ? :language OR (SELECT count(*) FROM jsonb_object_keys(captions)) < :languages_max)
    RETURNING old.captions -> :language ->> 'name' AS replaced
), kept AS (
    DELETE FROM media.doomed_files WHERE name = :file_name AND EXISTS (SELECT FROM put)
), doomed AS (
    INSERT INTO media.doomed_files (name) SELECT replaced FROM put WHERE replaced IS NOT NULL ON CONFLICT DO NOTHING
)
SELECT true FROM put;

-- name: remove_captions(media_id, user_id, language)$
-- NULL when there are none. Index: media_pkey.
WITH removed AS (
    UPDATE media.media SET captions = captions - :language::text,
        bytes = bytes - (captions -> :language ->> 'size_bytes')::bigint
    WHERE id = :media_id AND user_id = :user_id AND captions ? :language
    RETURNING old.captions -> :language ->> 'name' AS name
), doomed AS (
    INSERT INTO media.doomed_files (name) SELECT name FROM removed ON CONFLICT DO NOTHING
)
SELECT true FROM removed;

-- name: doom_file(file_name, seconds)!
INSERT INTO media.doomed_files (name, due_at) VALUES (:file_name, now() + make_interval(secs => :seconds));

-- name: due_files(row_limit)
-- Index: doomed_files_by_due.
SELECT name FROM media.doomed_files WHERE due_at < now() ORDER BY due_at LIMIT :row_limit;

-- name: forget_files(names)!
DELETE FROM media.doomed_files WHERE name = ANY(:names::text[]);

-- name: claim_media(user_id, post_id, media_ids, claim_s)
-- Gives to a post what no other has, or has had a claim on for so long that it will not come.
UPDATE media.media SET post_id = :post_id, claimed_until = now() + make_interval(secs => :claim_s)
WHERE id = ANY(:media_ids::bigint[]) AND user_id = :user_id AND NOT kept AND state <> 'failed' AND purpose = 'post'
    AND (claimed_until IS NULL OR claimed_until < now())
RETURNING id;

-- name: keep_media(post_ids, user_ids, media_ids)
-- Makes claims final, row by row in parallel arrays (post, its author, one of its media). Index: media_pkey.
UPDATE media.media m SET kept = true, post_id = given.post_id, claimed_until = NULL
FROM unnest(:post_ids::bigint[], :user_ids::bigint[], :media_ids::bigint[]) AS given (post_id, user_id, media_id)
WHERE m.id = given.media_id AND m.user_id = given.user_id AND NOT m.kept
RETURNING m.id;

-- name: delete_of_posts(post_ids, user_ids)
-- Index: media_by_post.
DELETE FROM media.media m
USING unnest(:post_ids::bigint[], :user_ids::bigint[]) AS given (post_id, user_id)
WHERE m.post_id = given.post_id AND m.user_id = given.user_id
RETURNING m.id;

-- name: delete_unused_media(media_id, user_id)$
-- NULL when a post shows it, or is about to.
DELETE FROM media.media
WHERE id = :media_id AND user_id = :user_id AND NOT kept AND (claimed_until IS NULL OR claimed_until < now())
RETURNING true;

-- name: collect_unused(before_id, row_limit)
-- Uploads older than `before_id` in no post. Index: media_unused.
DELETE FROM media.media
WHERE id IN (
    SELECT id FROM media.media
    WHERE NOT kept AND id < :before_id AND (claimed_until IS NULL OR claimed_until < now() - interval '1 day')
    ORDER BY id LIMIT :row_limit
    FOR UPDATE SKIP LOCKED
)
RETURNING id;

-- name: usage(user_id)
-- Index Only Scan of media_by_user and uploads_by_user.
SELECT kind, count(*) AS count, coalesce(sum(bytes), 0)::bigint AS bytes
FROM media.media WHERE user_id = :user_id GROUP BY kind
UNION ALL
SELECT 'upload', count(*), coalesce(sum(length), 0)::bigint FROM media.uploads WHERE user_id = :user_id;

-- name: count_waiting(user_id)$
-- Of one user, what waits or is worked on. Index: media_waiting, which is short, or media_by_user.
SELECT count(*) FROM media.media WHERE user_id = :user_id AND state IN ('uploaded', 'processing');

-- name: usage_of_all(row_limit)
-- For the report, which reads everything: who uses most, first.
SELECT m.user_id, u.username, count(*) AS count, sum(m.bytes)::bigint AS bytes,
       coalesce(sum(m.bytes) FILTER (WHERE m.kind = 'video'), 0)::bigint AS video_bytes
FROM media.media m JOIN media.accounts u ON u.id = m.user_id
GROUP BY m.user_id, u.username
ORDER BY bytes DESC, m.user_id
LIMIT :row_limit;

-- name: usage_in_total()^
-- Pictures of link cards are nobody's, and counted apart.
SELECT count(*) AS count, coalesce(sum(bytes), 0)::bigint AS bytes, count(DISTINCT user_id) AS users,
       (SELECT count(*) FROM media.card_images) AS card_count,
       (SELECT coalesce(sum(bytes), 0)::bigint FROM media.card_images) AS card_bytes
FROM media.media;

-- name: lease_media(lease_s, attempts_max)^
-- The next to process: pictures first, then in the order of arrival; what a dead worker had, once its lease has ended.
-- Index: media_waiting.
UPDATE media.media SET state = 'processing', leased_until = now() + make_interval(secs => :lease_s),
    attempts = attempts + 1
WHERE id = (
    SELECT id FROM media.media
    WHERE state IN ('uploaded', 'processing') AND (leased_until IS NULL OR leased_until < now())
    ORDER BY (kind = 'video'), id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING id, user_id, kind, format, chunks, attempts, attempts > :attempts_max AS worn_out;

-- name: renew_lease(media_id, attempt, lease_s, progress)$
-- The post that shows it (0: none yet), or NULL when it is not ours any more: deleted, or leased to another.
UPDATE media.media SET leased_until = now() + make_interval(secs => :lease_s), progress = :progress
WHERE id = :media_id AND state = 'processing' AND attempts = :attempt
RETURNING coalesce(post_id, 0);

-- name: give_back(media_id, attempt)!
-- The worker stops: somebody else may begin at once, and the attempt does not count.
UPDATE media.media SET leased_until = NULL, attempts = attempts - 1, progress = 0, state = 'uploaded'
WHERE id = :media_id AND state = 'processing' AND attempts = :attempt;

-- name: finish_media(media_id, attempt, kind, size_bytes, files, width, height, duration_ms, placeholder, color)$
-- As renew_lease. What was sent is no longer needed.
WITH finished AS (
    UPDATE media.media SET state = 'ready', progress = 1, kind = :kind, files = :files::jsonb,
        bytes = :size_bytes + media.captions_bytes(captions), width = :width, height = :height, duration_ms = :duration_ms, placeholder = :placeholder, color = :color,
        chunks = '{}', leased_until = NULL
    WHERE id = :media_id AND state = 'processing' AND attempts = :attempt
    RETURNING id, coalesce(post_id, 0) AS post_id
), doomed AS (
    INSERT INTO media.doomed (media_id, only_sent) SELECT id, true FROM finished ON CONFLICT DO NOTHING
)
SELECT post_id FROM finished;

-- name: fail_media(media_id, attempt, code, detail)$
-- As finish_media.
WITH failed AS (
    UPDATE media.media SET state = 'failed', bytes = media.captions_bytes(captions), failure_code = :code, failure_detail = :detail, chunks = '{}',
        leased_until = NULL
    WHERE id = :media_id AND state = 'processing' AND attempts = :attempt
    RETURNING id, coalesce(post_id, 0) AS post_id
), doomed AS (
    INSERT INTO media.doomed (media_id, only_sent) SELECT id, true FROM failed ON CONFLICT DO NOTHING
)
SELECT post_id FROM failed;

-- name: due_doomed(row_limit)
-- Index: doomed_by_due.
SELECT media_id, only_sent, rounds FROM media.doomed WHERE due_at < now() ORDER BY due_at LIMIT :row_limit;

-- name: doom_again(media_id, only_sent, seconds)!
UPDATE media.doomed SET rounds = rounds + 1, due_at = now() + make_interval(secs => :seconds)
WHERE media_id = :media_id AND only_sent = :only_sent;

-- name: forget_doomed(media_id, only_sent)!
DELETE FROM media.doomed WHERE media_id = :media_id AND only_sent = :only_sent;

-- name: doom(media_id)!
-- After an upload that may have failed: not when its row was committed and only the answer was lost.
INSERT INTO media.doomed (media_id, only_sent)
SELECT :media_id, false WHERE NOT EXISTS (SELECT FROM media.media WHERE id = :media_id)
ON CONFLICT DO NOTHING;

-- name: create_picture(media_id, user_id, purpose, size_bytes, files, width, height, placeholder, color)!
INSERT INTO media.media (id, user_id, purpose, kind, format, state, progress, bytes, files, width, height, placeholder,
                         color, kept)
VALUES (:media_id, :user_id, :purpose, 'image', 'webp', 'ready', 1, :size_bytes, :files::jsonb, :width, :height,
        :placeholder, :color, true);

-- name: delete_pictures(user_id, purpose, but_id)
-- The avatars (or headers) of a user before the one of id `but_id`. Index: media_by_user.
DELETE FROM media.media WHERE user_id = :user_id AND purpose = :purpose AND id < :but_id RETURNING id;

-- name: create_upload(upload_id, user_id, length, alt, focus_x, focus_y, sensitive, ttl_s)^
INSERT INTO media.uploads (id, user_id, length, alt, focus_x, focus_y, sensitive, expires_at)
VALUES (:upload_id, :user_id, :length, :alt, :focus_x, :focus_y, :sensitive, now() + make_interval(secs => :ttl_s))
RETURNING id, user_id, length, received, head, cardinality(chunks) AS chunk_count, expires_at;

-- name: load_upload(upload_id, user_id)^
SELECT id, user_id, length, received, head, cardinality(chunks) AS chunk_count, expires_at
FROM media.uploads WHERE id = :upload_id AND user_id = :user_id AND expires_at > now();

-- name: append_chunk(upload_id, user_id, start, size, head, chunk, ttl_s)^
-- Bytes behind the first `start`; no row when the upload has moved on meanwhile, or ended.
UPDATE media.uploads SET received = received + :size, head = :head, chunks = chunks || :chunk::text,
    expires_at = now() + make_interval(secs => :ttl_s)
WHERE id = :upload_id AND user_id = :user_id AND received = :start AND expires_at > now()
RETURNING id, user_id, length, received, head, cardinality(chunks) AS chunk_count, expires_at;

-- name: complete_upload(upload_id, user_id, kind, format)$
-- Turns an upload that is whole into media; NULL when it is not, or was already.
WITH whole AS (
    DELETE FROM media.uploads WHERE id = :upload_id AND user_id = :user_id AND received = length
    RETURNING id, user_id, length, chunks, alt, focus_x, focus_y, sensitive
)
INSERT INTO media.media (id, user_id, kind, format, state, bytes, sent_bytes, chunks, alt, focus_x, focus_y, sensitive)
SELECT id, user_id, :kind, :format, 'uploaded', length, length, chunks, alt, focus_x, focus_y, sensitive FROM whole
RETURNING true;

-- name: completed_length(upload_id, user_id)$
-- The length of an upload that has become media.
SELECT sent_bytes FROM media.media WHERE id = :upload_id AND user_id = :user_id AND purpose = 'post';

-- name: delete_upload(upload_id, user_id)$
DELETE FROM media.uploads WHERE id = :upload_id AND user_id = :user_id RETURNING true;

-- name: collect_expired_uploads(row_limit)
-- Index: uploads_by_end.
DELETE FROM media.uploads
WHERE id IN (
    SELECT id FROM media.uploads WHERE expires_at < now() ORDER BY expires_at LIMIT :row_limit FOR UPDATE SKIP LOCKED
)
RETURNING id;
