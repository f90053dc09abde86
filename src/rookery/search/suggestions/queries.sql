-- Term vectors of posts and accounts, and what suggestions remember.
--
-- A vector is two arrays side by side, terms and weights, of length 1; the product of two is their cosine. A weight is
-- ln(1 + tf) * ln(1 + N / (1 + n)): how often the term occurs, and how few of N authors use it (Salton and Buckley,
-- "Term-weighting approaches in automatic text retrieval", Information Processing & Management 24, 1988).
-- Plans are those of EXPLAIN (ANALYZE, BUFFERS): see docs/performance.md.

-- name: forget_posts(post_ids)!
DELETE FROM search.post_terms WHERE post_id = ANY (:post_ids::bigint[]);

-- name: authors_of(post_ids)
SELECT DISTINCT author_id FROM search.post_terms WHERE post_id = ANY (:post_ids::bigint[]);

-- name: add_terms(post_ids, author_ids, terms)!
-- One row for each term of a post, in parallel arrays.
INSERT INTO search.post_terms (post_id, author_id, terms, weights)
SELECT post_id, author_id, array_agg(term ORDER BY weight DESC, term),
       array_agg((weight / length)::real ORDER BY weight DESC, term)
FROM (
    SELECT *, sqrt(sum(weight * weight) OVER (PARTITION BY post_id)) AS length
    FROM (
        SELECT t.post_id, t.author_id, t.term, ln(1 + everybody.n / (1.0 + coalesce(c.authors, 0))) AS weight
        FROM unnest(:post_ids::bigint[], :author_ids::bigint[], :terms::text[]) AS t (post_id, author_id, term)
        CROSS JOIN (SELECT greatest(max(authors), 1) AS n FROM search.term_counts WHERE term = '') AS everybody
        LEFT JOIN search.term_counts c ON c.term = t.term
    ) AS weighted
) AS measured
GROUP BY post_id, author_id
ORDER BY post_id
ON CONFLICT DO NOTHING;

-- name: forget_authors(author_ids)!
-- Index: post_terms_by_author, account_terms_pkey.
WITH forgotten AS (DELETE FROM search.account_terms WHERE user_id = ANY (:author_ids::bigint[]))
DELETE FROM search.post_terms WHERE author_id = ANY (:author_ids::bigint[]);

-- name: add_likes(ids, user_ids, post_ids)!
-- Of a pair the newest like stands.
INSERT INTO search.account_likes AS l (id, user_id, post_id)
SELECT max(id), user_id, post_id
FROM unnest(:ids::bigint[], :user_ids::bigint[], :post_ids::bigint[]) AS liked (id, user_id, post_id)
GROUP BY user_id, post_id ORDER BY user_id, post_id
ON CONFLICT (user_id, post_id) DO UPDATE SET id = greatest(l.id, excluded.id);

-- name: remove_likes(ids, user_ids, post_ids)!
-- Those that are older than the events (`ids`) that took them back.
DELETE FROM search.account_likes l
USING unnest(:ids::bigint[], :user_ids::bigint[], :post_ids::bigint[]) AS gone (id, user_id, post_id)
WHERE l.user_id = gone.user_id AND l.post_id = gone.post_id AND l.id < gone.id;

