"""HTTP of lists of posts, and of who did what to a post."""

from typing import Any

LIST_ROUTES: list[Any] = []
