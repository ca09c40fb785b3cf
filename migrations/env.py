"""Runs the migrations on the database of the app; started by the flask db commands only."""

from __future__ import annotations

from alembic import context
from flask import current_app

extension = current_app.extensions["migrate"]


def run() -> None:
    """Bring the tables to where the newest migration wants them, all of it or nothing."""
    with extension.db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=extension.db.metadata, **extension.configure_args)
        with context.begin_transaction():
            context.run_migrations()


run()
