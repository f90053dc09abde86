"""Which service offers what, and who needs whom: all that a process must know to reach what does not run in it.

A new service is a name in SERVED and WORKED, and a line in APIS and NEEDS.
"""

from collections.abc import Mapping

from rookery.contracts.media import MediaApi
from rookery.contracts.notifications import NotificationsApi
from rookery.contracts.posts import PostsApi
from rookery.contracts.users import Reader, UsersApi
from rookery.kit.rpc.contract import References

# What a web server may consist of: the services, and the gateway (web app, live stream, description of the API).
SERVED = ("users", "media", "posts", "timelines", "notifications", "search", "gateway")
# What a worker may do: consumers and jobs of the services, and those of the kit (upkeep, the relay to Kafka).
WORKED = ("users", "media", "posts", "timelines", "notifications", "search", "kit")
EVERYTHING = frozenset({*SERVED, *WORKED})

APIS: Mapping[str, type] = {
    "users": UsersApi,
    "media": MediaApi,
    "posts": PostsApi,
    "notifications": NotificationsApi,
}

# Each has to be reachable for the one before the colon to do its work; all need users to know who asks.
NEEDS: Mapping[str, frozenset[str]] = {
    "users": frozenset(),
    "media": frozenset({"users"}),
    "posts": frozenset({"users", "media"}),
    "timelines": frozenset({"users", "posts"}),
    "notifications": frozenset({"users", "posts"}),
    "search": frozenset({"users", "posts"}),
    "gateway": frozenset({"users", "posts", "notifications"}),
    "kit": frozenset(),
}

# A reader is sent by number: both sides keep readers, kept fresh in the same way, and one may follow thousands.
BY_REFERENCE: References = {Reader: "id"}
