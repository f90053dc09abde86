"""Random lives of five people, page by page the same as the naive model: cached and not, pushed and pulled."""

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rookery.gateway.wiring import Services
from rookery.gateway.worker import Worker
from tests.people import Person, sign_up
from tests.settling import settled
from tests.timelines.model import World

PEOPLE = 5
PAGE = 3
EXAMPLES = 60

person = st.integers(0, PEOPLE - 1)
pair = st.tuples(person, person).filter(lambda two: two[0] != two[1])
place = st.integers(0, 30)

steps = st.lists(
    st.one_of(
        st.tuples(st.just("follow"), pair),
        st.tuples(st.just("follow"), pair),
        st.tuples(st.just("unfollow"), pair),
        st.tuples(st.just("block"), pair),
        st.tuples(st.just("unblock"), pair),
        st.tuples(st.just("mute"), pair),
        st.tuples(st.just("unmute"), pair),
        st.tuples(st.just("protect"), st.tuples(person, st.booleans())),
        st.tuples(st.just("post"), st.tuples(person)),
        st.tuples(st.just("post"), st.tuples(person)),
        st.tuples(st.just("post"), st.tuples(person)),
        st.tuples(st.just("edit"), st.tuples(place)),
        st.tuples(st.just("delete"), st.tuples(place)),
        st.tuples(st.just("repost"), st.tuples(person, place)),
        st.tuples(st.just("repost"), st.tuples(person, place)),
        st.tuples(st.just("unrepost"), st.tuples(place)),
        st.tuples(st.just("flush"), st.just(())),
        st.tuples(st.just("pull"), st.tuples(person)),
        st.tuples(st.just("read"), st.tuples(person)),
        st.tuples(st.just("read"), st.tuples(person)),
    ),
    min_size=10,
    max_size=45,
)

PATHS = {
    "follow": ("PUT", "/v1/users/me/following/{id}"),
    "unfollow": ("DELETE", "/v1/users/me/following/{id}"),
    "block": ("PUT", "/v1/users/me/blocks/{id}"),
    "unblock": ("DELETE", "/v1/users/me/blocks/{id}"),
    "mute": ("PUT", "/v1/users/me/mutes/{id}"),
    "unmute": ("DELETE", "/v1/users/me/mutes/{id}"),
}


class Life:
    """Does each step for real and in the model; what the API refuses does not happen in the model either."""

    def __init__(self, services: Services, worker: Worker, people: list[Person]) -> None:
        self.services = services
        self.worker = worker
        self.people = people
        self.world = World()
        self.posts: list[tuple[int, str]] = []

    async def step(self, name: str, arguments: tuple[Any, ...]) -> None:
        if name in PATHS:
            await self._relate(name, *arguments)
        else:
            await getattr(self, f"_{name}")(*arguments)

    async def _relate(self, name: str, who: int, whom: int) -> None:
        method, path = PATHS[name]
        response = await self.people[who].request(method, path.format(id=self.people[whom].id))
        assert response.status_code in (200, 403), response.text
        if response.status_code == 200:
            self._relate_in_model(name, who, whom)

    def _relate_in_model(self, name: str, who: int, whom: int) -> None:
        if name in ("follow", "unfollow", "block"):
            getattr(self.world, name)(who, whom)
        else:
            pairs = self.world.mutes if "mute" in name else self.world.blocks
            (pairs.discard if name.startswith("un") else pairs.add)((who, whom))

    async def _protect(self, who: int, on: bool) -> None:
        await self.people[who].protect(on)
        self.world.protect(who, on)

    async def _post(self, who: int) -> None:
        post = await self.people[who].post(f"Post {len(self.posts)}")
        self.posts.append((who, post["id"]))
        self.world.post(who, post["id"])

    async def _edit(self, index: int) -> None:
        if self.posts:
            author, post_id = self.posts[index % len(self.posts)]
            await self.people[author].request("PATCH", f"/v1/posts/{post_id}", json={"content": f"Edited {index}"})

    async def _delete(self, index: int) -> None:
        if self.posts:
            author, post_id = self.posts.pop(index % len(self.posts))
            await self.people[author].delete(f"/v1/posts/{post_id}")
            self.world.delete(post_id)

    async def _repost(self, who: int, index: int) -> None:
        if self.posts:
            _, post_id = self.posts[index % len(self.posts)]
            response = await self.people[who].request("PUT", f"/v1/posts/{post_id}/repost")
            assert response.status_code in (200, 403, 404), response.text
            if response.status_code == 200:
                self.world.repost(who, post_id)

    async def _unrepost(self, index: int) -> None:
        reposts = [entry for entry in self.world.entries if entry.repost]
        if reposts:
            entry = reposts[index % len(reposts)]
            response = await self.people[entry.user].request("DELETE", f"/v1/posts/{entry.post_id}/repost")
            assert response.status_code in (200, 404), response.text
            if response.status_code == 200:
                self.world.unrepost(entry.user, entry.post_id)

    async def _flush(self) -> None:
        await self.services.resources.cache.execute("FLUSHALL")

    async def _pull(self, who: int) -> None:
        """Pretend that the account has grown past the follower threshold."""
        user_id = int(self.people[who].id)
        async with self.services.resources.database.connection() as connection:
            await connection.execute("UPDATE users.users SET pulled = true WHERE id = $1", user_id)
        await self.services.resources.invalidations.publish(f"author:{user_id}", "pulled:0")

    async def _read(self, who: int) -> None:
        """A page in between, to have something cached: it may lag behind, but never shows what is not in the model."""
        known = {post_id for post_id, _ in self.world.home(who)}
        assert {item["id"] for item in await self.people[who].home()} <= known

    async def compare(self) -> None:
        await settled(self.worker)
        for index, reader in enumerate(self.people):
            assert await pages(reader, self.names()) == self.world.home(index), f"home of {reader.username}"

    def names(self) -> dict[str, int]:
        return {each.id: index for index, each in enumerate(self.people)}


async def pages(reader: Person, names: dict[str, int]) -> list[tuple[str, int | None]]:
    """The whole home timeline, by small pages."""
    items: list[tuple[str, int | None]] = []
    cursor = None
    while True:
        page = await reader.get("/v1/timelines/home", limit=PAGE, **({"cursor": cursor} if cursor else {}))
        items += [(item["id"], item["reposted_by"] and names[item["reposted_by"]["id"]]) for item in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


@pytest.mark.usefixtures("worker")
@given(lives=steps)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),  # each step is real work: shrinking would take longer than reading
    suppress_health_check=list(HealthCheck),
)
async def test_every_page_is_what_the_model_says(
    app: Any, services: Services, worker: Worker, lives: list[Any]
) -> None:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://rookery.test") as client:
        life = Life(services, worker, [await sign_up(client, f"p{n}") for n in range(PEOPLE)])
        for name, arguments in lives:
            await life.step(name, arguments)
        await life.compare()
        await life.step("flush", ())
        await life.compare()
