"""A page is given out again while nothing in it has changed, and never once something has."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from rookery.contracts.posts import TimelineEntry, TimelineItem
from rookery.gateway.wiring import Services
from rookery.posts.service import Posts
from tests.people import Person
from tests.posts.looking import entry_of, items, repost_entry

Settle = Callable[[], Awaitable[None]]
Page = list[tuple[TimelineEntry, bytes]]


class Scene:
    """Cem reads four entries: a post of Ana's, Ben's quote of another, a post of Ben's, and Dee's repost of a third."""

    def __init__(self, services: Services, people: list[Person]) -> None:
        self.services = services
        self.posts: Posts = services.posts
        self.ana, self.ben, self.cem, self.dee = people
        self.plain: dict[str, Any] = {}
        self.quoted: dict[str, Any] = {}
        self.carried: dict[str, Any] = {}
        self.entries: list[TimelineEntry] = []

    async def begin(self) -> None:
        for person in (self.ana, self.dee):
            await self.cem.follow(person)
        self.plain, self.quoted = await self.ana.post("plain"), await self.ana.post("quoted")
        self.carried = await self.ben.post("carried")
        quote = await self.ben.post("a quote", quote_of_id=self.quoted["id"])
        repost = await repost_entry(self.dee, self.carried)
        self.entries = [repost, entry_of(quote), entry_of(self.plain)]

    async def page(self) -> Page:
        reader = await self.posts.users.reader(int(self.cem.id))
        return await self.posts.items_json(reader, self.entries)

    async def kept_page(self) -> Page:
        """After three reads the caches are warm and the page is kept."""
        for _ in range(3):
            page = await self.page()
        assert await self.page() is page
        return page

    async def shown(self) -> list[TimelineItem]:
        return await items(self.posts, self.cem, self.entries)


@pytest.fixture
async def scene(ana: Person, ben: Person, cem: Person, dee: Person, services: Services, settle: Settle) -> Scene:
    made = Scene(services, [ana, ben, cem, dee])
    await made.begin()
    await settle()
    return made


async def test_the_page_is_the_same_object_while_nothing_changes(scene: Scene) -> None:
    page = await scene.kept_page()
    assert [entry for entry, _ in page] == scene.entries
    assert await scene.page() is page


async def test_other_entries_make_another_page(scene: Scene) -> None:
    await scene.kept_page()
    scene.entries = scene.entries[1:]
    assert [int(item.entry_id) for item in await scene.shown()] == [entry.id for entry in scene.entries]


async def test_another_reader_gets_a_page_of_their_own(scene: Scene, settle: Settle) -> None:
    await scene.cem.like(scene.plain)
    await settle()  # the count of likes moves once more when it is counted
    await scene.kept_page()
    seen_by_dee = (await items(scene.posts, scene.dee, scene.entries))[-1]
    assert seen_by_dee.viewer is not None
    assert not seen_by_dee.viewer.liked


async def edit(scene: Scene) -> None:
    await scene.ana.request("PATCH", f"/v1/posts/{scene.plain['id']}", json={"content": "edited"})


async def edit_quoted(scene: Scene) -> None:
    await scene.ana.request("PATCH", f"/v1/posts/{scene.quoted['id']}", json={"content": "edited"})


async def rename(scene: Scene) -> None:
    await scene.ana.request("PATCH", "/v1/users/me", json={"display_name": "Ana the Great"})


async def rename_reposter(scene: Scene) -> None:
    await scene.dee.request("PATCH", "/v1/users/me", json={"display_name": "Dee the Great"})


async def like(scene: Scene) -> None:
    await scene.cem.like(scene.plain)


async def like_quoted(scene: Scene) -> None:
    await scene.cem.like(scene.quoted)


async def delete(scene: Scene) -> None:
    await scene.ana.delete(f"/v1/posts/{scene.plain['id']}")


async def delete_quoted(scene: Scene) -> None:
    await scene.ana.delete(f"/v1/posts/{scene.quoted['id']}")


async def take_back(scene: Scene) -> None:
    await scene.dee.delete(f"/v1/posts/{scene.carried['id']}/repost")


async def block(scene: Scene) -> None:
    await scene.cem.block(scene.ana)


async def be_blocked(scene: Scene) -> None:
    await scene.ben.block(scene.cem)


async def mute(scene: Scene) -> None:
    await scene.cem.mute(scene.dee)


async def protect(scene: Scene) -> None:
    await scene.ben.protect()


async def follow(scene: Scene) -> None:
    """Then the repost repeats what a followee posted."""
    await scene.cem.follow(scene.ben)


ACTS = [
    edit,
    edit_quoted,
    rename,
    rename_reposter,
    like,
    like_quoted,
    delete,
    delete_quoted,
    take_back,
    block,
    be_blocked,
    mute,
    protect,
    follow,
]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
async def test_a_change_shows_on_the_next_page(
    scene: Scene, act: Callable[[Scene], Awaitable[None]], settle: Settle
) -> None:
    page = await scene.kept_page()
    await act(scene)
    changed = await scene.page()
    assert [item for _, item in changed] != [item for _, item in page]
    await settle()  # counts follow when they are counted
    assert await scene.page() == await made_anew(scene)


async def made_anew(scene: Scene) -> Page:
    """The page as it is for a process that has kept nothing."""
    services = scene.services
    other = Posts(services.resources, services.users, services.media)
    reader = await scene.posts.users.reader(int(scene.cem.id))
    return await other.items_json(reader, scene.entries)


async def test_counts_come_with_the_counter(scene: Scene, settle: Settle) -> None:
    await scene.kept_page()
    await scene.dee.like(scene.plain)
    await settle()
    assert (await scene.shown())[-1].likes_count == 1
