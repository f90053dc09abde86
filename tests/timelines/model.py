"""A naive home timeline in Python: no cache, no fan-out, every rule spelled out over plain lists and sets.

The rules are those of docs/decisions/0005-home-timeline.md, rookery.access and rookery.posts.repeats, written anew.
Everything here happens within the 72 hours after which a repost may come again.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Item = dict[str, Any]
Pair = tuple[int, int]


@dataclass
class Account:
    id: str
    username: str
    display_name: str


@dataclass(eq=False)
class Post:
    """`author` is the number of a person; `conversation_id` that of the post that began it."""

    id: str
    author: int
    content: str
    reply_to: "Post | None" = None
    quote_of: "Post | None" = None
    revision: int = 1
    edited_at: str | None = None
    deleted: bool = False

    @property
    def conversation_id(self) -> str:
        return self.id if self.reply_to is None else self.reply_to.conversation_id


@dataclass(eq=False)
class Entry:
    """What `user` put into the timelines of followers: a post of theirs (`id` is the post's), or a repost."""

    id: int
    user: int
    post: Post
    fresh: bool = True  # consumers may not have heard of it yet

    @property
    def is_repost(self) -> bool:
        return str(self.id) != self.post.id


@dataclass
class World:
    """People are numbered in order of appearance. A pair (a, b) says that a follows, blocks, mutes b, or asks b."""

    accounts: list[Account] = field(default_factory=list)
    follows: set[Pair] = field(default_factory=set)
    requests: set[Pair] = field(default_factory=set)
    blocks: set[Pair] = field(default_factory=set)
    mutes: set[Pair] = field(default_factory=set)
    protected: set[int] = field(default_factory=set)
    posts: list[Post] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    likes: set[tuple[int, str]] = field(default_factory=set)
    bookmarks: set[tuple[int, str]] = field(default_factory=set)
    taken_back: int = 0  # reposts that are no more

    # Acts: each returns whether it is allowed, and has happened then.

    def follow(self, who: int, whom: int) -> bool:
        if self._blocked_either_way(who, whom):
            return False
        if (who, whom) not in self.follows:
            (self.requests if whom in self.protected else self.follows).add((who, whom))
        return True

    def unfollow(self, who: int, whom: int) -> bool:
        self.follows.discard((who, whom))
        self.requests.discard((who, whom))
        return True

    def remove_follower(self, who: int, whom: int) -> bool:
        self.follows.discard((whom, who))
        return True

    def accept(self, who: int, whom: int) -> bool:
        if (whom, who) not in self.requests:
            return (whom, who) in self.follows
        self.requests.remove((whom, who))
        self.follows.add((whom, who))
        return True

    def refuse(self, who: int, whom: int) -> bool:
        self.requests.discard((whom, who))
        return True

    def block(self, who: int, whom: int) -> bool:
        self.unfollow(who, whom)
        self.unfollow(whom, who)
        self.blocks.add((who, whom))
        return True

    def unblock(self, who: int, whom: int) -> bool:
        self.blocks.discard((who, whom))
        return True

    def mute(self, who: int, whom: int) -> bool:
        self.mutes.add((who, whom))
        return True

    def unmute(self, who: int, whom: int) -> bool:
        self.mutes.discard((who, whom))
        return True

    def protect(self, who: int) -> None:
        self.protected.add(who)

    def open(self, who: int) -> None:
        """Whoever waits is accepted."""
        self.protected.discard(who)
        for pair in [pair for pair in self.requests if pair[1] == who]:
            self.requests.remove(pair)
            self.follows.add(pair)

    def publish(self, post: Post) -> None:
        self.posts.append(post)
        self.entries.append(Entry(int(post.id), post.author, post))

    def edit(self, who: int, post: Post, content: str, edited_at: str | None) -> bool:
        if post.deleted or post.author != who:
            return False
        post.content, post.edited_at, post.revision = content, edited_at, post.revision + 1
        return True

    def delete(self, who: int, post: Post) -> bool:
        if post.deleted or post.author != who:
            return False
        post.deleted = True
        return True

    def like(self, who: int, post: Post) -> bool:
        return self._mark(self.likes, who, post, on=True)

    def unlike(self, who: int, post: Post) -> bool:
        return self._mark(self.likes, who, post, on=False)

    def bookmark(self, who: int, post: Post) -> bool:
        return self._mark(self.bookmarks, who, post, on=True)

    def unbookmark(self, who: int, post: Post) -> bool:
        return self._mark(self.bookmarks, who, post, on=False)

    def repost(self, who: int, post: Post, entry_id: int) -> None:
        """What `may_repost` allows."""
        if self.reposted(who, post) is None:
            self.entries.append(Entry(entry_id, who, post))

    def unrepost(self, who: int, post: Post) -> bool:
        if not self.may_see_post(who, post):
            return False
        repost = self.reposted(who, post)
        if repost is not None:
            self.entries.remove(repost)
            self.taken_back += 1
        return True

    def _mark(self, marks: set[tuple[int, str]], who: int, post: Post, *, on: bool) -> bool:
        if not self.may_see_post(who, post):
            return False
        (marks.add if on else marks.discard)((who, post.id))
        return True

    # Rules

    def may_see(self, reader: int, author: int) -> bool:
        if author == reader:
            return True
        if self._blocked_either_way(reader, author):
            return False
        return author not in self.protected or (reader, author) in self.follows

    def will_see(self, reader: int, author: int) -> bool:
        return (reader, author) not in self.mutes and self.may_see(reader, author)

    def may_see_post(self, reader: int, post: Post) -> bool:
        return not post.deleted and self.may_see(reader, post.author)

    def may_repost(self, who: int, post: Post) -> bool:
        return self.may_see_post(who, post) and (post.author == who or post.author not in self.protected)

    def reposted(self, who: int, post: Post) -> Entry | None:
        for entry in self.entries:
            if entry.is_repost and entry.user == who and entry.post is post:
                return entry
        return None

    def home(self, reader: int) -> list[Entry]:
        """Newest first."""
        shown = []
        for entry in self.entries:
            if not self._comes_to(reader, entry) or entry.post.deleted:
                continue
            if not self.will_see(reader, entry.post.author):
                continue
            if entry.is_repost and self._had_before(reader, entry):
                continue
            shown.append(entry)
        return sorted(shown, key=lambda entry: entry.id, reverse=True)

    def _comes_to(self, reader: int, entry: Entry) -> bool:
        followed = entry.user == reader or (reader, entry.user) in self.follows
        return followed and self.will_see(reader, entry.user)

    def _had_before(self, reader: int, repost: Entry) -> bool:
        for entry in self.entries:
            if entry.post is repost.post and entry.id < repost.id and self._comes_to(reader, entry):
                return True
        return False

    def _blocked_either_way(self, one: int, other: int) -> bool:
        return (one, other) in self.blocks or (other, one) in self.blocks

    # What the API shows

    def item(self, reader: int, entry: Entry) -> Item:
        """The whole TimelineItem."""
        return {
            **self._post(reader, entry.post),
            "quote_of": self._quote(reader, entry.post.quote_of),
            "entry_id": str(entry.id),
            "reposted_by": self._brief(entry.user) if entry.is_repost else None,
        }

    def _quote(self, reader: int, quoted: Post | None) -> Item | None:
        if quoted is None:
            return None
        if quoted.deleted:
            return {"id": quoted.id, "unavailable": "deleted", "post": None}
        if not self.will_see(reader, quoted.author):
            return {"id": quoted.id, "unavailable": "forbidden", "post": None}
        return {"id": quoted.id, "unavailable": None, "post": {**self._post(reader, quoted), "quote_of": None}}

    def _post(self, reader: int, post: Post) -> Item:
        return {
            "id": post.id,
            "author": self._brief(post.author),
            "content": post.content,
            "entities": {"mentions": [], "hashtags": [], "cashtags": [], "urls": []},
            "media": [],
            "card": None,
            "lang": None,
            "reply_to_id": post.reply_to and post.reply_to.id,
            "reply_to_author": post.reply_to and self._brief(post.reply_to.author),
            "conversation_id": post.conversation_id,
            "quote_of_id": post.quote_of and post.quote_of.id,
            "created_at": time_of(post.id),
            "edited_at": post.edited_at,
            "revision": post.revision,
            **self._counts(post),
            "viewer": {
                "liked": (reader, post.id) in self.likes,
                "reposted": self.reposted(reader, post) is not None,
                "bookmarked": (reader, post.id) in self.bookmarks,
            },
        }

    def _counts(self, post: Post) -> Item:
        return {
            "likes_count": sum(post_id == post.id for _, post_id in self.likes),
            "reposts_count": sum(entry.is_repost and entry.post is post for entry in self.entries),
            "replies_count": sum(each.reply_to is post and not each.deleted for each in self.posts),
            "quotes_count": sum(each.quote_of is post and not each.deleted for each in self.posts),
        }

    def _brief(self, who: int) -> Item:
        account = self.accounts[who]
        return {
            "id": account.id,
            "username": account.username,
            "display_name": account.display_name,
            "avatar_url": None,
            "protected": who in self.protected,
        }


def time_of(post_id: str) -> str:
    """The Unix milliseconds above the lowest 16 bits of an id, in RFC 3339."""
    moment = datetime.fromtimestamp((int(post_id) >> 16) / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
