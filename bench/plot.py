"""How cost grows: one SVG per benchmark that has rows of several sizes; a panel per unit, a line per series."""

from itertools import groupby
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator
from msgspec import Struct

from bench.report import Row

LOGARITHMIC_FROM = 20.0  # largest over smallest value from which a linear axis would show one line only
PANEL_WIDTH, HEIGHT = 6.4, 4.4  # inches
CPU = "µs CPU"


class Point(Struct, frozen=True):
    """A value at a size, and the value from which the target is met; None where there is no target."""

    size: int
    value: float
    bound: float | None = None
    at_most: bool = True


Panel = dict[str, list[Point]]  # by series: the row's name without its size


def plot(rows: list[Row], folder: Path) -> list[Path]:
    """Write `folder/BENCH.svg` for each benchmark (the name before the first slash) with a line of two points."""
    written = []
    for bench, of_bench in groupby(rows, key=lambda row: row.bench):
        panels = _panels(list(of_bench))
        if panels:
            folder.mkdir(parents=True, exist_ok=True)
            written.append(folder / f"{bench}.svg")
            _figure(bench, panels).savefig(written[-1], facecolor="white")
    return written


def _panels(rows: list[Row]) -> dict[str, Panel]:
    """Values by unit, and CPU time per operation; only series of several sizes."""
    panels: dict[str, Panel] = {}
    for row in sorted(rows, key=lambda row: row.size or 0):
        if row.size is None:
            continue
        series = row.name.removesuffix(f"/{row.size}")
        panels.setdefault(row.unit, {}).setdefault(series, []).append(
            Point(row.size, row.value, row.bound, row.at_most)
        )
        if row.cpu_us is not None and row.unit != CPU:
            panels.setdefault(CPU, {}).setdefault(series, []).append(Point(row.size, row.cpu_us))
    lines = {unit: {name: line for name, line in panel.items() if len(line) > 1} for unit, panel in panels.items()}
    return {unit: panel for unit, panel in lines.items() if panel}


def _figure(bench: str, panels: dict[str, Panel]) -> Figure:
    figure = Figure(figsize=(PANEL_WIDTH * len(panels), HEIGHT), layout="constrained")
    figure.suptitle(bench)
    for axes, (unit, panel) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True):
        _draw(axes, unit, panel)
    return figure


def _draw(axes: Axes, unit: str, panel: Panel) -> None:
    axes.set_xscale("log")
    for series, line in panel.items():
        [drawn] = axes.plot([point.size for point in line], [point.value for point in line], marker="o", label=series)
        if bounds := [(point.size, point.bound) for point in line if point.bound is not None]:
            axes.plot(
                [size for size, _ in bounds],
                [bound for _, bound in bounds],
                marker="_",  # one point alone makes no line
                markersize=16,
                linestyle="--",
                linewidth=1,
                color=drawn.get_color(),
                label=f"{series}, wanted: at {'most' if line[0].at_most else 'least'}",
            )
    figures = [figure for line in panel.values() for point in line for figure in (point.value, point.bound) if figure]
    if figures and max(figures) / min(figures) > LOGARITHMIC_FROM:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)
    sizes = sorted({point.size for line in panel.values() for point in line})
    axes.set_xticks(sizes)
    axes.xaxis.set_major_formatter(FuncFormatter(_number))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(_number))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("size")
    axes.set_ylabel(unit)
    axes.grid(visible=True, color="#dddddd", linewidth=0.6)
    axes.legend(fontsize="small", ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.15))


def _number(value: float, _: int) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:,.2g}"
