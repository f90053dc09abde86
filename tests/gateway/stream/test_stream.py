"""What arrives over `/v1/stream`, to whom, and how it ends."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable

import httpx
import msgspec
import pytest

from rookery.gateway.wiring import Services
from rookery.kit.settings import Settings
from rookery.kit.tokens import sign_access_token
from tests.gateway.stream.clients import StreamClient
from tests.gateway.stream.conftest import Connect
from tests.people import Person

Settle = Callable[[], Awaitable[None]]


async def test_a_followers_home_hears_of_a_post(ana: Person, ben: Person, connect: Connect) -> None:
    await ana.follow(ben)
    client = await connect(ana, "home")
    began = time.monotonic()
    post = await ben.post("hello, world")
    event = await client.event()
    assert time.monotonic() - began < 5
    assert (event["channel"], event["event"]) == ("home", "post.created")
    assert event["data"]["entry_id"] == post["id"]
    assert event["data"]["content"] == "hello, world"
    assert event["data"]["viewer"] == {"liked": False, "reposted": False, "bookmarked": False}
    assert event["data"] == (await ana.home())[0]


async def test_ones_own_post_comes_too(ana: Person, connect: Connect) -> None:
    client = await connect(ana, "home")
    post = await ana.post("mine")
    assert (await client.event())["data"]["entry_id"] == post["id"]


async def test_a_repost_names_who_reposted(ana: Person, ben: Person, cem: Person, connect: Connect) -> None:
    await ana.follow(ben)
    post = await cem.post("worth repeating")
    client = await connect(ana, "home")
    await ben.repost(post)
    event = await client.event()
    assert event["event"] == "repost.created"
    assert event["data"]["id"] == post["id"]
    assert event["data"]["reposted_by"]["id"] == ben.id
    assert event["data"]["entry_id"] != post["id"]


async def test_strangers_blocked_and_muted_hear_nothing(
    ana: Person, ben: Person, cem: Person, dee: Person, connect: Connect
) -> None:
    await ana.follow(dee)
    await ben.follow(dee)
    await ben.mute(dee)
    follower, muting, stranger = [await connect(each, "home") for each in (ana, ben, cem)]
    await dee.post("for followers")
    assert (await follower.event())["data"]["content"] == "for followers"
    assert await muting.nothing_before_pong() == []
    assert await stranger.nothing_before_pong() == []


async def test_follow_and_unfollow_hold_for_the_next_post(
    ana: Person, ben: Person, connect: Connect, settle: Settle
) -> None:
    client = await connect(ana, "home")
    await ben.post("before")
    await settle()
    mine = await ana.post("mine")  # behind the other in the live log: once it is here, the other has passed
    assert (await client.event())["data"]["entry_id"] == mine["id"]
    await ana.follow(ben)
    await ben.post("during")
    assert (await client.event())["data"]["content"] == "during"
    await ana.unfollow(ben)
    await ben.post("after")
    mine = await ana.post("mine")
    assert (await client.event())["data"]["entry_id"] == mine["id"]


async def test_a_block_holds_for_the_next_post(ana: Person, ben: Person, connect: Connect) -> None:
    await ana.follow(ben)
    client = await connect(ana, "home")
    await ben.block(ana)
    await ben.post("not for ana")
    mine = await ana.post("mine")
    assert (await client.event())["data"]["entry_id"] == mine["id"]


async def test_a_notification_comes_with_the_unread_count(ana: Person, ben: Person, connect: Connect) -> None:
    client = await connect(ana, "notifications")
    await ben.follow(ana)
    event = await client.event()
    assert (event["channel"], event["event"]) == ("notifications", "notification.created")
    assert event["data"]["type"] == "follow"
    assert event["data"]["unread_count"] == 1
    post = await ben.post(f"@{ana.username} hi")
    event = await client.event()
    assert event["data"]["post"]["id"] == post["id"]
    assert event["data"]["unread_count"] == 2
    listed = (await ana.get("/v1/notifications"))["data"][0]
    assert event["data"] == {**listed, "unread_count": 2}


async def test_a_group_that_grows_comes_again(ana: Person, ben: Person, cem: Person, connect: Connect) -> None:
    post = await ana.post("nice")
    client = await connect(ana, "notifications")
    await ben.like(post)
    first = await client.event()
    await cem.like(post)
    second = await client.event()
    assert (first["data"]["count"], second["data"]["count"]) == (1, 2)
    assert second["data"]["unread_count"] == 1


async def test_only_what_is_subscribed(ana: Person, ben: Person, connect: Connect) -> None:
    await ana.follow(ben)
    home, notifications = await connect(ana, "home"), await connect(ana, "notifications")
    await ben.post(f"@{ana.username}")
    assert (await home.event())["channel"] == "home"
    assert (await notifications.event())["channel"] == "notifications"
    await home.send(type="unsubscribe", channels=["home"])
    assert await home.nothing_before_pong() == []
    await ben.post(f"again @{ana.username}")
    assert (await notifications.event())["channel"] == "notifications"
    assert await home.nothing_before_pong() == []


async def test_every_connection_of_a_user_hears(ana: Person, connect: Connect) -> None:
    clients = [await connect(ana, "home", "notifications") for _ in range(3)]
    post = await ana.post("everywhere")
    assert [(await client.event())["data"]["id"] for client in clients] == [post["id"]] * 3


async def test_a_renewed_token_is_answered_with_ready(ana: Person, connect: Connect) -> None:
    client = await connect(ana, "home")
    await client.send(type="auth", token=ana.token)
    assert (await client.next())["type"] == "ready"
    await ana.post("goes on")
    assert (await client.event())["data"]["content"] == "goes on"


async def test_another_accounts_token_ends_it(ana: Person, ben: Person, connect: Connect) -> None:
    client = await connect(ana)
    await client.send(type="auth", token=ben.token)
    assert await client.closed() == 4401


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ('{"type":"auth","token":"no.such.token"}', 4401),
        ('{"type":"subscribe","channels":["home"]}', 4401),
        ('{"type":"ping"}', 4401),
        ("{", 4400),
        ("[]", 4400),
        ("null", 4400),
        ('{"type":"dance"}', 4400),
        ('{"type":"auth"}', 4400),
        ('{"type":"auth","token":7}', 4400),
        ("[" * 3000, 4400),
        (json.dumps({"type": "auth", "token": "x" * 5000}), 4400),
        (b'{"type":"ping"}', 4400),
        ('"\ud83d"'.encode("utf-16", "surrogatepass"), 4400),
    ],
)
async def test_bad_beginnings(stream_url: str, sent: str | bytes, code: int) -> None:
    async with await StreamClient.connect(stream_url) as client:
        await client.socket.send(sent)
        assert await client.closed() == code


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "subscribe", "channels": []},
        {"type": "subscribe", "channels": ["secrets"]},
        {"type": "subscribe", "channels": "home"},
        {"type": "subscribe", "channels": ["home"], "last_event_id": "yesterday"},
        {"type": "subscribe", "channels": ["home"], "last_event_id": "1-2-3"},
        {"type": "subscribe", "channels": ["home"], "last_event_id": "9" * 40 + "-0"},
        {"type": "unsubscribe", "channels": [1]},
    ],
)
async def test_bad_frames_of_the_signed_in(ana: Person, connect: Connect, frame: dict[str, object]) -> None:
    client = await connect(ana)
    await client.send(**frame)
    assert await client.closed() == 4400


async def test_a_revoked_session_ends_within_a_second(ana: Person, connect: Connect) -> None:
    client = await connect(ana, "home")
    await client.nothing_before_pong()
    began = time.monotonic()
    await ana.delete("/v1/sessions/current")
    assert await client.closed() == 4401
    assert time.monotonic() - began < 5


async def test_an_expired_token_ends_it_and_a_renewed_one_does_not(
    ana: Person, services: Services, settings: Settings, stream_url: str
) -> None:
    claims = await services.tokens.verify(ana.token)
    key = await services.users.accounts.keys.signer()
    brief = msgspec.structs.replace(settings, access_token_ttl_s=2)
    short = sign_access_token(key, brief, claims.user_id, claims.session_id)
    async with (
        await StreamClient.connect(stream_url, short) as ending,
        await StreamClient.connect(stream_url, short) as staying,
    ):
        await staying.send(type="auth", token=ana.token)
        assert (await staying.next())["type"] == "ready"
        assert await ending.closed() == 4401
        assert await staying.nothing_before_pong() == []


async def test_a_foreign_origin_is_refused(ana: Person, stream_url: str) -> None:
    with pytest.raises(Exception, match=r"403|rejected|4403|did not receive a valid HTTP response"):
        await asyncio.wait_for(StreamClient.connect(stream_url, ana.token, origin="https://evil.example"), 10)


async def test_without_an_upgrade_it_is_a_problem_document(stream_url: str) -> None:
    async with httpx.AsyncClient() as client:
        response = await client.get(stream_url.replace("ws://", "http://"))
    assert response.status_code == 426
    assert response.json()["code"] == "upgrade_required"
