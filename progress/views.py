"""What a mentor sees of the own classes."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from access.guards import requires
from access.policy import Permission

blueprint = Blueprint("progress", __name__)


@blueprint.get("/klassen")
@requires(Permission.VIEW_PROGRESS)
def list_classes() -> ResponseReturnValue:
    return "klassen"
