"""`rookery bench`: measure the hot paths, each beside its yardstick."""

import sys
from pathlib import Path

import click

ROOT = Path(__file__).parents[3]
FOLDER = Path("var/bench")
FILE_COLUMNS = 140
NAMES = (
    "home-read",
    "home-scroll",
    "home-rebuild",
    "post-create",
    "for-you",
    "live",
    "fan-out",
    "memory",
    "growth",
    "start",
    "search",
)


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
@click.option(
    "--json",
    "file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the rows of this run to a file.",
)
@click.option(
    "--users",
    type=click.IntRange(min=1_000),
    default=100_000,
    show_default=True,
    help="Largest network of `growth`: 1000000 takes some minutes to seed.",
)
def command(names: tuple[str, ...], file: Path | None, users: int) -> None:
    """Run the named benchmarks, or all of them, on servers of their own.

    The last rows of every benchmark stand in var/bench/latest.json, plots beside it. The exit status is 0 when all ran
    to their end, whatever their figures.
    """
    if not (ROOT / "bench").is_dir():
        raise click.ClickException("benchmarks come with the source tree, and this is an installed package")
    sys.path.insert(0, str(ROOT))
    import uvloop
    from bench.children import until_stopped
    from bench.main import Outcome, run
    from bench.plot import plot
    from bench.report import show, write, write_latest
    from rich.console import Console

    console = Console()
    if not console.is_terminal:  # a file takes the whole table
        console.width = FILE_COLUMNS
    outcome = Outcome()
    stopped_by = uvloop.run(until_stopped(run(outcome, names or NAMES, console, users_max=users)))
    write_latest(outcome.rows, [*outcome.took_s, *outcome.failures], FOLDER / "latest.json")
    if outcome.rows:
        show(outcome.rows, console)
    if file:
        write(outcome.rows, file)
    for picture in plot(outcome.rows, FOLDER):
        console.print(f"How its cost grows: {picture}")
    if stopped_by:
        sys.exit(128 + stopped_by)
    if outcome.failures:
        raise click.ClickException("; ".join(f"{name}: {reason}" for name, reason in outcome.failures.items()))
