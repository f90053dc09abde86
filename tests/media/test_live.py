"""The owner of an upload hears how far it is; nobody else does."""

from typing import Any

import msgspec

from rookery.gateway.stream.protocol import Channel
from rookery.kit import live
from rookery.kit.live import LiveEvent, LoggedEvent
from rookery.media.service import Media
from tests.media import files
from tests.media.conftest import Processed, upload
from tests.people import Person


async def told_to(media: Media, person: Person) -> list[dict[str, Any]]:
    """What the live log holds for a person's uploads, oldest first."""
    newest = await live.read_newest(media.resources.cache, 5_000)
    return [
        msgspec.json.decode(each.event.payload)
        for each in newest
        if (each.event.channel, each.event.about) == (live.MEDIA, int(person.id))
    ]


async def test_the_states_of_an_upload_are_told_in_order(
    ana: Person, ben: Person, processed: Processed, media: Media
) -> None:
    good, bad = await upload(ana, files.png()), await upload(ana, files.noise(b"\xff\xd8\xff"))
    await processed(ana, good)
    await processed(ana, bad)

    told = await told_to(media, ana)

    assert [each["state"] for each in told if each["id"] == good["id"]][-1] == "ready"
    assert {each["state"] for each in told if each["id"] == good["id"]} == {"processing", "ready"}
    last = [each for each in told if each["id"] == bad["id"]][-1]
    assert (last["state"], last["failure"], last["progress"]) == ("failed", "damaged", 1.0)
    assert not await told_to(media, ben)


async def test_the_stream_has_a_channel_for_it(services: Any) -> None:
    from rookery.gateway.stream.rendering import EventRenderer

    renderer = EventRenderer(services.users, services.posts, services.notifications)
    payload = b'{"id":"1","state":"ready","progress":1.0,"post_id":null,"failure":null}'

    frames = await renderer.frames(1, [LoggedEvent((5, 0), 1, LiveEvent(live.MEDIA, 1, payload))])

    frame = msgspec.json.decode(frames[(5, 0)])
    assert (frame["channel"], frame["event"], frame["data"]["state"]) == (Channel.MEDIA, "media.updated", "ready")
