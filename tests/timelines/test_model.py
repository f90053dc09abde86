"""Random lives of some people: every page is what the naive model says.

Through two processes, by express lane and router, from the cache and without, pushed and merged at read, with consumers
behind and Valkey gone; each kind of fan-out is put through the same lives. ROOKERY_MODEL_LIVES=n plays n random lives
each instead of the few that are always the same. The numbers of lives, steps and pages compared are printed at the end
(`pytest -rA`).
"""

import os
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any, Final, NamedTuple

import msgspec
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rookery.kit.settings import Settings
from tests.own_database import own_database
from tests.queries import recorded_queries
from tests.timelines.cluster import Cluster, running_cluster
from tests.timelines.life import Life, Step
from tests.timelines.model import Pair

PEOPLE: Final = 5
LIVES: Final = int(os.environ.get("ROOKERY_MODEL_LIVES", "0"))
LIVES_ALWAYS: Final = 20
PLENTY: Final = "1000000/1"

# Followers from which an author is merged at read, and the size of the cached timelines.
FAN_OUTS: Final = {"pushed": (10_000, 8), "crossing": (3, 8), "merged": (1, 800)}

WEIGHTS: Final = {
    **dict.fromkeys(("post",), 5),
    **dict.fromkeys(("repost", "read"), 8),
    **dict.fromkeys(("read_all", "unrepost"), 3),
    **dict.fromkeys(("follow", "unfollow", "reply", "quote", "edit", "delete", "burst", "rush", "away"), 2),
    **dict.fromkeys(("block", "unblock", "mute", "unmute", "protect", "open", "accept", "pause", "settle"), 2),
    **dict.fromkeys(("like", "unlike", "bookmark", "unbookmark", "refuse", "remove_follower", "rename"), 1),
    **dict.fromkeys(("join", "flush", "cut", "back", "restart", "resume"), 1),
}


class Plan(NamedTuple):
    """`history`: posts of the first person before `walls` (protections, blocks, mutes) and then `steps`.

    At first nobody follows the last two: what they post comes by reposts.
    """

    follows: list[Pair]
    walls: list[Step]
    history: int
    steps: list[Step]
    limits: list[int | None]


person = st.integers(0, PEOPLE - 1)
names = st.sampled_from([name for name, weight in WEIGHTS.items() for _ in range(weight)])
web, which = st.integers(0, 1), st.integers(0, 30)
steps = st.builds(Step, names, web, person, person, which)
walls = st.builds(Step, st.sampled_from(["protect", "protect", "block", "mute"]), web, person, person, which)
plans = st.builds(
    Plan,
    st.lists(st.tuples(person, st.integers(0, PEOPLE - 3)), min_size=3, max_size=15),
    st.lists(walls, max_size=4),
    st.sampled_from([0, 0, 0, 60, 60, 230]),
    st.lists(steps, min_size=15, max_size=50),
    st.lists(st.sampled_from([1, 2, 3, 5, 8, 50, 100, None]), min_size=1, max_size=4),
)


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=FAN_OUTS)
async def cluster(request: Any, settings: Settings) -> AsyncIterator[Cluster]:
    threshold, size = FAN_OUTS[request.param]
    async with own_database(settings.database_url) as url:
        own = msgspec.structs.replace(
            settings,
            database_url=url,
            rate_limits=True,
            rate_limit_sign_up=PLENTY,
            rate_limit_writes=PLENTY,
            rate_limit_reads=PLENTY,
            fanout_threshold=threshold,
            timeline_cache_size=size,
        )
        async with running_cluster(own) as cluster:
            yield cluster


@pytest.fixture(scope="module")
def tally(cluster: Cluster, request: Any, record_testsuite_property: Any) -> Any:
    tally: Counter[str] = Counter()
    yield tally
    steps = sum(number for name, number in tally.items() if name.startswith("step "))
    numbers = {name: tally[name] for name in ("lives", "acts", "refused", "pages", "short pages", "items")}
    record_testsuite_property("home timelines against the model", {"steps": steps, **numbers})
    print(
        f"home timelines against the model: {steps} steps, " + ", ".join(f"{n} {name}" for name, n in numbers.items())
    )


@given(plan=plans)
@settings(
    max_examples=LIVES or LIVES_ALWAYS,
    derandomize=not LIVES,
    database=None,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
async def test_every_page_is_what_the_model_says(cluster: Cluster, tally: "Counter[str]", plan: Plan) -> None:
    tally["lives"] += 1
    life = Life(cluster, plan.limits, tally)
    await cluster.resume()
    for _ in range(PEOPLE):
        await life.join()
    for who, whom in plan.follows:
        await life.step(Step("follow", 0, who, whom, 0))
    if plan.history:
        for who in range(PEOPLE):
            await life.step(Step("follow", 0, who, 0, 0))
            await life.step(Step("read", 0, who, 0, 0))
        await life.settle()
        await life.burst(Step("post", 0, 0, 0, 0), plan.history)
    for step in (*plan.walls, *plan.steps):
        await life.step(step)
    await life.compare()


async def test_a_trimmed_timeline_is_still_read_from_the_cache(cluster: Cluster) -> None:
    """Pages alone cannot tell: built anew at each read they are the same, only slower."""
    life = Life(cluster, [2], Counter())
    await life.join()
    await life.join()
    await life.step(Step("follow", 0, 0, 1, 0))
    await life.step(Step("read", 0, 0, 0, 0))
    await life.burst(Step("post", 0, 1, 0, 0), 60)
    await life.settle()
    with recorded_queries(cluster.web[0].services.resources.database) as statements:
        await life.step(Step("read", 0, 0, 0, 0))
    assert [each for each in statements if "timelines.home" in each or "AS source (id)" in each] == []
