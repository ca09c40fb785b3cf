"""The class: the lesson on the board, the mentor's own screen, and the screens of pupils who take part."""

from __future__ import annotations

from flask import Blueprint

from classroom import models

__all__ = ["blueprint", "models"]

blueprint = Blueprint("classroom", __name__)
