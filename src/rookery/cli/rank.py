"""`rookery rank`: make what ranking has learnt anew, or hold it against what people then engaged with."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from rookery.cli.up import var_option
from rookery.embedded.attach import attached
from rookery.embedded.errors import EmbeddedError
from rookery.embedded.machine import current_environment

if TYPE_CHECKING:
    from rookery.kit.settings import Settings
    from rookery.timelines.ranking.evaluation import Evaluation


@click.group()
def command() -> None:
    """What the ranked timeline has learnt from acts."""


@command.command("rebuild")
@var_option
def rebuild_command(var: Path) -> None:
    """Learn anew from all acts that stand. Stop the workers before."""
    click.echo(f"Learnt from {_run(var, rebuild_all):,} acts and posts.")


@command.command("evaluate")
@click.option("--readers", default=500, show_default=True, help="Readers to rank for.")
@var_option
def evaluate_command(var: Path, readers: int) -> None:
    """Compare the ranking with newest first, on the last day of likes. Changes nothing; locks tables meanwhile."""
    found = _run(var, lambda settings: evaluate_past(settings, readers))
    click.echo(f"{found.readers:,} readers, {found.held_out:,} posts held out, {found.found:.0%} among the candidates")
    click.echo(f"{'':32} recall@20  NDCG@20      MRR")
    for name, each in found.measures.items():
        click.echo(f"{name:32} {each.recall:9.3f} {each.ndcg:8.3f} {each.mrr:8.3f}")


def _run(var: Path, action: Any) -> Any:
    async def run() -> Any:
        async with attached(var, current_environment()) as settings:
            return await action(settings)

    try:
        return asyncio.run(run())
    except (EmbeddedError, ValueError) as error:
        raise click.ClickException(str(error)) from error


async def rebuild_all(settings: "Settings") -> int:
    import asyncpg

    from rookery.kit.ids import wall_clock_ms
    from rookery.timelines.ranking.rebuild import rebuild

    connection = await asyncpg.connect(settings.database_url)
    try:
        return await rebuild(connection, wall_clock_ms())
    finally:
        await connection.close()


async def evaluate_past(settings: "Settings", readers: int) -> "Evaluation":
    import asyncpg

    from rookery.kit.database import Database
    from rookery.kit.resources import Resources
    from rookery.timelines.ranking.evaluation import OneConnection, evaluate
    from rookery.users.service import Users

    connection = await asyncpg.connect(settings.database_url)
    try:
        resources = Resources(settings)
        resources.database = cast(Database, OneConnection(connection))
        return await evaluate(connection, resources, Users(resources), readers=readers)
    finally:
        await connection.close()
