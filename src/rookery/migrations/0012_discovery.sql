-- Trends and suggestions: read models made of events and of what the other services tell by their contracts. All of it can
-- be made anew (`rookery trends rebuild`, `rookery suggestions rebuild`), except decisions about trends and dismissals.

CREATE SCHEMA IF NOT EXISTS search;

-- What public posts of the last days speak of: one row for each topic of a post. A topic is a folded name, so that a phrase
-- and its hashtag are one (see rookery/search/trends/folding.py). The id of a post carries its time.
CREATE TABLE search.topic_uses (
    topic text NOT NULL,
    post_id bigint NOT NULL,
    author_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('hashtag', 'link', 'phrase')),
    name text NOT NULL, -- as written
    lang text NOT NULL, -- 'und' where it is not known
    PRIMARY KEY (topic, post_id)
);
CREATE INDEX topic_uses_by_post ON search.topic_uses (post_id);
CREATE INDEX topic_uses_by_author ON search.topic_uses (author_id);

-- Exponentially weighted moments of the number of authors per hour ('1h') or day ('24h') up to the period `at`; language ''
-- is all. A period without authors fades both, which is done when they are read (see rookery/search/trends/burst.py).
CREATE TABLE search.topic_pasts (
    period text NOT NULL CHECK (period IN ('1h', '24h')),
    lang text NOT NULL,
    topic text NOT NULL,
    mean double precision NOT NULL,
    square double precision NOT NULL,
    at integer NOT NULL,
    PRIMARY KEY (period, lang, topic)
) WITH (fillfactor = 80);

-- The first period that was watched whole, and the last that is in the pasts.
CREATE TABLE search.trend_clocks (
    period text PRIMARY KEY CHECK (period IN ('1h', '24h')),
    first integer NOT NULL,
    rolled integer NOT NULL
);

-- What is trending: a few rows for each window and language, written by a job, read by one statement.
CREATE TABLE search.trends (
    period text NOT NULL CHECK (period IN ('1h', '24h')),
    lang text NOT NULL,
    place smallint NOT NULL,
    topic text NOT NULL,
    keys text[] NOT NULL, -- under whose hiding it falls: the topic, the phrases in it, the host of a link
    kind text NOT NULL,
    name text NOT NULL,
    url text,
    posts integer NOT NULL,
    authors integer NOT NULL,
    usual double precision NOT NULL,
    since_ms bigint NOT NULL,
    computed_ms bigint NOT NULL,
    series integer[] NOT NULL,
    example_ids bigint[] NOT NULL,
    PRIMARY KEY (period, lang, place)
);

CREATE TABLE search.hidden_topics (
    topic text PRIMARY KEY
);

-- The audit of hiding and showing: rows are only added.
CREATE TABLE search.trend_decisions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    decision text NOT NULL CHECK (decision IN ('hide', 'show')),
    topic text NOT NULL,
    name text NOT NULL, -- as given
    reason text NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT now()
);

-- Term vectors of public posts: terms and weights side by side, of length 1.
CREATE TABLE search.post_terms (
    post_id bigint PRIMARY KEY,
    author_id bigint NOT NULL,
    terms text[] NOT NULL,
    weights real[] NOT NULL
);
CREATE INDEX post_terms_by_author ON search.post_terms (author_id, post_id DESC);
CREATE INDEX post_terms_terms ON search.post_terms USING gin (terms);

-- The newest likes of each account.
CREATE TABLE search.account_likes (
    user_id bigint NOT NULL,
    post_id bigint NOT NULL,
    id bigint NOT NULL, -- of the event
    PRIMARY KEY (user_id, post_id)
);
CREATE INDEX account_likes_newest ON search.account_likes (user_id, id DESC);

-- Term vectors of what accounts post and like: the strongest terms.
CREATE TABLE search.account_terms (
    user_id bigint PRIMARY KEY,
    terms text[] NOT NULL,
    weights real[] NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX account_terms_terms ON search.account_terms USING gin (terms);

-- By how many authors a term is used, as of the last hour; the term '' is all authors.
CREATE TABLE search.term_counts (
    term text PRIMARY KEY,
    authors integer NOT NULL
);

-- The most followed accounts that posted lately, as of the last minutes.
CREATE TABLE search.popular_accounts (
    user_id bigint PRIMARY KEY,
    followers bigint NOT NULL
);

-- Personal: shown to nobody else, gone with the account.
CREATE TABLE search.dismissals (
    user_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    dismissed_id bigint NOT NULL,
    at_ms bigint NOT NULL,
    PRIMARY KEY (user_id, dismissed_id)
);
CREATE INDEX dismissals_newest ON search.dismissals (user_id, at_ms DESC, dismissed_id);
