"""What a pupil takes home: the end of a unit with its intention, "wat ik nu weet", and the certificate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from access.guards import requires, viewer
from access.policy import Permission
from common import pdf
from common.clock import now, today
from common.forms import FieldProblem, Form
from lessons import actions, agenda, certificate, intention, known
from lessons.finish_queries import checks_of, intentions_of_pupil
from lessons.library import Lesson
from lessons.models import UnitProgress
from lessons.player import Place, blueprint, common_context, lesson_of, read_on
from lessons.queries import intention_of, lessons_for, progress_in, progress_of
from quizzes.forms import AnswerForm
from schools.planning import plan_of
from schools.present import class_title
from schools.queries import book_of, class_agreements_of, class_of_pupil

LONGEST_INTENTION = 300

# ---- the intention ----


def intention_page(place: Place, _form: AnswerForm | None, problems: list[FieldProblem], kept: dict[str, Any]) -> str:
    """The beginnings that the lesson offers and a line to go on; who wrote one before finds it back."""
    block = place.screen.block
    known_text = intention_of(viewer().id, place.lesson.slug) if place.stored and not kept else None
    if known_text and block:
        kept = dict(zip(("begin", "tekst"), intention.taken_apart(known_text.text, block.data.starters), strict=True))
    return render_template(
        "lessons/intention.html", **common_context(place), intention=block.data if block else None, problems=problems,
        problem=problems[0].text if problems else None, kept=kept, longest=LONGEST_INTENTION, is_change=known_text is not None,
    )  # fmt: skip


def intend(place: Place) -> ResponseReturnValue:
    """Keep the sentence as a whole. Nothing typed, or too much, comes back with what was chosen."""
    starters = place.screen.block.data.starters if place.screen.block else ()
    form, begin = Form(), request.form.get("begin", "")
    starter = intention.chosen_starter(begin, starters)
    text = form.read(request.form, "tekst", label=_("je zin"), longest=LONGEST_INTENTION, needed=False, lines=True)
    if not text:
        form.add("tekst", _("Maak de zin af.") if starter else _("Kies een begin en maak de zin af, of schrijf je eigen zin."))
    if form.problems:
        return intention_page(place, None, form.problems, {"begin": begin, "tekst": form.values["tekst"]}), 422
    if place.stored:
        actions.keep_intention(viewer(), place.lesson.slug, intention.completed(starter, text) if starter else text, now())
    return read_on(place)


# ---- the end of a unit ----


@blueprint.get("/lessen/<string:unit>/klaar")
@requires(Permission.TAKE_LESSON)
def show_end(unit: str) -> ResponseReturnValue:
    """What the lesson brought: then and now, the intention, the agreements of the school, and what comes next."""
    lesson = lesson_of(unit)
    progress = progress_in(viewer().id, unit)
    if progress is None or not progress.finished_at:
        return redirect(url_for(".show_unit", unit=unit))
    lessons, finished = lessons_for(viewer().school_id, viewer().track or ""), _finished(progress_of(viewer().id))
    return render_template(
        "lessons/end.html", lesson=lesson, growth=known.growth(lesson, checks_of(viewer().id, unit).get(unit, {})),
        rules=known.taught(lesson, book_of(viewer()), None, viewer().half).rules, intention=intention_of(viewer().id, unit),
        change_url=_intention_url(lesson), first=lesson.screens(viewer().half)[0].key,
        following=known.next_lesson(_as_planned(lessons), [slug for slug, at in finished.items() if at], unit),
        has_certificate=certificate.earned_at(lessons, finished) is not None, people=certificate.people_in(lesson)[:3],
    )  # fmt: skip


def _finished(progress: dict[str, UnitProgress]) -> dict[str, datetime | None]:
    return {slug: row.finished_at for slug, row in progress.items()}


def _intention_url(lesson: Lesson) -> str | None:
    screen = known.intention_screen(lesson, viewer().half)
    return url_for(".show_screen", unit=lesson.slug, screen=screen) if screen else None


# ---- what I know now ----


@blueprint.get("/wat-ik-weet")
@requires(Permission.TAKE_LESSON)
def show_known() -> ResponseReturnValue:
    """Per unit that the pupil finished or is busy with: the school's agreements, growth, words and the intention."""
    book, everything = book_of(viewer()), progress_of(viewer().id)
    checks, intentions = checks_of(viewer().id), intentions_of_pupil(viewer().id)
    lessons = lessons_for(viewer().school_id, viewer().track or "")
    themes = []
    for lesson in lessons:
        progress = everything.get(lesson.slug)
        if progress is not None:
            brought = known.taught(lesson, book, None if progress.finished_at else set(progress.done), viewer().half)
            themes.append({
                "lesson": lesson, "is_done": progress.finished_at is not None, "rules": brought.rules, "words": brought.words,
                "growth": known.growth(lesson, checks.get(lesson.slug, {})), "intention": intentions.get(lesson.slug),
                "change_url": _intention_url(lesson), "url": url_for(".show_unit", unit=lesson.slug),
            })  # fmt: skip
    return render_template(
        "lessons/known.html", themes=themes, faces=certificate.faces_of(lessons), **own_class(),
        has_certificate=certificate.earned_at(lessons, _finished(everything)) is not None,
    )  # fmt: skip


