"""Requests whose bodies are streamed to disk: larger and slower than others may be."""

from rookery.kit.settings import Settings

OVERHEAD_BYTES = 128 * 1024  # of a form beside its file


def is_upload(method: str, path: str) -> bool:
    """POST of a form, or a piece of a resumable upload."""
    path = path.rstrip("/")
    return (method == "POST" and path == "/v1/media") or (method == "PATCH" and path.startswith("/v1/media/uploads/"))


def upload_max_bytes(settings: Settings) -> int:
    return max(settings.media_image_max_bytes, settings.media_video_max_bytes) + OVERHEAD_BYTES
