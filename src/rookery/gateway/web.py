"""The built web app: hashed assets for ever, everything else asked about each time, `index.html` for its routes."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from rookery.gateway.edge.compression import choose_coding
from rookery.gateway.edge.headers import NO_CACHE, Header
from rookery.kit.etag import matches
from rookery.kit.problems import NotFound
from rookery.kit.settings import Settings

IMMUTABLE: Header = (b"cache-control", b"public, max-age=31536000, immutable")
VARY: Header = (b"vary", b"Accept-Encoding")
CACHE_BYTES = 64 * 1024 * 1024  # of file contents in memory; a build has about 2 MB
CODINGS = {"br": ".br", "gzip": ".gz"}

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}


class StoredFile(Struct, frozen=True):
    """A file and its compressed forms by coding, as they were when it had `stamp` (mtime in ns, size)."""

    body: bytes
    compressed: dict[str, bytes]
    etag: str
    media_type: str
    stamp: tuple[int, int]

    @property
    def size_bytes(self) -> int:
        return len(self.body) + sum(map(len, self.compressed.values()))


class WebAnswer(Struct, frozen=True):
    status: int
    headers: list[Header]
    body: bytes


class WebApp:
    """Serves one folder from memory. A missing folder makes every page a 404, not an error: the API runs without it."""

    def __init__(self, root: Path, *, cache_bytes: int = CACHE_BYTES) -> None:
        self._root = root.resolve()
        self._cache_bytes = cache_bytes
        self._cached_bytes = 0
        self._files: OrderedDict[str, StoredFile] = OrderedDict()

    async def answer(self, path: str, headers: Mapping[bytes, bytes]) -> WebAnswer:
        """What GET `path` gets; raises NotFound. A path that names no file is a route of the app, unless it looks like
        a file: a missing script must not become a page."""
        file = await self._file(path)
        if file is None and "." not in path.rpartition("/")[2] and not path.startswith("/assets/"):
            file = await self._file("/index.html")
        if file is None:
            raise NotFound("No such page.")
        return _answer(file, headers, immutable=path.startswith("/assets/"))

    async def _file(self, path: str) -> StoredFile | None:
        """Read once and again when it changed."""
        if path.startswith("/assets/") and (file := self._files.get(path)):  # their names change with their contents
            self._files.move_to_end(path)
            return file
        location = self._locate(path)
        try:
            state = location.stat() if location is not None else None
        except OSError:
            return None
        if location is None or state is None:
            return None
        stamp = (state.st_mtime_ns, state.st_size)
        file = self._files.get(path)
        if file is None or file.stamp != stamp:
            file = await asyncio.to_thread(_read, location, stamp)
            self._keep(path, file)
        self._files.move_to_end(path)
        return file

    def _locate(self, path: str) -> Path | None:
        """The file that a path names; None for what is none of ours, whatever dots and links it goes through."""
        if "\0" in path or "\\" in path or any(part.startswith(".") for part in path.split("/")):
            return None
        location = (self._root / path.lstrip("/")).resolve()
        return location if location.is_relative_to(self._root) and location.is_file() else None

    def _keep(self, path: str, file: StoredFile) -> None:
        if (old := self._files.pop(path, None)) is not None:
            self._cached_bytes -= old.size_bytes
        self._files[path] = file
        self._cached_bytes += file.size_bytes
        while self._cached_bytes > self._cache_bytes and len(self._files) > 1:
            _, evicted = self._files.popitem(last=False)
            self._cached_bytes -= evicted.size_bytes


def web_root(settings: Settings) -> Path:
    """`web_dist`, or `web/dist` beside the source tree."""
    return Path(settings.web_dist) if settings.web_dist else Path(__file__).parents[3] / "web" / "dist"


def _answer(file: StoredFile, request: Mapping[bytes, bytes], *, immutable: bool) -> WebAnswer:
    headers: list[Header] = [
        (b"etag", file.etag.encode()),
        IMMUTABLE if immutable else NO_CACHE,
        VARY,
    ]
    if matches(request.get(b"if-none-match", b"").decode("latin-1") or None, file.etag):
        return WebAnswer(304, headers, b"")
    headers.append((b"content-type", file.media_type.encode()))
    coding = choose_coding(request.get(b"accept-encoding", b""), tuple(file.compressed))
    if coding is None:
        return WebAnswer(200, headers, file.body)
    headers.append((b"content-encoding", coding.encode()))
    return WebAnswer(200, headers, file.compressed[coding])


def _read(location: Path, stamp: tuple[int, int]) -> StoredFile:
    """The tag is weak, as it names the content in all its codings."""
    body = location.read_bytes()
    compressed = {}
    for coding, suffix in CODINGS.items():
        beside = location.with_name(location.name + suffix)
        if beside.is_file():
            compressed[coding] = beside.read_bytes()
    etag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    return StoredFile(body, compressed, etag, TYPES.get(location.suffix, "application/octet-stream"), stamp)
