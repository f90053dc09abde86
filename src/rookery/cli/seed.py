"""`rookery seed`: fill the database with a made-up network of realistic shape."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from rookery.cli.up import var_option
from rookery.embedded.attach import attached
from rookery.embedded.errors import EmbeddedError
from rookery.embedded.machine import current_environment

PASSWORD = "correct-horse-battery-staple"  # noqa: S105 - of made-up people, printed to whoever made them


@click.command()
@click.option("--users", default=1_000, show_default=True, help="Accounts to make.")
@click.option("--posts", default=10_000, show_default=True, help="Posts that they wrote in the last 60 days.")
@click.option("--follows", default=20_000, show_default=True, help="Follows among them.")
@click.option("--seed", default=1, show_default=True, help="Another number, another network.")
@click.option("--until", type=click.DateTime(), help="The network's last moment, in UTC.  [default: now]")
@var_option
def command(users: int, posts: int, follows: int, seed: int, until: datetime | None, var: Path) -> None:
    """Make users, follows, posts, likes and reposts, and say how to sign in as one of them."""
    from rookery.seeding.shape import SeedError

    until_ms = int((until.replace(tzinfo=UTC) if until else datetime.now(UTC)).timestamp() * 1000)
    started = time.monotonic()
    try:
        username = asyncio.run(seed_machine(var, users, posts, follows, seed, until_ms))
    except (SeedError, EmbeddedError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{users:,} users, {follows:,} follows and {posts:,} posts in {time.monotonic() - started:.1f} s.")
    click.echo(f"Sign in as {username}, or any other of them, with the password {PASSWORD}")


async def seed_machine(var: Path, users: int, posts: int, follows: int, seed: int, until_ms: int) -> str:
    """Build and load the network; returns the name of its most followed account."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from rookery.seeding.network import Wish, check_wish
    from rookery.seeding.run import seed_database

    async with attached(var, current_environment()) as settings:
        wish = Wish(
            users=users,
            posts=posts,
            follows=follows,
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
                bar.update(tasks[what], completed=done)  # type: ignore[arg-type]

            return await seed_database(settings, wish, PASSWORD, progress)
