"""From a post to its card: one fetch for each link, told to who shows the post, gone and back as links change."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from rookery.contracts.cards import LinkCard
from rookery.gateway.wiring import Services
from rookery.gateway.worker import Worker
from rookery.kit.problems import Unavailable
from rookery.media.cards import crawler as crawling
from rookery.media.cards.consumers import subscriptions
from rookery.media.cards.links import read_link
from rookery.media.cards.repository import Claim
from rookery.media.cards.service import Cards
from rookery.media.cards.turns import HOST_FETCHES
from rookery.media.cards.upkeep import jobs
from tests.media.cards.world import Site
from tests.people import Person, sign_up
from tests.queries import recorded_queries

Handled = Callable[[], Awaitable[None]]

PAGE = """<html><head><title>A rook's nest</title><meta name=description content="In elms.">
<meta property=og:site_name content="Rooks"></head>"""
WAIT_S = 20


def at(server: Site, path: str, host: str = "rooks.example.org") -> str:
    return f"http://{host}:{server.port}{path}"


async def shown(person: Person, post: dict[str, Any], wanted: Callable[[Any], bool] = bool) -> Any:
    """The card of a post as soon as it is as `wanted`."""
    async with asyncio.timeout(WAIT_S):
        while not wanted(card := (await person.get(f"/v1/posts/{post['id']}"))["card"]):
            await asyncio.sleep(0.02)
    return card


def is_titled(title: str | None, card: Any) -> bool:
    """Whether it is the card of that title, or none where there is to be none."""
    return (None if card is None else card["title"]) == title


async def row_of(cards: Cards, url: str) -> Any:
    link = read_link(url)
    assert link is not None
    async with cards.repository._database.connection() as connection:
        return await connection.fetchrow("SELECT * FROM media.cards WHERE key = $1", link.key)


async def finished(cards: Cards, url: str) -> Any:
    """The row of a link as soon as nothing is due."""
    async with asyncio.timeout(WAIT_S):
        while (row := await row_of(cards, url)) is None or row["due_at"] is not None:
            await asyncio.sleep(0.02)
    return row


async def change(cards: Cards, url: str, assignment: str) -> None:
    link = read_link(url)
    assert link is not None
    async with cards.repository._database.connection() as connection:
        await connection.execute(f"UPDATE media.cards SET {assignment} WHERE key = $1", link.key)


async def test_a_post_shows_its_card(ana: Person, server: Site, handled: Handled) -> None:
    server.page("/nest", PAGE)
    post = await ana.post(f"look: {at(server, '/nest')} and {at(server, '/other')}")
    assert post["card"] is None  # whoever posts does not wait for other hosts
    await handled()
    card = await shown(ana, post)
    assert card == {
        "url": at(server, "/nest"),
        "host": "rooks.example.org",
        "title": "A rook's nest",
        "description": "In elms.",
        "site_name": "Rooks",
        "image": None,
    }
    assert "/other" not in server.asked
    (item,) = [item for item in await ana.home() if item["id"] == post["id"]]
    assert item["card"] == card


async def test_hundreds_of_posts_one_fetch(ana: Person, server: Site, handled: Handled) -> None:
    server.page("/viral", PAGE)
    spellings = (at(server, "/viral"), at(server, "/viral#a"), at(server, "/viral", "ROOKS.example.org"))
    posts = [await ana.post(f"{number}: {spellings[number % 3]}") for number in range(210)]
    await handled()
    for post in (posts[0], posts[100], posts[-1]):
        assert (await shown(ana, post))["title"] == "A rook's nest"
    assert server.asked == {"/viral": 1}


async def test_two_crawlers_one_fetch(ana: Person, server: Site, cards: Cards, handled: Handled) -> None:
    """Where the job's lock fails, the lease still holds."""
    server.page("/raced", PAGE)
    second = asyncio.create_task(cards.crawler.run())
    try:
        posts = [await ana.post(f"{number} {at(server, '/raced')}") for number in range(5)]
        await handled()
        for post in posts:
            await shown(ana, post)
    finally:
        second.cancel()
    assert server.asked == {"/raced": 1}