-- name: weigh_accounts(user_ids, posts_max, likes_max, like_weight, terms_max)!
-- Anew from the newest posts and likes of each account; of its terms those that somebody else uses too come first.
-- Index: post_terms_by_author, account_likes_newest, post_terms_pkey, term_counts_pkey.
WITH wanted AS (
    SELECT user_id FROM unnest(:user_ids::bigint[]) AS account (user_id)
), used AS (
    SELECT w.user_id, p.terms, 1.0::double precision AS times
    FROM wanted w CROSS JOIN LATERAL (
        SELECT terms FROM search.post_terms WHERE author_id = w.user_id ORDER BY post_id DESC LIMIT :posts_max
    ) p
    UNION ALL
    SELECT w.user_id, p.terms, :like_weight::double precision
    FROM wanted w CROSS JOIN LATERAL (
        SELECT post_id FROM search.account_likes WHERE user_id = w.user_id ORDER BY id DESC LIMIT :likes_max
    ) l
    JOIN search.post_terms p ON p.post_id = l.post_id AND p.author_id <> w.user_id
), weighted AS (
    SELECT t.user_id, t.term, c.term IS NOT NULL AS known,
           ln(1 + t.times) * ln(1 + everybody.n / (1.0 + coalesce(c.authors, 0))) AS weight
    FROM (
        SELECT user_id, term, sum(times) AS times FROM used CROSS JOIN LATERAL unnest(terms) AS term GROUP BY 1, 2
    ) AS t
    CROSS JOIN (SELECT greatest(max(authors), 1) AS n FROM search.term_counts WHERE term = '') AS everybody
    LEFT JOIN search.term_counts c ON c.term = t.term
), strongest AS (
    SELECT * FROM (
        SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY known DESC, weight DESC, term) AS place FROM weighted
    ) AS placed
    WHERE place <= :terms_max
), vectors AS (
    SELECT user_id, array_agg(term ORDER BY place) AS terms,
           array_agg((weight / length)::real ORDER BY place) AS weights
    FROM (
        SELECT *, sqrt(sum(weight * weight) OVER (PARTITION BY user_id)) AS length FROM strongest
    ) AS measured
    GROUP BY user_id
), emptied AS (
    DELETE FROM search.account_terms a USING wanted w
    WHERE a.user_id = w.user_id AND NOT EXISTS (SELECT FROM vectors v WHERE v.user_id = a.user_id)
)
INSERT INTO search.account_terms (user_id, terms, weights)
SELECT user_id, terms, weights FROM vectors ORDER BY user_id
ON CONFLICT (user_id) DO UPDATE SET terms = excluded.terms, weights = excluded.weights;

-- name: similar_accounts(user_id, strongest, candidates_max, cosine_min, shared_max, row_limit)
-- Accounts that share one of the strongest terms, by the cosine of their vectors; `shared`: what the likeness is made of.
-- Bitmap Index Scan on account_terms_terms.
WITH mine AS (
    SELECT term, weight FROM search.account_terms, unnest(terms, weights) AS t (term, weight) WHERE user_id = :user_id
), found AS (
    SELECT user_id, terms, weights FROM search.account_terms
    WHERE terms && ARRAY(SELECT term FROM mine ORDER BY weight DESC, term LIMIT :strongest) AND user_id <> :user_id
    LIMIT :candidates_max
)
SELECT f.user_id, sum(m.weight * t.weight)::double precision AS cosine,
       (array_agg(m.term ORDER BY m.weight * t.weight DESC, m.term))[1 : :shared_max::integer] AS shared
FROM found f CROSS JOIN LATERAL unnest(f.terms, f.weights) AS t (term, weight) JOIN mine m ON m.term = t.term
GROUP BY f.user_id
HAVING sum(m.weight * t.weight) >= :cosine_min
ORDER BY cosine DESC, f.user_id
LIMIT :row_limit;

-- name: similar_posts(post_id, terms, strongest, candidates_max, cosine_min, row_limit)
-- Likewise for the terms of a post, which need not be kept itself, among the newest. Bitmap Index Scan on
-- post_terms_terms, top-N heapsort.
WITH weighted AS (
    SELECT t.term, ln(1 + everybody.n / (1.0 + coalesce(c.authors, 0))) AS weight
    FROM unnest(:terms::text[]) AS t (term)
    CROSS JOIN (SELECT greatest(max(authors), 1) AS n FROM search.term_counts WHERE term = '') AS everybody
    LEFT JOIN search.term_counts c ON c.term = t.term
), mine AS (
    SELECT term, weight / sqrt(sum(weight * weight) OVER ()) AS weight FROM weighted
), found AS (
    SELECT post_id, author_id, terms, weights FROM search.post_terms
    WHERE terms && ARRAY(SELECT term FROM mine ORDER BY weight DESC, term LIMIT :strongest) AND post_id <> :post_id
    ORDER BY post_id DESC LIMIT :candidates_max
)
SELECT f.post_id, f.author_id, sum(m.weight * t.weight)::double precision AS cosine
FROM found f CROSS JOIN LATERAL unnest(f.terms, f.weights) AS t (term, weight) JOIN mine m ON m.term = t.term
GROUP BY f.post_id, f.author_id
HAVING sum(m.weight * t.weight) >= :cosine_min
ORDER BY cosine DESC, f.post_id DESC
LIMIT :row_limit;

