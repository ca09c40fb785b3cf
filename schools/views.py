"""Signing in of pupils by class code, name and secret; help; and "onze afspraken"."""

from __future__ import annotations

import threading
import time

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from access.guards import public, requires, viewer, viewer_or_none
from access.policy import Permission
from accounts import actions
from accounts.domain import seconds_to_wait
from accounts.models import Person
from accounts.queries import pupil_in_class, pupils_of
from accounts.secrets import PICTURES, secret_fits
from accounts.views import enter
from common.clock import now
from common.database import db, writing
from common.forms import Form, own_path
from protocols.domain import Track
from schools.help import help_routes
from schools.models import SchoolClass
from schools.present import agreements, article_page
from schools.queries import book_of, class_by_code, class_with_id, contacts_of, school_with_id

blueprint = Blueprint("schools", __name__)

# Wrong class codes per address. Above it the answer comes slowly; nobody is ever shut out: a whole school is one address.
_wrong_codes = FixedWindowRateLimiter(MemoryStorage())
MOST_WRONG_CODES = parse("60/minute")
_slow = threading.BoundedSemaphore(2)


@blueprint.post("/aanmelden")
@public
def enter_code() -> ResponseReturnValue:
    """The class code; the names of the class are shown only after the right one."""
    form = Form()
    code = form.read(request.form, "code", label=_("de klascode"), longest=20)
    found = class_by_code(code)
    if found is None and not form.problems:
        form.add("code", _("Deze klascode kennen we niet. Kijk nog eens goed op je kaartje."))
    if found is None:
        _answer_slowly_when_guessing()
        return render_template("accounts/start.html", form=form, problems=form.problems), 422
    session.clear()
    session["class"] = found.id
    return redirect(url_for(".show_names"))


def _answer_slowly_when_guessing() -> None:
    if not _wrong_codes.hit(MOST_WRONG_CODES, request.remote_addr or "-") and _slow.acquire(blocking=False):
        try:
            time.sleep(1)
        finally:
            _slow.release()


def _class_at_the_door() -> SchoolClass | None:
    class_id = session.get("class")
    return class_with_id(class_id) if isinstance(class_id, str) else None


@blueprint.get("/aanmelden/naam")
@public
def show_names() -> ResponseReturnValue:
    found = _class_at_the_door()
    if found is None:
        return redirect(url_for("accounts.start"))
    return render_template("schools/names.html", school_class=found, school=school_with_id(found.school_id), skin=found.track,
                           pupils=pupils_of(found.id), form=Form())  # fmt: skip


@blueprint.post("/aanmelden/naam")
@public
def choose_name() -> ResponseReturnValue:
    found = _class_at_the_door()
    if found is None:
        return redirect(url_for("accounts.start"))
    pupil = pupil_in_class(found.id, request.form.get("leerling", "")[:32])
    if pupil is None:
        form = Form()
        form.add("leerling", _("Kies je naam."))
        return render_template("schools/names.html", school_class=found, school=school_with_id(found.school_id), skin=found.track,
                               pupils=pupils_of(found.id), form=form, problems=form.problems), 422  # fmt: skip
    session["pupil"] = pupil.id
    return redirect(url_for(".show_secret"))


def _pupil_at_the_door() -> tuple[SchoolClass, Person] | None:
    found, pupil_id = _class_at_the_door(), session.get("pupil")
    pupil = pupil_in_class(found.id, pupil_id) if found and isinstance(pupil_id, str) else None
    return (found, pupil) if found and pupil else None


@blueprint.get("/aanmelden/geheim")
@public
def show_secret() -> ResponseReturnValue:
    at_door = _pupil_at_the_door()
    if at_door is None:
        return redirect(url_for("accounts.start"))
    return _secret_page(*at_door, Form(), [])


@blueprint.post("/aanmelden/geheim")
@public
def enter_secret() -> ResponseReturnValue:
    """Three pictures in order, a word or a PIN. Pictures may come one by one, each as a plain post."""
    at_door = _pupil_at_the_door()
    if at_door is None:
        return redirect(url_for("accounts.start"))
    school_class, pupil = at_door
    form, chosen = Form(), _chosen_pictures()
    kind = pupil.secret_kind if pupil.secret_hash else school_class.secret_kind
    if kind == "pictures" and (len(chosen) < 3 or request.form.get("wis")):
        return _secret_page(school_class, pupil, form, chosen[:-1] if request.form.get("wis") else chosen)
    secret = "-".join(chosen[:3]) if kind == "pictures" else request.form.get("geheim", "")[:60]
    wait = seconds_to_wait(pupil.wait_until, now())
    token = None if wait else _try_secret(pupil, kind, secret)
    if wait:
        form.add("geheim", _("Even wachten. Over %(n)s seconden kun je het weer proberen.", n=wait))
    elif token is None:
        form.add("geheim", _("Dat is het niet. Kijk goed op je kaartje en probeer het nog een keer."))
    if token is None:
        return *_as_pair(_secret_page(school_class, pupil, form, [])), 422
    enter(token)
    return redirect(url_for("lessons.resume"))


