"""`rookery mail`: the mails that a machine without a mail server keeps in a folder."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import click

from rookery.kit.settings import load_settings


@click.command()
@click.option("--dir", "folder", type=click.Path(path_type=Path), help="Folder of mails  [default: ROOKERY_MAIL_DIR]")
@click.option("-n", "--last", type=click.IntRange(1), default=5, show_default=True, help="How many, newest last.")
@click.option("--to", "address", default="", help="Only mails to this address.")
def command(folder: Path | None, last: int, address: str) -> None:
    """Show the newest mails of the mail folder."""
    folder = folder or Path(load_settings().mail_dir)
    try:
        mails = newest(folder, last, address)
    except OSError as error:
        raise click.ClickException(f"{error.strerror}: {error.filename}") from error
    if not mails:
        click.echo(f"No mails in {folder}.")
    for mail in mails:
        click.echo(show(mail))


def newest(folder: Path, count: int, address: str = "") -> list[EmailMessage]:
    """The last `count` mails (to `address`, if given), oldest first. No folder is no mail."""
    found: list[EmailMessage] = []
    for mail in _newest_first(folder):
        if len(found) == count:
            break
        if address.lower() in str(mail["To"]).lower():
            found.append(mail)
    return found[::-1]


def _newest_first(folder: Path) -> Iterator[EmailMessage]:
    """Names order by time. What is no mail of ours is shown as well as it can be."""
    for path in sorted(folder.glob("[!.]*.eml"), reverse=True):
        yield message_from_bytes(path.read_bytes(), policy=policy.default)


def show(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    head = "\n".join(f"{name}: {mail[name]}" for name in ("Date", "To", "Subject"))
    return f"{head}\n\n{'' if body is None else body.get_content()}{'-' * 72}"
