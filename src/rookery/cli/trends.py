"""`rookery trends`: keep a trend out, let one back in, or compute all anew."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rookery.cli.up import var_option
from rookery.embedded.attach import attached
from rookery.embedded.errors import EmbeddedError
from rookery.embedded.machine import current_environment

if TYPE_CHECKING:
    from rookery.gateway.wiring import Services

Action = Callable[["Services"], Awaitable[Any]]

reason_option = click.option("--reason", default="", help="Why, for the record.")


@click.group()
def command() -> None:
    """What is trending."""


@command.command("hide")
@click.argument("name")
@reason_option
@var_option
def hide_command(name: str, reason: str, var: Path) -> None:
    """Keep a hashtag, phrase, link or all links of a host from trending, in any spelling."""
    from rookery.search.trends.moderation import hide

    topic = run_here(var, lambda services: hide(services.trends.repository, name, reason, getpass.getuser()))
    click.echo(f"Hidden, in any spelling: {topic}")


@command.command("show")
@click.argument("name")
@reason_option
@var_option
def show_command(name: str, reason: str, var: Path) -> None:
    """Let what was hidden trend again."""
    from rookery.search.trends.moderation import show

    topic = run_here(var, lambda services: show(services.trends.repository, name, reason, getpass.getuser()))
    click.echo(f"May trend again: {topic}")


@command.command("hidden")
@var_option
def hidden_command(var: Path) -> None:
    """List what is hidden: since when, by whom and why."""
    from rookery.search.trends.moderation import LISTED_MAX

    for row in run_here(var, lambda services: services.trends.repository.hidden(LISTED_MAX)):
        since = f"{row['decided_at']:%Y-%m-%d} by {row['decided_by']}"
        click.echo(f"{row['topic']}  {row['name']!r}, since {since}. {row['reason']}")


@command.command("rebuild")
@var_option
def rebuild_command(var: Path) -> None:
    """Read the posts of the last two days anew, and compute what is trending."""
    click.echo(f"\rRead {run_here(var, rebuild_trends):,} posts.")


def show_progress(what: str, count: int) -> None:
    click.echo(f"\r{count:,} {what}", nl=False, err=True)


async def rebuild_trends(services: "Services", progress: Callable[[str, int], None] = show_progress) -> int:
    from rookery.kit.ids import wall_clock_ms
    from rookery.search.trends.rebuild import rebuild

    trends = services.trends
    return await rebuild(
        trends.repository, trends.noting, services.posts, wall_clock_ms(), lambda read: progress("posts", read)
    )


def run_here(var: Path, action: Action) -> Any:
    """What `action` makes of the services, on this machine's servers or those of the environment."""

    async def run() -> Any:
        from rookery.gateway.wiring import Services

        async with attached(var, current_environment()) as settings:
            services = Services(settings)
            await services.open()
            try:
                return await action(services)
            finally:
                await services.close()

    from rookery.kit.problems import Problem

    try:
        return asyncio.run(run())
    except (EmbeddedError, Problem, ValueError) as error:
        raise click.ClickException(str(error)) from error
