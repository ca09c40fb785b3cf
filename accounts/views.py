"""The front door, signing in of staff, signing out, and a member of staff's own account."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pyotp
import segno
from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from markupsafe import Markup
from sqlalchemy import select

from access.domain import Role, Viewer
from access.guards import public, requires, viewer, viewer_or_none
from access.policy import Permission
from accounts import actions
from accounts.domain import HALFWAY_LASTS, seconds_to_wait
from accounts.models import Person
from accounts.queries import staff_by_email, viewer_of
from accounts.secrets import hash_secret, password_faults, secret_fits
from accounts.strangers import strangers
from common import audit
from common.clock import now
from common.database import commits, db, writing
from common.forms import Form, own_path

blueprint = Blueprint("accounts", __name__)
STEP_SECONDS = 30

# Where each role begins.
HOMES = {
    Role.PUPIL: "lessons.resume",
    Role.MENTOR: "progress.list_classes",
    Role.TEAMLEIDER: "editor.list_lessons",
    Role.BEHEERDER: "admin.show_school",
}


@blueprint.after_app_request
def tell_whose(response: Response) -> Response:
    """Say for which pupil an answer is: what waits or is kept on a device is of one pupil (docs/decisions/009)."""
    someone: Viewer | None = g.get("viewer")
    if someone is not None and someone.is_pupil:
        response.headers["Netjes-Who"] = someone.id
    return response


def enter(token: str) -> None:
    """Give this browser the cookie of a sign-in, with nothing left in it of whoever was here before."""
    session.clear()
    found = viewer_of(token)
    assert found is not None
    login_user(found)


@blueprint.get("/")
@public
def start() -> ResponseReturnValue:
    """The front door: a class code for pupils, a way in for staff. Who is signed in goes on to the own first page."""
    someone = viewer_or_none()
    if someone:
        return redirect(url_for(HOMES[someone.role]))
    return render_template("accounts/start.html", form=Form(values={"code": request.args.get("code", "")[:20]}))


@blueprint.get("/medewerkers")
@public
def show_staff_sign_in() -> ResponseReturnValue:
    return render_template("accounts/staff_sign_in.html", form=Form(), onward=own_path(request.args.get("verder")))


@blueprint.post("/medewerkers")
@public
def staff_sign_in() -> ResponseReturnValue:
    """E-mail and password. The answer is the same for an unknown address and a wrong password."""
    form, onward = Form(), own_path(request.form.get("verder"))
    email = form.read(request.form, "email", label=_("je e-mailadres"), longest=254).lower()
    password = request.form.get("wachtwoord", "")[:500]
    person = staff_by_email(email) if email else None
    wait = seconds_to_wait(person.wait_until, now()) if person else strangers.seconds_to_wait(email, now())
    if wait:
        form.add("wachtwoord", _still_waiting(wait))
    elif not _fits(person, email, password):
        form.add("wachtwoord", _("Dit e-mailadres en wachtwoord horen niet bij elkaar."))
    if form.problems or person is None:
        return render_template("accounts/staff_sign_in.html", form=form, problems=form.problems, onward=onward), 422
    if person.totp_secret:
        session.clear()
        session["halfway"] = {"person": person.id, "at": now().isoformat(), "onward": onward}
        return redirect(url_for(".show_code"))
    return _let_in(person, onward)


def _still_waiting(seconds: int) -> str:
    return str(_("Even wachten. Over %(n)s seconden kun je het weer proberen.", n=seconds))


def _fits(person: Person | None, email: str, password: str) -> bool:
    """Check the password outside any transaction (it takes a while), then count a wrong try."""
    hashed = person.secret_hash if person and person.is_active and not _has_expired(person) else None
    person_id = person.id if person else None
    db.session.rollback()
    if secret_fits("password", hashed, password):
        return True
    if person_id is None:
        strangers.note_wrong_try(email, now())
        return False
    with writing():
        actions.try_to_enter(person_id, now(), fits=False)
    return False


def _has_expired(person: Person) -> bool:
    return person.secret_expires_at is not None and person.secret_expires_at < now()


def _let_in(person: Person, onward: str | None) -> ResponseReturnValue:
    """In, unless others were guessing at the same moment and the account has begun to wait."""
    person_id, role = person.id, Role(person.role)
    with writing():
        token = actions.try_to_enter(person_id, now(), fits=True)
    if token is None:
        flash(_("Er werd net te vaak een verkeerd geheim geprobeerd. Wacht even en probeer het opnieuw."), "warning")
        return redirect(url_for(".show_staff_sign_in"))
    enter(token)
    return redirect(onward or url_for(HOMES[role]))


@blueprint.get("/medewerkers/code")
@public
def show_code() -> ResponseReturnValue:
    if _halfway() is None:
        return redirect(url_for(".show_staff_sign_in"))
    return render_template("accounts/code.html", form=Form())


def _halfway() -> Person | None:
    """Who gave the right password in this browser a moment ago and has not given the code."""
    halfway = session.get("halfway")
    if not isinstance(halfway, dict) or datetime.fromisoformat(halfway["at"]) < now() - HALFWAY_LASTS:
        return None
    person = db.session.scalar(select(Person).where(Person.id == halfway["person"], Person.is_active))
    return person if person and person.totp_secret else None


@blueprint.post("/medewerkers/code")
@public
def enter_code() -> ResponseReturnValue:
    """The second step: six digits of an authenticator. Each code works once."""
    person, form = _halfway(), Form()
    if person is None:
        return redirect(url_for(".show_staff_sign_in"))
    wait = seconds_to_wait(person.wait_until, now())
    if wait:
        form.add("code", _still_waiting(wait))
    elif not _code_fits(person.id, _digits(request.form.get("code", ""))):
        form.add("code", _("Deze code klopt niet of is al gebruikt. Wacht op een nieuwe en probeer het nog een keer."))
    if form.problems:
        return render_template("accounts/code.html", form=form, problems=form.problems), 422
    return _let_in(person, session["halfway"].get("onward"))


def _digits(typed: str) -> str:
    return "".join(sign for sign in typed[:20] if sign.isdigit())


def _code_fits(person_id: str, code: str) -> bool:
    with writing():
        person = db.session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
        step = _step_of(person.totp_secret or "", code)
        if step is None or step <= (person.totp_used_step or 0):
            actions.try_to_enter(person_id, now(), fits=False)
            return False
        person.totp_used_step = step
        return True


def _step_of(secret: str, code: str) -> int | None:
    """The time step that a code belongs to: the present one or one beside it."""
    present = int(now().replace(tzinfo=UTC).timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in (present, present - 1, present + 1):
        if len(code) == 6 and pyotp.utils.strings_equal(totp.generate_otp(step), code):
            return step
    return None


@blueprint.post("/uitloggen")
@requires(Permission.SIGN_OUT)
@commits
def sign_out() -> ResponseReturnValue:
    """End the sign-in for real; the back button then shows nothing. What was not sent stays with the device (decision 009)."""
    actions.end_sign_in(viewer().sign_in)
    logout_user()
    session.clear()
    response = make_response(redirect(url_for(".start")))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.get("/account")
@requires(Permission.OWN_ACCOUNT)
def show_account() -> ResponseReturnValue:
    return render_template("accounts/account.html", person=_me())


@blueprint.get("/account/wachtwoord")
@requires(Permission.OWN_ACCOUNT)
def show_password() -> ResponseReturnValue:
    return render_template("accounts/password.html", form=Form(), email=_me().email, first=viewer().must_do == "password")


@blueprint.post("/account/wachtwoord")
@requires(Permission.OWN_ACCOUNT)
def change_password() -> ResponseReturnValue:
    form, me = Form(), _me()
    fresh = request.form.get("nieuw", "")
    if not secret_fits("password", me.secret_hash, request.form.get("huidig", "")[:500]):
        form.add("huidig", _("Dit is niet je huidige wachtwoord."))
    for fault in password_faults(fresh, me.email or ""):
        form.add("nieuw", fault)
    if form.problems:
        first = viewer().must_do == "password"
        return render_template("accounts/password.html", form=form, problems=form.problems, email=me.email, first=first), 422
    hashed = hash_secret("password", fresh)
    with writing():
        actions.change_password(viewer().id, hashed, keep=viewer().sign_in)
    flash(_("Je nieuwe wachtwoord is bewaard."), "goed")
    return redirect(url_for(".start"))


@blueprint.get("/account/tweede-stap")
@requires(Permission.OWN_ACCOUNT)
def show_totp() -> ResponseReturnValue:
    """Set up the second step: scan a picture, type the code that follows."""
    session.setdefault("totp", pyotp.random_base32())
    return _totp_page(viewer(), Form())


@blueprint.post("/account/tweede-stap")
@requires(Permission.OWN_ACCOUNT)
@commits
def set_totp() -> ResponseReturnValue:
    secret, form = session.get("totp", ""), Form()
    step = _step_of(secret, _digits(request.form.get("code", ""))) if secret else None
    if step is None:
        session.setdefault("totp", pyotp.random_base32())
        form.add("code", _("Deze code klopt niet. Kijk of de tijd van je telefoon goed staat."))
        return _totp_page(viewer(), form), 422
    me = _me()
    me.totp_secret, me.totp_used_step = secret, step
    session.pop("totp")
    audit.note("tweede-stap-ingesteld", me.school_id, me.id)
    flash(_("De tweede stap staat aan. Bij het aanmelden vraagt Netjes voortaan een code."), "goed")
    return redirect(url_for(".start"))


def _totp_page(person: Viewer, form: Form) -> str:
    uri = pyotp.TOTP(session["totp"]).provisioning_uri(name=_me().email or person.display_name, issuer_name="Netjes")
    picture = io.BytesIO()
    segno.make(uri, error="m").save(picture, kind="svg", scale=5, svgclass="qr", lineclass=None, omitsize=True, xmldecl=False)
    qr = Markup(picture.getvalue().decode())  # noqa: S704  (segno draws it from our own text)
    return render_template("accounts/totp.html", form=form, problems=form.problems, qr=qr, secret=session["totp"])


def _me() -> Person:
    return db.session.scalars(select(Person).where(Person.id == viewer().id)).one()
