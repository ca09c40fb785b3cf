"""Takes a picture of every kind of page: python -m tests.browser.screenshots [part of a name ...] (or: make screenshots).

On demo schools in a database of its own; at 360, 820 and 1366 pixels wide, pupils' pages in both skins, and once dark.
The pictures land in build/screenshots/, which git ignores: <page>-<skin>-<width>[-donker].png.
With --readme the few pictures of the README are written anew into docs/screenshots/ as well.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from playwright.sync_api import Browser, Page, sync_playwright

import demo
from app import create_app
from common.clock import now
from common.database import Base, db
from tests.browser.catalogue import PRIMARY, SECONDARY, STAFF, House, Kind, Trip, kinds
from tests.browser.conftest import launch_args, serving
from tests.conftest import settings_for

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "build" / "screenshots"
README = ROOT / "docs" / "screenshots"
WIDTHS = (360, 820, 1366)
HEIGHT = 900
DARK_WIDTH = 820

# The pictures of the README: kind, skin, width, and how much of the page is shown.
CHOSEN = (
    ("lezen-regel", PRIMARY, 1000), ("chat-midden", SECONDARY, 1000), ("uitleg-one-choice", SECONDARY, 1000),
    ("opgave-sort", PRIMARY, 1000), ("klas", STAFF, 1200), ("les-bewerken", STAFF, 1200),
    ("regel-gevolgen", STAFF, 1200),
)  # fmt: skip


@contextmanager
def demo_house() -> Iterator[House]:
    """The demo schools behind a server, in a database that goes away afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_for(f"sqlite:///{folder}/netjes.db"))
        with app.app_context(), serving(app) as base_url:
            Base.metadata.create_all(db.engine)
            demo.build(now())
            yield House(app, base_url)
            db.session.remove()
            db.engine.dispose()


def photograph(page: Page, file: Path) -> None:
    page.evaluate("document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))")
    page.screenshot(path=file, full_page=True, animations="disabled")


def take(browser: Browser, house: House, kind: Kind, skin: str) -> None:
    """One kind of page in one skin: three widths, then dark."""
    page = browser.new_page(viewport={"width": WIDTHS[0], "height": HEIGHT}, locale="nl-NL", reduced_motion="reduce")
    db.session.rollback()  # what was read for the page before is old by now
    try:
        kind.go(Trip(house, page, skin))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            photograph(page, OUT / f"{kind.name}-{skin}-{width}.png")
        page.set_viewport_size({"width": DARK_WIDTH, "height": HEIGHT})
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        photograph(page, OUT / f"{kind.name}-{skin}-{DARK_WIDTH}-donker.png")
    finally:
        page.close()


def for_readme(browser: Browser, house: House) -> None:
    """The chosen few, as much as fits a window, as small JPEG files."""
    README.mkdir(parents=True, exist_ok=True)
    known = {kind.name: kind for kind in kinds()}
    for name, skin, width in CHOSEN:
        page = browser.new_page(viewport={"width": width, "height": 720}, locale="nl-NL", reduced_motion="reduce")
        known[name].go(Trip(house, page, skin))
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        page.screenshot(path=README / f"{name}-{skin}.jpg", type="jpeg", quality=78)
        page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only pages with one of these in their name")
    parser.add_argument("--readme", action="store_true", help="the pictures of the README too")
    wanted = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    began, count = monotonic(), 0
    with demo_house() as house, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_args({}))
        for kind in kinds():
            if not wanted.names or any(part in kind.name for part in wanted.names):
                for skin in kind.skins:
                    take(browser, house, kind, skin)
                    count += len(WIDTHS) + 1
        if wanted.readme:
            for_readme(browser, house)
        browser.close()
    print(f"{count} pictures in {OUT.relative_to(ROOT)}, in {monotonic() - began:.0f} s.")  # noqa: T201  (a command speaks)


if __name__ == "__main__":
    main()
