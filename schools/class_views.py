"""The beheerder's classes and pupils: made, named, put in a class, and really deleted."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from access.domain import Role
from access.guards import requires, viewer
from access.policy import Permission
from accounts.confirm import password_problem
from accounts.models import Person
from accounts.queries import pupils_of
from common.clock import now
from common.database import commits, is_id, leave_no_trace, writing
from common.forms import Form
from common.words import _, ngettext
from protocols.domain import Track
from protocols.parse import load_corpus
from schools import actions, forms, queries
from schools.admin import CLASS, PUPIL, blueprint, own_class, own_pupil, typed_password
from schools.domain import SECRET_KINDS, YEAR_GROUPS
from schools.models import SchoolClass

# ---- classes ----


@blueprint.get("/beheer/klassen")
@requires(Permission.MANAGE_SCHOOL)
def list_classes() -> ResponseReturnValue:
    school_id = viewer().school_id
    return render_template(
        "admin/classes.html",
        classes=queries.classes_seen_by(viewer()),
        pupils=queries.pupil_counts(school_id),
        mentors=queries.mentor_names(school_id),
        kinds=forms.KIND_WORDS,
    )


@blueprint.get("/beheer/klassen/nieuw")
@requires(Permission.MANAGE_SCHOOL)
def class_new() -> ResponseReturnValue:
    return _class_form(Form(), None)


@blueprint.post("/beheer/klassen/nieuw")
@requires(Permission.MANAGE_SCHOOL)
@commits
def class_add() -> ResponseReturnValue:
    form, made = forms.read_class(request.form, viewer().school_id)
    if made is None:
        return _class_form(form, None), 422
    added = actions.add_class(viewer().school_id, made.name, made.year_group, made.secret_kind, now(), actor_id=viewer().id)
    flash(_("Klas %(name)s is gemaakt. Zet nu de leerlingen erin.", name=made.name), "success")
    return redirect(url_for(".class_show", class_id=added.id))


def _class_form(form: Form, known: SchoolClass | None) -> str:
    """The form of a new class, or of a known one: that stays in its track, since its lessons are of that track."""
    if known is not None:
        groups, kinds = list(forms.year_groups(Track(known.track))), SECRET_KINDS[Track(known.track)]
    else:
        levels = load_corpus().protocols[viewer().protocol].levels
        groups = sorted(YEAR_GROUPS, key=lambda name: YEAR_GROUPS[name] not in levels)
        kinds = SECRET_KINDS[Track.PRIMARY]
    return render_template("admin/class_form.html", form=form, problems=form.problems, known=known, groups=groups,
                           kinds=[(kind, forms.KIND_WORDS[kind]) for kind in kinds])  # fmt: skip


@blueprint.get(CLASS)
@requires(Permission.MANAGE_SCHOOL)
def class_show(class_id: str) -> ResponseReturnValue:
    """One class: its code, its mentors and its pupils."""
    found = own_class(class_id)
    staff = [one for one in queries.staff_of(found.school_id) if one.is_active and one.role == Role.MENTOR]
    chosen = {one.id for one in queries.mentors_of(found.id)}
    return render_template(
        "admin/class.html", found=found, pupils=pupils_of(found.id), staff=staff, chosen=chosen, kind=forms.KIND_WORDS[found.secret_kind]
    )


@blueprint.get(f"{CLASS}/wijzigen")
@requires(Permission.MANAGE_SCHOOL)
def class_edit(class_id: str) -> ResponseReturnValue:
    found = own_class(class_id)
    return _class_form(Form(values={"naam": found.name, "leerjaar": found.year_group, "inlog": found.secret_kind}), found)


@blueprint.post(f"{CLASS}/wijzigen")
@requires(Permission.MANAGE_SCHOOL)
@commits
def class_change(class_id: str) -> ResponseReturnValue:
    found = own_class(class_id)
    form, made = forms.read_class(request.form, found.school_id, known=found)
    if made is None:
        return _class_form(form, found), 422
    actions.change_class(found, made.name, made.year_group, made.secret_kind, actor_id=viewer().id)
    flash(_("De klas is gewijzigd."), "success")
    return redirect(url_for(".class_show", class_id=found.id))


@blueprint.post(f"{CLASS}/mentoren")
@requires(Permission.MANAGE_SCHOOL)
@commits
def class_mentors(class_id: str) -> ResponseReturnValue:
    """Who mentors this class: only mentors of the own school can be chosen."""
    found = own_class(class_id)
    known = {one.id for one in queries.staff_of(found.school_id) if one.is_active and one.role == Role.MENTOR}
    actions.set_mentors(found, known & set(request.form.getlist("mentor")), actor_id=viewer().id)
    flash(_("De mentoren van klas %(name)s zijn bewaard.", name=found.name), "success")
    return redirect(url_for(".class_show", class_id=found.id))


@blueprint.post(f"{CLASS}/code")
@requires(Permission.MANAGE_SCHOOL)
@commits
def class_code(class_id: str) -> ResponseReturnValue:
    """A new class code. The old one stops at once; secrets stay as they are."""
    found = own_class(class_id)
    actions.renew_code(found, actor_id=viewer().id)
    flash(_("De klas heeft een nieuwe code. De oude werkt niet meer: print nieuwe kaartjes of schrijf de code op het bord."), "success")
    return redirect(url_for(".class_show", class_id=found.id))


@blueprint.get(f"{CLASS}/verwijderen")
@requires(Permission.MANAGE_SCHOOL)
def class_remove(class_id: str) -> ResponseReturnValue:
    return _remove_class_page(own_class(class_id), Form())


@blueprint.post(f"{CLASS}/verwijderen")
@requires(Permission.MANAGE_SCHOOL)
def class_delete(class_id: str) -> ResponseReturnValue:
    """The class, its pupils and everything they did. Asks the password again; cannot be undone."""
    found, form = own_class(class_id), Form()
    name = found.name
    if problem := password_problem(viewer().id, typed_password()):
        form.add("wachtwoord", problem)
        return _remove_class_page(own_class(class_id), form), 422
    with writing():
        actions.delete_class(own_class(class_id), actor_id=viewer().id)
    leave_no_trace()
    flash(_("Klas %(name)s is verwijderd, met alle leerlingen en hun antwoorden.", name=name), "success")
    return redirect(url_for(".list_classes"))


def _remove_class_page(found: SchoolClass, form: Form) -> str:
    count = len(pupils_of(found.id))
    return render_template("admin/class_remove.html", found=found, count=count, form=form, problems=form.problems)


# ---- a pasted list of names ----


@blueprint.get(f"{CLASS}/leerlingen/toevoegen")
@requires(Permission.MANAGE_SCHOOL)
def class_names(class_id: str) -> ResponseReturnValue:
    found = own_class(class_id)
    return render_template("admin/names.html", found=found, form=Form(), problems=[], rows=[])


@blueprint.post(f"{CLASS}/leerlingen/toevoegen")
@requires(Permission.MANAGE_SCHOOL)
@commits
def class_add_names(class_id: str) -> ResponseReturnValue:
    """First the list as it was understood, with every row that is wrong; after a second yes all of it, or nothing."""
    found = own_class(class_id)
    form, rows = forms.read_names(request.form, [one.display_name for one in pupils_of(found.id)])
    if form.problems or request.form.get("stap") != "bewaar":
        page = render_template("admin/names.html", found=found, form=form, problems=form.problems, rows=rows)
        return page, 422 if form.problems else 200
    added = actions.add_pupils(found, [row.name for row in rows], now(), actor_id=viewer().id)
    flash(ngettext("%(num)s leerling zit nu in de klas.", "%(num)s leerlingen zitten nu in de klas.", added), "success")
    return redirect(url_for(".class_show", class_id=found.id))


# ---- a pupil ----


@blueprint.get(PUPIL)
@requires(Permission.MANAGE_SCHOOL)
def class_pupil(class_id: str, pupil_id: str) -> ResponseReturnValue:
    found, pupil = own_pupil(class_id, pupil_id)
    return _pupil_page(found, pupil, Form(values={"naam": pupil.display_name}))


def _pupil_page(found: SchoolClass, pupil: Person, form: Form) -> str:
    others = [one for one in queries.classes_seen_by(viewer()) if one.track == found.track and one.id != found.id]
    return render_template("admin/pupil.html", found=found, pupil=pupil, others=others, form=form, problems=form.problems)


@blueprint.post(f"{PUPIL}/naam")
@requires(Permission.MANAGE_SCHOOL)
@commits
def class_pupil_rename(class_id: str, pupil_id: str) -> ResponseReturnValue:
    found, pupil = own_pupil(class_id, pupil_id)
    form, name = forms.read_pupil_name(request.form, [one.display_name for one in pupils_of(found.id) if one.id != pupil.id])
    if form.problems:
        return _pupil_page(found, pupil, form), 422
    actions.rename_pupil(pupil, name, actor_id=viewer().id)
    flash(_("De naam is gewijzigd."), "success")
    return redirect(url_for(".class_pupil", class_id=found.id, pupil_id=pupil.id))


@blueprint.post(f"{PUPIL}/klas")
@requires(Permission.MANAGE_SCHOOL)
@commits
def class_pupil_move(class_id: str, pupil_id: str) -> ResponseReturnValue:
    """To another class of the same track, with everything the pupil did."""
    found, pupil = own_pupil(class_id, pupil_id)
    form = Form(values={"naam": pupil.display_name})
    wanted = request.form.get("klas", "")
    to = queries.class_seen_by(viewer(), wanted) if is_id(wanted) else None
    if to is None or to.track != found.track or to.id == found.id:
        form.add("klas", _("Kies een andere klas."))
    elif pupil.display_name.casefold() in {one.display_name.casefold() for one in pupils_of(to.id)}:
        form.add("klas", _("In die klas zit al iemand met deze naam. Zet er eerst een letter achter."))
    if form.problems or to is None:
        return _pupil_page(found, pupil, form), 422
    actions.move_pupil(pupil, to, actor_id=viewer().id)
    flash(_("De leerling zit nu in klas %(name)s.", name=to.name), "success")
    return redirect(url_for(".class_pupil", class_id=to.id, pupil_id=pupil.id))


@blueprint.get(f"{PUPIL}/verwijderen")
@requires(Permission.MANAGE_SCHOOL)
def class_pupil_remove(class_id: str, pupil_id: str) -> ResponseReturnValue:
    found, pupil = own_pupil(class_id, pupil_id)
    return render_template("admin/pupil_remove.html", found=found, pupil=pupil, form=Form(), problems=[])


@blueprint.post(f"{PUPIL}/verwijderen")
@requires(Permission.MANAGE_SCHOOL)
def class_pupil_delete(class_id: str, pupil_id: str) -> ResponseReturnValue:
    """The pupil and everything this pupil did. Asks the password again; cannot be undone."""
    own_pupil(class_id, pupil_id)
    if problem := password_problem(viewer().id, typed_password()):
        form = Form()
        form.add("wachtwoord", problem)
        found, pupil = own_pupil(class_id, pupil_id)
        return render_template("admin/pupil_remove.html", found=found, pupil=pupil, form=form, problems=form.problems), 422
    with writing():
        _found, pupil = own_pupil(class_id, pupil_id)
        actions.delete_pupil(pupil, actor_id=viewer().id)
    leave_no_trace()
    flash(_("De leerling is verwijderd, met alle antwoorden."), "success")
    return redirect(url_for(".class_show", class_id=class_id))
