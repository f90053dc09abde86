"""A real SMTP server as a process of its own, for tests of mail.

`python -m tests.smtp_server FOLDER [--cert FILE --key FILE --smtps | --starttls] [--user NAME --password TEXT]` prints
its port, keeps each mail as a file in FOLDER, answers 451 to recipients `busy...` and 550 to recipients `gone...`.
"""

import argparse
import asyncio
import contextlib
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

START_TIMEOUT_S = 30.0


class SmtpProcess:
    """Where the server listens, and what it has accepted."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port = port
        self.folder = folder

    def mails(self, recipient: str = "") -> list[EmailMessage]:
        """Accepted mails in order of arrival."""
        paths = sorted(self.folder.glob("*.eml"))
        mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
        return [mail for mail in mails if recipient in str(mail["X-RcptTo"])]


@asynccontextmanager
async def smtp_server(folder: Path, *options: str, port: int = 0) -> AsyncIterator[SmtpProcess]:
    """Run the server until the end of the block."""
    command = [sys.executable, "-m", "tests.smtp_server", str(folder), "--port", str(port), *options]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), START_TIMEOUT_S)
        yield SmtpProcess(int(line), folder)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


class _Handler:
    """Keeps what it accepts; the name of the recipient says how it answers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address.startswith("busy"):
            return "451 4.3.0 try again later"
        if address.startswith("gone"):
            return "550 5.1.1 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self._count += 1
        tls = "yes" if session.ssl is not None or server.transport.get_extra_info("sslcontext") else "no"
        head = f"X-RcptTo: {', '.join(envelope.rcpt_tos)}\r\nX-MailFrom: {envelope.mail_from}\r\nX-Tls: {tls}\r\n"
        head += f"X-Authenticated: {session.authenticated}\r\n"
        partial = self._folder / f".{self._count:06}"
        partial.write_bytes(head.encode() + envelope.content)
        partial.rename(self._folder / f"{self._count:06}.eml")
        return "250 OK"


async def _serve(arguments: argparse.Namespace) -> None:
    from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        expected = LoginPassword(arguments.user.encode(), arguments.password.encode())
        return AuthResult(success=data == expected, handled=False)  # the server writes the reply

    context = None
    if arguments.cert:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(arguments.cert, arguments.key)
    options: dict[str, Any] = {"tls_context": context, "require_starttls": True} if arguments.starttls else {}
    if arguments.user:
        options |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": context is not None}
        options["auth_require_tls"] = arguments.starttls
    handler = _Handler(Path(arguments.folder))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", **options),
        "127.0.0.1",
        arguments.port,
        ssl=context if arguments.smtps else None,
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--port", type=int, default=0)
    for name in ("--cert", "--key", "--user", "--password"):
        parser.add_argument(name, default="")
    for name in ("--smtps", "--starttls"):
        parser.add_argument(name, action="store_true")
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
