"""`rookery openapi`, and the copy of its output from which the web app's types are made."""

import json
from pathlib import Path

from click.testing import CliRunner

from rookery.cli import main

COPY = Path(__file__).parents[2] / "web" / "openapi.json"


def test_prints_the_description_without_servers() -> None:
    result = CliRunner().invoke(main, ["openapi"])
    assert result.exit_code == 0, result.output
    document = json.loads(result.output)
    assert document["openapi"].startswith("3.1")
    assert result.output == CliRunner().invoke(main, ["openapi"]).output


def test_the_web_apps_copy_is_up_to_date() -> None:
    """`make openapi` brings it up to date."""
    assert CliRunner().invoke(main, ["openapi"]).output == COPY.read_text()
