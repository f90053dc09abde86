"""The tastes of readers, kept by process and dropped by `taste:<reader id>`."""

from typing import Final

from rookery.kit.local_cache import LocalCache
from rookery.kit.resources import Resources
from rookery.timelines.ranking.repository import RankingRepository
from rookery.timelines.ranking.taste import Taste

TASTES_KEPT: Final = 20_000
TASTE_ENTRIES_KEPT: Final = 2_000_000  # of all tastes together, about 100 bytes each


class Tastes:
    def __init__(self, resources: Resources, repository: RankingRepository) -> None:
        self.repository = repository
        self._invalidations = resources.invalidations
        self._kept: LocalCache[int, Taste] = LocalCache(
            self._load, size=TASTES_KEPT, weigh=lambda taste: taste.weight, max_weight=TASTE_ENTRIES_KEPT
        )
        resources.invalidations.attach("taste", self._kept)

    async def of(self, reader_id: int) -> Taste:
        return await self._kept.get(reader_id) or Taste()

    async def changed(self, reader_id: int) -> None:
        """Tell every process, after the commit and before the answer."""
        await self._invalidations.publish(f"taste:{reader_id}")

    async def _load(self, reader_ids: list[int]) -> dict[int, Taste]:
        return {reader_id: await self.repository.taste(reader_id) for reader_id in reader_ids}
