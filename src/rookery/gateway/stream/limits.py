"""What one client may take of a server, and what the server holds for it."""

from collections import Counter

from msgspec import Struct

from rookery.gateway.stream.protocol import Close, Closed
from rookery.kit.problems import RateLimited, Unavailable

FULL_RETRY_S = 30  # after which one who found no room may ask again


class StreamLimits(Struct, frozen=True, kw_only=True):
    """Numbers per process, except where they are per connection."""

    connections: int = 50_000
    connections_per_user: int = 20
    connections_per_address: int = 100  # offices and campuses share one
    message_bytes: int = 4096
    messages_burst: int = 50  # per connection, refilled by messages_per_s
    messages_per_s: float = 10.0
    queue_messages: int = 256  # waiting to be sent on one connection
    queue_bytes: int = 1024 * 1024
    auth_s: float = 10.0
    heartbeat_s: float = 25.0
    missed_heartbeats: int = 2
    send_s: float = 20.0  # for which one message may wait for the network


UNLIMITED = StreamLimits(
    connections=10**9, connections_per_user=10**9, connections_per_address=10**9, messages_burst=10**9
)


class Census:
    """How many connections there are, together and by address."""

    def __init__(self, limits: StreamLimits) -> None:
        self._limits = limits
        self._by_address: Counter[str] = Counter()
        self.total = 0

    def enter(self, address: str) -> None:
        """Raises Unavailable and RateLimited when there are too many; each success is followed by `leave`."""
        if self.total >= self._limits.connections:
            raise Unavailable("This server has as many streams as it can.", retry_after_s=FULL_RETRY_S)
        if self._by_address[address] >= self._limits.connections_per_address:
            raise RateLimited("There are too many streams from this address.", retry_after_s=FULL_RETRY_S)
        self.total += 1
        self._by_address[address] += 1

    def leave(self, address: str) -> None:
        self.total -= 1
        self._by_address[address] -= 1
        if self._by_address[address] <= 0:
            del self._by_address[address]


class MessageRate:
    """A token bucket for what one connection sends."""

    __slots__ = ("_allowance", "_at", "_limits")

    def __init__(self, limits: StreamLimits, now: float) -> None:
        self._limits = limits
        self._allowance = float(limits.messages_burst)
        self._at = now

    def spend(self, now: float) -> None:
        """Account for one message; raises Closed when they come too fast."""
        refilled = self._allowance + (now - self._at) * self._limits.messages_per_s
        self._allowance = min(float(self._limits.messages_burst), refilled) - 1
        self._at = now
        if self._allowance < 0:
            raise Closed(Close.TOO_MANY, "messages come too fast")
