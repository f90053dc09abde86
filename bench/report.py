"""What a benchmark says: rows for the terminal and for `var/bench/latest.json`."""

from pathlib import Path

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table


class Row(Struct, kw_only=True):
    """One figure beside its yardstick.

    `ratio` is what the target judges: `target` reads "at most N" when `at_most`, else "at least N". `cpu_us` is CPU
    time per operation in microseconds, summed over all processes concerned; latencies are of the measured operation.
    """

    name: str
    value: float
    unit: str
    yardstick: float
    ratio: float
    target: float
    at_most: bool
    cpu_us: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    note: str = ""

    @property
    def met(self) -> bool:
        return self.ratio <= self.target if self.at_most else self.ratio >= self.target

    def document(self) -> dict[str, object]:
        return {**msgspec.structs.asdict(self), "met": self.met}


def write(rows: list[Row], files: list[Path]) -> None:
    content = msgspec.json.format(msgspec.json.encode({"rows": [row.document() for row in rows]}), indent=2)
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content + b"\n")


def show(rows: list[Row]) -> None:
    table = Table(title="Ratios are judged; absolute figures belong to this machine and this hour")
    for heading in ("bench", "value", "yardstick", "ratio", "target", "met", "CPU/op", "p50", "p99"):
        table.add_column(heading, justify="left" if heading == "bench" else "right")
    for row in rows:
        table.add_row(
            row.name,
            f"{row.value:,.1f} {row.unit}",
            f"{row.yardstick:,.1f}",
            f"{row.ratio:.2f}",
            f"{'≤' if row.at_most else '≥'} {row.target:g}",
            "yes" if row.met else "no",
            _text(row.cpu_us, "µs"),
            _text(row.p50_ms, "ms"),
            _text(row.p99_ms, "ms"),
        )
    console = Console()
    console.print(table)
    for row in rows:
        if row.note:
            console.print(f"{row.name}: {row.note}")


def _text(value: float | None, unit: str) -> str:
    return "" if value is None else f"{value:,.2f} {unit}"
