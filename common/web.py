"""What holds for every request: headers, limits, a Dutch page for every fault, and a log without names."""

from __future__ import annotations

import json
import logging
import secrets
import sys
import time
import traceback
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, render_template, request
from flask_compress import Compress
from flask_login import AnonymousUserMixin
from flask_talisman import Talisman
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, InternalError, OperationalError, StatementError
from werkzeug.exceptions import HTTPException

from common.database import db

CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"
MOST_BYTES = 2 * 1024 * 1024
MOST_FIELDS = 500
MOST_TO_SEND_AGAIN = 64 * 1024
SECRET_FIELDS = {"wachtwoord", "geheim", "huidig", "nieuw", "code", "gekozen", "plaatje"}
PLAIN_FORM = "application/x-www-form-urlencoded"
SENT_BY_SCRIPT = "Netjes-Send"

FAULTS = {
    400: ("Dit verzoek klopt niet", "Ga terug en probeer het nog een keer. Wat je had getypt, staat daar vaak nog."),
    403: ("Dit mag jij niet openen", "Deze bladzijde is voor iemand met een andere taak op school."),
    404: ("Deze bladzijde is er niet", "Misschien is de link oud, of is er een letter verkeerd."),
    405: ("Zo werkt deze bladzijde niet", "Ga terug en gebruik de knop op de bladzijde."),
    413: ("Dit is te groot", "Maak de tekst of het bestand kleiner en probeer het nog een keer."),
    422: ("Er klopt iets niet in wat je stuurde", "Ga terug, kijk het na en probeer het nog een keer."),
    429: ("Even rustig aan", "Er kwamen heel veel verzoeken tegelijk. Wacht een minuut en probeer het opnieuw."),
    500: ("Er ging bij ons iets mis", "Jij deed niets fout. Probeer het over een minuut nog een keer."),
    503: ("Even niet bereikbaar", "Er kan nu niets bewaard worden. Jij deed niets fout. Laat deze bladzijde open en probeer het zo weer."),
}

log = logging.getLogger("netjes")
csrf = CSRFProtect()


def init_app(app: Flask, *, behind_tls: bool, allowed_hosts: tuple[str, ...], log_level: str) -> None:
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        MAX_FORM_PARTS=MOST_FIELDS,
        SESSION_COOKIE_NAME="__Host-netjes" if behind_tls else "netjes",
        SESSION_COOKIE_SECURE=behind_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_MIMETYPES=["text/html", "application/json", "text/csv"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_STREAMS=False,
    )
    _log_to_stderr(log_level)
    # First of all, so that whatever is refused after it has a number.
    app.before_request(lambda: _begin(allowed_hosts))
    csrf.init_app(app)
    Compress(app)
    Talisman(
        app,
        force_https=False,
        session_cookie_secure=behind_tls,
        strict_transport_security=behind_tls,
        content_security_policy=CSP,
        content_security_policy_nonce_in=[],
        referrer_policy="same-origin",
        frame_options="DENY",
        permissions_policy={},
        x_xss_protection=False,
    )
    app.after_request(_finish)
    app.register_error_handler(HTTPException, _http_fault)
    for fault in (OperationalError, InterfaceError, InternalError):
        app.register_error_handler(fault, _database_fault)
    app.register_error_handler(StatementError, _statement_fault)
    app.register_error_handler(Exception, _unforeseen)


def _log_to_stderr(level: str) -> None:
    log.setLevel(level)
    if not log.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(message)s"))
        log.addHandler(handler)
    log.propagate = False


def _begin(allowed_hosts: tuple[str, ...]) -> None:
    g.request_id, g.began = secrets.token_hex(6), time.perf_counter()
    host = (request.host or "").lower()
    if host not in allowed_hosts and _without_port(host) not in allowed_hosts:
        abort(400)
    if request.method not in ("GET", "HEAD", "OPTIONS") and _is_foreign():
        abort(400)
    if "\x00" in request.full_path or "%00" in request.full_path:
        abort(404)
    if request.mimetype == PLAIN_FORM and request.get_data().count(b"&") >= MOST_FIELDS:
        abort(413)


