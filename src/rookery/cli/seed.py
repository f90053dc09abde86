"""`rookery seed`: fill the database with a made-up network of realistic shape."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rookery.cli.up import var_option
from rookery.embedded.attach import attached
from rookery.embedded.errors import EmbeddedError
from rookery.embedded.machine import current_environment

if TYPE_CHECKING:
    from rookery.gateway.wiring import Services
    from rookery.seeding.network import Wish

LEARNT_USERS_MAX = 20_000  # half a minute
PASSWORD = "correct-horse-battery-staple"  # noqa: S105 - of made-up people, printed to whoever made them


@click.command()
@click.option("--users", default=1_000, show_default=True, help="Accounts to make.")
@click.option("--posts", type=int, help="Posts that they wrote in the last 60 days.  [default: 10 for each user]")
@click.option("--follows", type=int, help="Follows among them.  [default: 20 for each user, or all that fit]")
@click.option("--seed", default=1, show_default=True, help="Another number, another network.")
@click.option("--until", type=click.DateTime(), help="The network's last moment, in UTC.  [default: now]")
@click.option(
    "learnt",
    "--learn/--no-learn",
    default=True,
    help=f"Compute what is trending and whom to follow, too, for up to {LEARNT_USERS_MAX:,} users.  [default: learn]",
)
@var_option
def command(
    users: int, posts: int | None, follows: int | None, seed: int, until: datetime | None, learnt: bool, var: Path
) -> None:
    """Make users, follows, posts, likes and reposts, and say how to sign in as one of them."""
    from rookery.seeding.shape import SeedError

    until_ms = int((until.replace(tzinfo=UTC) if until else datetime.now(UTC)).timestamp() * 1000)
    started = time.monotonic()
    try:
        username, wish = asyncio.run(seed_machine(var, users, posts, follows, seed, until_ms))
    except (SeedError, EmbeddedError) as error:
        raise click.ClickException(str(error)) from error
    took_s = time.monotonic() - started
    click.echo(f"{wish.users:,} users, {wish.follows:,} follows and {wish.posts:,} posts in {took_s:.1f} s.")
    if learnt and users <= LEARNT_USERS_MAX:
        learn_here(var)
    else:
        click.echo("`rookery trends rebuild` and `rookery suggestions rebuild` make both know of them.")
    click.echo(f"Sign in as {username}, or any other of them, with the password {PASSWORD}")


def learn_here(var: Path) -> None:
    from rookery.cli.trends import run_here

    click.echo("Learning from them ...", err=True)
    run_here(var, learn)
    click.echo("", err=True)


async def learn(services: "Services") -> None:
    """Make trends and suggestions anew, from all posts that are there."""
    from rookery.cli.suggestions import rebuild_suggestions
    from rookery.cli.trends import rebuild_trends

    await rebuild_trends(services)
    await rebuild_suggestions(services)


async def seed_machine(
    var: Path, users: int, posts: int | None, follows: int | None, seed: int, until_ms: int
) -> "tuple[str, Wish]":
    """Build and load the network; returns the name to sign in with, and how large it is."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from rookery.seeding.network import Wish, check_wish, usual_follows, usual_posts
    from rookery.seeding.run import seed_database

    async with attached(var, current_environment()) as settings:
        wish = Wish(
            users=users,
            posts=usual_posts(users) if posts is None else posts,
            follows=usual_follows(users, settings.following_max) if follows is None else follows,
            seed=seed,
            until_ms=until_ms,
            following_max=settings.following_max,
            fanout_threshold=settings.fanout_threshold,
        )
        check_wish(wish)
        columns = (TextColumn("{task.description:>18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns) as bar:
            tasks: dict[str, int] = {}

            def progress(what: str, done: int, total: int) -> None:
                if what not in tasks:
                    tasks[what] = bar.add_task(what, total=total)
                bar.update(tasks[what], completed=done, total=total)  # type: ignore[arg-type]

            return await seed_database(settings, wish, PASSWORD, progress), wish
