"""What a first visit weighs over the wire, everything included: a pupil's pages in real Chromium, from the production server.

python -m bench.page_weight
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench.answers import UNIT, a_class
from bench.load import LOOPBACK, environment, free_port, served

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = {
    "lesson, reading": f"/lessen/{UNIT}/stap/wie",
    "lesson, with the school's rule": f"/lessen/{UNIT}/stap/school",
    "lesson, one choice": f"/lessen/{UNIT}/stap/half-bekend",
    "lesson, sorting": f"/lessen/{UNIT}/stap/mag-of-niet",
    "lesson, ordering": f"/lessen/{UNIT}/stap/op-volgorde",
    "lesson, chat": f"/lessen/{UNIT}/stap/een-verzoek-van-fenna",
    "home": "/lessen",
    "our agreements": "/afspraken",
}


def weigh(browser: Browser, base: str, path: str, cookie: str) -> tuple[int, float, list[str]]:
    """Requests, KB over the wire (bodies and headers as sent), and requests to anyone else, on a first visit."""
    context = browser.new_context(viewport={"width": 820, "height": 1180})
    name, _is, value = cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": base}])
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: dict[str, float] = {}
    foreign: list[str] = []
    page.on("request", lambda request: None if request.url.startswith((base, "data:")) else foreign.append(request.url))
    session.on("Network.loadingFinished", lambda event: sizes.__setitem__(event["requestId"], event["encodedDataLength"]))
    page.goto(base + path, wait_until="networkidle")
    context.close()
    return len(sizes), sum(sizes.values()) / 1024, foreign


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="netjes-bench-") as folder:
        data, port = Path(folder), free_port()
        cookie = a_class(data, 1)[0][0]
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        with served([sys.executable, "-m", "flask", "--app", "app", "serve"], port, environment(data, port)), sync_playwright() as play:
            own = {"executable_path": CHROMIUM} if os.path.exists(CHROMIUM) else {}
            browser = play.chromium.launch(args=FLAGS + root, **own)
            for name, path in PAGES.items():
                requests, weight, foreign = weigh(browser, f"http://{LOOPBACK}:{port}", path, cookie)
                print(f"{name:<34}{requests:3d} requests {weight:6.1f} KB   (aim: 10 and 70)   to others: {len(foreign)}")
            browser.close()


if __name__ == "__main__":
    main()
