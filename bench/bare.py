"""The yardstick: a bare Flask route that makes one durable insert, with the pragmas that the app uses. Served by granian."""

from __future__ import annotations

import os
import sqlite3
import threading

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

_own = threading.local()
_one_writer = threading.Lock()


def _connection() -> sqlite3.Connection:
    if not hasattr(_own, "connection"):
        _own.connection = sqlite3.connect(os.environ["BARE_DATABASE"], isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
            _own.connection.execute(f"PRAGMA {pragma}")
    connection: sqlite3.Connection = _own.connection
    return connection


def create_app() -> Flask:
    app = Flask(__name__)
    _connection().execute("CREATE TABLE IF NOT EXISTS answer (id TEXT PRIMARY KEY, pupil TEXT, value TEXT)")

    @app.get("/")
    def start() -> str:
        return "bare"

    @app.post("/answer")
    def answer() -> Response:
        with _one_writer:
            connection = _connection()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "INSERT OR IGNORE INTO answer VALUES (?, ?, ?)",
                (request.form["antwoord_id"], request.cookies.get("pupil", ""), request.form["keuze"]),
            )
            connection.execute("COMMIT")
        return redirect("/")

    return app
