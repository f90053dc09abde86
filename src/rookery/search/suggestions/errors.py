"""Refusals of suggestions."""

from rookery.kit.problems import NotFound


class AccountNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such account.")


class PostNotFound(NotFound):
    """Also where the reader may not know of it."""

    def __init__(self) -> None:
        super().__init__("There is no such post.")
