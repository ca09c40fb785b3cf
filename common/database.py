"""The database: the base of every table, one session, and the one place that commits."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec

from flask import Flask, make_response
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, MetaData, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase

P = ParamSpec("P")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, session_options={"autoflush": False})

# SQLite lets one transaction write at a time. Waiting here, in order of arrival, is fairer and far quicker
# than the retry with growing pauses that SQLite does by itself.
_one_writer = threading.Lock()


def new_id() -> str:
    """A random key that means nothing to anyone (UUID4, 32 hex digits)."""
    return uuid.uuid4().hex


def is_id(text: str) -> bool:
    """Whether this could be one of our keys; anything else need not be looked up."""
    return len(text) == 32 and all(sign in "0123456789abcdef" for sign in text)


def prepare_engine(engine: Engine) -> None:
    """Give every SQLite connection what we promise: kept on disk, references checked, erased for real."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("netjes_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing() -> Iterator[None]:
    """One short transaction that writes: committed at the end, undone when anything is raised.

    What was read before is let go first: on SQLite a reading transaction cannot become a writing one
    once someone else has written.
    """
    sqlite = db.engine.dialect.name == "sqlite"
    db.session.rollback()
    if sqlite:
        _one_writer.acquire()
    try:
        db.session.connection(execution_options={"netjes_writes": True})
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        if sqlite:
            _one_writer.release()


class _NotASuccess(Exception):
    """Carries an answer that must not be committed (a form with problems) out of the transaction."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.response = response


def commits(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """A view that writes: committed when its answer is a success or a redirect, undone otherwise."""

    @wraps(view)
    def in_one_transaction(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        try:
            with writing():
                response = make_response(view(*args, **kwargs))
                if response.status_code >= 400:
                    raise _NotASuccess(response)
        except _NotASuccess as refused:
            return refused.response  # type: ignore[no-any-return]
        return response

    return in_one_transaction


def was_added(row: Base) -> bool:
    """Insert a row. False when another transaction was just ahead with the same unique key; nothing else is undone then."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return False
    return True


def leave_no_trace() -> None:
    """After deleting: let SQLite write its log back, so that no file on disk still holds what was deleted."""
    if db.engine.dialect.name != "sqlite":
        return
    db.session.rollback()
    connection = db.engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def init_app(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
