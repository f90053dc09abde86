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
    from rookery.kit.settings import Settings
    from rookery.seeding.network import Network, Wish
    from rookery.seeding.run import Progress

PASSWORD = "correct-horse-battery-staple"  # noqa: S105 - of made-up people, printed to whoever made them
DERIVED_USERS_MAX = 10_000  # of more people the rest takes longer than anybody wants to wait for


@click.command()
@click.option("--users", default=1_000, show_default=True, help="Accounts to make.")
@click.option("--posts", type=int, help="Posts that they wrote in the last 60 days.  [default: 10 for each user]")
@click.option("--follows", type=int, help="Follows among them.  [default: 20 for each user, or all that fit]")
@click.option("--seed", default=1, show_default=True, help="Another number, another network.")
@click.option("--until", type=click.DateTime(), help="The network's last moment, in UTC.  [default: now]")
@click.option(
    "derived",
    "--derive/--no-derive",
    default=True,
    help=f"Leave suggestions, trends and ranking, too, for up to {DERIVED_USERS_MAX:,} users.  [default: derive]",
)
@var_option
def command(
    users: int, posts: int | None, follows: int | None, seed: int, until: datetime | None, derived: bool, var: Path
) -> None:
    """Make users, follows, posts, likes and reposts, and say how to sign in as one of them."""
    from rookery.seeding.shape import SeedError

    until_ms = int((until.replace(tzinfo=UTC) if until else datetime.now(UTC)).timestamp() * 1000)
    started = time.monotonic()
    try:
        username, wish = asyncio.run(seed_machine(var, users, posts, follows, seed, until_ms, derived=derived))
    except (SeedError, EmbeddedError) as error:
        raise click.ClickException(str(error)) from error
    took_s = time.monotonic() - started
    click.echo(f"{wish.users:,} users, {wish.follows:,} follows and {wish.posts:,} posts in {took_s:.1f} s.")
    if not derived or users > DERIVED_USERS_MAX:
        click.echo("For suggestions, trends and ranking run: rookery suggestions rebuild, rookery trends rebuild")
        click.echo("and, while no worker runs, rookery rank rebuild.")
    click.echo(f"Sign in as {username}, or any other of them, with the password {PASSWORD}")


async def seed_machine(
    var: Path, users: int, posts: int | None, follows: int | None, seed: int, until_ms: int, *, derived: bool
) -> "tuple[str, Wish]":
    """Build and load the network; returns the name of its most followed writer, and how large it is."""
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

            username, network = await seed_database(settings, wish, PASSWORD, progress)
            if derived and users <= DERIVED_USERS_MAX:
                await derive(settings, network, progress)
            return username, wish


async def derive(settings: "Settings", network: "Network", progress: "Progress") -> None:
    """What workers would have made of the network: facts of ranking, suggestions, trends."""
    import asyncpg

    from rookery.cli.suggestions import rebuild_suggestions
    from rookery.cli.trends import rebuild_trends
    from rookery.gateway.wiring import Services
    from rookery.seeding.ranking import learn

    connection = await asyncpg.connect(settings.database_url)
    try:
        await learn(connection, network, progress)
    finally:
        await connection.close()
    services = Services(settings)
    await services.open()
    try:
        progress("suggestions", 0, 1)
        await rebuild_suggestions(services, lambda *_: None)
        progress("suggestions", 1, 1)
        progress("trends", 0, 1)
        await rebuild_trends(services, lambda *_: None)
        progress("trends", 1, 1)
    finally:
        await services.close()
