"""For when the wifi fails: the service worker, the steps of the open unit in one answer, and the calm page (docs/decisions/009)."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import brotli
from flask import Response, current_app, jsonify, render_template, request, url_for
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue

from access.guards import public, requires, viewer
from access.policy import Permission
from lessons.player import Place, blueprint, lesson_of
from lessons.queries import progress_in, screens_for
from lessons.views import draw
from schools.queries import book_of

ROOT = Path(__file__).resolve().parent.parent
# What makes a page what it is: when any of it changes, kept pages are of yesterday.
MAKES_PAGES = ("*.py", "*/*.py", "*/*/*.py", "templates/**/*.html", "*/content/**/*", "*/data/*", "static/css/**/*", "static/js/**/*")
SHELL = ("css/pupil.css", "js/main.js", "fonts/atkinson-next-nl.woff2")
DRAWINGS = ("img/favicon.svg", "img/logo.svg", "img/cast/*.svg", "img/scenes/*.svg")
DIGITS = 10


@blueprint.get("/sw.js")
@public
def service_worker() -> ResponseReturnValue:
    """The service worker, with the files of this version of the app. Asked for anew each time, so that an update is seen at once."""
    body, packed = _service_worker(app_version(), _shell_files())
    packs = "br" in request.headers.get("Accept-Encoding", "")
    response = Response(packed if packs else body, mimetype="text/javascript")
    if packs:
        response.headers["Content-Encoding"] = "br"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(f"{app_version()}{'-br' if packs else ''}")
    return response.make_conditional(request)


def _shell_files() -> tuple[str, ...]:
    assets = current_app.extensions["assets"]
    hashed = [assets.get(name).hashed for name in SHELL] + assets.names(*DRAWINGS)
    pages = [url_for(".show_without_wifi"), url_for(".show_signed_out_without_wifi"), url_for("schools.show_help")]
    return (*(f"/static/{name}" for name in hashed), *pages)


@lru_cache(maxsize=2)
def _service_worker(version: str, files: tuple[str, ...]) -> tuple[bytes, bytes]:
    shell = json.dumps({"version": version, "files": files})
    worker: bytes = current_app.extensions["assets"].get("js/sw.js").body
    body = f"const SHELL = {shell};\n".encode() + worker
    return body, brotli.compress(body, quality=11)


@lru_cache(maxsize=1)
def app_version() -> str:
    """A fingerprint of the code, the templates and the content of this installation."""
    digest = hashlib.sha256()
    for file in sorted({file for pattern in MAKES_PAGES for file in ROOT.glob(pattern) if file.is_file()}):
        if file.relative_to(ROOT).parts[0] not in ("tests", "bench", "build", "docs"):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:DIGITS]


# ---- the steps of a unit ----


@blueprint.get("/lessen/<string:unit>/stappen.json")
@requires(Permission.TAKE_LESSON)
def list_steps(unit: str) -> ResponseReturnValue:
    """Every screen of a unit as this pupil would see it now, also those that lie ahead. Nothing is written."""
    lesson = lesson_of(unit)
    progress = progress_in(viewer().id, unit)
    screens, book = screens_for(viewer(), lesson, progress), book_of(viewer())
    places = [Place(lesson, screens, number, book, progress, stored=True) for number in range(len(screens))]
    # What is to be told once on the next page stays for that page.
    request_ctx.flashes = []
    return jsonify(pages={place.url(place.screen.key): _page(place) for place in places})


def _page(place: Place) -> str:
    """The page as if it had been asked for itself: it may say where it is."""
    request.path = place.url(place.screen.key) or ""
    return draw(place)


def steps_url(place: Place) -> str:
    """Where the steps of this unit are, with what makes them what they are: another address is another lesson to keep."""
    own = sorted((key, repr(answer)) for key, answer in place.book.answers.items() if answer.own)
    review = place.progress.review if place.progress else None
    parts = (app_version(), place.lesson.unit.version, place.book.protocol.key, own, viewer().half, dict(viewer().reading), review)
    version = hashlib.sha256(repr(parts).encode()).hexdigest()[:DIGITS]
    return url_for(".list_steps", unit=place.lesson.slug, v=version)


@blueprint.app_context_processor
def _for_templates() -> dict[str, Any]:
    return {"steps_url": steps_url}


# ---- the calm page ----


@blueprint.get("/zonder-wifi")
@public
def show_without_wifi() -> ResponseReturnValue:
    """Kept on the device, for a page that is not there when the wifi fails."""
    return render_template("lessons/without_wifi.html", signed_out=False)


@blueprint.get("/zonder-wifi/uitgelogd")
@public
def show_signed_out_without_wifi() -> ResponseReturnValue:
    """Kept on the device, for who signs out without wifi."""
    return render_template("lessons/without_wifi.html", signed_out=True)
