"""The blueprint of the beheerder's pages, and the loaders they share: what is not of the own school is not found."""

from __future__ import annotations

from typing import NoReturn

from flask import Blueprint, abort, request

from access.guards import viewer
from accounts.models import Person
from accounts.queries import pupil_in_class
from common.database import is_id
from schools.models import SchoolClass
from schools.queries import class_seen_by

blueprint = Blueprint("admin", __name__)
CLASS = "/beheer/klassen/<string:class_id>"
PUPIL = f"{CLASS}/leerlingen/<string:pupil_id>"


def own_class(class_id: str) -> SchoolClass:
    """A class of the beheerder's own school, else 404."""
    return (class_seen_by(viewer(), class_id) if is_id(class_id) else None) or _nothing()


def own_pupil(class_id: str, pupil_id: str) -> tuple[SchoolClass, Person]:
    """A pupil in a class of the own school, else 404."""
    found = own_class(class_id)
    return found, (pupil_in_class(found.id, pupil_id) if is_id(pupil_id) else None) or _nothing()


def typed_password() -> str:
    """The own password, typed again. It is never kept in a form or shown."""
    return request.form.get("wachtwoord", "")[:500]


def _nothing() -> NoReturn:
    abort(404)
