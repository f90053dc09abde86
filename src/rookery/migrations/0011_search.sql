-- The read model of search: filled by consumers of events and by `rookery search reindex`, never joined with the tables
-- of other services. All of it can be made anew. See docs/decisions/0015-search.md.

CREATE SCHEMA search;

-- One row per post that was ever indexed. `terms` holds the words with their positions and, without positions, whatever
-- an operator asks for (`from:17`, `has:link`, `#:rook`, spans of time): any query is one look into one GIN index.
-- A deleted post keeps an empty row of the highest revision, so that nothing older can bring it back.
CREATE TABLE search.posts (
    id bigint PRIMARY KEY,
    author_id bigint NOT NULL,
    revision integer NOT NULL,
    lang text,
    terms tsvector NOT NULL
);
-- Without the pending list, which each search would have to read through.
CREATE INDEX posts_terms ON search.posts USING gin (terms) WITH (fastupdate = off);
CREATE INDEX posts_by_author ON search.posts (author_id, id DESC);

-- Apart from the words, so that a like rewrites no entry of the index. No row means all zero.
CREATE TABLE search.engagement (
    post_id bigint PRIMARY KEY,
    likes bigint NOT NULL DEFAULT 0,
    reposts bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 80);

-- `username` is lower case; `names` is username and display name without case and accents, for trigrams; `words` are
-- those of names and bio.
CREATE TABLE search.authors (
    id bigint PRIMARY KEY,
    username text COLLATE "C" NOT NULL,
    names text NOT NULL, -- begins with a space, as each of its words does
    words tsvector NOT NULL,
    protected boolean NOT NULL,
    followers bigint NOT NULL
);
CREATE INDEX authors_username ON search.authors (username);
CREATE INDEX authors_by_1 ON search.authors (left(username, 1), followers DESC, id);
CREATE INDEX authors_by_2 ON search.authors (left(username, 2), followers DESC, id);
CREATE INDEX authors_names ON search.authors USING gin (names gin_trgm_ops) WITH (fastupdate = off);
CREATE INDEX authors_words ON search.authors USING gin (words) WITH (fastupdate = off);

-- Accounts with a word in their names that is much like `name`: four letters of which two changed places are. The setting
-- is known only once its library is loaded, which any call does.
SELECT word_similarity('', '');
CREATE FUNCTION search.alike(name text) RETURNS SETOF search.authors
    LANGUAGE sql STABLE SET pg_trgm.word_similarity_threshold = 0.35
    BEGIN ATOMIC SELECT * FROM search.authors a WHERE name <% a.names; END;

-- Which post carries which hashtag (lower case).
CREATE TABLE search.tag_uses (
    tag text COLLATE "C" NOT NULL,
    post_id bigint NOT NULL,
    author_id bigint NOT NULL,
    PRIMARY KEY (tag, post_id)
);
CREATE INDEX tag_uses_by_author ON search.tag_uses (author_id, post_id);

-- Uses of the last week by accounts that are not protected, and how many such accounts there are.
CREATE TABLE search.hashtags (
    tag text COLLATE "C" PRIMARY KEY,
    posts integer NOT NULL DEFAULT 0,
    authors integer NOT NULL DEFAULT 0,
    counted_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80);
-- A prefix of one or two characters matches too many tags to sort them.
CREATE INDEX hashtags_by_1 ON search.hashtags (left(tag, 1), authors DESC, tag);
CREATE INDEX hashtags_by_2 ON search.hashtags (left(tag, 2), authors DESC, tag);
CREATE INDEX hashtags_counted ON search.hashtags (counted_at) WHERE posts > 0;