async def test_an_edit_changes_the_card(ana: Person, server: Site, handled: Handled) -> None:
    server.page("/first", "<title>First</title>")
    server.page("/second", "<title>Second</title>")
    post = await ana.post(at(server, "/first"))
    await handled()
    assert (await shown(ana, post))["title"] == "First"
    for content, title in ((at(server, "/second"), "Second"), ("no link", None), (at(server, "/first"), "First")):
        edited = await ana.request("PATCH", f"/v1/posts/{post['id']}", json={"content": content})
        assert edited.status_code == 200
        await handled()
        await shown(ana, post, partial(is_titled, title))
    assert server.asked == {"/first": 1, "/second": 1}


async def test_private_links_are_never_asked(ana: Person, server: Site, cards: Cards, handled: Handled) -> None:
    server.page("/", PAGE)
    server.redirect("/in", at(server, "/", "inside.example.org"))
    inside = at(server, "/", "inside.example.org")
    unlucky = await ana.post(inside)
    led = await ana.post(at(server, "/in"))
    await handled()
    for url in (inside, at(server, "/in")):
        assert (await finished(cards, url))["title"] is None
    assert server.asked == {"/in": 1}
    for post in (unlucky, led):
        assert (await ana.get(f"/v1/posts/{post['id']}"))["card"] is None


async def test_not_found_is_remembered_for_a_while(ana: Person, server: Site, cards: Cards, handled: Handled) -> None:
    url = at(server, "/gone")
    await ana.post(url)
    await handled()
    await finished(cards, url)
    await ana.post(f"again {url}")
    await handled()
    assert server.asked == {"/gone": 1}

    server.page("/gone", PAGE)
    await change(cards, url, "expires_at = now()")
    post = await ana.post(f"once more {url}")
    await handled()
    await shown(ana, post)
    assert server.asked == {"/gone": 2}


async def test_a_card_is_fetched_anew_when_it_is_old_and_posted_again(
    ana: Person, server: Site, cards: Cards, handled: Handled
) -> None:
    server.page("/news", "<title>Old</title>")
    url = at(server, "/news")
    before = await ana.post(url)
    await handled()
    assert (await shown(ana, before))["title"] == "Old"
    server.page("/news", "<title>New</title>")
    await change(cards, url, "expires_at = now()")
    post = await ana.post(f"again {url}")
    await handled()
    assert (await shown(ana, post, lambda card: card["title"] == "New"))["url"] == url
    assert server.asked == {"/news": 2}


async def test_a_host_in_trouble_is_asked_three_times(
    ana: Person, server: Site, cards: Cards, handled: Handled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawling, "RETRY_S", (0.1, 0.1))
    server.page("/trouble", "", status="500 Oops")
    url = at(server, "/trouble")
    await ana.post(url)
    await handled()
    row = await finished(cards, url)
    assert (row["title"], row["attempts"]) == (None, 0)
    assert server.asked == {"/trouble": 3}


async def test_trouble_takes_no_card_away(
    ana: Person, server: Site, cards: Cards, handled: Handled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawling, "RETRY_S", (0.1, 0.1))
    url = at(server, "/stays")
    server.page("/stays", PAGE)
    post = await ana.post(url)
    await handled()
    await shown(ana, post)
    server.page("/stays", "", status="503 Away")
    await change(cards, url, "expires_at = now()")
    await ana.post(f"again {url}")
    await handled()
    assert (await finished(cards, url))["title"] == "A rook's nest"
    assert server.asked == {"/stays": 4}
    server.page("/stays", "", status="410 Gone")
    await change(cards, url, "expires_at = now()")
    await ana.post(f"once more {url}")
    await handled()
    assert (await finished(cards, url))["title"] is None


async def test_what_its_fetcher_died_of_is_given_up(ana: Person, server: Site, cards: Cards, handled: Handled) -> None:
    """A lease that ended without a word counts as an attempt; after the third nobody asks any more."""
    url = at(server, "/deadly")
    await cards.want({1: at(server, "/unrelated")})
    async with cards.repository._database.connection() as connection:
        link = read_link(url)
        assert link is not None
        await connection.execute(
            "INSERT INTO media.cards (key, url, host, attempts) VALUES ($1, $2, $3, 3)", link.key, link.url, link.host
        )
    assert (await finished(cards, url))["title"] is None
    assert "/deadly" not in server.asked


