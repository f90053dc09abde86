"""Keeps counts of hashtags true while time passes: what nobody uses any more counts less."""

from typing import Final

from rookery.kit.jobs import Job
from rookery.search.indexing import Indexer

EVERY_S: Final = 900
TAGS_AT_ONCE: Final = 500


def jobs(indexer: Indexer) -> list[Job]:
    return [Job("search.hashtags", EVERY_S, lambda: count_stale_tags(indexer))]


async def count_stale_tags(indexer: Indexer) -> None:
    """Count those anew that were counted more than an hour ago."""
    while tags := await indexer.repository.stale_tags(TAGS_AT_ONCE):
        await indexer.count_tags(tags)
