"""Every kind of page, for every role and in both skins: no fault that axe can find, and no sideways scrolling.

WCAG 2.2 A and AA with best practice, at three widths in the light; in the dark the contrast again at each width.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

import demo
from app import create_app
from common.clock import now
from common.database import Base, db
from tests.browser.catalogue import PROTOCOL, House, Kind, Trip, kinds
from tests.browser.conftest import PATIENCE_MS, Console, serving
from tests.conftest import settings_for

WIDTHS = (360, 820, 1366)
NARROWEST = 320  # 1280 pixels at 400 %
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
CONTRAST: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def demo_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo schools that are looked at, in a database of their own; nobody signs in with a secret, so none is hashed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "PROTOCOLS", ("agora", *PROTOCOL.values()))
        patch.setattr(demo, "hash_secret", lambda _kind, _secret: "-")
        app = create_app(settings_for(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'netjes.db'}"))
        with app.app_context():
            Base.metadata.create_all(db.engine)
            demo.build(now())
        yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def house(demo_app: Flask) -> Iterator[House]:
    with serving(demo_app) as address:
        yield House(demo_app, address)


@pytest.fixture(autouse=True)
def _quiet() -> None:
    """These tests have schools of their own and listen to the console themselves."""


@cache
def axe_source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def faults(page: Page, options: dict[str, Any]) -> list[str]:
    """What axe finds on the page as it stands: the rule, and where."""
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary'][:200]}" for one in found for node in one["nodes"]]


def settle(page: Page) -> None:
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def beyond(page: Page) -> int:
    """How many pixels of the page lie outside the window."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide


CASES = [pytest.param(kind, skin, id=f"{kind.name}-{skin}") for kind in kinds() for skin in kind.skins]


@pytest.mark.parametrize(("kind", "skin"), CASES)
def test_axe_finds_nothing(kind: Kind, skin: str, house: House, browser: Browser) -> None:
    console = Console()
    if kind.complains:
        console.expect(kind.complains)
    with house.app.app_context(), browser.new_context(locale="nl-NL", reduced_motion="reduce") as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        console.listen(page)
        kind.go(Trip(house, page, skin))
        page.evaluate(axe_source())
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme="light", reduced_motion="reduce")
            settle(page)
            assert not faults(page, EVERYTHING), f"{width}, light"
            page.emulate_media(color_scheme="dark", reduced_motion="reduce")
            settle(page)
            assert not faults(page, CONTRAST), f"{width}, dark"
            assert beyond(page) <= 0, f"scrolls sideways at {width}"
        page.set_viewport_size({"width": NARROWEST, "height": 800})
        settle(page)
        assert beyond(page) <= 0, f"scrolls sideways at {NARROWEST}"
    assert not console.unexpected()
