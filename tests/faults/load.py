"""A steady load of writes by people who insist: what is not acknowledged is sent again, with the same Idempotency-Key.

Every answer is checked as it comes: it is a success, or a 503 problem with Retry-After, or (only while the server
itself is down) a broken connection; and it comes within ANSWER_MAX_S.
"""

import asyncio
import itertools
import random
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.faults.machine import ANSWER_MAX_S, Machine, until
from tests.people import PASSWORD, Person, ok, sign_up

PAUSE_S = 0.02  # between two acts of one person, and before a refused request is repeated
REFUSED, BROKEN = "refused", "broken"


class Load:
    """Authors who follow each other, post, reply and like; newcomers who sign up and follow the first; a reader.

    `posts` are the acknowledged ones, id by content, of each author; `outcomes` counts what answers there were.
    """

    def __init__(self, client: httpx.AsyncClient, *, server_goes_down: bool) -> None:
        self.client = client
        self.authors: list[Person] = []
        self.newcomers: list[Person] = []
        self.posts: dict[str, dict[str, str]] = {}
        self.outcomes: Counter[str] = Counter()
        self.slowest_s = 0.0
        self._server_goes_down = server_goes_down
        self._random = random.Random(4)
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def reader(self) -> Person:
        """Follows all authors and writes nothing."""
        return self.newcomers[0]

    async def start(self) -> None:
        """Return once every kind of act has been done."""
        self.authors = [await sign_up(self.client, name) for name in ("ana", "ben", "cem")]
        self.newcomers = [await sign_up(self.client, "dee")]
        for person, author in itertools.product([*self.authors, self.reader], self.authors):
            if person is not author:
                await person.follow(author)
        self.posts = {author.id: {} for author in self.authors}
        for act in (*(self._writing(author) for author in self.authors), self._joining(), self._reading()):
            self._tasks.append(asyncio.create_task(act))
        await self.progress()

    async def stop(self) -> None:
        """Every act under way is done to its end first. Raises what any of them ran into."""
        self._stopping = True
        async with asyncio.timeout(60):
            await asyncio.gather(*self._tasks)

    async def cancel(self) -> None:
        """End what a failed test left running; harmless after `stop`."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def progress(self, acts: int = 20) -> None:
        """Wait for so many further successes of writing, and one of each other kind."""
        before = self.outcomes.copy()
        wanted = {"posts": acts, "follows": 1, "reads": 1}

        async def done() -> bool:
            self.check_running()
            return all(self.outcomes[kind] - before[kind] >= number for kind, number in wanted.items())

        await until(done)

    async def outage_seen(self, kind: str = REFUSED) -> None:
        """Wait until requests are refused (503), or broken."""
        before = self.outcomes[kind]

        async def seen() -> bool:
            self.check_running()
            return self.outcomes[kind] > before + 3

        await until(seen)

    def check_running(self) -> None:
        """Raise at once what an act ran into, such as a wrong answer."""
        for task in self._tasks:
            if task.done() and not self._stopping:
                task.result()

    async def insist(self, person: Person, method: str, path: str, **options: Any) -> Any:
        """The answer of success, however often it takes."""
        return ok(await self._insist(lambda: person.request(method, path, **options)))

    async def attempt(self, send: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response | None:
        """One request; None when it was refused for the moment or the connection broke."""
        began = time.monotonic()
        try:
            response = await send()
        except httpx.TransportError as error:
            assert self._server_goes_down, f"the server did not answer: {error!r}"
            self.outcomes[BROKEN] += 1
            return None
        finally:
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)
        assert time.monotonic() - began < ANSWER_MAX_S, "an answer took too long"
        if response.status_code == 503:
            check_unavailable(response)
            self.outcomes[REFUSED] += 1
            return None
        return response

    async def _insist(self, send: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        while True:
            if (response := await self.attempt(send)) is not None:
                return response
            await asyncio.sleep(PAUSE_S)

    async def _writing(self, author: Person) -> None:
        for number in itertools.count():
            if self._stopping:
                return
            content = f"{author.username} says {number}"
            body: dict[str, Any] = {"content": content}
            if number % 3 == 1 and (target := self._any_post()) is not None:
                body["reply_to_id"] = target
            headers = {"Idempotency-Key": secrets.token_hex(8)}
            post = await self.insist(author, "POST", "/v1/posts", json=body, headers=headers)
            assert post["content"] == content
            self.posts[author.id][content] = post["id"]
            self.outcomes["posts"] += 1
            if (liked := self._any_post()) is not None:
                await self._mark(author, "PUT", liked)
                if number % 4 == 0:
                    await self._mark(author, "DELETE", liked)
            await asyncio.sleep(PAUSE_S)

    async def _mark(self, author: Person, method: str, post_id: str) -> None:
        """Like or unlike; the answer shows it, also when an earlier one was lost behind the commit."""
        post = await self.insist(author, method, f"/v1/posts/{post_id}/like")
        assert post["viewer"]["liked"] is (method == "PUT")

    async def _joining(self) -> None:
        while not self._stopping:
            username = f"new_{secrets.token_hex(6)}"
            email = f"{username}@example.org"
            body = {"username": username, "email": email, "password": PASSWORD}
            key = {"Idempotency-Key": secrets.token_hex(8)}
            made = await self._insist(lambda body=body, key=key: self.client.post("/v1/users", json=body, headers=key))  # type: ignore[misc]
            newcomer = Person(self.client, ok(made), email)
            assert newcomer.username == username
            self.newcomers.append(newcomer)
            await self.insist(newcomer, "PUT", f"/v1/users/me/following/{self.authors[0].id}")
            self.outcomes["follows"] += 1
            await asyncio.sleep(5 * PAUSE_S)

    async def _reading(self) -> None:
        """Pages that say one thing twice are wrong at any moment."""
        paths = ["/v1/timelines/home", f"/v1/users/{self.authors[0].id}/posts", f"/v1/users/{self.authors[0].id}"]
        for path in itertools.cycle([*paths, "/v1/notifications"]):
            if self._stopping:
                return
            page = await self.insist(self._random.choice([self.reader, self.authors[1]]), "GET", path)
            ids = [item["id"] for item in page.get("data", [])]
            assert len(ids) == len(set(ids)), f"{path} repeats itself"
            self.outcomes["reads"] += 1
            await asyncio.sleep(PAUSE_S)

    def _any_post(self) -> str | None:
        """One of the ten newest of some author."""
        posts = list(self.posts[self._random.choice(self.authors).id].values())[-10:]
        return self._random.choice(posts) if posts else None


def check_unavailable(response: httpx.Response) -> None:
    """A 503 is a problem document that says when to come back."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    assert int(response.headers["retry-after"]) >= 1
    assert response.json()["code"] == "unavailable"


@asynccontextmanager
async def loaded(machine: Machine, *, server_goes_down: bool = False) -> AsyncIterator[Load]:
    """The load, running; at the end of the block it has still to go on, and is then ended in order."""
    load = Load(machine.client, server_goes_down=server_goes_down)
    await load.start()
    try:
        yield load
        await load.progress()
        await load.stop()
    except BaseException as error:
        error.add_note("\n".join(["errors in the logs:", *machine.errors()[-3:]]))
        raise
    finally:
        await load.cancel()