def _as_pair(page: str) -> tuple[str]:
    return (page,)


def _chosen_pictures() -> list[str]:
    chosen = [key for key in request.form.getlist("gekozen") if key in PICTURES][:3]
    extra = request.form.get("plaatje", "")
    return [*chosen, extra] if extra in PICTURES and not request.form.get("wis") else chosen


def _try_secret(pupil: Person, kind: str, secret: str) -> str | None:
    """Hash outside any transaction (it takes a while), then let the pupil in or count a wrong try."""
    pupil_id, hashed = pupil.id, pupil.secret_hash
    db.session.rollback()
    fits = secret_fits(kind, hashed, secret)
    with writing():
        return actions.try_to_enter(pupil_id, now(), fits=fits)


def _secret_page(school_class: SchoolClass, pupil: Person, form: Form, chosen: list[str]) -> str:
    db.session.refresh(pupil) if pupil not in db.session else None
    return render_template(
        "schools/secret.html", pupil_name=pupil.display_name, school=school_with_id(school_class.school_id),
        skin=school_class.track, kind=pupil.secret_kind if pupil.secret_hash else school_class.secret_kind,
        pictures=[{"id": key, "name": key} for key in PICTURES], chosen=chosen, form=form, problems=form.problems,
    )  # fmt: skip


@blueprint.get("/hulp")
@public
def show_help() -> ResponseReturnValue:
    """The school's own people first, then the national lines. Opening this page is written down nowhere."""
    someone, at_door = viewer_or_none(), _class_at_the_door()
    school_id = someone.school_id if someone else at_door.school_id if at_door else None
    track = someone.track if someone else at_door.track if at_door else None
    return render_template(
        "schools/help.html", contacts=contacts_of(school_id) if school_id else [], routes=help_routes(track or "voortgezet"),
        skin=track or ("staf" if someone else "voortgezet"), back=own_path(request.args.get("terug")), known=bool(school_id),
    )  # fmt: skip


@blueprint.get("/afspraken")
@requires(Permission.READ_AGREEMENTS)
def show_agreements() -> ResponseReturnValue:
    """ "Onze afspraken": the rule book of the own school, grouped as a person would look for it."""
    track = Track(viewer().track or _asked_track())
    groups = agreements(book_of(viewer()), track, request.args.get("zoek", "")[:60])
    return render_template("schools/agreements.html", groups=groups, track=track, query=request.args.get("zoek", "")[:60],
                           choose_track=not viewer().is_pupil)  # fmt: skip


def _asked_track() -> str:
    asked = request.args.get("spoor", "")
    return asked if asked in {track.value for track in Track} else Track.SECONDARY.value


@blueprint.get("/afspraken/artikel/<string:article_id>")
@requires(Permission.READ_AGREEMENTS)
def show_article(article_id: str) -> ResponseReturnValue:
    """One article of the own school's protocol, in our words, and the agreements that stand on it."""
    book = book_of(viewer())
    article = book.corpus.articles.get(article_id)
    if article is None or article.protocol != book.protocol.key:
        abort(404)
    track = Track(viewer().track or _asked_track())
    return render_template("schools/article.html", **article_page(book, article, track))


@blueprint.get("/privacy")
@public
def show_privacy() -> ResponseReturnValue:
    someone = viewer_or_none()
    return render_template("schools/page.html", page="privacy_kind" if someone and someone.is_pupil else "privacy")


@blueprint.get("/privacy/kinderen")
@public
def show_privacy_for_children() -> ResponseReturnValue:
    return render_template("schools/page.html", page="privacy_kind")


@blueprint.get("/toegankelijkheid")
@public
def show_accessibility() -> ResponseReturnValue:
    return render_template("schools/page.html", page="toegankelijkheid")


@blueprint.get("/over")
@public
def show_about() -> ResponseReturnValue:
    return render_template("schools/page.html", page="over")
