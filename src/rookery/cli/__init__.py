"""The command line: one module for each command, imported only when it is called.

A module `rookery.cli.<name>` holds a click command named `command`; the table below makes it known.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

# Name of the command (and of its module, with - as _), and what it does in one line.
COMMANDS: Mapping[str, str] = {
    "up": "Start everything on this machine.",
    "doctor": "Say what is wrong here, and how to mend it.",
    "migrate": "Bring the database to the newest schema.",
    "serve": "Run the web server.",
    "work": "Run the consumers of events.",
    "mail": "Show the mails of a machine without a mail server.",
    "keys": "Show or rotate the keys that sign access tokens.",
    "openapi": "Print the description of the API.",
    "seed": "Fill the database with a made-up network.",
    "media": "Say how much pictures and videos take.",
    "rank": "Make what ranking has learnt anew, or evaluate it.",
    "trends": "Hide or show trends, or compute them anew.",
    "suggestions": "Learn anew whom to suggest.",
    "bench": "Measure the hot paths, each beside its yardstick.",
}


class LazyGroup(click.Group):
    """Lists its commands from the table, so that `--help` imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"rookery.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """A wrong setting is one line at the terminal, whichever command read it."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            from rookery.kit.settings import SettingsError

            if isinstance(error, SettingsError):
                raise click.ClickException(str(error)) from error
            raise


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rookery")
def main() -> None:
    """Rookery: an open microblog."""
