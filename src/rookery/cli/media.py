"""`rookery media`: how much pictures and videos take, in all and of whom."""

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
    from rookery.media.repository import AccountUsage, TotalUsage


@click.group()
def command() -> None:
    """Pictures and videos."""


@command.command("usage")
@click.option(
    "-n", "--accounts", default=20, show_default=True, type=click.IntRange(0, 10_000), help="How many to list."
)
@var_option
def usage_command(var: Path, accounts: int) -> None:
    """Show how much all media take, and whose take most."""

    async def run() -> "tuple[TotalUsage, list[AccountUsage]]":
        async with attached(var, current_environment()) as settings:
            return await usage(settings, accounts)

    try:
        total, listed = asyncio.run(run())
    except EmbeddedError as error:
        raise click.ClickException(str(error)) from error
    click.echo(report(total, listed))


async def usage(settings: "Settings", accounts: int) -> "tuple[TotalUsage, list[AccountUsage]]":
    """Reads every row of media: for reports, not for requests."""
    from rookery.kit.database import Database
    from rookery.media.repository import MediaRepository

    database = Database(settings.database_url, size=1)
    await database.open()
    try:
        repository = MediaRepository(database)
        return await repository.usage_in_total(), await repository.usage_of_all(accounts)
    finally:
        await database.close()


def report(total: "TotalUsage", accounts: "list[AccountUsage]") -> str:
    lines = [f"{total.count:,} pictures and videos of {total.users:,} accounts take {megabytes(total.bytes)}."]
    if total.card_count:
        lines.append(f"{total.card_count:,} pictures of link cards take {megabytes(total.card_bytes)}.")
    if accounts:
        lines.append(f"{'account':24} {'files':>8} {'all':>14} {'videos':>14}")
    for each in accounts:
        lines.append(
            f"{'@' + each.username:24} {each.count:8,} {megabytes(each.bytes):>14} {megabytes(each.video_bytes):>14}"
        )
    return "\n".join(lines)


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
