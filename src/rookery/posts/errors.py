"""The refusals of the posts service.

Problem
├── NotFound            404  PostNotFound            there is none, it is deleted, or the reader may not know of it
│                       404  AccountNotFound
├── Forbidden           403  NotYourPost             seen by the reader, written by another
│                       403  ProtectedPost           what is protected stays with its followers
│                       403  BlockedAccount, ProtectedAccount   their posts are not for this reader
├── Conflict            409  TooManyRevisions        REVISIONS_MAX is reached
└── PreconditionFailed  412  the post is not as If-Match says
"""

from rookery.kit.problems import Conflict, Forbidden, NotFound, Problem


class PostNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such post.")


class AccountNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such account.")


class NotYourPost(Forbidden):
    def __init__(self) -> None:
        super().__init__("Only its author may do this to a post.")


class ProtectedPost(Forbidden):
    code = "protected"

    def __init__(self) -> None:
        super().__init__("The posts of a protected account cannot be reposted.")


class BlockedAccount(Forbidden):
    code = "blocked"

    def __init__(self) -> None:
        super().__init__("A block stands between you and this account.")


class ProtectedAccount(Forbidden):
    code = "protected"

    def __init__(self) -> None:
        super().__init__("Only followers see what this account posts.")


class TooManyRevisions(Conflict):
    code = "too_many_revisions"

    def __init__(self) -> None:
        super().__init__("This post has been edited as often as a post can be.")


class PreconditionFailed(Problem):
    status = 412
    code = "precondition_failed"
    title = "Changed meanwhile"

    def __init__(self) -> None:
        super().__init__("The post has changed since you read it; read it again.")
