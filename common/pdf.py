"""A page as PDF. The library and what it needs of the system are optional: without them no button for it is shown.

Nothing is fetched: the page gets our own static files and nothing else. One page is drawn at a time, since drawing keeps
a core busy; who would have to wait too long is told to come back.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from common.assets import HASHED, Assets

# A sheet or two; and a report, of a school of some sixty classes.
LONGEST_PAGE, LONGEST_REPORT = 200_000, 600_000
MOST_WAITING, LONGEST_WAIT = 8, 20.0
# No server of this name exists (RFC 6761), and none is asked.
BASE = "http://netjes.invalid/"
STATIC = f"{BASE}static/"

_one_at_a_time = threading.Lock()
_in_line = threading.BoundedSemaphore(MOST_WAITING)


@dataclass(frozen=True)
class Pdf:
    body: bytes
    pages: int


class TooBusy(Exception):
    """Others are before this one; later it works."""


@lru_cache(maxsize=1)
def can_draw() -> bool:
    """Whether WeasyPrint is here, with the libraries of the system that it stands on."""
    try:
        _library()
    except (ImportError, OSError):
        return False
    return True


def _library() -> Any:
    import weasyprint  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415  (heavy, and it may not be there)

    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it warns of every line of CSS that is for browsers only
    return weasyprint


def draw(html: str, assets: Assets, *, longest: int = LONGEST_PAGE) -> Pdf:
    """The page as PDF. Raises TooBusy when many ask at once, and ValueError for a page that is too large."""
    if len(html) > longest:
        raise ValueError(f"a page of {len(html)} signs is too long for a PDF")
    with _turn():
        document = laid_out(html, assets)
        return Pdf(document.write_pdf(pdf_tags=True), len(document.pages))


def laid_out(html: str, assets: Assets) -> Any:
    """The page cut into sheets: the library's own document. Only with a turn, except in a test."""
    refused: list[str] = []
    document = _library().HTML(string=html, base_url=BASE, url_fetcher=_fetcher(assets, refused)).render()
    if refused:
        raise ValueError(f"not our own files: {refused[:3]}")
    return document


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for one's turn, in a line that stays short: the threads of the server are for answers."""
    if not _in_line.acquire(blocking=False):
        raise TooBusy
    try:
        if not _one_at_a_time.acquire(timeout=LONGEST_WAIT):
            raise TooBusy
        try:
            yield
        finally:
            _one_at_a_time.release()
    finally:
        _in_line.release()


def _fetcher(assets: Assets, refused: list[str]) -> Any:
    """What the library asks instead of the network: our own static files. Anything else is not fetched, and told."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415

    class OnlyOurFiles(URLFetcher):  # type: ignore[misc,unused-ignore]
        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002  (the library gives headers)
            name = url.removeprefix(STATIC) if url.startswith(STATIC) else ""
            match = HASHED.match(name)
            asset = assets.get(f"{match['stem']}{match['suffix']}" if match else name) if name else None
            if asset is None:
                refused.append(url[:120])
                raise ValueError(url[:120])
            return URLFetcherResponse(url, asset.body, {"Content-Type": asset.mime})

    return OnlyOurFiles()
