"""Home timelines: pages for readers, fan-out for authors."""

import msgspec

from rookery.contracts.posts import PostsApi, TimelineEntry
from rookery.contracts.users import UsersApi
from rookery.kit.paging import encode_cursor
from rookery.kit.resources import Resources
from rookery.timelines.fanout import FanOut
from rookery.timelines.ranking.service import ForYou
from rookery.timelines.sources import EntrySource

SPARE_ENTRIES = 5  # fetched beyond the page, since some entries may be hidden from the reader
ROUNDS_MAX = 8  # each asks for twice as many; a page after which little was left of 8 is given out short, with a cursor
ENTRIES_MAX = 200  # of one round


class Timelines:
    """Pages of home timelines. Reads `users` for who the reader is and `posts` for what an entry looks like."""

    def __init__(self, resources: Resources, users: UsersApi, posts: PostsApi) -> None:
        self._posts = posts
        self.invalidations = resources.invalidations
        self._source = EntrySource(resources, users)
        self.fan_out = FanOut(resources, users, self._source.store)
        self.for_you = ForYou(resources, users, posts, self._source)

    async def home_page(self, reader_id: int, before: int, limit: int) -> bytes:
        """The JSON of a `Page[TimelineItem]`: what the reader follows now, newest first, below the id `before`.

        Warm: one round trip to Valkey and no SQL. A short page still has a cursor unless the timeline ends.
        """
        shown: list[tuple[TimelineEntry, bytes]] = []
        ended = False
        for nth in range(ROUNDS_MAX):
            wanted = min((limit - len(shown) + SPARE_ENTRIES) << nth, ENTRIES_MAX)
            reader, entries, ended = await self._source.stretch(reader_id, before, wanted)
            if entries:
                # A fan-out may have overtaken an unfollow.
                sources = reader.following
                followed = [each for each in entries if each.user_id in sources or each.user_id == reader_id]
                shown += await self._posts.items_json(reader, followed)
                before = entries[-1].id
            if ended or len(shown) >= limit:
                break
        if len(shown) > limit:
            shown, ended = shown[:limit], False
            before = shown[-1][0].id
        return render_page([item for _, item in shown], None if ended else before)


def render_page(items: list[bytes], before: int | None) -> bytes:
    cursor = b"null" if before is None else msgspec.json.encode(encode_cursor(before))
    return b'{"data":[' + b",".join(items) + b'],"next_cursor":' + cursor + b"}"
