"""The flask commands: for who installs Netjes, for who makes content, and the demo."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the commands."""