-- name: count_terms(authors_min, posts_max)!
-- By how many authors each term is used, in the newest posts; those of one author alone say nothing about likeness.
WITH newest AS MATERIALIZED (
    SELECT author_id, terms FROM search.post_terms ORDER BY post_id DESC LIMIT :posts_max
), counted AS (
    SELECT term, count(DISTINCT author_id) AS authors FROM newest CROSS JOIN LATERAL unnest(terms) AS term
    GROUP BY term HAVING count(DISTINCT author_id) >= :authors_min
    UNION ALL
    SELECT '', count(DISTINCT author_id) FROM newest
), gone AS (
    DELETE FROM search.term_counts c WHERE NOT EXISTS (SELECT FROM counted n WHERE n.term = c.term)
)
INSERT INTO search.term_counts AS c (term, authors) SELECT term, authors FROM counted ORDER BY term
ON CONFLICT (term) DO UPDATE SET authors = excluded.authors WHERE c.authors <> excluded.authors;

-- name: active_among(user_ids, above)
-- Those who have posted since. Index: post_terms_by_author.
SELECT u.user_id FROM unnest(:user_ids::bigint[]) AS u (user_id)
WHERE EXISTS (SELECT FROM search.post_terms p WHERE p.author_id = u.user_id AND p.post_id >= :above);

-- name: forget_popular()!
DELETE FROM search.popular_accounts;

-- name: add_popular(user_ids, followers)!
INSERT INTO search.popular_accounts (user_id, followers)
SELECT * FROM unnest(:user_ids::bigint[], :followers::bigint[])
ON CONFLICT (user_id) DO UPDATE SET followers = excluded.followers;

-- name: popular()
SELECT user_id, followers FROM search.popular_accounts ORDER BY followers DESC, user_id;

-- name: dismissed(user_id)
-- Index Only Scan using dismissals_newest.
SELECT dismissed_id FROM search.dismissals WHERE user_id = :user_id;

-- name: dismiss(user_id, dismissed_id, at_ms, kept)!
-- The newest `kept` stay. Index: dismissals_newest.
WITH surplus AS (
    DELETE FROM search.dismissals WHERE user_id = :user_id AND dismissed_id IN (
        SELECT dismissed_id FROM search.dismissals WHERE user_id = :user_id AND dismissed_id <> :dismissed_id
        ORDER BY at_ms DESC, dismissed_id OFFSET :kept - 1
    )
)
INSERT INTO search.dismissals (user_id, dismissed_id, at_ms) VALUES (:user_id, :dismissed_id, :at_ms)
ON CONFLICT (user_id, dismissed_id) DO UPDATE SET at_ms = excluded.at_ms;

-- name: accounts_after(after, row_limit)
-- Accounts that have posted or liked, for a rebuild. Index: post_terms_by_author and account_likes_pkey.
SELECT user_id FROM (
    (SELECT DISTINCT author_id AS user_id FROM search.post_terms WHERE author_id > :after
     ORDER BY author_id LIMIT :row_limit)
    UNION
    (SELECT DISTINCT user_id FROM search.account_likes WHERE user_id > :after ORDER BY user_id LIMIT :row_limit)
) AS known
ORDER BY user_id LIMIT :row_limit;

-- name: forget_learnt()!
TRUNCATE search.post_terms, search.account_likes, search.account_terms, search.term_counts, search.popular_accounts;

-- name: prune_posts(below, max_rows)
-- Index: post_terms_pkey.
DELETE FROM search.post_terms WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM search.post_terms WHERE post_id < :below ORDER BY post_id LIMIT :max_rows
)) RETURNING 1;

-- name: crowded_accounts(after, kept, max_users)
-- Accounts above `after` with more likes than are kept. Index Only Scan using account_likes_newest.
SELECT user_id FROM search.account_likes WHERE user_id > :after
GROUP BY user_id HAVING count(*) > :kept ORDER BY user_id LIMIT :max_users;

-- name: prune_likes(user_id, kept)!
-- Index: account_likes_newest.
DELETE FROM search.account_likes l USING (
    SELECT id FROM search.account_likes WHERE user_id = :user_id ORDER BY id DESC OFFSET :kept LIMIT 1
) AS surplus
WHERE l.user_id = :user_id AND l.id <= surplus.id;

-- name: prune_old_likes(below, max_rows)
DELETE FROM search.account_likes WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM search.account_likes WHERE post_id < :below LIMIT :max_rows
)) RETURNING 1;
