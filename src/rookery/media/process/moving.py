"""Videos and animated GIFs: H.264 (and AAC) in MP4 that starts before it is loaded, and a poster.

Everything is decoded and encoded anew, also what would do as it is: nothing of the file's own structure, metadata or
bit stream reaches a viewer.
"""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
import pyvips

from rookery.media.process.colors import color_of, placeholder_of
from rookery.media.process.jobs import Done, Job, Limits, Refused, Result
from rookery.media.process.still import check_dimensions, convert_still, in_srgb, save_sizes

DEMUXERS = {"gif": "gif", "mp4": "mov", "mov": "mov", "webm": "matroska"}
LONGEST = 1280  # of the video that is served, in pixels
RATE_MAX = 60
TICKS = 90_000  # of a second, as in MPEG
SOUND_RATE = 48_000
EARLY_MAX = 5_000  # packets of sound; what comes beyond before any picture is left out
SHAPES_MAX = Fraction(4)  # of pixels that are not square
X264 = {"preset": "veryfast", "crf": "24", "threads": "1", "profile": "high"}

Say = Callable[[float], None]


def convert_moving(job: Job, say: Say) -> Done:
    """Raises Refused. A GIF of one frame is a picture."""
    folder = Path(job.folder)
    try:
        with av.open(
            job.source, format=DEMUXERS[job.format], options={"protocol_whitelist": "file"}, metadata_errors="ignore"
        ) as source:
            film = Film(source, job, say)
            film.convert(folder / "video.mp4")
    except (av.error.FFmpegError, ValueError, OverflowError, ZeroDivisionError) as error:
        raise Refused("damaged", "is damaged or not what it seems to be") from error
    if job.format == "gif" and film.frames == 1:
        (folder / "video.mp4").unlink()
        return convert_still(job)
    poster = in_srgb(pyvips.Image.new_from_array(film.poster)).copy_memory()
    video = Result(role="video", file="video.mp4", type="video/mp4", width=film.width, height=film.height)
    return Done(
        kind="gif" if job.format == "gif" else "video",
        width=film.width,
        height=film.height,
        duration_ms=round(film.duration_s * 1000),
        placeholder=placeholder_of(poster),
        color=color_of(poster),
        results=[video, *save_sizes(poster, job)],
    )


