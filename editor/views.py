"""The browser editor for teamleiders: the doors of the lesson pages and of the rule pages are in two files beside this."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("editor", __name__)

# The pages hang themselves on the blueprint, so they come after it.
from editor import lesson_views, rule_views  # noqa: E402

__all__ = ["blueprint", "lesson_views", "rule_views"]
