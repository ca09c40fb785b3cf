"""The app: settings in, rooms together. The one file that knows every room."""

from __future__ import annotations

import sys

from flask import Flask
from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

import accounts.reading_views
import accounts.views
import classroom.board_views
import classroom.live_views
import classroom.views
import commands
import editor.views
import lessons.handout_views
import lessons.offline_views
import lessons.paper_views
import lessons.planning_views
import lessons.preview_views
import lessons.print_views
import lessons.views
import progress.certificate_views
import progress.class_report_views
import progress.dossier_views
import progress.overview_views
import progress.views
import schools.admin_views
import schools.agreement_views
import schools.care_views
import schools.colleague_views
import schools.group_views
import schools.views
from access.guards import viewer_or_none
from accounts.queries import viewer_of
from common import assets, audit, database, web
from common.database import db
from common.problems import ContentError
from config import SettingError, Settings
from lessons.library import load_library
from navigation import FILTERS, page_context
from schools.help import load_help

__all__ = ["audit", "create_app"]

# How long one thread may keep the interpreter from another (Python: 5 ms). Who writes holds up all who want to write, and gives the
# interpreter back at every statement: behind a class that reads pages an answer would wait for tens of milliseconds (docs/performance.md).
TURN = 0.0005


def create_app(settings: Settings | None = None) -> Flask:
    """The whole app. Raises SettingError for a wrong setting and ContentError for wrong content."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SECRET_PEPPER=settings.secret_pepper,
        TOTP_REQUIRED=settings.totp_required,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        BABEL_DEFAULT_LOCALE="nl",
        BABEL_DEFAULT_TIMEZONE="Europe/Amsterdam",
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.extensions["library"] = load_library()
    load_help()
    web.init_app(app, behind_tls=settings.behind_tls, allowed_hosts=settings.allowed_hosts, log_level=settings.log_level)
    assets.init_app(app)
    database.init_app(app)
    Migrate(app, db, render_as_batch=True, compare_type=True)
    Babel(app)
    _sign_in(app)
    for room in (accounts.views, schools.views, schools.admin_views, lessons.views, progress.views, classroom.views, editor.views):
        app.register_blueprint(room.blueprint)
    commands.init_app(app)
    app.context_processor(page_context)
    app.jinja_env.filters.update(FILTERS)
    return app


def _engine_options(settings: Settings) -> dict[str, object]:
    if settings.is_sqlite:
        own: dict[str, object] = {"pool_size": settings.threads + 4, "connect_args": {"check_same_thread": False}}
    else:
        own = {"pool_size": settings.threads, "pool_pre_ping": True}
    # hide_parameters keeps names and answers out of the log when a statement fails.
    return {"max_overflow": 4, "hide_parameters": True, **own}


def _sign_in(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(viewer_of)
    app.jinja_env.globals["viewer_or_none"] = viewer_or_none


def application() -> Flask:
    """What the server and the flask command start; a wrong setting or wrong content stops it in plain words."""
    sys.setswitchinterval(TURN)
    try:
        return create_app()
    except SettingError as error:
        sys.exit(f"Netjes start niet: {error}")
    except ContentError as error:
        if commands.asks_for_content(sys.argv):
            return commands.checker()
        sys.exit(f"Netjes start niet: er zit een fout in de inhoud.\n{error}")


def __getattr__(name: str) -> Flask:
    """`app` for servers that want an object rather than a function; made when first asked for."""
    if name == "app":
        globals()["app"] = application()
        return globals()["app"]  # type: ignore[no-any-return]
    raise AttributeError(name)