def own_class() -> dict[str, Any]:
    """The pupil's class, as it is called in a sentence too, and what it agreed on."""
    found = class_of_pupil(viewer())
    title = class_title(found.name) if found else ""
    return {
        "class_title": title,
        "class_in_words": title[:1].lower() + title[1:],
        "class_agreements": [one.text for one in class_agreements_of(found.id)] if found else [],
    }


def own_plan() -> list[agenda.Planned]:
    """What the pupil's class plans."""
    class_id = viewer().class_id
    return plan_of(class_id) if class_id else []


def _as_planned(lessons: list[Lesson]) -> list[Lesson]:
    return agenda.in_order(own_plan(), {one.slug: one for one in lessons})


def other_today(unit: str) -> bool:
    """Whether the class does another unit today, which the pupil has not finished."""
    plan = own_plan()
    if not any(day == today() for _unit, day in plan):
        return False
    finished = {slug for slug, row in progress_of(viewer().id).items() if row.finished_at}
    units = {lesson.slug for lesson in lessons_for(viewer().school_id, viewer().track or "")}
    return agenda.of_today(plan, units, finished, today()) not in (None, unit)


# ---- the certificate ----


@blueprint.get("/certificaat")
@requires(Permission.TAKE_LESSON)
def show_certificate() -> ResponseReturnValue:
    """The certificate, ready to be printed; before it is earned, what is still to do."""
    lessons, everything = lessons_for(viewer().school_id, viewer().track or ""), progress_of(viewer().id)
    at = certificate.earned_at(lessons, _finished(everything))
    if at is None:
        units = [_unit(number, lesson, everything.get(lesson.slug)) for number, lesson in enumerate(lessons, 1)]
        return render_template("lessons/certificate_later.html", units=units, faces=certificate.faces_of(lessons))
    own = intentions_of_pupil(viewer().id)
    return render_template(
        "lessons/certificate.html", certificate=_certificate(lessons, at), has_intentions=any(lesson.slug in own for lesson in lessons),
        with_intentions=_with_intentions(), can_draw=pdf.can_draw(),
    )  # fmt: skip


def _unit(number: int, lesson: Lesson, progress: UnitProgress | None) -> dict[str, Any]:
    state = "nog-niet" if progress is None else "klaar" if progress.finished_at else "bezig"
    words = {"nog-niet": _("nog niet begonnen"), "bezig": _("bezig"), "klaar": _("klaar")}
    return {"number": number, "title": lesson.unit.title, "kaft": lesson.cover, "state": state, "state_text": words[state],
            "url": url_for(".show_unit", unit=lesson.slug)}  # fmt: skip


def _with_intentions() -> bool:
    """On it, unless the pupil took the tick away: the form says that it was sent, since an empty tick sends nothing."""
    return "keuze" not in request.args or request.args.get("voornemens") == "ja"


def _certificate(lessons: list[Lesson], at: datetime) -> certificate.Certificate:
    own = own_class()
    return certificate.sheet(
        lessons, book_of(viewer()), at, name=viewer().display_name, school=viewer().school_name, class_title=own["class_title"],
        agreements=own["class_agreements"], intentions=intentions_of_pupil(viewer().id) if _with_intentions() else {},
    )  # fmt: skip


@blueprint.get("/certificaat.pdf")
@requires(Permission.TAKE_LESSON)
def certificate_pdf() -> ResponseReturnValue:
    """The same sheet as a file. Its name tells nothing about the pupil."""
    lessons = lessons_for(viewer().school_id, viewer().track or "")
    at = certificate.earned_at(lessons, _finished(progress_of(viewer().id)))
    if at is None:
        return redirect(url_for(".show_certificate"))
    if not pdf.can_draw():
        abort(404)
    page = render_template("lessons/certificate_pdf.html", certificate=_certificate(lessons, at))
    try:
        drawn = pdf.draw(page, current_app.extensions["assets"])
    except pdf.TooBusy:
        abort(429)
    response = Response(drawn.body, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="netjes-certificaat.pdf"'
    return response
