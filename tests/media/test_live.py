"""The owner of an upload hears how far it is; nobody else does."""

from typing import Any

import msgspec

from rookery.kit import live
from rookery.media.service import Media
from tests.gateway.stream.conftest import Connect, connect, stream_url
from tests.media import files
from tests.media.conftest import Processed, upload
from tests.people import Person

__all__ = ["connect", "stream_url"]


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


async def test_it_arrives_over_the_stream_at_its_owner_alone(
    ana: Person, ben: Person, connect: Connect, processed: Processed
) -> None:
    mine, others = await connect(ana, "media"), await connect(ben, "media")
    waiting = await upload(ana, files.png())
    await processed(ana, waiting)

    while (event := await mine.event())["data"]["state"] != "ready":
        assert event["data"]["state"] == "processing"

    assert (event["channel"], event["event"]) == ("media", "media.updated")
    assert event["data"] == {
        "id": waiting["id"],
        "state": "ready",
        "progress": 1.0,
        "post_id": None,
        "failure": None,
    }
    his = await upload(ben, files.png())
    assert (await others.event())["data"]["id"] == his["id"]
