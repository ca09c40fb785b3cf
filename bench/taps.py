"""How a page answers a finger on a slow device: each type of item and the chat, in Chromium slowed down four times.

For each: the longest task on the main thread from the first byte to after the tap (aim: none over 100 ms), and how long the tap takes until
the next picture (aim: 100 ms). python -m bench.taps
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.answers import UNIT, a_class
from bench.load import LOOPBACK, environment, free_port, served
from bench.page_weight import CHROMIUM, FLAGS

SLOWER = 4
TRIES = 3
# Both lists must be there before the page does anything.
LISTEN = """
globalThis.longTasks = [];
globalThis.taps = [];
const durations = (list) => list.getEntries().map((entry) => entry.duration);
const ofFinger = (list) => list.getEntries().filter((entry) => /^(pointer|click)/.test(entry.name));
new PerformanceObserver((list) => longTasks.push(...durations(list))).observe({type: "longtask", buffered: true});
new PerformanceObserver((list) => taps.push(...ofFinger(list).map((entry) => entry.duration)))
  .observe({type: "event", durationThreshold: 16, buffered: true});
"""
FIRST = "main form label:has(.pick), main form .order__moves button:not([disabled]), main form textarea"


def screens() -> dict[str, str]:
    """One screen of every type in the lesson, and the chat."""
    from lessons.library import load_library  # noqa: PLC0415

    found: dict[str, str] = {}
    for screen in load_library().lessons[UNIT].screens(1):
        found.setdefault(screen.item.kind if screen.item is not None else screen.kind, screen.key)
    return {kind: key for kind, key in found.items() if kind not in ("lees", "gesprek")}


def measured(browser: Browser, base: str, cookie: str, path: str) -> tuple[float, float]:
    """Milliseconds: the longest task, and the slowest tap, of several tries the median."""
    tasks, taps = [], []
    for _try in range(TRIES):
        context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, service_workers="block")
        name, _is, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": base}])
        context.add_init_script(LISTEN)
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(base + path, wait_until="networkidle")
        _tap(page)
        page.wait_for_timeout(600)
        tasks.append(max(page.evaluate("longTasks"), default=0.0))
        taps.append(max(page.evaluate("taps"), default=0.0))
        context.close()
    return sorted(tasks)[TRIES // 2], sorted(taps)[TRIES // 2]


def _tap(page: Page) -> None:
    page.locator(FIRST).first.tap()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="netjes-bench-") as folder:
        data, port = Path(folder), free_port()
        cookie = a_class(data, 1)[0][0]
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        with served([sys.executable, "-m", "flask", "--app", "app", "serve"], port, environment(data, port)), sync_playwright() as play:
            own = {"executable_path": CHROMIUM} if os.path.exists(CHROMIUM) else {}
            browser = play.chromium.launch(args=FLAGS + root, **own)
            for kind, key in screens().items():
                longest, tap = measured(browser, f"http://{LOOPBACK}:{port}", cookie, f"/lessen/{UNIT}/stap/{key}")
                print(f"{kind:<18} longest task {longest:4.0f} ms · tap to picture {tap:4.0f} ms   (aim: 100 and 100, {SLOWER}x slower)")
            browser.close()


if __name__ == "__main__":
    main()
