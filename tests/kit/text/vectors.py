"""The conformance vectors of twitter-text, read from the vendored files (tests/data/twitter-text, Apache-2.0)."""

from pathlib import Path
from typing import Any

import yaml

Vector = dict[str, Any]

DATA = Path(__file__).parents[2] / "data" / "twitter-text"


def groups(name: str) -> dict[str, list[Vector]]:
    """Group name to vectors of one file, each with `description`, `text` and `expected`."""
    document = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    loaded: dict[str, list[Vector]] = document["tests"]
    return loaded


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, in which the vectors of weighted length count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
