"""One story, one place: of topics that mostly stand in the same posts, the strongest speaks for all."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

SHARED_MAX: Final = 0.5  # of the smaller one's posts


class Candidate(Struct, frozen=True):
    """A topic with the posts that were sampled of it."""

    topic: str
    posts: frozenset[int]


def pick(candidates: Sequence[Candidate], count: int) -> list[str]:
    """The first `count` topics, strongest first as given, without those that retell one before."""
    chosen: list[Candidate] = []
    for candidate in candidates:
        if len(chosen) == count:
            break
        if candidate.posts and not any(_same_story(candidate, other) for other in chosen):
            chosen.append(candidate)
    return [candidate.topic for candidate in chosen]


def _same_story(one: Candidate, other: Candidate) -> bool:
    shared = len(one.posts & other.posts)
    return shared > SHARED_MAX * min(len(one.posts), len(other.posts))
