"""What the benchmarks share: a server as `serve` starts it, a bare Flask route beside it, and a class that posts at once."""

from __future__ import annotations

import http.client
import os
import secrets
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"
START_WITHIN = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def environment(data: Path, port: int) -> dict[str, str]:
    """The settings of a server for one run: its own data, its own port, a quiet log."""
    return {
        **os.environ,
        "NETJES_DATA": str(data),
        "PORT": str(port),
        "HOST": LOOPBACK,
        "LOG_LEVEL": "ERROR",
        "SECRET_KEY": "bench-" + "k" * 40,
        "SECRET_PEPPER": "bench-" + "p" * 40,
    }


@contextmanager
def served(command: Sequence[str], port: int, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A server as a process of its own, ready to answer; stopped at the end."""
    server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _wait_for(port, server)
        yield server
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        if server.poll() is not None:
            assert server.stderr is not None
            sys.exit(f"The server stopped: {server.stderr.read().decode()[-2000:]}")
        try:
            connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    sys.exit("The server did not start in time")


@dataclass(frozen=True)
class Post:
    """One form to send: where, which cookie, which fields."""

    path: str
    cookie: str
    fields: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Figures:
    """What a load came to. Times in milliseconds."""

    per_second: float
    p50: float
    p95: float
    p99: float
    refused: int

    def line(self, name: str) -> str:
        return (
            f"{name:<34}{self.per_second:8.0f}/s   p50 {self.p50:6.1f}   p95 {self.p95:6.1f}   p99 {self.p99:6.1f} ms"
            f"   p99/p50 {self.p99 / self.p50:4.1f}   refused {self.refused}"
        )


def at_once(port: int, pupils: int, seconds: float, make: Callable[[int], Post], expected: tuple[int, ...]) -> Figures:
    """Let this many pupils post one after the other, all at the same time, for some seconds (the first second is not counted)."""
    times: list[list[float]] = [[] for _ in range(pupils)]
    refused = [0] * pupils
    begin = time.monotonic() + 1.0
    end = begin + seconds

    def one(number: int) -> None:
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=30)
        while (now := time.monotonic()) < end:
            post = make(number)
            body = urlencode(post.fields)
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": post.cookie}
            began = time.perf_counter()
            connection.request("POST", post.path, body, headers)
            response = connection.getresponse()
            response.read()
            if now >= begin:
                times[number].append((time.perf_counter() - began) * 1000)
                refused[number] += response.status not in expected

    threads = [threading.Thread(target=one, args=(number,)) for number in range(pupils)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flat = sorted(t for own in times for t in own)
    cut = statistics.quantiles(flat, n=100)
    return Figures(len(flat) / seconds, cut[49], cut[94], cut[98], sum(refused))


def new_answer_id() -> str:
    return secrets.token_hex(16)
