"""The doors: @requires on every view that is not for everybody, @public on every view that is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from access.domain import Viewer
from access.policy import Permission, allows
from common import audit
from common.database import writing

P = ParamSpec("P")
R = TypeVar("R")

# Where somebody goes who must first do something: a new password, or setting up the second step.
MUST_DO = {"password": "accounts.show_password", "totp": "accounts.show_totp"}


def viewer() -> Viewer:
    """The person who is signed in. Only for views behind @requires."""
    if "viewer" not in g:
        g.viewer = current_user._get_current_object()
    return cast(Viewer, g.viewer)


def viewer_or_none() -> Viewer | None:
    return viewer() if current_user.is_authenticated else None


def requires(permission: Permission) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Let in who may do this; send a guest to sign in; refuse others with 403 before any input is read."""

    def guard(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return _to_sign_in()
            if not allows(viewer(), permission):
                with writing():
                    audit.note("toegang-geweigerd", viewer().school_id, viewer().id, request.endpoint or "")
                abort(403)
            if viewer().must_do and permission not in (Permission.OWN_ACCOUNT, Permission.SIGN_OUT):
                return redirect(url_for(MUST_DO[cast(str, viewer().must_do)]))
            return view(*args, **kwargs)

        guarded.door = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def public(view: Callable[P, R]) -> Callable[P, R]:
    """A view for everybody, signed in or not; said aloud so that no view is open by forgetting."""
    view.door = "public"  # type: ignore[attr-defined]
    return view


STAFF_PAGES = ("/klassen", "/bord", "/redactie", "/beheer", "/account", "/docent", "/voortgang")


def _to_sign_in() -> ResponseReturnValue:
    """A guest who asks for a page of staff comes back there after signing in; a pupil goes on where the lesson was."""
    if not request.path.startswith(STAFF_PAGES):
        return redirect(url_for("accounts.start"))
    where = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.show_staff_sign_in", verder=where))
