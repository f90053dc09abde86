"""What the users service refuses, beyond what the kit already names.

Forbidden 403   Blocked            blocked           one of the two has blocked the other
                Protected          protected         only followers see this
NotFound  404   UserNotFound       not_found
                RequestNotFound    not_found
Conflict  409   FollowingLimit     following_limit
                OwnAccount         own_account       nobody follows, blocks or mutes themselves
"""

from rookery.kit.problems import Conflict, Forbidden, NotFound


class Blocked(Forbidden):
    code = "blocked"
    title = "A block stands between these accounts"


class Protected(Forbidden):
    code = "protected"
    title = "Only followers see this"


class UserNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("No such account.")


class RequestNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This account has not asked to follow you.")


class FollowingLimit(Conflict):
    code = "following_limit"
    title = "You follow as many accounts as one may"


class OwnAccount(Conflict):
    code = "own_account"
    title = "This is your own account"
