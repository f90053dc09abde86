"""`rookery keys`: the keys that sign access tokens."""

import asyncio

import click

from rookery.kit.resources import Resources
from rookery.kit.settings import load_settings
from rookery.kit.signing_keys import PUBLISH_AHEAD, SigningKeys, rotate_signing_keys


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


async def _list() -> None:
    resources = Resources(load_settings())
    await resources.database.open()
    try:
        for key in await SigningKeys(resources.database, resources.settings).published():
            click.echo(f"{key.kid}  signs from {key.signs_from:%Y-%m-%d %H:%M} UTC")
    finally:
        await resources.database.close()


async def _rotate(now: bool) -> str:
    resources = Resources(load_settings())
    await resources.open()
    try:
        kid = await rotate_signing_keys(resources, force=True, at_once=now)
    finally:
        await resources.close()
    if kid is None:
        return "The next key is already published and has not begun to sign: nothing to do."
    if now:
        return f"{kid} signs from now on; everybody's access token must be refreshed."
    return f"{kid} signs in {PUBLISH_AHEAD.total_seconds() / 60:.0f} minutes, when every process knows it."
