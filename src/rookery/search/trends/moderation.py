"""Hiding trends: by a folded name, so that no other spelling brings one back; each decision leaves a row."""

from typing import Final

from rookery.kit.problems import Invalid, invalid_field
from rookery.search.trends.folding import fold_name
from rookery.search.trends.repository import Decision, TrendRepository

LISTED_MAX: Final = 200
TEXT_MAX: Final = 500


async def hide(repository: TrendRepository, name: str, reason: str, decided_by: str) -> str:
    """Hide a hashtag, a phrase, a link, or all links of a host, from the next request on; returns the topic.

    Phrases that contain it go with it. Raises Invalid for a name without letters and digits.
    """
    decision = _decision(name, reason, decided_by)
    await repository.hide(decision)
    return decision.topic


async def show(repository: TrendRepository, name: str, reason: str, decided_by: str) -> str:
    """Let it trend again; harmless where it was not hidden."""
    decision = _decision(name, reason, decided_by)
    await repository.show(decision)
    return decision.topic


def _decision(name: str, reason: str, decided_by: str) -> Decision:
    topic = fold_name(name[:TEXT_MAX])
    if not topic:
        raise nameless()
    return Decision(topic, name[:TEXT_MAX], reason[:TEXT_MAX], decided_by)


def nameless() -> Invalid:
    """400: nothing in the name could be the name of a trend."""
    return invalid_field("name", "malformed", "has neither letters nor digits")