def _without_port(host: str) -> str:
    return host if host.endswith("]") else host.rsplit(":", 1)[0]


def _is_foreign() -> bool:
    """A form that another site sent here. Browsers tell by themselves, besides the CSRF token."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return True
    origin = request.headers.get("Origin")
    if not origin:
        return False
    try:
        return origin == "null" or urlsplit(origin).netloc.lower() != request.host.lower()
    except ValueError:
        return True


def _finish(response: Response) -> Response:
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers["Permissions-Policy"] = PERMISSIONS
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.status_code == 302 and request.headers.get(SENT_BY_SCRIPT):
        _say_where_to_go(response)
    if request.endpoint != "static" or response.status_code >= 400:
        response.headers.setdefault("Cache-Control", "no-store")
    pattern = request.url_rule.rule if request.url_rule else "-"
    took = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000)
    level = logging.ERROR if response.status_code >= 500 else logging.INFO
    if log.isEnabledFor(level) and request.endpoint != "static":
        log.log(level, _line(response.status_code, pattern, took))
    return response


def _say_where_to_go(response: Response) -> None:
    """For static/js/modules/offline.js: a form sent by script is told the next page and opens it itself, once."""
    response.status_code = 204
    response.headers["Netjes-Go"] = response.headers.pop("Location")
    response.set_data(b"")


def _line(status: int, pattern: str, took: int) -> str:
    """One line of the log: no names, no addresses, no form, only the pattern of the route."""
    return json.dumps(
        {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "id": g.get("request_id", "-"),
            "method": request.method if request.method.isalpha() else "?",
            "route": pattern,
            "status": status,
            "ms": took,
        }
    )


def fault_page(status: int) -> tuple[str, int]:
    """The page that tells in Dutch what happened. When the database is the fault, the page does not ask it who is looking."""
    if status >= 500 and not hasattr(g, "_login_user"):
        g._login_user = AnonymousUserMixin()
    head, text = FAULTS.get(status, FAULTS[400 if status < 500 else 500])
    again = _to_send_again() if status == 503 else None
    page = render_template("error.html", code=status, title=head, text=text, number=g.get("request_id", "-"), again=again)
    return page, status


def _to_send_again() -> list[tuple[str, str]] | None:
    """What somebody sent and could not be kept, for a form that sends it once more; never a secret, never a whole book."""
    if request.method != "POST" or SECRET_FIELDS & request.form.keys() or (request.content_length or 0) > MOST_TO_SEND_AGAIN:
        return None
    return [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]


def _http_fault(fault: HTTPException) -> tuple[str, int] | HTTPException:
    if fault.code is None or fault.code < 400:
        return fault
    if isinstance(fault, CSRFError):
        log.warning(_line(400, "csrf", 0))
    return fault_page(fault.code)


def _database_fault(fault: DBAPIError) -> tuple[str, int]:
    """The disk is full, read-only or the database does not answer: nothing was kept, and the page says so."""
    _let_go(fault)
    log.error(json.dumps({"id": g.get("request_id", "-"), "database": type(fault.orig).__name__, "said": str(fault.orig)[:120]}))
    return fault_page(503)


def _statement_fault(fault: StatementError) -> tuple[str, int]:
    _let_go(fault)
    if isinstance(fault, DataError) or isinstance(fault.orig, OverflowError | UnicodeError | ValueError):
        return fault_page(400)  # a number or a text that no column can hold
    return _unforeseen(fault)


def _unforeseen(fault: Exception) -> tuple[str, int]:
    log.error(json.dumps({"id": g.get("request_id", "-"), "fault": type(fault).__name__}), exc_info=fault)
    _let_go(fault)
    return fault_page(500)


def _let_go(fault: Exception) -> None:
    """Undo what was under way, and forget the half-read rows that the fault still holds on to: on SQLite they would keep
    this connection in the past, so that the next request to get it could write nothing."""
    traceback.clear_frames(fault.__traceback__)
    db.session.rollback()
