"""What a command wrote to the outbox."""

from rookery.contracts.codec import decode
from rookery.contracts.events import AnyEvent
from rookery.gateway.wiring import Services
from tests.people import Person


async def events_of(services: Services, person: Person) -> list[AnyEvent]:
    """All events that are keyed by a person, oldest first, without that of their sign-up."""
    async with services.resources.database.connection() as connection:
        rows = await connection.fetch(
            "SELECT value FROM bus.outbox WHERE key = $1 ORDER BY xid, position", int(person.id)
        )
    events = [decode(row["value"]) for row in rows]
    return [event for event in events if type(event).__name__ != "UserCreated"]


async def kinds_of(services: Services, person: Person) -> list[str]:
    """The names of those events' types."""
    return [type(event).__name__ for event in await events_of(services, person)]
