"""Static files: joined stylesheets and scripts, names with a hash that may be kept for a year, and packed once."""

from __future__ import annotations

import hashlib
import mimetypes
import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import brotli
from flask import Flask, Response, abort, current_app, request

from common.scripts import joined, orders, target_of

ROOT = Path(__file__).resolve().parent.parent / "static"
HASHED = re.compile(r"^(?P<stem>.+)\.(?P<hash>[0-9a-f]{10})(?P<suffix>\.[a-z0-9]+)$")
URL = re.compile(r"url\((['\"]?)\.\./([^'\")]+)\1\)")
IMPORT = re.compile(r"""(from\s+|import\s*\(?\s*)(['"])(\.{1,2}/[^'"]+)\2""")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
PACKED = frozenset({".css", ".js", ".svg", ".txt"})
YEAR = 31_536_000
LONGEST_NAME = 200


@dataclass(frozen=True)
class Asset:
    """One file as it is sent: its content, the same packed with brotli where that helps, and its hashed name."""

    name: str
    hashed: str
    body: bytes
    packed: bytes | None
    mime: str


class Assets:
    """All static files of the app, read once at the start: a few hundred KB."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._found: dict[str, Asset] = {}
        for bundle, files in self._order("css").items():
            self._add(f"css/{bundle}.css", self._joined(files))
        for script, modules in self._order("js").items():
            self._add(script, self._hashed_imports(script, joined(script, self._text, modules)).encode())

    def get(self, name: str) -> Asset | None:
        """An asset by its plain name, for instance css/pupil.css. None when there is no such file."""
        if name not in self._found:
            if len(name) > LONGEST_NAME:
                return None
            file = (self._root / name).resolve()
            if not file.is_relative_to(self._root) or not file.is_file() or name.endswith("ORDER"):
                return None
            body = file.read_bytes()
            if file.suffix == ".js":
                body = self._hashed_imports(name, body.decode()).encode()
            self._add(name, body)
        return self._found[name]

    def _add(self, name: str, body: bytes) -> None:
        stem, dot, suffix = name.rpartition(".")
        digest = hashlib.sha256(body).hexdigest()[:10]
        packed = brotli.compress(body, quality=11) if f".{suffix}" in PACKED else None
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._found[name] = Asset(name, f"{stem}.{digest}{dot}{suffix}", body, packed, mime)

    def names(self, *patterns: str) -> list[str]:
        """The hashed names of all files that fit, in a fixed order."""
        files = {str(file.relative_to(self._root)) for pattern in patterns for file in self._root.glob(pattern)}
        return [asset.hashed for asset in map(self.get, sorted(files)) if asset]

    def _order(self, kind: str) -> dict[str, list[str]]:
        return orders(self._text(f"{kind}/ORDER"))

    def _text(self, name: str) -> str:
        return (self._root / name).read_text(encoding="utf-8")

    def _joined(self, files: list[str]) -> bytes:
        text = "\n".join(self._text(f"css/{file}") for file in files)
        text = COMMENT.sub("", text)
        text = "\n".join(line.strip() for line in text.splitlines() if line.strip())
        return URL.sub(self._hashed_url, text).encode()

    def _hashed_url(self, match: re.Match[str]) -> str:
        asset = self.get(match[2])
        if asset is None:
            raise FileNotFoundError(f"static/{match[2]}, genoemd in een stylesheet")
        return f"url(../{asset.hashed})"

    def _hashed_imports(self, name: str, text: str) -> str:
        def hashed(match: re.Match[str]) -> str:
            target = target_of(name, match[3])
            asset = self.get(target)
            if asset is None:
                raise FileNotFoundError(f"static/{target}, genoemd in {name}")
            path = posixpath.relpath(asset.hashed, posixpath.dirname(name))
            return f"{match[1]}{match[2]}{path if path.startswith('.') else './' + path}{match[2]}"

        return IMPORT.sub(hashed, text)


@lru_cache(maxsize=1)
def _assets() -> Assets:
    return Assets(ROOT.resolve())


def asset_url(name: str) -> str:
    """The address of a static file, with its hash. Raises FileNotFoundError for a file that is not there."""
    asset: Asset | None = current_app.extensions["assets"].get(name)
    if asset is None:
        raise FileNotFoundError(f"static/{name}")
    return f"/static/{asset.hashed}"


def _send(filename: str) -> Response:
    match = HASHED.match(filename)
    plain = f"{match['stem']}{match['suffix']}" if match else filename
    asset: Asset | None = current_app.extensions["assets"].get(plain)
    if asset is None or (match and asset.hashed != filename):
        abort(404)
    packs = asset.packed is not None and "br" in request.headers.get("Accept-Encoding", "")
    response = Response(asset.packed if packs and asset.packed else asset.body, mimetype=asset.mime)
    if asset.packed is not None:
        response.headers["Vary"] = "Accept-Encoding"
    if packs:
        response.headers["Content-Encoding"] = "br"
    response.headers["Cache-Control"] = f"public, max-age={YEAR if match else 3600}{', immutable' if match else ''}"
    return response


def init_app(app: Flask) -> None:
    """Serve /static/<file> and give templates asset(name)."""
    app.extensions["assets"] = _assets()
    _send.door = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=_send)
    app.jinja_env.globals["asset"] = asset_url
