"""A whole network in memory: accounts, follows, posts, likes and reposts as rows, and the counters that follow.

Everything derives from `random.Random(seed)` and `until_ms`: the same two give the same rows, ids included.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from rookery.seeding.shape import Pair, SeedError, activity, attractiveness, follows, follows_max
from rookery.seeding.texts import Writer

DAY_MS = 24 * 3600 * 1000
ACCOUNTS_SINCE_MS = 400 * DAY_MS
FOLLOWS_SINCE_MS = 100 * DAY_MS
POSTS_SINCE_MS = 60 * DAY_MS
SEED_NODES = range(248, 256)  # node numbers that are never leased: see migration 0001
SEED_MAX = 9999

POSTS_PER_USER = 10
FOLLOWS_PER_USER = 20

SHARE_REPLIES = 0.2
SHARE_QUOTES = 0.04
REACH = 2_000  # replies and quotes go to posts at most this many before
SHARE_OF_FOLLOWED = 0.7  # of likes and reposts go to followed authors, the rest to anybody by popularity
FAVOURITES = 3.0  # the higher, the fewer followees get most of somebody's likes: 1 is all alike
REACTION_DELAY_MS = 2 * 3600 * 1000  # on average

GIVEN_NAMES = [
    "ada", "ben", "cem", "dee", "eva", "finn", "gul", "hana", "ivo", "june", "kofi", "lena", "mei", "nils", "omar",
    "pia", "quin", "rosa", "sami", "tove", "uma", "vera", "wim", "xenia", "yuki", "zoe",
]  # fmt: skip

PROGRESS_EVERY = 2_000
COUNTERS = ("likes", "reposts", "replies", "quotes")

Row = tuple[Any, ...]
Progress = Callable[[str, int, int], None]
EntitiesJson = Callable[[str, dict[str, int]], str]


class Wish(Struct, frozen=True):
    """How large a network is to be. `likes` and `reposts` follow from the posts, as in a lively place.

    There are somewhat fewer of these in the end: nobody does either twice or to an own post, and those whose time would
    come after `until_ms` have not happened yet.
    """

    users: int
    posts: int
    follows: int
    seed: int
    until_ms: int
    following_max: int = 5000
    fanout_threshold: int = 10_000

    @property
    def likes(self) -> int:
        return self.posts * 2 if self.users > 1 else 0

    @property
    def reposts(self) -> int:
        return self.posts // 5 if self.users > 1 else 0


def usual_posts(users: int) -> int:
    """How many posts so many users write when nobody says how many."""
    return POSTS_PER_USER * users


def usual_follows(users: int, following_max: int) -> int:
    """How many follows there are among so many users when nobody says how many: no more than can be."""
    return min(FOLLOWS_PER_USER * users, follows_max(users, following_max))


def check_wish(wish: Wish) -> None:
    """Raises SeedError naming the option that cannot be."""
    if wish.users < 1 or wish.users > 5_000_000:
        raise SeedError("--users: must lie between 1 and 5,000,000")
    for name in ("posts", "follows"):
        if getattr(wish, name) < 0:
            raise SeedError(f"--{name}: must not be negative")
    if not 0 <= wish.seed <= SEED_MAX:
        raise SeedError(f"--seed: must lie between 0 and {SEED_MAX}")


class Network(Struct):
    """Rows by table, without the columns that the database derives; ids are final."""

    users: list[Row]
    user_counters: list[Row]
    follows: list[Row]
    posts: list[Row]
    likes: list[Row]
    reposts: list[Row]
    post_counters: list[Row]


def mint(node: int, times_ms: Iterable[int]) -> list[int]:
    """One id per time under `node`, ascending; a millisecond that is full passes on to the next."""
    ids: list[int] = []
    now, sequence = 0, 0
    for time_ms in sorted(times_ms):
        sequence = sequence + 1 if time_ms <= now else 0
        now = max(now, time_ms)
        if sequence > 255:
            now, sequence = now + 1, 0
        ids.append(now << 16 | node << 8 | sequence)
    return ids


class NetworkBuilder:
    """Builds a Network; `entities` gives the JSON that the posts service stores beside a text."""

    def __init__(self, wish: Wish, password_hash: str, entities: EntitiesJson) -> None:
        check_wish(wish)
        self._wish = wish
        self._rng = random.Random(wish.seed)  # noqa: S311 - made-up people, no secrets
        self._password_hash = password_hash
        self._entities = entities
        self._nodes = iter(SEED_NODES)
        self._user_ids: list[int] = []
        self._followers: Counter[int] = Counter()
        self._following: Counter[int] = Counter()
        self._written: Counter[int] = Counter()
        self._followees: dict[int, list[int]] = {}  # by user, as indices; in no particular order
        self._counts: dict[str, Counter[int]] = {name: Counter() for name in COUNTERS}

    def build(self, progress: Progress) -> Network:
        """All rows; `progress(what, done, total)` is called now and then."""
        self._user_ids = self._ids(self._wish.users, ACCOUNTS_SINCE_MS)
        follow_rows = self._follow_rows()
        usernames = [self._username(n) for n in range(self._wish.users)]
        post_rows = self._post_rows(usernames, progress)
        like_rows = [(act, user, post, 1) for act, user, post, _ in self._reactions(post_rows, "likes")]
        repost_rows = [
            (act, user, post, author, 1) for act, user, post, author in self._reactions(post_rows, "reposts")
        ]
        return Network(
            users=[self._user_row(user_id, name) for user_id, name in zip(self._user_ids, usernames, strict=True)],
            user_counters=[
                (user_id, self._followers[user_id], self._following[user_id], self._written[user_id])
                for user_id in self._user_ids
            ],
            follows=follow_rows,
            posts=post_rows,
            likes=like_rows,
            reposts=repost_rows,
            post_counters=self._post_counter_rows(),
        )

    def most_followed(self) -> str:
        """The username of the account with the most followers among those who write, once built."""
        ids = self._user_ids
        index = max(range(self._wish.users), key=lambda n: (self._written[ids[n]] > 0, self._followers[ids[n]]))
        return self._username(index)

    def _username(self, index: int) -> str:
        return f"{GIVEN_NAMES[index % len(GIVEN_NAMES)]}_{index}_{self._wish.seed}"

    def _ids(self, count: int, since_ms: int) -> list[int]:
        until, rng = self._wish.until_ms, self._rng
        return mint(next(self._nodes), (until - int(rng.random() ** 2 * since_ms) - 1 for _ in range(count)))

    def _user_row(self, user_id: int, username: str) -> Row:
        display_name = username.partition("_")[0].title()
        pulled = self._followers[user_id] >= self._wish.fanout_threshold
        return user_id, username, f"{username}@example.org", self._password_hash, display_name, pulled

    def _follow_rows(self) -> list[Row]:
        wish = self._wish
        pairs: list[Pair] = follows(self._rng, wish.users, wish.follows, wish.following_max)
        rows = []
        for follow_id, (follower, followee) in zip(self._ids(len(pairs), FOLLOWS_SINCE_MS), pairs, strict=True):
            follower_id, followee_id = self._user_ids[follower], self._user_ids[followee]
            self._followees.setdefault(follower, []).append(followee)
            self._following[follower_id] += 1
            self._followers[followee_id] += 1
            rows.append((follow_id, follower_id, followee_id))
        return rows

    def _post_rows(self, usernames: list[str], progress: Progress) -> list[Row]:
        rng, wish = self._rng, self._wish
        writer = Writer(random.Random(f"texts {wish.seed}"), usernames)  # noqa: S311 - words change nothing else
        languages = [writer.language() for _ in usernames]
        ids_by_username = dict(zip(usernames, self._user_ids, strict=True))
        authors = activity(rng, wish.users).draw(wish.posts)
        rows: list[Row] = []
        for post_id, author in zip(self._ids(wish.posts, POSTS_SINCE_MS), authors, strict=True):
            if len(rows) % PROGRESS_EVERY == 0:
                progress("writing posts", len(rows), wish.posts)
            content = writer.post(languages[author])
            relations = self._relations(rows, post_id)
            self._written[self._user_ids[author]] += 1
            rows.append(
                (
                    post_id,
                    self._user_ids[author],
                    content,
                    self._entities(content, ids_by_username),
                    *relations,
                    languages[author],
                )
            )
        progress("writing posts", wish.posts, wish.posts)
        return rows

    def _relations(self, rows: list[Row], post_id: int) -> Row:
        """(reply_to_id, reply_to_author_id, conversation_id, quote_of_id) of the next post."""
        drawn = self._rng.random()
        if not rows or drawn >= SHARE_REPLIES + SHARE_QUOTES:
            return None, None, post_id, None
        other = rows[-1 - int(self._rng.random() ** 2 * min(len(rows), REACH))]
        if drawn < SHARE_REPLIES:
            self._counts["replies"][other[0]] += 1
            return other[0], other[1], other[6], None
        self._counts["quotes"][other[0]] += 1
        return None, None, post_id, other[0]

    def _reactions(self, posts: list[Row], kind: str) -> list[tuple[int, int, int, int]]:
        """(id, user_id, post_id, author_id), distinct by user and post, each later than its post and not in the future.

        People like what they follow, some authors above all, and what is popular: a made-up taste that a ranking can
        find again, not a measure of how people are.
        """
        wish, rng = self._wish, self._rng
        wanted = min(getattr(wish, kind), len(posts) * (wish.users - 1) // 4)
        popularity = attractiveness(rng, len(posts)) if posts else None
        people = activity(rng, wish.users).draw(wanted)
        pairs: dict[Pair, int] = {}
        weights = popularity.weights if popularity else []
        written = self._posts_by_author(posts)
        for user, popular in zip(people, popularity.draw(wanted) if popularity else [], strict=False):
            post = self._post_of_followee(user, written, weights)
            if post is None:
                post = popular
            if self._user_ids[user] != posts[post][1]:
                pairs[self._user_ids[user], posts[post][0]] = posts[post][1]
        node = next(self._nodes)
        drawn = ((self._after(post_id), ((user, post_id), author)) for (user, post_id), author in pairs.items())
        timed = sorted(act for act in drawn if act[0] <= wish.until_ms)
        ids = mint(node, (at for at, _ in timed))
        for _, ((_, post_id), _) in timed:
            self._counts[kind][post_id] += 1
        return [(act, user, post, author) for act, (_, ((user, post), author)) in zip(ids, timed, strict=True)]

    def _after(self, post_id: int) -> int:
        """When somebody reacts to a post, in Unix milliseconds: at least one after it, in the future perhaps."""
        return (post_id >> 16) + 1 + int(self._rng.expovariate(1 / REACTION_DELAY_MS))

    def _posts_by_author(self, posts: list[Row]) -> dict[int, list[int]]:
        """The posts of each author, both as indices."""
        author_index = {user_id: index for index, user_id in enumerate(self._user_ids)}
        written: dict[int, list[int]] = {}
        for index, row in enumerate(posts):
            written.setdefault(author_index[row[1]], []).append(index)
        return written

    def _post_of_followee(self, user: int, written: dict[int, list[int]], weights: list[float]) -> int | None:
        """A post of one of the user's favourites, the more attractive of two; None for somebody else's post."""
        rng, followees = self._rng, self._followees.get(user)
        if not followees or rng.random() >= SHARE_OF_FOLLOWED:
            return None
        theirs = written.get(followees[int(rng.random() ** FAVOURITES * len(followees))])
        return max(rng.choice(theirs), rng.choice(theirs), key=weights.__getitem__) if theirs else None

    def _post_counter_rows(self) -> list[Row]:
        counted = sorted(set().union(*self._counts.values()))
        return [(post_id, *(self._counts[name][post_id] for name in COUNTERS)) for post_id in counted]
