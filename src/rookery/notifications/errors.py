"""Refusals of notifications."""

from rookery.kit.problems import Invalid, invalid_field


def malformed_id(field: str) -> Invalid:
    """400: the id exceeds 64 bits."""
    return invalid_field(field, "malformed", "is not an id")
