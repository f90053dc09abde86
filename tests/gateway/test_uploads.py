"""Which requests may be large and slow."""

import pytest

from rookery.gateway.edge.uploads import is_upload, upload_max_bytes
from rookery.kit.settings import Settings


@pytest.mark.parametrize(
    ("method", "path", "upload"),
    [
        ("POST", "/v1/media", True),
        ("POST", "/v1/media/", True),
        ("PATCH", "/v1/media/uploads/1", True),
        ("POST", "/v1/media/uploads", False),
        ("PATCH", "/v1/media/1", False),
        ("GET", "/v1/media", False),
        ("POST", "/v1/posts", False),
        ("POST", "/v1/media/x", False),
    ],
)
def test_uploads_are_known_by_method_and_path(method: str, path: str, upload: bool) -> None:
    assert is_upload(method, path) is upload


def test_the_largest_body_holds_the_largest_file() -> None:
    settings = Settings()

    assert upload_max_bytes(settings) > settings.media_video_max_bytes > settings.max_body_bytes