async def test_a_host_is_asked_politely(ana: Person, server: Site, handled: Handled) -> None:
    async def slowly(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<title>t</title")

    posts = []
    for number in range(10):
        server.answers[f"/slow{number}"] = slowly
        posts.append(await ana.post(at(server, f"/slow{number}")))
    await handled()
    for post in posts:
        await shown(ana, post)
    assert server.open_most == HOST_FETCHES


async def test_replays_change_nothing(ana: Person, server: Site, cards: Cards, handled: Handled) -> None:
    server.page("/replayed", PAGE)
    url = at(server, "/replayed")
    post = await ana.post(url)
    await handled()
    await shown(ana, post)
    before = await row_of(cards, url)
    await cards.want({int(post["id"]): url})
    assert await row_of(cards, url) == before
    async with cards.repository._database.connection() as connection:
        assert not await connection.fetchval("SELECT count(*) FROM media.card_posts WHERE key = $1", before["key"])


async def test_a_late_fetcher_stores_nothing(cards: Cards, card_services: Services) -> None:
    """Its lease has gone to another, who has finished since."""
    url = "http://late.example.org/"
    await cards.want({1: url})
    async with cards.repository._database.connection() as connection:
        link = read_link(url)
        assert link is not None
        row = await connection.fetchrow(
            "UPDATE media.cards SET due_at = now() + interval '1 hour', attempts = 1 WHERE key = $1"
            " RETURNING key, url, host, attempts, now() - interval '1 minute'",
            link.key,
        )
    assert await cards.repository.store(Claim(*row), None, None, 60) == []
    assert (await row_of(cards, url))["due_at"] is not None
    await change(cards, url, "due_at = NULL, expires_at = now()")


async def test_a_link_costs_a_page_one_call_when_cold_and_none_when_warm(
    ana: Person, server: Site, card_services: Services, handled: Handled
) -> None:
    server.page("/counted", PAGE)
    post = await ana.post(at(server, "/counted"))
    plain = await ana.post("no link")
    await handled()
    await shown(ana, post)
    database = card_services.resources.database
    await card_services.resources.invalidations.publish(f"post:{post['id']}", f"post:{plain['id']}")
    with recorded_queries(database) as queries:
        await ana.home()
    assert len([query for query in queries if "media.cards" in query]) == 1
    with recorded_queries(database) as queries:
        await ana.home()
    assert not [query for query in queries if "media." in query or "posts." in query]


async def test_posting_asks_nothing_about_cards(ana: Person, server: Site, card_services: Services) -> None:
    with recorded_queries(card_services.resources.database) as queries:
        await ana.post(at(server, "/unasked"))
    assert not [query for query in queries if "media." in query]


async def test_old_failures_are_forgotten(cards: Cards, ana: Person, server: Site, handled: Handled) -> None:
    server.page("/kept", PAGE)
    kept, gone = at(server, "/kept"), at(server, "/missing")
    await ana.post(kept)
    await ana.post(gone)
    await handled()
    for url in (kept, gone):
        await finished(cards, url)
        await change(cards, url, "expires_at = now() - interval '1 second'")
    forget = next(job for job in jobs(cards) if job.name == "cards.forget")
    await forget.run()
    assert await row_of(cards, gone) is None
    assert await row_of(cards, kept) is not None


async def test_switched_off_nothing_is_fetched(services: Services) -> None:
    assert not services.resources.settings.link_cards
    assert jobs(services.media.link_cards) == []
    assert subscriptions(services.media.link_cards) == []


async def test_posts_are_shown_while_cards_are_away(
    ana: Person, server: Site, card_services: Services, handled: Handled, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away:
        async def cards(self, links: list[str]) -> dict[str, LinkCard]:
            raise Unavailable

    server.page("/away", PAGE)
    post = await ana.post(at(server, "/away"))
    await handled()
    await shown(ana, post)
    monkeypatch.setattr(card_services.posts.hydration.attachments, "_media", Away())
    await card_services.resources.invalidations.publish(f"post:{post['id']}")
    assert (await ana.get(f"/v1/posts/{post['id']}"))["card"] is None
    assert [item["id"] for item in await ana.home()] == [post["id"]]


async def test_who_may_not_see_the_post_sees_no_card(
    ana: Person, server: Site, handled: Handled, card_worker: Worker
) -> None:
    server.page("/hidden", PAGE)
    await ana.protect()
    post = await ana.post(at(server, "/hidden"))
    await handled()
    await shown(ana, post)
    stranger = await sign_up(ana.client, "eve")
    for answer in (
        await stranger.request("GET", f"/v1/posts/{post['id']}"),
        await ana.client.get(f"/v1/posts/{post['id']}"),
    ):
        assert answer.status_code == 404
        assert "nest" not in answer.text
