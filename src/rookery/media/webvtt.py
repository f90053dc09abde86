"""Captions as text: WebVTT (https://www.w3.org/TR/webvtt1/) and SubRip are read, WebVTT is written.

What is written comes from what was understood alone: times, settings of place, and text with `<b>`, `<i>`, `<u>` and
`<v speaker>`. Comments, identifiers, styles, regions and other markup end here; of unknown tags the text stays.

Stricter than a browser, which passes over what it does not understand: whoever wrote a time wrong hears of it. More
lenient in the order of cues, which are sorted.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from msgspec import Struct

CUES_MAX: Final = 3_000  # two in each second of the longest video, ten times over
CUE_CHARACTERS_MAX: Final = 2_000

VTT_TIME: Final = r"(?:([0-9]{2,3}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})"
VTT_TIMING: Final = re.compile(rf"[ \t]*{VTT_TIME}[ \t]*-->[ \t]*{VTT_TIME}(?:[ \t]+(.*))?")
SRT_TIME: Final = r"([0-9]{1,3}):([0-5]?[0-9]):([0-5]?[0-9])[,.]([0-9]{3})"
SRT_TIMING: Final = re.compile(rf"[ \t]*{SRT_TIME}[ \t]*-->[ \t]*{SRT_TIME}(?:[ \t].*)?()")

PERCENT: Final = r"(?:100(?:\.0{1,3})?|[0-9]{1,2}(?:\.[0-9]{1,3})?)%"
SETTING: Final = re.compile(
    "vertical:(?:rl|lr)|align:(?:start|center|end|left|right)"
    f"|line:(?:{PERCENT}|-?[0-9]{{1,3}})(?:,(?:start|center|end))?"
    f"|position:{PERCENT}(?:,(?:line-left|center|line-right))?|size:{PERCENT}"
)
TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*+|[0-9]++:[0-9:.]*+)([^<>]*+)>")
CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
NO_CUE: Final = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t]|$)")


class Malformed(Exception):
    """Of a line, counted from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")


class Cue(Struct, frozen=True):
    """Times in ms from the beginning; `settings` and `text` as WebVTT has them."""

    start_ms: int
    end_ms: int
    settings: str
    text: str


class Block(Struct, frozen=True):
    """Lines without an empty one between them; `line` is the number of the first."""

    line: int
    lines: list[str]


