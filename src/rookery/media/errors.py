"""The refusals of the media service.

Problem
├── NotFound            404  MediaNotFound           there is none, or it is another's
│                       404  NoCaptions              none in that language
│                       404  FileNotFound            no such file, or an address that does not open it (any more)
│                       404  UploadNotFound          tus: expired, ended, or another's
├── Conflict            409  MediaInUse              a post shows it
│                       409  TooManyWaiting          too much of yours is under way already
│                       409  NotAVideo               only videos have captions
│                       409  TooManyLanguages        in so many there are captions already
│                       409  WrongOffset             tus: other bytes are awaited
│                       409  TooManyChunks           tus
├── Forbidden           403  QuotaExceeded
├── TooLarge            413  a file of this kind is too large
├── UnsupportedMedia    415  no picture or video that we take
├── RangeNotSatisfiable 416
├── WrongVersion        412  tus: another version of the protocol
├── ChecksumMismatch    460  tus
└── TooSlow             408  nothing came for a while
"""

from rookery.kit.problems import Conflict, Forbidden, NotFound, Problem


class MediaNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("You have no such media.")


class FileNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such file, or its address has expired.")


class MediaInUse(Conflict):
    code = "in_use"

    def __init__(self) -> None:
        super().__init__("A post shows this; delete the post.")


class TooManyWaiting(Conflict):
    code = "too_many_waiting"

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} of your uploads are under way already; wait for one to end.", retry_after_s=5)


class NoCaptions(NotFound):
    def __init__(self) -> None:
        super().__init__("This has no captions in this language.")


class NotAVideo(Conflict):
    code = "not_a_video"

    def __init__(self) -> None:
        super().__init__("Only videos have captions.")


class TooManyLanguages(Conflict):
    code = "too_many_languages"

    def __init__(self, most: int) -> None:
        super().__init__(f"There are captions in {most} languages already; remove some.")


class QuotaExceeded(Forbidden):
    code = "quota_exceeded"
    title = "Your storage is full"

    def __init__(self, quota_bytes: int) -> None:
        super().__init__(f"All your media together may take {quota_bytes} bytes; delete some posts with media.")


class TooLarge(Problem):
    status = 413
    code = "too_large"
    title = "The file is too large"

    def __init__(self, size_max: int) -> None:
        super().__init__(f"At most {size_max} bytes.")


class UnsupportedMedia(Problem):
    status = 415
    code = "unsupported_media"
    title = "No picture or video that we take"

    def __init__(self) -> None:
        super().__init__("Send JPEG, PNG, WebP, AVIF, HEIC, GIF, MP4, MOV or WebM.")


class RangeNotSatisfiable(Problem):
    status = 416
    code = "range_not_satisfiable"
    title = "No such part of the file"

    def __init__(self, size_bytes: int) -> None:
        super().__init__(f"The file has {size_bytes} bytes.")
        self._size_bytes = size_bytes

    @property
    def headers(self) -> dict[str, str]:
        return {"Content-Range": f"bytes */{self._size_bytes}"}


class TooSlow(Problem):
    status = 408
    code = "too_slow"
    title = "The upload stopped"

    def __init__(self) -> None:
        super().__init__("Nothing came for too long; send it again, or go on where it stopped.")


class UploadNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("You have no such upload, or it has expired.")


class WrongOffset(Conflict):
    code = "wrong_offset"
    title = "Other bytes are awaited"

    def __init__(self, received: int) -> None:
        super().__init__(f"{received} bytes are here; go on behind them.")


class TooManyChunks(Conflict):
    code = "too_many_chunks"

    def __init__(self, most: int) -> None:
        super().__init__(f"An upload may come in at most {most} pieces; send larger ones.")


class WrongVersion(Problem):
    status = 412
    code = "unsupported_tus_version"
    title = "Another version of the protocol"

    def __init__(self) -> None:
        super().__init__("Tus-Resumable must be 1.0.0.")

    @property
    def headers(self) -> dict[str, str]:
        return {"Tus-Version": "1.0.0"}


class ChecksumMismatch(Problem):
    status = 460
    code = "checksum_mismatch"
    title = "Checksum Mismatch"

    def __init__(self) -> None:
        super().__init__("What arrived is not what was sent; send it again.")
