-- Captions of videos: {<language>: JSON of contracts.media.StoredCaptions}. They count in `bytes`.
ALTER TABLE media.media ADD COLUMN captions jsonb NOT NULL DEFAULT '{}';

CREATE FUNCTION media.captions_bytes(captions jsonb) RETURNS bigint IMMUTABLE STRICT LANGUAGE sql
    RETURN (SELECT coalesce(sum((value ->> 'size_bytes')::bigint), 0)::bigint FROM jsonb_each(captions));

-- Single files under files/ that are to go while their media stay: captions that were replaced or removed.
CREATE TABLE media.doomed_files (
    name text PRIMARY KEY,
    due_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX doomed_files_by_due ON media.doomed_files (due_at);
