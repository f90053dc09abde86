"""The command line as a whole."""

import subprocess
import sys
from importlib.metadata import entry_points

import click
import pytest
from click.testing import CliRunner

from rookery.cli import COMMANDS, main

# What makes a start slow; a list of commands needs none of it.
HEAVY = {"asyncio", "asyncpg", "litestar", "uvicorn", "msgspec", "psutil", "rich"}


def test_help_lists_every_command_and_imports_none() -> None:
    script = (
        "import sys; from rookery.cli import main\n"
        "try: main(['--help'])\n"
        "finally: sys.stderr.write(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    modules = set(done.stderr.split())
    assert not HEAVY & modules
    assert {name for name in modules if name.startswith("rookery")} == {"rookery", "rookery.cli"}
    for name, text in COMMANDS.items():
        assert name in done.stdout and text in done.stdout


def test_python_m_and_the_script_are_the_same_command() -> None:
    done = subprocess.run([sys.executable, "-m", "rookery", "--help"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: rookery ")
    (script,) = entry_points(group="console_scripts", name="rookery")
    assert script.load() is main


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_explains_itself(name: str) -> None:
    done = CliRunner().invoke(main, [name, "--help"])
    assert done.exit_code == 0, done.output
    assert name in done.output.splitlines()[0]
    command = main.get_command(click.Context(main), name)
    assert command is not None and command.help


def test_an_unknown_command_is_refused() -> None:
    done = CliRunner().invoke(main, ["fly"])
    assert done.exit_code == 2
    assert "No such command 'fly'" in done.output
