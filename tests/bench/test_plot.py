"""Plots: one for each benchmark whose rows have several sizes."""

from pathlib import Path

from bench.plot import plot
from bench.report import Row


def rows(name: str, *figures: tuple[int, float]) -> list[Row]:
    common = {"unit": "ms", "yardstick": 5.0, "target": 2.0}
    return [
        Row(name=f"{name}/{size}", value=value, ratio=value / 5, cpu_us=value, size=size, **common)  # type: ignore[arg-type]
        for size, value in figures
    ]


def test_there_is_a_picture_where_cost_can_grow(tmp_path: Path) -> None:
    steep = rows("growth/home-read", (1_000, 1.0), (10_000, 2.0), (100_000, 400.0))
    flat = rows("growth/post-create", (1_000, 3.0), (10_000, 3.0))
    written = plot([*steep, *flat, *rows("live", (1_000, 5.0)), Row(name="start", value=1.0, unit="s")], tmp_path)
    assert written == [tmp_path / "growth.svg"]
    picture = written[0].read_text()
    assert picture.lstrip().startswith("<?xml") and "</svg>" in picture
    assert "<script" not in picture
    for text in ("growth/home-read", "growth/post-create, wanted: at most", "µs CPU", "100,000"):
        assert f"<!-- {text} -->" in picture  # where letters are drawn, the text stands in a comment


def test_nothing_is_drawn_of_nothing(tmp_path: Path) -> None:
    assert plot([], tmp_path) == []
    written = plot(rows("memory", (1, 0.0), (2, 0.0)), tmp_path)
    assert [path.name for path in written] == ["memory.svg"]
