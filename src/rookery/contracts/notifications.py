"""What the notifications service tells the others."""

from typing import Protocol

from rookery.kit.rpc.contract import read


class NotificationsApi(Protocol):
    """The notifications service as the live gateway calls it, in one process or over HTTP."""

    @read
    async def live_json(self, user_id: int, group_ids: list[int]) -> dict[int, bytes]:
        """Groups as they are now, at most 100, as JSON for `/v1/stream`; left out are those with nothing to show."""
        ...
