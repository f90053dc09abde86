"""How a service declares what it consumes."""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from rookery.contracts.events import AnyEvent, Topic

Handler = Callable[[list[AnyEvent]], Awaitable[None]]


class Subscription(Struct, frozen=True, kw_only=True):
    """One consumer group: every event of `topics`, in batches of at most `batch`, in order per key, at least once.

    `handle` returns when the effects of the whole batch are durable. An event stands in a batch once; it may come
    again in a later one, and must then do nothing.

    At least `pace_s` seconds lie between the beginnings of two batches: who need not be up to date within milliseconds
    handles many events at once under load, for little more than one costs. The first event after a pause never waits.
    """

    group: str
    topics: list[Topic]
    handle: Handler
    batch: int = 500
    pace_s: float = 0.0
