"""A naive home timeline in Python: no cache, no fan-out, every rule spelled out over small sets."""

from dataclasses import dataclass, field


@dataclass
class Entry:
    """A post (`user == author`, not a repost) or a repost, in order of appearance."""

    user: int
    author: int
    post_id: str
    repost: bool


@dataclass
class World:
    """People are small integers; posts are known by the id that the API gave them."""

    follows: set[tuple[int, int]] = field(default_factory=set)
    requests: set[tuple[int, int]] = field(default_factory=set)
    blocks: set[tuple[int, int]] = field(default_factory=set)
    mutes: set[tuple[int, int]] = field(default_factory=set)
    protected: set[int] = field(default_factory=set)
    entries: list[Entry] = field(default_factory=list)

    def follow(self, who: int, whom: int) -> None:
        if (who, whom) not in self.follows:
            (self.requests if whom in self.protected else self.follows).add((who, whom))

    def unfollow(self, who: int, whom: int) -> None:
        self.follows.discard((who, whom))
        self.requests.discard((who, whom))

    def block(self, who: int, whom: int) -> None:
        self.blocks.add((who, whom))
        for pair in ((who, whom), (whom, who)):
            self.unfollow(*pair)

    def protect(self, who: int, on: bool) -> None:
        if on:
            self.protected.add(who)
            return
        self.protected.discard(who)
        waiting = {pair for pair in self.requests if pair[1] == who}
        self.requests -= waiting
        self.follows |= waiting

    def post(self, who: int, post_id: str) -> None:
        self.entries.append(Entry(who, who, post_id, repost=False))

    def repost(self, who: int, post_id: str) -> None:
        if not any(entry.repost and entry.user == who and entry.post_id == post_id for entry in self.entries):
            author = next(entry.author for entry in self.entries if entry.post_id == post_id)
            self.entries.append(Entry(who, author, post_id, repost=True))

    def unrepost(self, who: int, post_id: str) -> None:
        self.entries = [
            entry for entry in self.entries if not (entry.repost and entry.user == who and entry.post_id == post_id)
        ]

    def delete(self, post_id: str) -> None:
        self.entries = [entry for entry in self.entries if entry.post_id != post_id]

    def home(self, reader: int) -> list[tuple[str, int | None]]:
        """(post id, reposter or None), newest first."""
        shown = []
        for place, entry in enumerate(self.entries):
            if not self._in_view(reader, entry.user) or self._hidden(reader, entry):
                continue
            if entry.repost and self._had_before(reader, entry, self.entries[:place]):
                continue
            shown.append((entry.post_id, entry.user if entry.repost else None))
        return shown[::-1]

    def _in_view(self, reader: int, user: int) -> bool:
        return user == reader or (reader, user) in self.follows

    def _hidden(self, reader: int, entry: Entry) -> bool:
        return not (self._sees(reader, entry.author) and self._sees(reader, entry.user))

    def _sees(self, reader: int, user: int) -> bool:
        if user == reader:
            return True
        if (reader, user) in self.mutes or (reader, user) in self.blocks or (user, reader) in self.blocks:
            return False
        return user not in self.protected or (reader, user) in self.follows

    def _had_before(self, reader: int, entry: Entry, before: list[Entry]) -> bool:
        return any(
            other.post_id == entry.post_id and self._in_view(reader, other.user) and self._sees(reader, other.user)
            for other in before
        )
