"""The read models of ranking for a network: what its consumer would have learnt from events."""

from collections.abc import Callable, Iterator
from itertools import chain, islice

from rookery.kit.database import Connection
from rookery.kit.ids import id_ms
from rookery.seeding.network import Network
from rookery.timelines.ranking.acts import Act, Changes, Written, written_acts
from rookery.timelines.ranking.repository import add
from rookery.timelines.ranking.weights import LIKE, REPOST

BATCH = 5_000

Progress = Callable[[str, int, int], None]


async def learn(connection: Connection, network: Network, progress: Progress) -> None:
    """Adds to what is learnt, once for each network; workers may run meanwhile, since no event speaks of these acts."""
    waiting = _changes(network)
    done, total = 0, len(network.posts) + len(network.likes) + len(network.reposts)
    while batch := list(islice(waiting, BATCH)):
        changes = Changes([], [])
        for acts, written in batch:
            changes.acts.extend(acts)
            changes.written.extend(written)
        async with connection.transaction():
            await add(connection, changes)
        progress("learning tastes", done := done + len(batch), total)


def _changes(network: Network) -> Iterator[Changes]:
    """One for each row."""
    posts = (
        Changes(
            list(written_acts(author_id, post_id, reply_to_id, quote_of_id)),
            [Written(post_id, author_id, reply_to_id is not None, 1)],
        )
        for post_id, author_id, _, _, reply_to_id, _, _, quote_of_id, _ in network.posts
    )
    likes = (Changes([Act(row[1], row[2], LIKE, id_ms(row[0]))], []) for row in network.likes)
    reposts = (Changes([Act(row[1], row[2], REPOST, id_ms(row[0]))], []) for row in network.reposts)
    return chain(posts, likes, reposts)
