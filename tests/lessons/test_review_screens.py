"""At the start of a lesson questions of earlier come back: offered, begun, skipped, skipped half-way, and never in the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import func, select

from accounts.models import Person
from common.clock import now
from common.database import db
from lessons.actions import finish_screen
from lessons.models import UnitProgress
from lessons.queries import due_review, progress_in, screens_for
from protocols import actions as rule_actions
from protocols.domain import Change, Stance
from quizzes.domain import Item
from quizzes.models import Answer
from schools.models import School, SchoolClass
from tests.page import Browser, address, client_of, post, send, visit
from tests.people import a_class, a_mentor, a_pupil, a_school, a_teamleider, an_answer_id, as_viewer
from tests.progress.played import answer, play_whole, right, the_book, the_lesson, wrong_choice

pytestmark = pytest.mark.usefixtures("app")
BEFORE, UNIT = "pesten-primair", "vriendschapsverzoek-primair"
WEEKS = timedelta(days=21)


@pytest.fixture
def school() -> School:
    return a_school("tjongeling")


@pytest.fixture
def pupil(school: School) -> Person:
    """A pupil who did a whole lesson three weeks ago, with everything right."""
    made = a_pupil(a_class(school), "Sami")
    play_whole(made, school, unit=BEFORE, at=now() - WEEKS)
    return made


def item_of(school: School, item_id: str, unit: str = BEFORE) -> Item:
    found: Item = the_lesson(school, unit).quiz.item(item_id)
    return found


def wrong_form(item: Item, school: School) -> dict[str, str]:
    return dict(item.sent(wrong_choice(item, the_book(school))))


def mistaken(pupil: Person, school: School, count: int = 2) -> list[str]:
    """Wrong answers to so many questions of the lesson of before, a week after it; their ids, in the order in which they come back."""
    found = [item for item in the_lesson(school, BEFORE).quiz.items if item.use == "lesson" and item.kind == "one-choice"]
    asked = [item for item in found if item.right_answers(the_book(school))][:count]
    assert len(asked) == count
    for item in asked:
        answer(pupil, school, item.id, wrong_choice(item, the_book(school)), unit=BEFORE, at=now() - timedelta(days=14))
    return sorted(item.id for item in asked)


def review_of(pupil: Person, unit: str = UNIT) -> list[str] | None:
    progress = progress_in(pupil.id, unit)
    assert progress is not None
    return progress.review


def begin(pupil: Person, client: Browser, choice: str = "begin") -> str:
    """Press a button on the opening page; where that leads."""
    response = send(client, address("lessons.begin_unit", unit=UNIT), {"keuze": choice})
    assert response.status_code == 302
    return response.headers["Location"]


def screen(key: str) -> str:
    return address("lessons.show_screen", unit=UNIT, screen=key)


def answer_screen(client: Browser, key: str, fields: Mapping[str, Any]) -> str:
    response = send(client, screen(key), {"antwoord_id": an_answer_id(), **fields})
    assert response.status_code == 302, response.text
    return response.headers["Location"]


def form_of(item: Item, school: School) -> dict[str, str]:
    return dict(item.sent(right(item, the_book(school))))


def own_first(school: School) -> str:
    return the_lesson(school, UNIT).screens(1)[0].key


# ---- the offer ----


def test_a_pupil_with_something_due_is_first_offered_to_fetch_it_back(pupil: Person, school: School) -> None:
    mistaken(pupil, school)
    page = visit(pupil, "lessons.show_unit", unit=UNIT, follow=True)
    assert page.request.path == address("lessons.show_review", unit=UNIT)
    assert "Er komt geen cijfer" in page.text
    assert "5 vragen van eerder" in page.text
    assert the_lesson(school, BEFORE).unit.title in page.text


def test_looking_at_the_offer_keeps_nothing(pupil: Person) -> None:
    visit(pupil, "lessons.show_unit", unit=UNIT, follow=True)
    assert progress_in(pupil.id, UNIT) is None


def test_a_pupil_with_nothing_due_goes_straight_to_the_lesson(school: School) -> None:
    new = a_pupil(a_class(school))
    page = visit(new, "lessons.show_unit", unit=UNIT, follow=True)
    assert page.request.path == screen(own_first(school))
    assert visit(new, "lessons.show_review", unit=UNIT).headers["Location"] == address("lessons.show_unit", unit=UNIT)
    assert post(new, "lessons.begin_unit", {"keuze": "begin"}, unit=UNIT).headers["Location"] == address("lessons.show_unit", unit=UNIT)
    assert progress_in(new.id, UNIT) is None


def test_a_second_lesson_on_the_same_day_begins_at_once(school: School) -> None:
    busy = a_pupil(a_class(school))
    play_whole(busy, school, unit=BEFORE, at=now())
    assert visit(busy, "lessons.show_unit", unit=UNIT).headers["Location"] == screen(own_first(school))


def test_what_another_pupil_got_wrong_does_not_come_back(pupil: Person, school: School) -> None:
    classmate = a_pupil(a_class(school))
    mistaken(pupil, school)
    assert visit(classmate, "lessons.show_unit", unit=UNIT).headers["Location"] == screen(own_first(school))


def test_staff_who_look_along_are_asked_nothing_of_earlier(school: School) -> None:
    mentor = a_mentor(school)
    first = the_lesson(school, UNIT).screens(1)[0].key
    assert visit(mentor, "lessons.preview_screen", unit=UNIT, screen=first).status_code == 200
    assert visit(mentor, "lessons.preview_screen", unit=UNIT, screen="ophalen-1").status_code == 404
    assert visit(mentor, "lessons.show_review", unit=UNIT).status_code == 403


def test_a_choice_that_is_neither_is_asked_again(pupil: Person) -> None:
    for fields in ({}, {"keuze": "onzin"}, {"keuze": ""}):
        response = post(pupil, "lessons.begin_unit", fields, unit=UNIT)
        assert response.status_code == 422
        assert "Fout:" in response.text
    assert progress_in(pupil.id, UNIT) is None


def test_a_lesson_that_was_begun_is_not_interrupted(pupil: Person, school: School) -> None:
    client = client_of(pupil)
    send(client, screen(own_first(school)))
    mistaken(pupil, school)
    assert "opfrissen" not in visit(pupil, "lessons.show_unit", client=client, unit=UNIT).headers["Location"]
    begin(pupil, client)
    assert review_of(pupil) is None


# ---- which ----


def test_own_mistakes_come_first_and_never_more_than_five(pupil: Person, school: School) -> None:
    wrong = mistaken(pupil, school, count=2)
    begin(pupil, client_of(pupil))
    found = review_of(pupil) or []
    assert set(found[:2]) == {f"{BEFORE}/{item}" for item in wrong}
    assert len(found) == 5


def test_items_of_the_lesson_that_begins_do_not_come_back(pupil: Person, school: School) -> None:
    answer(pupil, school, "half-bekend", right(item_of(school, "half-bekend", UNIT), the_book(school)), unit=UNIT, at=now() - WEEKS)
    found = due_review(as_viewer(pupil), UNIT, the_book(school), now())
    assert found
    assert all(one.startswith(f"{BEFORE}/") for one in found)


def test_what_is_only_talked_about_at_this_school_and_opinions_never_come_back(school: School) -> None:
    silent = a_school("compass")
    talker = a_pupil(a_class(silent))
    play_whole(talker, silent, unit=UNIT, at=now() - WEEKS)
    asked: set[str] = set()
    for days in (0, 1, 2, 30, 60, 90, 200):
        asked |= set(due_review(as_viewer(talker), BEFORE, the_book(silent), now() + timedelta(days=days)))
    items = {item.id: item for item in the_lesson(silent, UNIT).quiz.items}
    assert asked
    assert all(items[one.partition("/")[2]].right_answers(the_book(silent)) for one in asked)


def test_what_a_lesson_keeps_for_later_comes_back_among_the_rest(pupil: Person, school: School) -> None:
    kept = {f"{BEFORE}/{item.id}" for item in the_lesson(school, BEFORE).quiz.items if item.use == "review"}
    assert kept
    assert kept <= set(due_review(as_viewer(pupil), UNIT, the_book(school), now()))


def test_when_the_school_changes_a_rule_what_stood_on_it_comes_back_sooner(school: School) -> None:
    pupil = a_pupil(a_class(school))
    play_whole(pupil, school, unit=UNIT, at=now() - timedelta(days=2))
    assert due_review(as_viewer(pupil), BEFORE, the_book(school), now()) == []
    rule = "vriendschap.leerling-medewerker"
    leader = a_teamleider(school)
    rule_actions.change_rule(school.id, Change(rule, Stance.MAG, None, None, ()), author_id=leader.id, at=now(), seen=0)
    db.session.commit()
    found = due_review(as_viewer(pupil), BEFORE, the_book(school), now())
    assert rule in item_of(school, found[0].partition("/")[2], UNIT).rules()


# ---- doing them ----


def test_the_questions_come_before_the_first_step_and_are_explained_by_the_lesson_they_come_from(pupil: Person, school: School) -> None:
    first, _second = mistaken(pupil, school)
    client = client_of(pupil)
    assert begin(pupil, client) == screen("ophalen-1")
    page = visit(pupil, "lessons.show_screen", client=client, unit=UNIT, screen="ophalen-1")
    assert "Ophalen 1 van 5" in page.text
    assert item_of(school, first).question in page.text
    assert "Sla het ophalen over" in page.text
    feedback = answer_screen(client, "ophalen-1", wrong_form(item_of(school, first), school))
    explained = client.get(feedback)
    assert "Ophalen 1 van 5" in explained.text
    assert "Nog niet" in explained.text
    assert f'href="{screen("ophalen-2")}"' in explained.text


def test_the_answer_is_kept_with_its_own_lesson_and_counts_in_no_other(pupil: Person, school: School) -> None:
    first, _second = mistaken(pupil, school)
    client = client_of(pupil)
    begin(pupil, client)
    answer_screen(client, "ophalen-1", wrong_form(item_of(school, first), school))
    row = db.session.scalars(select(Answer).where(Answer.pupil_id == pupil.id, Answer.moment == "review")).one()
    assert (row.unit, row.item) == (BEFORE, first)
    for unit in (BEFORE, UNIT):
        progress = progress_in(pupil.id, unit)
        assert progress is not None
        counted = (progress.starter_total, progress.lesson_total, progress.closing_total, progress.wrong_in_a_row)
        assert unit == BEFORE or counted == (0, 0, 0, 0)


def test_an_answer_of_an_earlier_time_is_not_filled_in(pupil: Person, school: School) -> None:
    first, _second = mistaken(pupil, school)
    answer(pupil, school, first, wrong_choice(item_of(school, first), the_book(school)), "review", unit=BEFORE,
           at=now() - timedelta(days=3))  # fmt: skip
    client = client_of(pupil)
    begin(pupil, client)
    number = 1 + (review_of(pupil) or []).index(f"{BEFORE}/{first}")
    for key in range(1, number):
        skip_to = (review_of(pupil) or [])[key - 1].partition("/")[2]
        answer_screen(client, f"ophalen-{key}", form_of(item_of(school, skip_to), school))
    page = visit(pupil, "lessons.show_screen", client=client, unit=UNIT, screen=f"ophalen-{number}")
    assert not re.search(r'name="keuze"[^>]* checked', page.text)
    assert visit(pupil, "lessons.show_feedback", client=client, unit=UNIT, screen=f"ophalen-{number}").status_code == 302


def test_after_the_last_one_the_lesson_begins_and_can_be_finished(pupil: Person, school: School) -> None:
    client = client_of(pupil)
    begin(pupil, client)
    picks = review_of(pupil) or []
    for number, one in enumerate(picks, 1):
        answer_screen(client, f"ophalen-{number}", form_of(item_of(school, one.partition("/")[2]), school))
    last = visit(pupil, "lessons.show_feedback", client=client, unit=UNIT, screen=f"ophalen-{len(picks)}")
    assert f'href="{screen(own_first(school))}"' in last.text
    page = visit(pupil, "lessons.show_screen", client=client, unit=UNIT, screen=own_first(school))
    assert "Stap 1 van" in page.text
    assert f'href="{screen(f"ophalen-{len(picks)}")}"' in page.text
    progress = progress_in(pupil.id, UNIT)
    assert progress is not None
    assert progress.screens_total == len(picks) + len(the_lesson(school, UNIT).screens(1))
    assert progress.finished_at is None
    finish_all(pupil, school, progress)
    assert progress.finished_at is not None


def finish_all(pupil: Person, school: School, progress: UnitProgress) -> None:
    """Finish what is left of the unit, as reading on does."""
    shown = screens_for(as_viewer(pupil), the_lesson(school, UNIT), progress)
    for one in shown:
        finish_screen(progress, shown, one.key, now())
    db.session.commit()


def test_a_question_that_comes_back_cannot_be_jumped_to(pupil: Person) -> None:
    client = client_of(pupil)
    begin(pupil, client)
    response = visit(pupil, "lessons.show_screen", client=client, unit=UNIT, screen="ophalen-3")
    assert response.headers["Location"] == screen("ophalen-1")
    assert visit(pupil, "lessons.show_screen", client=client, unit=UNIT, screen="ophalen-99").headers["Location"] == screen("ophalen-1")


def test_a_pupil_who_signs_in_again_goes_on_at_the_same_question(pupil: Person) -> None:
    begin(pupil, client_of(pupil))
    assert visit(pupil, "lessons.resume").headers["Location"] == screen("ophalen-1")
    assert visit(pupil, "lessons.show_unit", unit=UNIT).headers["Location"] == screen("ophalen-1")
    assert visit(pupil, "lessons.home").status_code == 200


def test_pressing_begin_twice_keeps_the_same_questions(pupil: Person) -> None:
    client = client_of(pupil)
    begin(pupil, client)
    before = review_of(pupil)
    assert begin(pupil, client) == address("lessons.show_unit", unit=UNIT)
    assert review_of(pupil) == before
    assert db.session.scalar(select(func.count()).where(UnitProgress.pupil_id == pupil.id, UnitProgress.unit == UNIT)) == 1


# ---- skipping ----


def test_a_pupil_may_skip_them_and_is_not_asked_again_in_this_lesson(pupil: Person, school: School) -> None:
    client = client_of(pupil)
    assert begin(pupil, client, "overslaan") == screen(own_first(school))
    assert review_of(pupil) == []
    assert visit(pupil, "lessons.show_unit", client=client, unit=UNIT).headers["Location"] == screen(own_first(school))
    assert visit(pupil, "lessons.show_screen", client=client, unit=UNIT, screen="ophalen-1").headers["Location"] == screen(
        own_first(school)
    )


def test_what_was_skipped_is_offered_again_at_the_next_lesson(pupil: Person, school: School) -> None:
    begin(pupil, client_of(pupil), "overslaan")
    assert due_review(as_viewer(pupil), "groepsapp-primair", the_book(school), now())


def test_half_way_a_pupil_may_skip_the_rest_and_what_was_done_is_kept(pupil: Person, school: School) -> None:
    client = client_of(pupil)
    begin(pupil, client)
    picks = review_of(pupil) or []
    answer_screen(client, "ophalen-1", form_of(item_of(school, picks[0].partition("/")[2]), school))
    response = send(client, screen("ophalen-2"), {"overslaan": "1"})
    assert response.headers["Location"] == screen(own_first(school))
    assert review_of(pupil) == picks[:1]
    progress = progress_in(pupil.id, UNIT)
    assert progress is not None
    assert progress.screens_total == 1 + len(the_lesson(school, UNIT).screens(1))
    assert visit(pupil, "lessons.show_feedback", client=client, unit=UNIT, screen="ophalen-1").status_code == 200
    finish_all(pupil, school, progress)
    assert progress.finished_at is not None


def test_skipping_sent_twice_does_no_harm(pupil: Person, school: School) -> None:
    client = client_of(pupil)
    begin(pupil, client)
    for _twice in range(2):
        response = send(client, screen("ophalen-1"), {"overslaan": "1"})
        assert response.headers["Location"] == screen(own_first(school))
    assert review_of(pupil) == []


def test_a_starter_question_is_not_skipped_with_the_same_word(pupil: Person, school: School) -> None:
    client = client_of(pupil)
    begin(pupil, client, "overslaan")
    send(client, screen(own_first(school)))
    response = send(client, screen("a-kring"), {"overslaan": "1", "antwoord_id": an_answer_id()})
    assert response.status_code == 422


# ---- when the content changes ----


def test_when_a_question_is_gone_the_pupil_goes_on_with_the_next(pupil: Person, school: School) -> None:
    client = client_of(pupil)
    begin(pupil, client)
    progress = progress_in(pupil.id, UNIT)
    assert progress is not None
    progress.review = [f"{BEFORE}/weg", *(progress.review or [])[1:]]
    db.session.commit()
    page = visit(pupil, "lessons.resume", client=client, follow=True)
    assert page.request.path == screen("ophalen-2")
    assert "Ophalen 1 van 4" in page.text


# ---- what the mentor sees ----


def test_the_mentor_reads_on_the_page_of_a_pupil_how_it_went(pupil: Person, school: School) -> None:
    mentor = a_mentor(school, of=[db.session.get_one(SchoolClass, pupil.class_id)])
    first, second = mistaken(pupil, school)
    client = client_of(pupil)
    begin(pupil, client)
    answer_screen(client, "ophalen-1", wrong_form(item_of(school, first), school))
    answer_screen(client, "ophalen-1", form_of(item_of(school, first), school))
    answer_screen(client, "ophalen-2", form_of(item_of(school, second), school))
    page = visit(mentor, "progress.show_pupil", class_id=pupil.class_id, pupil_id=pupil.id)
    assert "opgehaald: 1 van de 2 klopten nu" in page.text
    assert "Ophalen" in visit(mentor, "progress.show_answers", class_id=pupil.class_id, pupil_id=pupil.id, unit=BEFORE).text


def test_the_mentor_reads_that_it_was_skipped(pupil: Person, school: School) -> None:
    mentor = a_mentor(school, of=[db.session.get_one(SchoolClass, pupil.class_id)])
    begin(pupil, client_of(pupil), "overslaan")
    assert "ophalen overgeslagen" in visit(mentor, "progress.show_pupil", class_id=pupil.class_id, pupil_id=pupil.id).text


def test_what_came_back_changes_no_number_of_the_class(pupil: Person, school: School) -> None:
    mentor = a_mentor(school, of=[db.session.get_one(SchoolClass, pupil.class_id)])
    where = {"class_id": pupil.class_id, "unit": BEFORE}
    before = visit(mentor, "progress.export_unit", **where, kind="csv").data
    mistaken(pupil, school)
    with_mistakes = visit(mentor, "progress.export_unit", **where, kind="csv").data
    assert before == with_mistakes, "trying again is no first answer"
    client = client_of(pupil)
    begin(pupil, client)
    first = (review_of(pupil) or [])[0].partition("/")[2]
    answer_screen(client, "ophalen-1", wrong_form(item_of(school, first), school))
    assert visit(mentor, "progress.export_unit", **where, kind="csv").data == before


# ---- over a school year ----


def test_over_the_lessons_of_a_year_the_intervals_grow_until_it_is_known(school: School) -> None:
    pupil = a_pupil(a_class(school))
    start: datetime = now()
    play_whole(pupil, school, unit=BEFORE, at=start)
    item = next(item for item in the_lesson(school, BEFORE).quiz.items if item.use == "lesson" and item.right_answers(the_book(school)))
    asked_on = []
    for day in range(1, 200):
        at = start + timedelta(days=day)
        for one in due_review(as_viewer(pupil), UNIT, the_book(school), at):
            unit, _, item_id = one.partition("/")
            answer(pupil, school, item_id, right(item_of(school, item_id, unit), the_book(school)), "review", unit=unit, at=at)
            if one == f"{BEFORE}/{item.id}":
                asked_on.append(day)
    gaps = [then - before for before, then in pairwise([0, *asked_on])]
    assert gaps == sorted(gaps)
    assert gaps[0] >= 7
    assert len(gaps) == 3