class Film:
    """One pass over the source. Times are in seconds from where it begins, for picture and sound alike."""

    def __init__(self, source: Any, job: Job, say: Say) -> None:
        if not source.streams.video:
            raise Refused("no_picture", "holds no picture")
        self._source = source
        self._limits = job.limits
        self._say = say
        self._in = source.streams.video[0]
        self._in.thread_type = "NONE"
        self._sound = source.streams.audio[0] if source.streams.audio and job.format != "gif" else None
        self.frames = 0
        self.width = self.height = 0
        self.duration_s = 0.0
        self.poster: Any = None
        self._poster_tick = -1
        self._poster_is_early = True
        self._origin_s = (source.start_time or 0) / av.time_base
        self._last_tick = -1
        self._told = 0.0
        self._turn: Turn | None = None
        self._resampler: Any = None
        self._declared_s = declared_duration(source, self._in)
        check_declared(self._declared_s, self._in, job.limits)

    def convert(self, target: Path) -> None:
        with av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}) as out:
            picture = out.add_stream("libx264", rate=30, options=X264)
            picture.pix_fmt = "yuv420p"
            sound = self._add_sound(out)
            early: list[Any] = []  # sound before the first picture, without whose size nothing can be written
            for packet in self._source.demux([each for each in (self._in, self._sound) if each is not None]):
                if packet.stream is self._in:
                    self._film(packet, picture, out)
                elif len(early) < EARLY_MAX:
                    early.append(packet)
                if self._turn is not None and sound is not None:
                    for waiting in early:
                        self._record(waiting, sound, out)
                    early.clear()
            if not self.frames:
                raise Refused("no_picture", "holds no picture")
            out.mux(picture.encode(None))
            if sound is not None:
                for frame in self._resampler.resample(None):
                    out.mux(sound.encode(frame))
                out.mux(sound.encode(None))
        if self._declared_s is not None and self.duration_s < self._declared_s * 0.9 - 1:
            raise Refused("truncated", "ends before its end")

    def _add_sound(self, out: Any) -> Any:
        if self._sound is None:
            return None
        self._resampler = av.AudioResampler(format="fltp", layout="stereo", rate=SOUND_RATE)
        sound = out.add_stream("aac", rate=SOUND_RATE)
        sound.layout = "stereo"
        sound.bit_rate = 128_000
        return sound

    def _film(self, packet: Any, picture: Any, out: Any) -> None:
        for frame in packet.decode():
            tick = self._tick_of(frame)
            if tick is None:
                continue
            if self._turn is None:
                self._begin(frame, picture)
            assert self._turn is not None  # noqa: S101 - begun with the first frame
            turned = self._turn.apply(frame)
            turned.pts, turned.time_base = tick, Fraction(1, TICKS)
            if self.poster is None or (self._poster_is_early and tick >= self._poster_tick):
                self._poster_is_early = tick < self._poster_tick
                self.poster = turned.reformat(format="rgb24", threads=1).to_ndarray()
            out.mux(picture.encode(turned))

    def _begin(self, frame: Any, picture: Any) -> None:
        """The first frame says how large the film is and how it is turned."""
        check_dimensions(frame.width, frame.height, self._limits)
        self._turn = Turn(frame, shape_of(self._in))
        self.width, self.height = self._turn.out
        picture.width, picture.height = self.width, self.height
        picture.codec_context.time_base = Fraction(1, TICKS)
        self._poster_tick = int(min(self._declared_s or 0.0, 10.0) * 0.1 * TICKS)

    def _tick_of(self, frame: Any) -> int | None:
        """When a frame is shown; None for one to leave out. Raises Refused for too many, and for one too late."""
        if frame.time is None:
            return None
        time_s = max(0.0, frame.time - self._origin_s)
        if time_s > self._limits.max_duration_s:
            raise too_long(self._limits)
        tick: int = round(time_s * TICKS)
        if tick <= self._last_tick or (self.frames and tick - self._last_tick < TICKS // (RATE_MAX + 1)):
            return None
        self.frames += 1
        if self.frames > self._limits.max_frames:
            raise Refused("too_many_frames", f"has more than {self._limits.max_frames} frames")
        shown_s = float(frame.duration * frame.time_base) if frame.duration and frame.time_base else 0.0
        self.duration_s = max(self.duration_s, time_s + min(max(shown_s, 0.0), 10.0))
        self._last_tick = tick
        self._tell(time_s)
        return tick

    def _tell(self, time_s: float) -> None:
        """In steps of a hundredth."""
        share = min(time_s / self._declared_s, 1.0) if self._declared_s else 0.0
        if share >= self._told + 0.01:
            self._told = share
            self._say(share)

    def _record(self, packet: Any, sound: Any, out: Any) -> None:
        for frame in packet.decode():
            if frame.time is None:
                continue
            time_s = max(0.0, frame.time - self._origin_s)
            if time_s > self._limits.max_duration_s + 1:
                raise too_long(self._limits)
            frame.pts, frame.time_base = round(time_s * SOUND_RATE), Fraction(1, SOUND_RATE)
            for resampled in self._resampler.resample(frame):
                out.mux(sound.encode(resampled))


class Turn:
    """Scales frames, whatever size each has, to one size, and turns them upright."""

    def __init__(self, frame: Any, shape: Fraction) -> None:
        across, down = max(1, round(frame.width * shape)), frame.height
        scale = min(1.0, LONGEST / max(across, down))
        self._scaled = (_even(across * scale), _even(down * scale))
        rotation = round(frame.rotation / 90) % 4 if frame.rotation else 0
        self.out = self._scaled if rotation % 2 == 0 else self._scaled[::-1]
        self._graph = _rotating(self._scaled, rotation) if rotation else None

    def apply(self, frame: Any) -> Any:
        width, height = self._scaled
        scaled = frame.reformat(width=width, height=height, format="yuv420p", threads=1)
        if self._graph is None:
            return scaled
        self._graph.push(scaled)
        return self._graph.pull()


def _rotating(size: tuple[int, int], quarters: int) -> Any:
    """`quarters` of a turn against the clock, as FFmpeg's display matrices count."""
    graph = av.filter.Graph()
    graph.threads = 1
    nodes = [
        graph.add_buffer(width=size[0], height=size[1], format=av.VideoFormat("yuv420p"), time_base=Fraction(1, TICKS))
    ]
    nodes += [graph.add("transpose", "cclock") for _ in range(quarters)]
    nodes.append(graph.add("buffersink"))
    graph.link_nodes(*nodes).configure()
    return graph


def _even(value: float) -> int:
    """H.264 with halved colour takes even sizes only."""
    return max(2, int(value) // 2 * 2)


def shape_of(stream: Any) -> Fraction:
    """Width of a pixel by its height; nonsense is square."""
    shape = stream.sample_aspect_ratio
    return shape if shape and 1 / SHAPES_MAX <= shape <= SHAPES_MAX else Fraction(1)


def declared_duration(source: Any, stream: Any) -> float | None:
    """The longer of what the file and the stream say, in seconds."""
    found = []
    if source.duration:
        found.append(source.duration / av.time_base)
    if stream.duration and stream.time_base:
        found.append(float(stream.duration * stream.time_base))
    return max(found, default=None)


def check_declared(duration_s: float | None, stream: Any, limits: Limits) -> None:
    """Before anything is decoded."""
    if duration_s is not None and duration_s > limits.max_duration_s:
        raise too_long(limits)
    check_dimensions(stream.codec_context.width, stream.codec_context.height, limits)


def too_long(limits: Limits) -> Refused:
    return Refused("too_long", f"lasts longer than {limits.max_duration_s} seconds")
