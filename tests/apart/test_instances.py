"""Two instances of one service: one of them goes and comes back, and nobody outside notices."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from rookery.embedded.program import Program
from tests.faults.machine import Machine, kill, until
from tests.people import Person

READERS, WRITERS = 4, 2
PAUSE_S = 0.005


class Traffic:
    """Requests without a pause to the posts service, by way of the proxy and of the timelines; their statuses."""

    def __init__(self) -> None:
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.failures: list[str] = []
        self.running = True

    async def more(self, number: int = 60) -> None:
        """Wait for so many further answers of each method that is in use."""
        before = self.by_method()
        async with asyncio.timeout(40):
            while any(count - before[method] < number for method, count in self.by_method().items()):
                await asyncio.sleep(0.02)

    def note(self, answer: httpx.Response) -> None:
        self.statuses[answer.request.method, answer.status_code] += 1
        if answer.status_code >= 400:
            self.failures.append(f"{answer.request.url.path}: {answer.text}")

    def by_method(self) -> Counter[str]:
        totals: Counter[str] = Counter()
        for (method, _), count in self.statuses.items():
            totals[method] += count
        return totals

    async def read(self, person: Person, post_id: str) -> None:
        for path in itertools.cycle([f"/v1/posts/{post_id}", "/v1/timelines/home", f"/v1/users/{person.id}/posts"]):
            if not self.running:
                return
            self.note(await person.request("GET", path))
            await asyncio.sleep(PAUSE_S)

    async def write(self, person: Person) -> None:
        for number in itertools.count():
            if not self.running:
                return
            answer = await person.request("POST", "/v1/posts", json={"content": f"{person.username} {number}"})
            self.note(answer)
            await asyncio.sleep(PAUSE_S)


@asynccontextmanager
async def traffic(ana: Person, ben: Person, *, writing: bool) -> AsyncIterator[Traffic]:
    await ben.follow(ana)
    post = await ana.post("read by everybody")
    traffic = Traffic()
    tasks = [asyncio.create_task(traffic.read(ben, post["id"])) for _ in range(READERS)]
    tasks += [asyncio.create_task(traffic.write(ana)) for _ in range(WRITERS if writing else 0)]
    await asyncio.sleep(0.5)
    try:
        await traffic.more()
        yield traffic
        await traffic.more()
    finally:
        traffic.running = False
        await asyncio.gather(*tasks)


def second(machine: Machine) -> Program:
    return machine.programs["serve-posts-2"]


async def test_an_instance_is_stopped_and_started(machine: Machine, ana: Person, ben: Person) -> None:
    """In order: it answers what it has taken, and nothing new reaches it. No request fails, writes included."""
    async with traffic(ana, ben, writing=True) as load:
        for _ in range(2):
            await second(machine).stop()
            await load.more()
            await second(machine).start()
            await load.more()
    assert set(load.statuses) == {("GET", 200), ("POST", 201)}, load.failures


async def test_an_instance_is_killed_and_started(machine: Machine, ana: Person, ben: Person) -> None:
    """At any moment: what only reads is answered by the other one."""
    async with traffic(ana, ben, writing=False) as load:
        for _ in range(2):
            await kill(second(machine))
            await load.more()
            await second(machine).start()
            await load.more()
    assert set(load.statuses) == {("GET", 200)}, load.failures


async def test_both_instances_share_the_requests(machine: Machine, ana: Person) -> None:
    """Each has a node number of its own, which the ids that it makes carry."""
    nodes = set()

    async def both() -> bool:
        nodes.add(int((await ana.post("shared"))["id"]) >> 8 & 0xFF)
        return len(nodes) == 2

    await until(both)
