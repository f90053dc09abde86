"""What a benchmark says: rows for the terminal and for `var/bench/latest.json`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table


class Row(Struct, kw_only=True):
    """One figure, where there is one beside its yardstick.

    `target` reads "at most N" when `at_most`, else "at least N". It judges `ratio`, or `value` where `judges_value`
    says so (bounds on memory). An `orientation` holds on a machine of two cores like ours: shown, never judged.
    `cpu_us` is CPU time per operation in microseconds, summed over all processes concerned; latencies are of the
    measured operation. `size` is what the cost grows with (users, followers, accounts followed), for the plots.
    """

    name: str
    value: float
    unit: str
    yardstick: float | None = None
    ratio: float | None = None
    target: float | None = None
    at_most: bool = True
    judges_value: bool = False
    orientation: bool = False
    cpu_us: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    size: int | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """None where there is nothing to meet."""
        figure = self.value if self.judges_value else self.ratio
        if self.target is None or figure is None:
            return None
        return figure <= self.target if self.at_most else figure >= self.target

    @property
    def bound(self) -> float | None:
        """The value at which the target is just met; None where there is none."""
        if self.target is None or self.judges_value:
            return self.target
        return None if self.yardstick is None else self.target * self.yardstick

    @property
    def bench(self) -> str:
        return self.name.partition("/")[0]

    def document(self, measured_at: str) -> dict[str, object]:
        return {**msgspec.structs.asdict(self), "met": self.met, "measured_at": measured_at}


def write(rows: list[Row], file: Path) -> None:
    """These rows, as JSON; the file is there as a whole or not at all."""
    _write([row.document(_now()) for row in rows], file)


def write_latest(rows: list[Row], benches: Sequence[str], file: Path) -> None:
    """The rows of `benches`, which have run, in the place of their earlier ones; rows of other benchmarks stay.

    So a benchmark that has failed has no rows, and the file holds the last figures of all that were ever run.
    """
    kept = [each for each in _read(file) if str(each.get("name")).partition("/")[0] not in benches]
    _write([*kept, *(row.document(_now()) for row in rows)], file)


def _read(file: Path) -> list[dict[str, object]]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, list[dict[str, object]]])["rows"]
    except (FileNotFoundError, msgspec.DecodeError, KeyError):  # none, or one of another form
        return []


def _write(documents: list[dict[str, object]], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(file.name + ".new")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode({"rows": documents}), indent=2) + b"\n")
    fresh.rename(file)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def show(rows: list[Row], console: Console) -> None:
    """The table, and the notes below it."""
    table = Table(title="Ratios and memory are judged; other absolute figures belong to this machine and this hour")
    for heading in ("bench", "value", "yardstick", "ratio", "target", "met", "CPU/op", "p50", "p99"):
        table.add_column(heading, justify="left" if heading == "bench" else "right", no_wrap=True)
    for row in rows:
        table.add_row(
            row.name,
            f"{row.value:,.1f} {row.unit}",
            _text(row.yardstick, "", 1),
            _text(row.ratio, "", 2),
            _target(row),
            _met(row),
            _text(row.cpu_us, "µs", 1),
            _text(row.p50_ms, "ms", 2),
            _text(row.p99_ms, "ms", 2),
        )
    console.print(table)
    for row in rows:
        if row.note:
            console.print(f"{row.name}: {row.note}", markup=False, highlight=False)


def _target(row: Row) -> str:
    if row.target is None:
        return ""
    unit = f" {row.unit}" if row.judges_value else ""
    return f"{'≤' if row.at_most else '≥'} {row.target:g}{unit}"


def _met(row: Row) -> str:
    if row.met is None:
        return ""
    word = "yes" if row.met else "no"
    return f"({word})" if row.orientation else word


def _text(value: float | None, unit: str, digits: int) -> str:
    return "" if value is None else f"{value:,.{digits}f} {unit}".rstrip()
