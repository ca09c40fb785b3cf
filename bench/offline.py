"""Weak wifi: what keeping a lesson costs the server, what a device fetches for it, a visit that comes back, and how soon a kept step is
on the screen without network, also when the service worker has to be started.

python -m bench.offline [--times 12]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from bench.answers import UNIT, a_class
from bench.load import LOOPBACK, environment, free_port, served
from bench.page_weight import CHROMIUM, FLAGS

FIRST, SECOND = f"/lessen/{UNIT}/stap/begin", f"/lessen/{UNIT}/stap/half-bekend"
HAS_STEPS = "() => caches.match('/kept', { cacheName: 'kept' }).then((found) => Boolean(found))"
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
WITHIN = 60


def cost_of_the_steps(data: Path, cookie: str, times: int) -> str:
    """Processor time of one answer, without a server around it, so that a busy machine counts as little as can be."""
    from app import create_app  # noqa: PLC0415
    from common.database import db  # noqa: PLC0415
    from config import Settings  # noqa: PLC0415

    app = create_app(Settings.from_environment(environment(data, 1)))
    client = app.test_client()
    name, _is, value = cookie.partition("=")
    client.set_cookie(name, value)

    def cost(path: str) -> tuple[float, float]:
        spent = []
        for _ in range(times + 1):
            began = time.process_time()
            response = client.get(path, headers={"Accept-Encoding": "br"})
            spent.append((time.process_time() - began) * 1000)
        return statistics.median(spent[1:]), len(response.data) / 1024

    (page_ms, page_kb), (all_ms, all_kb) = cost(SECOND), cost(f"/lessen/{UNIT}/stappen.json")
    with app.app_context():
        db.engine.dispose()
    return f"one page {page_ms:.1f} ms, {page_kb:.1f} KB; all steps of the unit {all_ms:.1f} ms, {all_kb:.1f} KB"


class Wire:
    """What goes over the wire for a page, and what the service worker fetches beside it."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.sizes: dict[str, float] = {}
        self.worker: list[Any] = []
        self._names: dict[str, str] = {}
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: self.sizes.__setitem__(event["requestId"], event["encodedDataLength"]))
        context.on("requestfinished", lambda request: self.worker.append(request) if request.service_worker else None)

    def line(self) -> str:
        fetched = [size for size in self.sizes.values() if size]
        return f"{len(fetched):3d} requests {sum(fetched) / 1024:6.1f} KB"

    def workers_line(self) -> str:
        sizes = [request.sizes() for request in self.worker]
        total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
        return f"{len(sizes):3d} requests {total / 1024:6.1f} KB"


def wait_for_steps(page: Page) -> float:
    began = time.perf_counter()
    while not page.evaluate(HAS_STEPS):
        if time.perf_counter() - began > WITHIN:
            sys.exit("The steps were not kept in time")
        time.sleep(0.1)
    return time.perf_counter() - began


def paint_without_network(context: BrowserContext, base: str, times: int, *, cold: bool) -> str:
    """First paint of a kept step in a new tab, in ms."""
    found = []
    for _ in range(times):
        page = context.new_page()
        if cold:
            session = context.new_cdp_session(page)
            session.send("ServiceWorker.enable")
            session.send("ServiceWorker.stopAllWorkers")
            time.sleep(0.3)
        page.goto(base + SECOND)
        page.wait_for_function(PAINTED)
        found.append(page.evaluate(PAINTED))
        page.close()
    return f"p50 {statistics.median(found):5.0f} ms, slowest {max(found):5.0f} ms"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=12)
    times = max(2, min(options.parse_args().times, 100))
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    own = {"executable_path": CHROMIUM} if os.path.exists(CHROMIUM) else {}
    with tempfile.TemporaryDirectory(prefix="netjes-bench-") as folder, sync_playwright() as play:
        data, port = Path(folder), free_port()
        base, cookie = f"http://{LOOPBACK}:{port}", a_class(data, 1)[0][0]
        name, _is, value = cookie.partition("=")
        browser = play.chromium.launch(args=FLAGS + root, **own)
        context = browser.new_context(viewport={"width": 820, "height": 1180})
        context.add_cookies([{"name": name, "value": value, "url": base}])
        print(f"processor time: {cost_of_the_steps(data, cookie, times)}")
        with served([sys.executable, "-m", "flask", "--app", "app", "serve"], port, environment(data, port)):
            page = context.new_page()
            first = Wire(context, page)
            page.goto(base + FIRST, wait_until="load")
            seconds = wait_for_steps(page)
            print(f"first visit of a lesson          {first.line()}")
            print(f"  and then the service worker    {first.workers_line()}, all kept after {seconds:.1f} s")
            page.close()
            page = context.new_page()
            again = Wire(context, page)
            page.goto(base + SECOND, wait_until="networkidle")
            print(f"a further step                   {again.line()}; the service worker {again.workers_line()}")
            page.close()
        print(f"kept step, no server             {paint_without_network(context, base, times, cold=False)}")
        print(f"kept step, service worker cold   {paint_without_network(context, base, times, cold=True)}")
        browser.close()


if __name__ == "__main__":
    main()
