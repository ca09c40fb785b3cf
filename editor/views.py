"""The browser editor for teamleiders."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from access.guards import requires
from access.policy import Permission

blueprint = Blueprint("editor", __name__)


@blueprint.get("/redactie")
@requires(Permission.EDIT_CONTENT)
def list_lessons() -> ResponseReturnValue:
    return "lessen"


@blueprint.get("/redactie/regels")
@requires(Permission.EDIT_CONTENT)
def list_rules() -> ResponseReturnValue:
    return "regels"
