"""Real Chromium on a real server: every test fails on a message in the console or an error on the page."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import waitress.server
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from accounts.models import Person
from common.database import db
from tests.browser.walk import session_cookie
from tests.people import signed_in

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE_MS = 15_000
PHONE = {"width": 360, "height": 640}
SIGNED_OUT = "info: Clear-Site-Data header"  # Chromium tells what signing out wiped


Open = Callable[..., Page]
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def launch_args(given: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; where there is none, the browser that Playwright itself installed."""
    if not os.path.exists(CHROMIUM):
        return given
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return {**given, "executable_path": CHROMIUM, "args": FLAGS + root}


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The app behind a server of its own, in threads, as a school would run it."""
    server: Any = waitress.server.create_server(app, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(timeout=5)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return launch_args(browser_type_launch_args)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1024, "height": 768}, "locale": "nl-NL", "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def base_url(school_app: Flask) -> Iterator[str]:
    with serving(school_app) as address:
        yield address


@dataclass
class Console:
    """What the browser said. A test that means to cause a message says so with expect("part of it")."""

    said: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=lambda: [SIGNED_OUT])

    def expect(self, part: str) -> None:
        self.expected.append(part)

    def listen(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        self.said.append(f"{message.type}: {message.text} ({message.location['url']})")

    def unexpected(self) -> list[str]:
        return [line for line in self.said if not any(part in line for part in self.expected)]


@pytest.fixture
def console(app: Flask, context: BrowserContext) -> Iterator[Console]:
    console = Console()
    context.set_default_timeout(PATIENCE_MS)
    context.on("page", console.listen)
    yield console
    assert not console.unexpected()


@pytest.fixture(autouse=True)
def _quiet(console: Console) -> None:
    """Every browser test listens to the console and has an empty school."""


@pytest.fixture
def be(context: BrowserContext, base_url: str, app: Flask) -> Callable[[Person], None]:
    """be(person): from now on this browser is signed in as that person."""

    def sign_in(person: Person) -> None:
        db.session.rollback()  # what the test read before the server wrote is old
        cookie = session_cookie(app, {"_user_id": signed_in(person), "_fresh": True})
        context.clear_cookies()
        context.add_cookies([{"name": "netjes", "value": cookie, "url": base_url}])

    return sign_in


@pytest.fixture
def open_as(browser: Browser, browser_context_args: dict[str, Any], base_url: str, app: Flask, console: Console) -> Iterator[Open]:
    """open_as(person, path): a browser of its own, signed in as that person, at that page. None: nobody."""
    contexts: list[BrowserContext] = []

    def open_page(person: Person | None, path: str, viewport: dict[str, int] = PHONE, **more: Any) -> Page:
        context = browser.new_context(**{**browser_context_args, "viewport": viewport, "base_url": base_url, **more})
        contexts.append(context)
        if person is not None:
            cookie = session_cookie(app, {"_user_id": signed_in(person), "_fresh": True})
            context.add_cookies([{"name": "netjes", "value": cookie, "url": base_url}])
        page = context.new_page()
        console.listen(page)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
