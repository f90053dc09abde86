"""Creating, reading, editing and deleting posts over HTTP."""

from tests.people import Person


async def test_create_and_read(ana: Person, ben: Person) -> None:
    made = await ana.post("Hello @nobody_at_all #birds $EUR https://example.org \U0001f426")
    seen = await ben.get(f"/v1/posts/{made['id']}")
    assert seen == made
