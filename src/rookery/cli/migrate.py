"""`rookery migrate`: bring the database to the newest schema."""

import asyncio

import click

from rookery.kit.migrate import MigrationError, migrate
from rookery.kit.settings import load_settings, require


@click.command()
def command() -> None:
    """Apply the migrations that are missing, each in one transaction."""
    settings = load_settings()
    require(settings, "database_url")
    try:
        applied = asyncio.run(migrate(settings.database_url))
    except (MigrationError, OSError) as error:
        raise click.ClickException(str(error)) from error
    for name in applied:
        click.echo(f"applied {name}")
    if not applied:
        click.echo("the schema is up to date")
