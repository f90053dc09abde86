"""`rookery suggestions`: learn anew what accounts and posts are about."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rookery.cli.trends import run_here, show_progress
from rookery.cli.up import var_option

if TYPE_CHECKING:
    from rookery.gateway.wiring import Services


@click.group()
def command() -> None:
    """Whom to follow, and posts like a post."""


@command.command("rebuild")
@var_option
def rebuild_command(var: Path) -> None:
    """Read posts and likes of the last 90 days anew. Workers may run meanwhile."""
    run_here(var, rebuild_suggestions)
    click.echo("\rDone.")


async def rebuild_suggestions(services: "Services", progress: Callable[[str, int], None] = show_progress) -> None:
    from rookery.kit.ids import wall_clock_ms
    from rookery.search.suggestions.rebuild import rebuild

    repository = services.suggestions.repository
    await rebuild(repository, services.users, services.posts, wall_clock_ms(), progress)
