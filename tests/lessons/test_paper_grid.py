"""A mentor types over what pupils did on paper: kept once, counted as their own, and never over what they did themselves."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest
from markupsafe import escape
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts.models import Person
from common.audit import AuditEvent
from common.clock import now
from common.database import db, new_id
from lessons import actions
from lessons.library import Lesson
from lessons.models import UnitProgress
from lessons.paper import MOMENTS, Column, columns, done_on_paper, paper_id
from lessons.paper_actions import as_pupil
from lessons.queries import library, progress_in
from protocols import actions as rule_actions
from protocols.domain import Change, Stance
from quizzes.actions import record_answer
from quizzes.judge import judge
from quizzes.models import Answer
from quizzes.paper import as_typed
from schools.models import School, SchoolClass
from schools.queries import book_of
from tests.page import post, visit
from tests.people import a_beheerder, a_class, a_mentor, a_pupil, a_school, a_teamleider, as_viewer

pytestmark = pytest.mark.usefixtures("app")
UNIT = "vriendschapsverzoek-primair"


@pytest.fixture
def school() -> School:
    return a_school("tjongeling")


@pytest.fixture
def school_class(school: School) -> SchoolClass:
    return a_class(school, name="Groep 7")


@pytest.fixture
def mentor(school: School, school_class: SchoolClass) -> Person:
    return a_mentor(school, of=[school_class])


def lesson() -> Lesson:
    return library().lessons[UNIT]


def asked(moment: str, half: int = 1) -> list[Column]:
    return columns(lesson(), half, MOMENTS[moment])


def name(pupil: Person, column: Column) -> str:
    return f"a:{pupil.id}:{column.key}"


def some_answer(column: Column, mentor: Person, seed: str = "") -> str:
    """An answer as somebody may give it, in the signs of the sheet."""
    item = column.screen.item
    return as_typed(item, item.imagined(Random(f"{seed}{item.id}"), 0.6, book_of(as_viewer(mentor))))


def enter(mentor: Person, school_class: SchoolClass, moment: str, typed: dict[str, str], **more: Any) -> TestResponse:
    data = {"moment": moment, **typed, **more}
    return post(mentor, "lessons.class_paper_save", data, class_id=school_class.id, unit=UNIT)


def answers(pupil: Person) -> dict[tuple[str, str], Answer]:
    db.session.rollback()
    return {(row.item, row.moment): row for row in db.session.scalars(select(Answer).where(Answer.pupil_id == pupil.id))}


def totals(progress: UnitProgress | None) -> dict[str, Any]:
    names = ("starter_right", "starter_total", "lesson_right", "lesson_total", "closing_right", "closing_total", "wrong_in_a_row")
    return {one: getattr(progress, one) for one in names}


def on_a_device(pupil: Person, mentor: Person, column: Column, value: dict[str, Any]) -> None:
    """The pupil answers on a device, through what the player itself calls."""
    viewer, screen, at = as_pupil(pupil, as_viewer(mentor), "primair"), column.screen, now()
    progress = actions.continue_or_begin(viewer, UNIT, at)
    verdict = judge(lesson().quiz, screen.item, value, book_of(as_viewer(mentor)))
    row, _new = record_answer(viewer, UNIT, lesson().quiz, screen.item, screen.moment, value, verdict, answer_id=new_id(), at=at)
    actions.count_answer(progress, row)
    actions.finish_screen(progress, lesson().screens(pupil.half), screen.key, at)
    db.session.commit()


# ---- the sheet and the grid say the same ----


@pytest.mark.parametrize("half", [1, 2])
def test_the_grid_asks_the_numbers_and_signs_that_stand_on_the_sheet(mentor: Person, school_class: SchoolClass, half: int) -> None:
    a_pupil(school_class, half=half)
    sheet = visit(mentor, "lessons.show_worksheet", unit=UNIT, helft=str(half)).text
    for moment in MOMENTS:
        page = visit(mentor, "lessons.class_paper", class_id=school_class.id, unit=UNIT, moment=moment).text
        for column in asked(moment, half):
            assert f"<h3>{column.number}. {escape(column.screen.item.question)}</h3>" in sheet
            assert f"<b>{column.number}</b>" in page
    for column in (one for moment in MOMENTS for one in asked(moment, half) if one.screen.item.kind == "one-choice"):
        part = sheet.split(f"<h3>{column.number}. ")[1].split("</section>")[0]
        printed = re.findall(r'<span class="paper__box">(\w)</span>([^<]+)</li>', part)
        texts = {option.id: str(escape(option.text)) for option in column.screen.item.options}
        signs = "ABCDEF"
        assert printed == [(signs[place], texts[key]) for place, key in enumerate(column.keys.rows[0][1])]


def test_pupils_stand_under_the_sheet_of_their_half(mentor: Person, school_class: SchoolClass) -> None:
    first, second = a_pupil(school_class, "Sami", half=1), a_pupil(school_class, "Mei", half=2)
    page = visit(mentor, "lessons.class_paper", class_id=school_class.id, unit=UNIT, moment="start").text
    own, other = ({one.key for one in asked("start", half)} for half in (1, 2))
    assert own.isdisjoint(other)
    assert all(f'name="a:{first.id}:{key}"' in page for key in own)
    assert all(f'name="a:{second.id}:{key}"' in page for key in other)
    assert not any(f'name="a:{first.id}:{key}"' in page for key in other)


def test_an_empty_class_says_who_puts_pupils_in(mentor: Person, school_class: SchoolClass) -> None:
    assert "nog geen leerlingen" in visit(mentor, "lessons.class_paper", class_id=school_class.id, unit=UNIT).text


@pytest.mark.parametrize(("unit", "moment"), [("vriendschapsverzoek-voortgezet", "start"), ("bestaat-niet", "start"), (UNIT, "midden")])
def test_a_lesson_of_another_track_or_an_unknown_moment_is_not_found(
    mentor: Person, school_class: SchoolClass, unit: str, moment: str
) -> None:
    assert visit(mentor, "lessons.class_paper", class_id=school_class.id, unit=unit, moment=moment).status_code == 404


def test_a_large_class_is_paged_so_that_no_form_has_too_many_fields(mentor: Person, school_class: SchoolClass) -> None:
    pupils = [a_pupil(school_class, half=number % 2 + 1) for number in range(90)]
    seen = set()
    for page in ("1", "2", "3", "4", "5"):
        found = visit(mentor, "lessons.class_paper", class_id=school_class.id, unit=UNIT, moment="les", deel=page).text
        fields = re.findall(r'name="a:(\w+):', found)
        assert 0 < len(fields) <= 480
        seen |= set(fields)
    assert seen == {pupil.id for pupil in pupils}


# ---- kept and counted as the pupil's own ----


def test_what_is_typed_over_counts_exactly_as_the_same_answers_on_a_device(mentor: Person, school_class: SchoolClass) -> None:
    on_paper, on_device = a_pupil(school_class, half=1), a_pupil(school_class, half=1)
    for moment in MOMENTS:
        typed = {name(on_paper, column): some_answer(column, mentor) for column in asked(moment)}
        assert enter(mentor, school_class, moment, typed).status_code == 302
        for column in asked(moment):
            item = column.screen.item
            on_a_device(on_device, mentor, column, item.imagined(Random(item.id), 0.6, book_of(as_viewer(mentor))))
    paper, device = answers(on_paper), answers(on_device)
    assert paper.keys() == device.keys()
    for key, row in paper.items():
        same = ("value", "outcome", "right", "total", "stances", "item_version", "is_first")
        assert {one: getattr(row, one) for one in same} == {one: getattr(device[key], one) for one in same}
    assert totals(progress_in(on_paper.id, UNIT)) == totals(progress_in(on_device.id, UNIT))


def test_it_is_judged_by_the_rule_book_of_the_school(school: School, school_class: SchoolClass, mentor: Person) -> None:
    column = next(one for one in asked("les") if one.screen.item.kind == "one-choice" and one.screen.item.by_stance)
    rule = column.screen.item.rule
    sign = "ABCDEF"[column.keys.rows[0][1].index(column.screen.item.by_stance[Stance.MAG].right[0])]
    author, given = a_teamleider(school).id, []
    for number, stance in enumerate((Stance.MAG, Stance.MAG_NIET)):
        rule_actions.change_rule(school.id, Change(rule, stance, None, None, ()), author_id=author, at=now(), seen=number)
        db.session.commit()
        pupil = a_pupil(school_class)
        enter(mentor, school_class, "les", {name(pupil, column): sign})
        given.append(answers(pupil)[column.key, "lesson"])
    assert [row.stances[rule] for row in given] == ["mag", "mag-niet"]
    assert [row.outcome for row in given] == ["past", "nog-niet"]


def test_entering_the_same_again_changes_nothing(mentor: Person, school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    typed = {name(pupil, column): some_answer(column, mentor) for column in asked("les")}
    enter(mentor, school_class, "les", typed)
    first, counted = {key: row.id for key, row in answers(pupil).items()}, totals(progress_in(pupil.id, UNIT))
    page = post(mentor, "lessons.class_paper_save", {"moment": "les", **typed}, class_id=school_class.id, unit=UNIT, follow=True)
    assert "niets nieuws" in page.text
    assert {key: row.id for key, row in answers(pupil).items()} == first
    assert totals(progress_in(pupil.id, UNIT)) == counted
    assert len(_log(pupil)) == 1


def test_empty_fields_leave_everything_as_it_is(mentor: Person, school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    enter(mentor, school_class, "les", {name(pupil, asked("les")[0]): some_answer(asked("les")[0], mentor)})
    before = answers(pupil).keys()
    assert enter(mentor, school_class, "les", {name(pupil, column): "" for column in asked("les")}).status_code == 302
    assert answers(pupil).keys() == before


def test_what_a_pupil_did_on_a_device_is_greyed_and_never_overwritten(mentor: Person, school_class: SchoolClass) -> None:
    pupil, column = a_pupil(school_class), next(one for one in asked("les") if one.screen.item.kind == "one-choice")
    own = column.screen.item.options[1].id
    on_a_device(pupil, mentor, column, {"choice": own})
    counted = totals(progress_in(pupil.id, UNIT))
    page = visit(mentor, "lessons.class_paper", class_id=school_class.id, unit=UNIT, moment="les").text
    assert f'name="{name(pupil, column)}"' not in page
    assert "zelf gegeven op een apparaat" in page
    for typed in ("A", "-"):
        told = post(mentor, "lessons.class_paper_save", {"moment": "les", name(pupil, column): typed}, class_id=school_class.id, unit=UNIT,
                    follow=True).text  # fmt: skip
        assert "Dat is zo gebleven" in told
    assert answers(pupil)[column.key, "lesson"].value == {"choice": own}
    assert totals(progress_in(pupil.id, UNIT)) == counted


def test_a_slip_of_the_keys_can_be_put_right_and_the_counts_follow(mentor: Person, school_class: SchoolClass) -> None:
    pupil, column = a_pupil(school_class), next(one for one in asked("les") if one.screen.item.kind == "one-choice")
    book, item = book_of(as_viewer(mentor)), column.screen.item
    outcomes = [judge(lesson().quiz, item, {"choice": option.id}, book).outcome for option in item.options]
    right = next(place for place, outcome in enumerate(outcomes) if outcome.is_right)
    wrong = next(place for place, outcome in enumerate(outcomes) if outcome.is_scored and not outcome.is_right)
    enter(mentor, school_class, "les", {name(pupil, column): "ABCDEF"[wrong]})
    assert (progress_in(pupil.id, UNIT).lesson_right, progress_in(pupil.id, UNIT).wrong_in_a_row) == (0, 1)  # type: ignore[union-attr]
    enter(mentor, school_class, "les", {name(pupil, column): "ABCDEF"[right]})
    progress = progress_in(pupil.id, UNIT)
    assert progress is not None
    assert (progress.lesson_right, progress.lesson_total, progress.wrong_in_a_row) == (1, 1, 0)
    assert len(answers(pupil)) == 1


def test_an_answer_typed_at_the_wrong_pupil_can_be_taken_back(mentor: Person, school_class: SchoolClass) -> None:
    pupil, column = a_pupil(school_class), asked("les")[0]
    enter(mentor, school_class, "les", {name(pupil, column): some_answer(column, mentor)})
    enter(mentor, school_class, "les", {name(pupil, column): "-"})
    assert answers(pupil) == {}
    progress = progress_in(pupil.id, UNIT)
    assert progress is not None
    assert column.screen.key not in progress.done
    assert set(totals(progress).values()) == {0}


def test_when_it_is_taken_back_what_the_pupil_answered_afterwards_counts(mentor: Person, school_class: SchoolClass) -> None:
    pupil, column = a_pupil(school_class), next(one for one in asked("les") if one.screen.item.kind == "one-choice")
    enter(mentor, school_class, "les", {name(pupil, column): "A"})
    own = column.screen.item.options[1].id
    db.session.rollback()
    on_a_device(pupil, mentor, column, {"choice": own})
    assert progress_in(pupil.id, UNIT).lesson_total == 1  # type: ignore[union-attr]
    enter(mentor, school_class, "les", {name(pupil, column): "-"})
    row = answers(pupil)[column.key, "lesson"]
    assert (row.value, row.is_first) == ({"choice": own}, True)
    progress = progress_in(pupil.id, UNIT)
    assert progress is not None
    assert progress.lesson_total == 1
    assert column.screen.key in progress.done


def test_an_answer_typed_over_is_known_by_its_id(mentor: Person, school_class: SchoolClass) -> None:
    pupil, column = a_pupil(school_class), asked("start")[0]
    enter(mentor, school_class, "start", {name(pupil, column): some_answer(column, mentor)})
    assert answers(pupil)[column.key, "starter"].answer_id == paper_id(pupil.id, UNIT, column.key, "starter")


# ---- how far that is ----


def test_a_unit_of_which_everything_was_entered_is_finished(mentor: Person, school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    for moment in MOMENTS:
        progress = progress_in(pupil.id, UNIT)
        assert progress is None or progress.finished_at is None
        enter(mentor, school_class, moment, {name(pupil, column): some_answer(column, mentor) for column in asked(moment)})
    db.session.rollback()
    progress = progress_in(pupil.id, UNIT)
    assert progress is not None
    assert progress.finished_at is not None
    assert progress.done == [screen.key for screen in lesson().screens(1)]
    assert visit(pupil, "lessons.show_end", unit=UNIT).status_code == 200
    enter(mentor, school_class, "eind", {name(pupil, asked("eind")[0]): "-"})
    db.session.rollback()
    assert progress_in(pupil.id, UNIT).finished_at is None  # type: ignore[union-attr]


def test_a_pupil_goes_on_at_the_first_question_that_was_not_entered(mentor: Person, school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    enter(mentor, school_class, "start", {name(pupil, column): some_answer(column, mentor) for column in asked("start")})
    db.session.rollback()
    progress = progress_in(pupil.id, UNIT)
    assert progress is not None
    shown = lesson().screens(1)
    assert progress.last_screen == next(screen.key for screen in shown if screen.key not in progress.done)
    assert visit(pupil, "lessons.show_unit", unit=UNIT, follow=True).status_code == 200


def test_reading_counts_as_done_up_to_the_last_question_with_an_answer() -> None:
    shown = lesson().screens(1)
    typed_over = [screen for screen in shown if screen.item is not None and screen.item.on_paper()]
    third = typed_over[2]
    done = done_on_paper(shown, [], {(third.item.id, third.moment)})
    before = [screen.key for screen in shown[: shown.index(third)] if screen not in typed_over]
    assert done == [*before, third.key]
    everything = {(screen.item.id, screen.moment) for screen in typed_over}
    assert done_on_paper(shown, [], everything) == [screen.key for screen in shown]


# ---- typing errors ----


def test_a_typing_error_is_told_at_its_cell_and_everything_typed_stays(mentor: Person, school_class: SchoolClass) -> None:
    pupil, other = a_pupil(school_class, "Sami"), a_pupil(school_class, "Mei")
    column = next(one for one in asked("les") if one.screen.item.kind == "one-choice")
    page = enter(mentor, school_class, "les", {name(pupil, column): "a", name(other, column): "Q"})
    assert page.status_code == 422
    assert f"Mei, vraag {column.number}: “Q” staat niet op het blad" in page.text
    assert f'href="#{name(other, column)}"' in page.text
    assert f'name="{name(pupil, column)}" value="a"' in page.text
    assert f'name="{name(other, column)}" value="Q"' in page.text
    assert answers(pupil) == {}


@pytest.mark.parametrize("typed", ["\x00", "<b>", "A" * 5000, "'; drop table", "٣", "\u202eA"])
def test_odd_input_is_an_error_in_words_or_an_answer_but_no_fault(mentor: Person, school_class: SchoolClass, typed: str) -> None:
    pupil, column = a_pupil(school_class), next(one for one in asked("les") if one.screen.item.kind == "one-choice")
    assert enter(mentor, school_class, "les", {name(pupil, column): typed}).status_code in (302, 422)


def test_cells_of_others_are_not_read(mentor: Person, school_class: SchoolClass, school: School) -> None:
    stranger, mine = a_pupil(a_class(school)), a_pupil(school_class, half=1)
    foreign = next(one for one in asked("start", 2))
    typed = {f"a:{stranger.id}:{asked('start')[0].key}": "A", f"a:{mine.id}:{foreign.key}": "A", f"a:{mine.id}:bestaat-niet": "A"}
    assert enter(mentor, school_class, "start", typed).status_code == 302
    assert answers(stranger) == answers(mine) == {}


# ---- who did it ----


def _log(pupil: Person) -> list[AuditEvent]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEvent).where(AuditEvent.what == "antwoorden-ingevoerd", AuditEvent.on_id == pupil.id)))


def test_the_log_book_tells_who_typed_for_whom_and_no_answer(mentor: Person, school_class: SchoolClass) -> None:
    pupil, quiet = a_pupil(school_class), a_pupil(school_class)
    enter(mentor, school_class, "les", {name(pupil, column): some_answer(column, mentor) for column in asked("les")})
    (line,) = _log(pupil)
    assert (line.actor_id, line.on_id) == (mentor.id, pupil.id)
    assert _log(quiet) == []


def test_inzage_tells_that_an_answer_came_from_paper(mentor: Person, school: School, school_class: SchoolClass) -> None:
    pupil, paper, device = a_pupil(school_class), asked("les")[0], asked("les")[1]
    enter(mentor, school_class, "les", {name(pupil, paper): some_answer(paper, mentor)})
    item = device.screen.item
    on_a_device(pupil, mentor, device, item.imagined(Random(1), 0.5, book_of(as_viewer(mentor))))
    page = visit(a_beheerder(school), "admin.class_pupil_dossier", class_id=school_class.id, pupil_id=pupil.id).text
    assert page.count("op papier, ingevoerd door de mentor") == 1
    assert "Antwoorden van papier ingevoerd door de mentor" in page
