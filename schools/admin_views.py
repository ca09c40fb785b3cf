"""The beheerder: schools, classes, pupils, staff, contacts, log book."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from access.guards import requires
from access.policy import Permission

blueprint = Blueprint("admin", __name__)


@blueprint.get("/beheer")
@requires(Permission.MANAGE_SCHOOL)
def show_school() -> ResponseReturnValue:
    return "school"


@blueprint.get("/beheer/klassen")
@requires(Permission.MANAGE_SCHOOL)
def list_classes() -> ResponseReturnValue:
    return "klassen"


@blueprint.get("/beheer/medewerkers")
@requires(Permission.MANAGE_SCHOOL)
def list_staff() -> ResponseReturnValue:
    return "medewerkers"


@blueprint.get("/beheer/hulp")
@requires(Permission.KEEP_CONTACTS)
def show_contacts() -> ResponseReturnValue:
    return "hulp"


@blueprint.get("/beheer/logboek")
@requires(Permission.READ_AUDIT)
def show_audit() -> ResponseReturnValue:
    return "logboek"


@blueprint.get("/beheer/scholen")
@requires(Permission.CREATE_SCHOOL)
def list_schools() -> ResponseReturnValue:
    return "scholen"
