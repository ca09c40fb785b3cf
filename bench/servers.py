"""Granian beside waitress, on our own app: 30 pupils at once, answers that are kept and pages that are read.

python -m bench.servers [--pupils 30] [--seconds 6]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.answers import SCREEN, UNIT, a_class
from bench.load import LOOPBACK, Figures, Post, at_once, environment, free_port, new_answer_id, served


def _granian(port: int, threads: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "app:application", "--factory", "--interface", "wsgi", "--workers", "1", "--blocking-threads",
        str(threads), "--host", LOOPBACK, "--port", str(port), "--log-level", "error",
    ]  # fmt: skip


def _waitress(port: int, threads: int) -> list[str]:
    return [
        sys.executable, "-m", "waitress", "--threads", str(threads), "--connection-limit", "1000", "--host", LOOPBACK, "--port", str(port),
        "--call", "app:application",
    ]  # fmt: skip


SERVERS = {"granian, 48 threads": (_granian, 48), "granian, 16 threads": (_granian, 16), "waitress, 64 threads": (_waitress, 64)}


def _measure(command: Sequence[str], port: int, data: Path, pupils: int, seconds: float) -> Figures:
    browsers = a_class(data, pupils)
    path = f"/lessen/{UNIT}/stap/{SCREEN}"

    def make(number: int) -> Post:
        cookie, token = browsers[number]
        return Post(path, cookie, [("csrf_token", token), ("antwoord_id", new_answer_id()), ("keuze", "vragen")])

    with served(command, port, environment(data, port)):
        return at_once(port, pupils, seconds, make, (302,))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pupils", type=int, default=30)
    options.add_argument("--seconds", type=float, default=6.0)
    asked = options.parse_args()
    for name, (command, threads) in SERVERS.items():
        with tempfile.TemporaryDirectory(prefix="netjes-bench-") as folder:
            port = free_port()
            figures = _measure(command(port, threads), port, Path(folder), min(asked.pupils, 200), min(asked.seconds, 60.0))
        print(figures.line(name))


if __name__ == "__main__":
    main()
