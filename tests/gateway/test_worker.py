"""What the worker makes of a batch."""

from collections.abc import Awaitable, Callable

from rookery.contracts.codec import encode, topic_of
from rookery.contracts.events import LikeCreated, LikeDeleted
from rookery.gateway.wiring import Services
from rookery.kit.bus import Message, append
from tests.people import Person

Settle = Callable[[], Awaitable[None]]


async def test_an_event_counts_once_that_stands_twice_in_a_batch(
    services: Services, ana: Person, ben: Person, settle: Settle
) -> None:
    """As a killed relay leaves it: the like that was taken back does not come again behind that."""
    post = await ana.post("liked for a moment")
    await settle()
    ids = services.resources.ids
    like = LikeCreated(event_id=ids.next(), post_id=int(post["id"]), author_id=int(ana.id), user_id=int(ben.id))
    unlike = LikeDeleted(event_id=ids.next(), post_id=int(post["id"]), author_id=int(ana.id), user_id=int(ben.id))
    async with services.resources.database.transaction() as connection:  # one transaction is read in one batch
        await append(connection, [Message(topic_of(event), event.key, encode(event)) for event in (like, unlike, like)])
    services.resources.waker.wake()
    await settle()
    assert (await ana.get(f"/v1/posts/{post['id']}"))["likes_count"] == 0
    assert (await ana.get("/v1/notifications"))["data"] == []
