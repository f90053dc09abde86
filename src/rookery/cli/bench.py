"""`rookery bench`: measure the hot paths, each beside its yardstick."""

import asyncio
import sys
from pathlib import Path

import click

ROOT = Path(__file__).parents[3]
LATEST = Path("var/bench/latest.json")
NAMES = ("home-read", "post-create", "fan-out")


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the rows to this file too.")
def command(names: tuple[str, ...], file: Path | None) -> None:
    """Run the named benchmarks, or all of them, on servers of their own."""
    if not (ROOT / "bench").is_dir():
        raise click.ClickException("benchmarks come with the source tree, and this is an installed package")
    sys.path.insert(0, str(ROOT))
    from bench.main import run
    from bench.report import show, write
    from bench.wrk import MissingToolError

    try:
        rows = asyncio.run(run(names or NAMES))
    except MissingToolError as error:
        raise click.ClickException(str(error)) from error
    write(rows, [LATEST, *([file] if file else [])])
    show(rows)
