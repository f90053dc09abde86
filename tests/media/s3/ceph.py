"""A whole Ceph on this machine, in memory: one monitor, one OSD, and radosgw, which speaks S3 and checks signatures."""

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
import uuid
from datetime import timedelta
from pathlib import Path

import httpx
import obstore
from obstore.store import S3Store

PROGRAMS = ("ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "ceph", "ceph-authtool", "monmaptool")
TOOLS = ("monmaptool", "ceph-authtool")  # that take no configuration
START_S = 90
STOP_S = 10

CONF = """
[global]
fsid = {fsid}
mon host = [v2:127.0.0.1:{mon_port}]
public addr = 127.0.0.1
public network = 127.0.0.0/8
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
mon allow pool size one = true
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 2147483648
osd class load list = *
osd class default list = *
run dir = {folder}
admin socket = {folder}/$name.asok
log file = {folder}/$name.log
mon data = {folder}/mon
osd data = {folder}/osd
rgw data = {folder}/rgw
keyring = {folder}/keyring
rgw frontends = beast endpoint=127.0.0.1:{port}
"""


def missing_programs() -> list[str]:
    return [name for name in PROGRAMS if shutil.which(name) is None]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Ceph:
    """`start` returns when S3 answers at `url`; `stop` ends every process that was started."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._conf = folder / "ceph.conf"
        self._running: list[subprocess.Popen[bytes]] = []
        self._mon_port = free_port()
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        for name in ("mon", "osd", "rgw"):
            (self._folder / name).mkdir()
        keyring = str(self._folder / "keyring")
        self._run("ceph-authtool", keyring, "--create-keyring", "--gen-key", "-n", "mon.", "--cap", "mon", "allow *")
        caps = ("--cap", "mon", "allow *", "--cap", "osd", "allow *")
        self._run("ceph-authtool", keyring, "--gen-key", "-n", "client.admin", *caps)
        self._run("ceph-authtool", keyring, "--gen-key", "-n", "osd.0", *caps)
        fsid = str(uuid.uuid4())
        self._conf.write_text(CONF.format(fsid=fsid, folder=self._folder, mon_port=self._mon_port, port=self.port))
        monmap = str(self._folder / "monmap")
        self._run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", f"[v2:127.0.0.1:{self._mon_port}]", monmap)
        self._run("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap, "--keyring", keyring)
        self._spawn("ceph-mon", "-i", "a", "-f")
        osd_uuid = str(uuid.uuid4())
        self._run("ceph", "osd", "new", osd_uuid)  # the first has the number 0
        self._run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd_uuid)
        self._spawn("ceph-osd", "-i", "0", "-f")
        self._spawn("radosgw", "-n", "client.admin", "-f")
        self._wait()

    def create_user(self, access_key: str, secret_key: str) -> None:
        self._run(
            "radosgw-admin", "user", "create", "--uid", access_key.lower(), "--display-name", access_key,
            "--access-key", access_key, "--secret-key", secret_key,
        )  # fmt: skip

    def create_bucket(self, bucket: str, access_key: str, secret_key: str) -> None:
        """By a signed address, since obstore signs for any path and creates no buckets itself."""
        store = S3Store(
            bucket,
            endpoint=self.url,
            region="default",
            access_key_id=access_key,
            secret_access_key=secret_key,
            client_options={"allow_http": True},
        )
        address = obstore.sign(store, "PUT", "", timedelta(minutes=1))
        httpx.put(address).raise_for_status()

    def stop(self) -> None:
        for process in reversed(self._running):
            process.terminate()
        for process in self._running:
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [program, *arguments] if program in TOOLS else [program, "-c", str(self._conf), *arguments],
            env={**os.environ, "CEPH_CONF": str(self._conf)},
            capture_output=True,
            timeout=START_S,
            text=True,
        )
        assert done.returncode == 0, f"{program} {arguments}: {done.stderr}"
        return done.stdout

    def _spawn(self, program: str, *arguments: str) -> None:
        output = (self._folder / f"{program}.out").open("wb")
        with output:
            self._running.append(
                subprocess.Popen([program, "-c", str(self._conf), *arguments], stdout=output, stderr=output)
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + START_S
        while True:
            try:
                urllib.request.urlopen(self.url, timeout=2).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                assert time.monotonic() < deadline, (self._folder / "radosgw.out").read_text()[-2000:]
                assert all(process.poll() is None for process in self._running), "a part of Ceph has ended"
                time.sleep(0.3)
