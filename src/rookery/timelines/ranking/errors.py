"""The refusals of the ranked timeline.

Problem
├── NotFound   404  NoSuchPost   there is none, it is deleted, or the reader may not know of it
└── Invalid    400  malformed_ids
"""

from rookery.kit.problems import Invalid, NotFound, invalid_field


class NoSuchPost(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such post.")


def malformed_ids(field: str) -> Invalid:
    """An id exceeds 64 bits."""
    return invalid_field(field, "malformed", "is not an id")
