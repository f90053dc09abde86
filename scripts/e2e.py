"""Start a fresh Rookery on a free port and run the browser tests against it; `--apart`: each service a process."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_S = 120


def main() -> int:
    shape = [argument for argument in sys.argv[1:] if argument == "--apart"]
    options = [argument for argument in sys.argv[1:] if argument != "--apart"]
    with tempfile.TemporaryDirectory(prefix="rookery-e2e-") as folder:
        Path(folder).chmod(0o755)
        port = free_port()
        url = f"http://localhost:{port}"
        environment = {**os.environ, "ROOKERY_PUBLIC_URL": url, "ROOKERY_RATE_LIMITS": "false"}
        environment["ROOKERY_LINK_CARDS"] = "false"  # no test asks the world
        environment["ROOKERY_TRENDS_ACCOUNT_AGE_S"] = "0"  # nobody here is a day old
        command = [sys.executable, "-m", "rookery", "up", "--var", f"{folder}/var", "--port", str(port), *shape]
        server = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            wait_until_ready(server, url)
            tests = ["npx", "playwright", "test", *options]
            told = {"ROOKERY_E2E_URL": url, "ROOKERY_E2E_LINKER": post_cards(f"{folder}/var", url, environment)}
            return subprocess.run(tests, cwd=ROOT / "web", env={**os.environ, **told}).returncode
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=60)


def post_cards(var: str, url: str, environment: dict[str, str]) -> str:
    """Who has posts with link cards: the server itself fetches none here."""
    command = [sys.executable, "scripts/e2e_cards.py", var, url]
    done = subprocess.run(
        command, cwd=ROOT, env={**environment, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout.splitlines()[-1]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_until_ready(server: "subprocess.Popen[bytes]", url: str) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SystemExit(f"rookery up ended with {server.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
                if json.load(answer)["status"] == "ready":
                    return
                time.sleep(0.1)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("rookery up did not become ready")


if __name__ == "__main__":
    sys.exit(main())
