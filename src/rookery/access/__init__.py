"""The one rule of who sees what, used by REST, GraphQL, WebSocket, search, notifications and counts alike.

`may` is about permission (blocks, protection, deletion), `will` adds what the reader chose not to see (mutes).
"""

from rookery.contracts.users import Author, Reader


def may_see_content(reader: Reader, author: Author | None) -> bool:
    """Whether `reader` may see what `author` wrote. None is an account that no longer exists: nobody may.

    A block, in either direction, hides; a protected author is seen by followers and by themselves.
    """
    if author is None:
        return False
    if author.id == reader.id:
        return True
    if author.id in reader.blocked_by or author.id in reader.blocking:
        return False
    return not author.protected or author.id in reader.following


def will_see_content(reader: Reader, author: Author | None) -> bool:
    """Whether a post of `author` belongs on a page that `reader` did not ask for by name: permitted and not muted."""
    return author is not None and author.id not in reader.muting and may_see_content(reader, author)


def may_repost(reader: Reader, author: Author | None) -> bool:
    """Whether `reader` may carry a post of `author` further: what is protected stays with its followers."""
    if author is None or not may_see_content(reader, author):
        return False
    return not author.protected or author.id == reader.id


def may_notify(recipient: Reader, actor: Author | None) -> bool:
    """Whether an act of `actor` reaches `recipient` as a notification: no block either way, not muted, not oneself."""
    if actor is None or actor.id == recipient.id:
        return False
    return not (actor.id in recipient.blocking or actor.id in recipient.blocked_by or actor.id in recipient.muting)
