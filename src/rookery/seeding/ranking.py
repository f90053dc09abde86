"""The read models of ranking for a network: what its consumer would have learnt from events."""

from collections.abc import Callable
from typing import Final

from rookery.kit.database import Connection
from rookery.seeding.network import Network
from rookery.timelines.ranking.rebuild import changes_of, changes_of_posts
from rookery.timelines.ranking.repository import add
from rookery.timelines.ranking.weights import LIKE, REPOST

BATCH: Final = 5_000
POST: Final = (
    "id",
    "author_id",
    "content",
    "entities",
    "reply_to_id",
    "reply_to_author_id",
    "conversation_id",
    "quote_of_id",
)
ACT: Final = ("id", "user_id", "post_id")

Progress = Callable[[str, int, int], None]


async def learn(connection: Connection, network: Network, progress: Progress) -> None:
    """Adds to what is learnt, once for each network; workers may run meanwhile, since no event speaks of these acts."""
    done, total = 0, len(network.posts) + len(network.likes) + len(network.reposts)
    for columns, rows, changes in (
        (POST, network.posts, changes_of_posts),
        (ACT, network.likes, changes_of(LIKE)),
        (ACT, network.reposts, changes_of(REPOST)),
    ):
        for start in range(0, len(rows), BATCH):
            batch = [dict(zip(columns, row, strict=False)) for row in rows[start : start + BATCH]]
            async with connection.transaction():
                await add(connection, changes(batch))
            progress("learning tastes", done := done + len(batch), total)
