"""Documents name only what exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FOLDERS = ("", "src/rookery", "docs")

# A path in backticks (with a slash or a suffix of ours), or the target of a link.
IN_BACKTICKS = re.compile(r"`([\w.@/-]+/[\w.@/-]*|[\w-]+\.(?:py|md|sql|sh|toml|ts|tsx|lua|yml|json))`")
LINKS = re.compile(r"\]\(([^)#:]+)\)")
# Said of every service's folder alike, or made at run time.
GENERIC = {
    "routes.py", "schemas.py", "service.py", "repository.py", "consumers.py", "errors.py", "queries.sql",
}  # fmt: skip
MADE = ("var/", "web/dist", "node_modules")


def named_paths(document: Path) -> set[str]:
    text = document.read_text("utf-8")
    return set(IN_BACKTICKS.findall(text)) - GENERIC | {target.strip() for target in LINKS.findall(text)}


def exists(document: Path, name: str) -> bool:
    if name.startswith(("/", "http")) or any(part in name for part in MADE):
        return True  # an address of the API, or made at run time
    return (document.parent / name).exists() or any((ROOT / folder / name).exists() for folder in FOLDERS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_named_paths_exist(document: Path) -> None:
    assert {name for name in named_paths(document) if not exists(document, name)} == set()


def test_flows_and_decisions_are_there() -> None:
    assert len(DOCUMENTS) > 10
