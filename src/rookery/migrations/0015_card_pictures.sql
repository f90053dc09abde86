-- Pictures of link cards: fetched once for each link, made anew by us. See docs/flows/link-cards.md.

-- One row for all links that lead to the same bytes, of which `digest` is the SHA-256. Owner of a row: nobody. `files` are
-- JSON of contracts.media.StoredFile and stand under files/<id>/; ids are of the same series as those of media.media.
-- `check_at`: when to look whether a card still shows it; NULL: one does, and nothing has changed since.
CREATE TABLE media.card_images (
    id bigint PRIMARY KEY,
    digest bytea NOT NULL CONSTRAINT card_images_digest_key UNIQUE CHECK (length(digest) = 32),
    files jsonb NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    placeholder text NOT NULL,
    color text NOT NULL,
    bytes bigint NOT NULL,
    check_at timestamptz DEFAULT now() + interval '1 hour'
);
CREATE INDEX card_images_by_check ON media.card_images (check_at) WHERE check_at IS NOT NULL;
CREATE TRIGGER doom_objects AFTER DELETE ON media.card_images FOR EACH ROW EXECUTE FUNCTION media.doom();

-- `image_due_at` and `image_attempts` are to the picture what `due_at` and `attempts` are to the page; `image_host` is the
-- host of `image_url`.
ALTER TABLE media.cards
    ADD COLUMN image_id bigint REFERENCES media.card_images,
    ADD COLUMN image_host text,
    ADD COLUMN image_due_at timestamptz,
    ADD COLUMN image_attempts smallint NOT NULL DEFAULT 0;
CREATE INDEX cards_image_due ON media.cards (image_due_at) WHERE image_due_at IS NOT NULL;
CREATE INDEX cards_by_image ON media.cards (image_id) WHERE image_id IS NOT NULL;

-- An hour: caches may still give out a card that shows it, and a fetch may just have found that it is there.
CREATE FUNCTION media.check_card_image() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE media.card_images SET check_at = now() + interval '1 hour' WHERE id = OLD.image_id;
    RETURN NULL;
END $$;
CREATE TRIGGER check_image AFTER UPDATE OF image_id OR DELETE ON media.cards
    FOR EACH ROW WHEN (OLD.image_id IS NOT NULL) EXECUTE FUNCTION media.check_card_image();
