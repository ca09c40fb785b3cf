"""A class of 30 that walks through a whole unit at the same time, every page read and every step sent as the pages do it, and the bare
route of bench.answers in the same run.

python -m bench.walk [--pupils 30] [--seconds 6]
"""

from __future__ import annotations

import argparse
import http.client
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from bench.answers import UNIT, a_class, of_the_bare_route
from bench.load import LOOPBACK, environment, free_port, new_answer_id, served

MOST_CHOICES = 60
Fields = list[tuple[str, str]]


@dataclass
class Pupil:
    """One browser: what it sent and read, and how long each took (ms)."""

    number: int
    port: int
    cookie: str
    token: str
    sent: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=60)

    def open(self, path: str) -> str:
        """Read a page, following where it leads."""
        for _hop in range(5):
            status, headers, body = self._ask("GET", path, self.read)
            if status == 200:
                return body
            path = headers["Location"]
        raise AssertionError(f"{path} leads nowhere")

    def send(self, path: str, fields: Iterable[tuple[str, str]]) -> str:
        """Send a step as the queue on the device does; where it leads."""
        body = urlencode([("csrf_token", self.token), *fields])
        status, headers, page = self._ask("POST", path, self.sent, body)
        assert status == 204, f"{path}: {status} {page[:300]}"
        return headers["Netjes-Go"].partition("#")[0]

    def _ask(self, method: str, path: str, times: list[float], body: str | None = None) -> tuple[int, Any, str]:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded", "Netjes-Send": "1"}
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        times.append((time.perf_counter() - began) * 1000)
        return response.status, response.headers, text


def walk(pupil: Pupil, screens: list[Any], book: Any) -> None:
    """Every screen from the first to the end, also each explanation."""
    chance = Random(pupil.number)
    for screen in screens:
        path = f"/lessen/{UNIT}/stap/{screen.key}"
        page = pupil.open(path)
        if screen.kind == "scenario":
            play(pupil, path, page)
            continue
        fields: Fields = []
        if screen.item is not None:
            answer = screen.item.imagined(chance, 0.6, book)
            fields = [("antwoord_id", new_answer_id()), *_pairs(screen.item.sent(answer))]
        elif screen.kind == "intentie":
            fields = [("begin", "eigen"), ("tekst", "Ik vraag het eerst.")]
        onward = pupil.send(path, fields)
        if onward.endswith("/uitleg"):
            pupil.open(onward)


def _pairs(sent: Any) -> Fields:
    pairs = sent.items(multi=True) if hasattr(sent, "getlist") else sent.items() if hasattr(sent, "items") else sent
    return [(name, one) for name, value in pairs for one in (value if isinstance(value, list | tuple) else [value])]


def play(pupil: Pupil, path: str, page: str) -> None:
    """The chat, each time the first answer, until it ends."""
    for _choice in range(MOST_CHOICES):
        number, node = _field(page, "nummer"), _field(page, "knoop")
        if node is None:
            pupil.send(path, [("klaar", "1")])
            return
        choice = _field(page.partition('name="knoop"')[2], "keuze")
        fields = [("antwoord_id", new_answer_id()), ("nummer", number or "0"), ("knoop", node), ("keuze", choice or "")]
        pupil.send(path, fields)
        page = pupil.open(path)
    raise AssertionError("the chat did not end")


def _field(page: str, name: str) -> str | None:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else None


def walk_together(data: Path, pupils: int) -> tuple[list[Pupil], float]:
    """All of them at once; the pupils with what they measured, and the seconds it took."""
    browsers, port = a_class(data, pupils, begun=False), free_port()
    from lessons.library import load_library  # noqa: PLC0415
    from protocols.queries import protocol_book  # noqa: PLC0415

    screens, book = load_library().lessons[UNIT].screens(1), protocol_book("tjongeling")
    faults: list[BaseException] = []

    def one(pupil: Pupil) -> None:
        try:
            walk(pupil, screens, book)
        except Exception as fault:
            faults.append(fault)
            raise

    with served([sys.executable, "-m", "flask", "--app", "app", "serve"], port, environment(data, port)):
        class_ = [Pupil(number, port, *browser) for number, browser in enumerate(browsers)]
        threads = [threading.Thread(target=one, args=(pupil,)) for pupil in class_]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - began
    if faults:
        sys.exit(f"{len(faults)} of the pupils did not get through: {faults[0]}")
    return class_, took


def _spread(times: list[float]) -> str:
    cut = statistics.quantiles(times, n=100)
    return f"p50 {cut[49]:6.1f}   p95 {cut[94]:6.1f}   p99 {cut[98]:6.1f} ms"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pupils", type=int, default=30)
    options.add_argument("--seconds", type=float, default=6.0, help="for the bare route")
    asked = options.parse_args()
    pupils = min(asked.pupils, 200)
    with tempfile.TemporaryDirectory(prefix="netjes-bench-") as folder:
        bare = of_the_bare_route(Path(folder), pupils, min(asked.seconds, 60.0))
        class_, took = walk_together(Path(folder), pupils)
    sent, read = [t for pupil in class_ for t in pupil.sent], [t for pupil in class_ for t in pupil.read]
    print(bare.line("bare Flask, one durable insert"))
    print(f"{'steps sent':<34}{len(sent) / took:8.0f}/s   {_spread(sent)}")
    print(f"{'pages read':<34}{len(read) / took:8.0f}/s   {_spread(read)}")
    print(f"{pupils} pupils walked {len(sent) // pupils} steps and {len(read) // pupils} pages each in {took:.1f} s")
    print(f"steps against the bare route: {len(sent) / took / bare.per_second:.3f} (each step has its pages beside it)")


if __name__ == "__main__":
    main()
