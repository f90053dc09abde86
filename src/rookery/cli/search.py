"""`rookery search`: make the read model of search anew."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rookery.cli.up import var_option
from rookery.embedded.attach import attached
from rookery.embedded.errors import EmbeddedError
from rookery.embedded.machine import current_environment

if TYPE_CHECKING:
    from rookery.kit.settings import Settings
    from rookery.search.reindex import Progress


@click.group()
def command() -> None:
    """What can be searched."""


@command.command("reindex")
@var_option
def reindex_command(var: Path) -> None:
    """Index all accounts and posts anew, while everything runs."""
    try:
        count = asyncio.run(reindex_machine(var))
    except EmbeddedError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Indexed {count:,} accounts and posts.")


async def reindex_machine(var: Path) -> int:
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    async with attached(var, current_environment()) as settings:
        with Bar(TextColumn("{task.description:>18}"), BarColumn(), TimeElapsedColumn()) as bar:
            task = bar.add_task("reading", total=None)
            return await reindex_all(settings, lambda what, done: bar.update(task, description=f"{done:,} {what}"))


async def reindex_all(settings: "Settings", progress: "Progress") -> int:
    """Opens the services of its own; `progress(what, done)` follows each page."""
    from rookery.gateway.wiring import Services
    from rookery.search.reindex import reindex

    services = Services(settings)
    await services.open()
    try:
        return await reindex(services.search.indexer, services.posts, services.users, progress)
    finally:
        await services.close()
