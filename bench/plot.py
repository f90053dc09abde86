"""How cost grows: one SVG per benchmark that has rows of several sizes, one line per series."""

import math
from itertools import groupby
from pathlib import Path

import pygal

from bench.report import Row

LOGARITHMIC_FROM = 20.0  # largest over smallest value from which a linear axis would show one line only
Line = list[tuple[float, float]]


def plot(rows: list[Row], folder: Path) -> list[Path]:
    """Write `folder/BENCH.svg` for each benchmark (the name before the first slash) with a line of two points."""
    written = []
    for bench, of_bench in groupby(rows, key=lambda row: row.name.partition("/")[0]):
        lines = {name: line for name, line in _lines(list(of_bench)).items() if len(line) > 1}
        if lines:
            written.append(folder / f"{bench}.svg")
            folder.mkdir(parents=True, exist_ok=True)
            written[-1].write_bytes(_chart(bench, lines).render())
    return written


def _lines(rows: list[Row]) -> dict[str, Line]:
    """(size, CPU per operation in µs) by series: the name without its size. Zero cannot stand on a logarithmic axis."""
    lines: dict[str, Line] = {}
    for row in rows:
        if row.size and row.cpu_us:
            series = row.name.removesuffix(f"/{row.size}")
            lines.setdefault(series, []).append((row.size, row.cpu_us))
    return lines


def _chart(bench: str, lines: dict[str, Line]) -> pygal.XY:
    costs = [cost for line in lines.values() for _, cost in line]
    chart = pygal.XY(
        js=[],  # no script from elsewhere
        title=f"{bench}: µs of CPU per operation",
        x_value_formatter=lambda exponent: f"{10**exponent:,.0f}",
        value_formatter=lambda point: f"{point:,.1f}",
        logarithmic=max(costs) / min(costs) > LOGARITHMIC_FROM,
        range=None if max(costs) / min(costs) > LOGARITHMIC_FROM else (0, max(costs) * 1.1),
        legend_at_bottom=True,
        disable_xml_declaration=False,
    )
    for series, line in lines.items():
        chart.add(series, [(math.log10(size), cost) for size, cost in line])
    return chart