def parse(text: str) -> list[Cue]:
    """The cues in the order of their start, at least one, at most CUES_MAX. Raises Malformed."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    is_vtt = re.match(r"WEBVTT(?:[ \t]|$)", lines[0]) is not None
    cues = list(_vtt_cues(lines) if is_vtt else _srt_cues(lines))
    if not cues:
        raise Malformed(len(lines), "there is no cue with a text up to here, the end")
    return sorted(cues, key=lambda cue: cue.start_ms)


def written(cues: list[Cue]) -> str:
    return "WEBVTT\n" + "".join(
        f"\n{_time(cue.start_ms)} --> {_time(cue.end_ms)}{cue.settings}\n{cue.text}\n" for cue in cues
    )


def _vtt_cues(lines: list[str]) -> Iterator[Cue]:
    header, *blocks = _blocks(lines)
    if arrow := next((index for index, line in enumerate(header.lines) if "-->" in line), 0):
        raise Malformed(header.line + arrow, "an empty line must stand between WEBVTT and the first cue")
    cues = (block for block in blocks if not NO_CUE.match(block.lines[0]))
    return _cues(cues, VTT_TIMING, "00:01.000 --> 00:04.000", entities=True)


def _srt_cues(lines: list[str]) -> Iterator[Cue]:
    blocks = _blocks([line.rstrip() for line in lines])
    first = next(blocks, None)
    if first is None or not any("-->" in line for line in first.lines[:2]):
        raise Malformed(1, "this begins neither with WEBVTT nor, as SubRip does, with a number and times")

    def all_blocks() -> Iterator[Block]:
        yield first
        yield from blocks

    return _cues(all_blocks(), SRT_TIMING, "00:00:01,000 --> 00:00:04,000", entities=False)


def _blocks(lines: list[str]) -> Iterator[Block]:
    begun: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line:
            begun.append(line)
        elif begun:
            yield Block(number - len(begun), begun)
            begun = []


def _cues(blocks: Iterator[Block], timing: re.Pattern[str], example: str, *, entities: bool) -> Iterator[Cue]:
    """Those that have a text."""
    for count, block in enumerate(blocks, 1):
        if count > CUES_MAX:
            raise Malformed(block.line, f"there are more than {CUES_MAX} cues")
        # First, or behind an identifier or a number.
        place = next((index for index, line in enumerate(block.lines[:2]) if "-->" in line), 0)
        line = block.line + place
        match = timing.fullmatch(block.lines[place])
        if match is None:
            raise Malformed(line, f"expected times such as {example}")
        start_ms, end_ms = _ms(match.groups()[:4]), _ms(match.groups()[4:8])
        if end_ms <= start_ms:
            raise Malformed(line, "the cue ends before it has begun")
        text = _text(block.lines[place + 1 :], line + 1, entities=entities)
        if text:
            yield Cue(start_ms, end_ms, _settings(match[9] or ""), text)


def _ms(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def _time(ms: int) -> str:
    seconds, thousandths = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}"


def _settings(given: str) -> str:
    """Those of place that are well-formed, the first of each name, with a space before each; others are left out."""
    kept: dict[str, str] = {}
    for setting in given.split():
        if SETTING.fullmatch(setting):
            kept.setdefault(setting.partition(":")[0], setting)
    return "".join(f" {setting}" for setting in kept.values())


def _text(lines: list[str], first_line: int, *, entities: bool) -> str:
    """A cue's text, written anew: no line of it is empty, no tag left open. `entities`: &amp; stands for &."""
    if arrow := next((number for number, line in enumerate(lines, first_line) if "-->" in line), 0):
        raise Malformed(arrow, "an empty line must stand before the next cue")
    raw = "\n".join(lines)
    if len(raw) > CUE_CHARACTERS_MAX:
        raise Malformed(first_line, f"a cue may have at most {CUE_CHARACTERS_MAX} characters")
    text = "".join(_marked(raw, entities=entities))
    kept = (line.strip() for line in text.split("\n"))
    text = "\n".join(line for line in kept if line)
    return text if TAG.sub("", text).strip() else ""


def _marked(raw: str, *, entities: bool) -> Iterator[str]:
    """The parts of a text: words, escaped, and the tags that are known here, each closed where it was opened last."""
    opened: list[str] = []
    end = 0
    for tag in TAG.finditer(raw):
        yield _words(raw[end : tag.start()], entities=entities)
        end = tag.end()
        name = tag[2].lower()
        if tag[1]:
            while name in opened:
                yield f"</{(last := opened.pop())}>"
                if last == name:
                    break
        elif name not in opened and (begun := _begun(name, tag[3], entities=entities)):
            opened.append(name)
            yield begun
    yield _words(raw[end:], entities=entities)
    yield from (f"</{name}>" for name in reversed(opened))


def _begun(name: str, rest: str, *, entities: bool) -> str:
    """The opening tag; empty for one that is left out. `rest` stands behind its name: .classes, an annotation."""
    if name in ("b", "i", "u"):
        return f"<{name}>"
    _, *annotation = re.split(r"\s", rest, maxsplit=1)
    speaker = " ".join(_words("".join(annotation), entities=entities).split()).rstrip("- ")  # never "-->"
    return f"<v {speaker}>" if name == "v" and speaker else ""


def _words(text: str, *, entities: bool) -> str:
    """Escaped. Lines stay lines; one that an entity stands for does not become one."""
    plain = (unescape(line).replace("\n", " ") for line in text.split("\n")) if entities else [text]
    clean = CONTROLS.sub(" ", "\n".join(plain))
    return clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
