"""Inzage: the beheerder shows or hands over everything that Netjes has on one pupil.

The pages belong to the beheerder's room by their address, and stand here because this floor may read every table.
"""

from __future__ import annotations

import json

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from access.guards import requires, viewer
from access.policy import Permission
from common import audit
from common.clock import now
from common.database import writing
from common.exports import download, to_csv
from progress.dossier import Dossier, as_json, as_rows, dossier_of
from schools.admin import PUPIL, blueprint, own_pupil


def _dossier(class_id: str, pupil_id: str) -> Dossier:
    """Everything of a pupil of the own school, else 404. That it was looked at is a line in the log book."""
    own_pupil(class_id, pupil_id)
    with writing():
        audit.note("inzage", viewer().school_id, viewer().id, pupil_id)
    found, pupil = own_pupil(class_id, pupil_id)
    return dossier_of(pupil, found, viewer().school_name, now())


@blueprint.get(f"{PUPIL}/inzage")
@requires(Permission.MANAGE_SCHOOL)
def class_pupil_dossier(class_id: str, pupil_id: str) -> ResponseReturnValue:
    """Everything on one page."""
    found = _dossier(class_id, pupil_id)
    school_class, pupil = own_pupil(class_id, pupil_id)
    return render_template("admin/dossier.html", dossier=found, found=school_class, pupil=pupil)


@blueprint.get(f"{PUPIL}/inzage.<any(json, csv):kind>")
@requires(Permission.MANAGE_SCHOOL)
def class_pupil_export(class_id: str, pupil_id: str, kind: str) -> ResponseReturnValue:
    """The same as a file. The name of the file tells nothing about the pupil."""
    found = _dossier(class_id, pupil_id)
    if kind == "csv":
        return download(to_csv(as_rows(found)), "netjes-inzage.csv")
    response = Response(json.dumps(as_json(found), ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="netjes-inzage.json"'
    return response
