-- What pages say of themselves, fetched once for each link however many posts have it. Owner of a row: nobody; a link is
-- public to whoever has it.

CREATE SCHEMA IF NOT EXISTS media;

-- `key` is the SHA-256 of `url`. `due_at`: when the page is to be fetched (while it is being fetched: when the lease of
-- whoever does it ends); NULL: not at all. `expires_at`: until when the result holds; a link posted later is fetched
-- anew. `title` is NULL while there is no card, and where the page has none to give. `image_url` is for our own fetching,
-- never for readers: a picture of another host would tell that host who reads what.
CREATE TABLE media.cards (
    key bytea PRIMARY KEY CONSTRAINT cards_key_check CHECK (length(key) = 32),
    url text NOT NULL CONSTRAINT cards_url_check CHECK (length(url) <= 2048),
    host text NOT NULL,
    due_at timestamptz DEFAULT now(),
    attempts smallint NOT NULL DEFAULT 0,
    expires_at timestamptz,
    page_url text,
    page_host text,
    title text,
    description text,
    site_name text,
    image_url text
) WITH (fillfactor = 80);
CREATE INDEX cards_due ON media.cards (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX cards_without_title ON media.cards (expires_at) WHERE title IS NULL AND due_at IS NULL;

-- Posts written while their card was being fetched: who keeps them in memory is told when it is there.
CREATE TABLE media.card_posts (
    key bytea NOT NULL REFERENCES media.cards ON DELETE CASCADE,
    post_id bigint NOT NULL,
    PRIMARY KEY (key, post_id)
);
