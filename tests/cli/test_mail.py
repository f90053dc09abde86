from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rookery.cli import main
from rookery.kit.mail import FolderMailer, Mail

FROM = "Rookery <no-reply@rookery.test>"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["mail", *arguments])


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    mailer = FolderMailer(tmp_path / "mail", FROM)
    for name in ("ana", "ben", "cem"):
        await mailer.send(
            Mail(f"{name}@example.org", f"Grüße, {name}", f"http://rookery.test/{name}\n", f"<p>{name}</p>")
        )
    return tmp_path / "mail"


def test_newest_last(folder: Path) -> None:
    result = run("--dir", str(folder), "-n", "2")
    assert result.exit_code == 0
    assert "ana@example.org" not in result.output
    assert result.output.index("Subject: Grüße, ben") < result.output.index("http://rookery.test/cem")
    assert "<p>" not in result.output


def test_of_one_person(folder: Path) -> None:
    result = run("--dir", str(folder), "--to", "ANA@example.org")
    assert "http://rookery.test/ana" in result.output
    assert "ben" not in result.output


def test_from_settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOKERY_MAIL_DIR", str(folder))
    assert "cem@example.org" in run().output


def test_no_folder(tmp_path: Path) -> None:
    result = run("--dir", str(tmp_path / "none"))
    assert (result.exit_code, result.output) == (0, f"No mails in {tmp_path / 'none'}.\n")


def test_half_written_and_foreign_files(folder: Path) -> None:
    (folder / ".20990101T000000.000000Z-half").write_text("To: half@example.org\n\n")
    (folder / "notes.txt").write_text("To: notes@example.org\n\n")
    (folder / "20990101T000000.000000Z-odd.eml").write_bytes(b"\xff\xfe no mail at all")
    result = run("--dir", str(folder))
    assert result.exit_code == 0
    assert "half@" not in result.output
    assert "notes@" not in result.output
    assert "cem@example.org" in result.output
