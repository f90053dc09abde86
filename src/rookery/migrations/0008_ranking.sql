-- The ranked timeline: what a reader's own acts say of their taste, what they set, and how posts fare. All of it can be
-- made anew from users and posts (`rookery rank rebuild`), except settings, "show less" and what was seen.
--
-- A `value` decays by half in 30 days without ever being rewritten: an act at time t adds weight * 2 ^ ((t - epoch) / 30
-- days), and who reads divides by the same for now (forward decay: see rookery/timelines/ranking/decay.py).

-- Personal: shown to nobody else, gone with the account.
CREATE TABLE timelines.rank_settings (
    reader_id bigint PRIMARY KEY REFERENCES users.users ON DELETE CASCADE,
    weights jsonb NOT NULL DEFAULT '{}', -- by name; what is absent has its default
    half_life_hours double precision
);

CREATE TABLE timelines.less (
    reader_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    post_id bigint NOT NULL,
    author_id bigint NOT NULL,
    hashtags text[] NOT NULL, -- lower case
    at_ms bigint NOT NULL,
    PRIMARY KEY (reader_id, post_id)
);

CREATE TABLE timelines.seen (
    reader_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    post_id bigint NOT NULL,
    at_ms bigint NOT NULL,
    PRIMARY KEY (reader_id, post_id)
);
CREATE INDEX seen_newest ON timelines.seen (reader_id, at_ms DESC, post_id DESC);

CREATE TABLE timelines.affinities (
    reader_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    author_id bigint NOT NULL,
    value double precision NOT NULL,
    PRIMARY KEY (reader_id, author_id)
) WITH (fillfactor = 80);

CREATE TABLE timelines.interests (
    reader_id bigint NOT NULL REFERENCES users.users ON DELETE CASCADE,
    kind "char" NOT NULL CHECK (kind IN ('h', 'l')), -- a hashtag (lower case) or a language
    name text NOT NULL,
    value double precision NOT NULL,
    PRIMARY KEY (reader_id, kind, name)
) WITH (fillfactor = 80);

-- What an author writes and what others do with it: the baseline that a post is measured against.
CREATE TABLE timelines.author_stats (
    author_id bigint PRIMARY KEY,
    posts double precision NOT NULL DEFAULT 0,
    engagement double precision NOT NULL DEFAULT 0
) WITH (fillfactor = 80);

-- Replies by a post's author: to others anywhere in the conversation that it began, and to the post itself.
CREATE TABLE timelines.author_replies (
    post_id bigint PRIMARY KEY,
    to_others integer NOT NULL DEFAULT 0,
    to_self integer NOT NULL DEFAULT 0
) WITH (fillfactor = 80);

-- How hot recent posts are: log2 of the sum of weight * 2 ^ (t / 12 hours). The logarithm keeps it finite for ever.
CREATE TABLE timelines.heat (
    post_id bigint PRIMARY KEY,
    heat double precision NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX heat_hottest ON timelines.heat (heat DESC, post_id DESC);

CREATE TABLE timelines.tagged (
    tag text NOT NULL, -- lower case
    post_id bigint NOT NULL,
    PRIMARY KEY (tag, post_id)
);
CREATE INDEX tagged_by_post ON timelines.tagged (post_id); -- for the upkeep

-- Public acts that vouch for a post. Bookmarks are private and stand nowhere here.
CREATE VIEW timelines.vouches AS
    SELECT user_id, id, post_id FROM posts.likes
UNION ALL
    SELECT user_id, id, post_id FROM posts.reposts;

-- What ranking looks at in a post. No post carries media yet.
CREATE VIEW timelines.post_facts AS
    SELECT p.id AS post_id, p.author_id, coalesce(p.reply_to_author_id, 0) AS reply_to_author_id, p.lang,
           p.deleted_at IS NOT NULL AS deleted, false AS has_media,
           coalesce(c.likes_count, 0) AS likes, coalesce(c.reposts_count, 0) AS reposts,
           greatest(coalesce(c.replies_count, 0) - coalesce(r.to_self, 0), 0) AS replies,
           coalesce(c.quotes_count, 0) AS quotes, coalesce(r.to_others, 0) AS author_replies,
           coalesce(a.posts, 0) AS author_posts, coalesce(a.engagement, 0) AS author_engagement,
           ARRAY(SELECT lower(tag ->> 'tag') FROM jsonb_array_elements(p.entities -> 'hashtags') AS tag) AS hashtags
    FROM posts.posts p
    LEFT JOIN posts.counters c ON c.post_id = p.id
    LEFT JOIN timelines.author_replies r ON r.post_id = p.id
    LEFT JOIN timelines.author_stats a ON a.author_id = p.author_id;
