"""A real server as a process of its own, for tests that kill it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class ServerProcess:
    """The app as `flask serve` starts it, in a process group of its own, so that all of it can be killed at once."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._environment = {
            **os.environ, "NETJES_DATA": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'netjes.db'}", "SECRET_KEY": "k" * 40,
            "SECRET_PEPPER": "p" * 40, "HOST": "127.0.0.1", "PORT": str(self.port), "LOG_LEVEL": "ERROR",
        }  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "serve"], cwd=ROOT, env=self._environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        until = time.monotonic() + 120
        while time.monotonic() < until:
            assert self._process.poll() is None, "the server did not start"
            try:
                if self.ask("GET", "/")[0] == 200:
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the server did not answer in time")

    def kill(self) -> None:
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=20)

    def ask(self, method: str, path: str, cookie: str = "", body: dict[str, str] | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            headers = {"Cookie": f"netjes={cookie}", "Content-Type": "application/x-www-form-urlencoded"}
            connection.request(method, path, urlencode(body or {}), headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()
