"""A life: people who act for real and in the model, and whose pages are compared.

What the model does not allow, the API has to refuse; what it allows, the API has to do.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, NamedTuple, TypeVar

import httpx

from tests.people import Person, ok, sign_up
from tests.timelines.cluster import Cluster
from tests.timelines.model import Account, Pair, Post, World
from tests.timelines.reading import SHORT_PAGE_HIDES, Limits, Reading, check_pages

PEOPLE_MAX: Final = 7
BURST_AT_ONCE: Final = 50

T = TypeVar("T")

# From the name of a step to its request; {id} is the other account's.
RELATIONS: Final = {
    "follow": ("PUT", "/v1/users/me/following/{id}"),
    "unfollow": ("DELETE", "/v1/users/me/following/{id}"),
    "remove_follower": ("DELETE", "/v1/users/me/followers/{id}"),
    "accept": ("PUT", "/v1/users/me/follow-requests/{id}"),
    "refuse": ("DELETE", "/v1/users/me/follow-requests/{id}"),
    "block": ("PUT", "/v1/users/me/blocks/{id}"),
    "unblock": ("DELETE", "/v1/users/me/blocks/{id}"),
    "mute": ("PUT", "/v1/users/me/mutes/{id}"),
    "unmute": ("DELETE", "/v1/users/me/mutes/{id}"),
}
MARKS: Final = {
    "like": ("PUT", "like"),
    "unlike": ("DELETE", "like"),
    "bookmark": ("PUT", "bookmark"),
    "unbookmark": ("DELETE", "bookmark"),
    "unrepost": ("DELETE", "repost"),
}


class Step(NamedTuple):
    """`web`: which process takes it. `which` counts from the newest, or is any number that the step needs."""

    name: str
    web: int
    who: int
    whom: int
    which: int


class Life:
    def __init__(self, cluster: Cluster, limits: Limits, tally: "Counter[str]") -> None:
        self.cluster = cluster
        self.limits = limits
        self.tally = tally
        self.world = World()
        self.people: list[Person] = []
        self._words = 0
        self._settled = True  # no act since the consumers were last waited for

    async def step(self, step: Step) -> None:
        who = step.who % len(self.people)
        whom = step.whom % len(self.people)
        if whom == who:
            whom = (who + 1) % len(self.people)
        step = step._replace(who=who, whom=whom)
        self.tally[f"step {step.name}"] += 1
        if step.name in RELATIONS:
            await self._relate(step)
        elif step.name in MARKS:
            await self._mark(step)
        else:
            await getattr(self, f"_{step.name}")(step)

    async def compare(self) -> None:
        """Once all is settled: every reader by both processes and both ways, then with the cache gone."""
        await self.settle()
        for reader in range(len(self.people)):
            await self._check(0, reader, None, both_ways=True)
            await self._check(1, reader, None)
        await self.cluster.flush()
        for reader in range(len(self.people)):
            await self._check(reader % 2, reader, None)

    async def _check(self, web: int, reader: int, most: int | None, *, both_ways: bool = False) -> None:
        hidden = len(self.world.entries) + self.world.taken_back - len(self.world.home(reader))
        full = hidden < SHORT_PAGE_HIDES
        reading = Reading(self.cluster.web[web], self.people[reader], self.tally, full=full)
        self.tally["items"] += await check_pages(
            self.world,
            reader,
            reading,
            self.limits,
            most=most,
            news=self._settled or self.cluster.away,
            counts=self._settled,
            both_ways=both_ways,
        )

    async def settle(self) -> None:
        await self.cluster.settle()
        for entry in self.world.entries:
            entry.fresh = False
        self._settled = True

    # People and what is between them

    async def _join(self, step: Step) -> None:
        if len(self.people) < PEOPLE_MAX:
            await self.join(step.web)

    async def join(self, web: int = 0) -> None:
        person = await sign_up(self.cluster.web[web].client, f"p{len(self.people)}")
        self.people.append(person)
        self.world.accounts.append(Account(person.id, person.username, person.grant["user"]["display_name"]))

    async def _rename(self, step: Step) -> None:
        name = f"Name {step.which}"
        ok(await self._request(step, "PATCH", "/v1/users/me", json={"display_name": name}))
        self.world.accounts[step.who].display_name = name

    async def _protect(self, step: Step) -> None:
        ok(await self._request(step, "PATCH", "/v1/users/me", json={"protected": True}))
        self.world.protect(step.who)

    async def _open(self, step: Step) -> None:
        ok(await self._request(step, "PATCH", "/v1/users/me", json={"protected": False}))
        self.world.open(step.who)

    async def _relate(self, step: Step) -> None:
        step = self._on_what_is_there(step)
        method, path = RELATIONS[step.name]
        response = await self._request(step, method, path.format(id=self.people[step.whom].id))
        self._check_allowed(step, response, getattr(self.world, step.name)(step.who, step.whom))

    def _on_what_is_there(self, step: Step) -> Step:
        """Undo something that has been done, rather than nothing at all."""
        there: set[Pair] = {
            "unfollow": self.world.follows,
            "unblock": self.world.blocks,
            "unmute": self.world.mutes,
        }.get(step.name, set())
        if step.name in ("accept", "refuse"):
            there = {(whom, who) for who, whom in self.world.requests}
        pair = pick(sorted(there), step.which)
        return step if pair is None else step._replace(who=pair[0], whom=pair[1])

    # Posts

    async def _post(self, step: Step, reply_to: Post | None = None, quote_of: Post | None = None) -> None:
        """Its author has to see what it refers to."""
        allowed = all(post is None or self.world.may_see_post(step.who, post) for post in (reply_to, quote_of))
        content = self._new_words()
        refers = {"reply_to_id": reply_to and reply_to.id, "quote_of_id": quote_of and quote_of.id}
        response = await self._request(step, "POST", "/v1/posts", json={"content": content, **refers})
        self._check_allowed(step, response, allowed)
        if allowed:
            self.world.publish(Post(response.json()["id"], step.who, content, reply_to, quote_of))

    async def _reply(self, step: Step) -> None:
        if post := self._some_post(step):
            await self._post(step, reply_to=post)

    async def _quote(self, step: Step) -> None:
        if post := self._some_post(step):
            await self._post(step, quote_of=post)

    async def _burst(self, step: Step) -> None:
        await self.burst(step, 10 + step.which)

    async def burst(self, step: Step, number: int) -> None:
        """Many posts at once, some of them within one millisecond."""
        for begin in range(0, number, BURST_AT_ONCE):
            await asyncio.gather(*(self._post(step) for _ in range(min(BURST_AT_ONCE, number - begin))))

    async def _rush(self, step: Step) -> None:
        """Posts, a repost, a new follow and reads that rebuild caches, all at the same time and in both processes."""
        others = [step._replace(web=n % 2, who=n) for n in range(len(self.people))]
        await asyncio.gather(
            *(self._look(each) for each in others),
            *(self._post(each) for each in others),
            self._repost(step),
            self._relate(step._replace(name="follow", web=1 - step.web)),
            *(self._look(each._replace(web=1 - each.web)) for each in others),
        )

    async def _edit(self, step: Step) -> None:
        if post := self._some_post(step):
            step = step._replace(who=post.author)
            content = self._new_words()
            response = await self._request(step, "PATCH", f"/v1/posts/{post.id}", json={"content": content})
            edited_at = response.json().get("edited_at")
            self._check_allowed(step, response, self.world.edit(step.who, post, content, edited_at))

    async def _delete(self, step: Step) -> None:
        if post := self._some_post(step):
            step = step._replace(who=post.author)
            response = await self._request(step, "DELETE", f"/v1/posts/{post.id}")
            self._check_allowed(step, response, self.world.delete(step.who, post))

    async def _mark(self, step: Step) -> None:
        post = self._some_post(step)
        if step.name == "unrepost" and (repost := pick([e for e in self.world.entries if e.is_repost], step.which)):
            step, post = step._replace(who=repost.user), repost.post
        if post is not None:
            method, mark = MARKS[step.name]
            response = await self._request(step, method, f"/v1/posts/{post.id}/{mark}")
            self._check_allowed(step, response, getattr(self.world, step.name)(step.who, post))

    async def _repost(self, step: Step) -> None:
        if post := self._some_post(step):
            response = await self._request(step, "PUT", f"/v1/posts/{post.id}/repost")
            allowed = self.world.may_repost(step.who, post)
            self._check_allowed(step, response, allowed)
            if allowed and self.world.reposted(step.who, post) is None:
                self.world.repost(step.who, post, await self._repost_id(step, post))

    async def _repost_id(self, step: Step, post: Post) -> int:
        """As the reposter's own profile tells it."""
        path = f"/v1/users/{self.people[step.who].id}/posts?with_replies=true"
        entries = ok(await self._request(step, "GET", path))["data"]
        (entry_id,) = [each["entry_id"] for each in entries if each["id"] == post.id and each["reposted_by"]]
        return int(entry_id)

    # Servers and readers

    async def _flush(self, _: Step) -> None:
        await self.cluster.flush()

    async def _cut(self, _: Step) -> None:
        if not self.cluster.away:
            await self.cluster.cut()

    async def _away(self, _: Step) -> None:
        await self.cluster.take_away()

    async def _back(self, _: Step) -> None:
        await self.cluster.bring_back()

    async def _restart(self, step: Step) -> None:
        await self.cluster.restart(step.web)

    async def _pause(self, _: Step) -> None:
        await self.cluster.pause()

    async def _resume(self, _: Step) -> None:
        await self.cluster.resume()

    async def _settle(self, _: Step) -> None:
        await self.settle()

    async def _look(self, step: Step) -> None:
        """A page, to have it cached."""
        await Reading(self.cluster.web[step.web], self.people[step.who], self.tally).pages([None], 1)

    async def _read(self, step: Step) -> None:
        """A page or some right after what happened before, perhaps in the other process."""
        await self._check(step.web, step.who, 1 + step.which % 4)

    async def _read_all(self, step: Step) -> None:
        await self._check(step.web, step.who, None)

    async def _request(self, step: Step, method: str, path: str, **options: Any) -> httpx.Response:
        return await self.cluster.web[step.web].request(self.people[step.who].token, method, path, **options)

    def _check_allowed(self, step: Step, response: httpx.Response, allowed: bool) -> None:
        self._settled = False
        expected = (200, 201, 204) if allowed else (400, 403, 404)
        assert response.status_code in expected, f"{step}: {response.status_code} {response.text}"
        self.tally["acts"] += 1
        self.tally["refused"] += not allowed

    def _some_post(self, step: Step) -> Post | None:
        return pick(self.world.posts, step.which)

    def _new_words(self) -> str:
        self._words += 1
        return f"Words {self._words}"


def pick(there: Iterable[T], which: int) -> T | None:
    """Counted from the last; None of nothing."""
    some = list(there)
    return some[-1 - which % len(some)] if some else None
