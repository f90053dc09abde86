"""`rookery keys`: the keys that sign access tokens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click

from rookery.kit.problems import Unavailable
from rookery.kit.resources import Resources
from rookery.kit.settings import load_settings
from rookery.kit.signing_keys import SigningKey, SigningKeys, rotate_signing_keys
from rookery.kit.telemetry import configure_logging


@click.group(name="keys")
def command() -> None:
    """Show or rotate the keys that sign access tokens."""


@command.command(name="list")
def list_keys() -> None:
    """Show the keys: the last one whose time has come signs."""
    asyncio.run(_list())


@command.command()
@click.option("--now", is_flag=True, help="For a leaked key: the new one signs at once, all others are void.")
def rotate(now: bool) -> None:
    """Make a new key; the worker does so by itself every 30 days."""
    click.echo(asyncio.run(_rotate(now)))


@asynccontextmanager
async def _resources() -> AsyncIterator[Resources]:
    """Logs go to stderr, so that stdout is what was asked for."""
    settings = load_settings()
    configure_logging(settings)
    resources = Resources(settings)
    try:
        await resources.open()
    except (Unavailable, OSError) as error:
        raise click.ClickException(f"the database does not answer: {error}") from error
    try:
        yield resources
    finally:
        await resources.close()


async def _published(resources: Resources) -> list[SigningKey]:
    return await SigningKeys(resources.database, resources.settings).published()


async def _list() -> None:
    async with _resources() as resources:
        for key in await _published(resources):
            click.echo(f"{key.kid}  signs from {key.signs_from:%Y-%m-%d %H:%M} UTC")


async def _rotate(now: bool) -> str:
    async with _resources() as resources:
        kid = await rotate_signing_keys(resources, force=True, at_once=now)
        keys = {key.kid: key for key in await _published(resources)}
    if kid is None:
        return "The next key is already published and has not begun to sign: nothing to do."
    if now:
        return f"{kid} signs from now on; everybody's access token must be refreshed."
    if len(keys) == 1:
        return f"{kid} signs from now on: it is the first key."
    return f"{kid} signs from {keys[kid].signs_from:%H:%M} UTC, when every process knows it."
