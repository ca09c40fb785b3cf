"""The two halves of a class: one begins with form A and closes with form B, the other the reverse, so that growth is growth."""

from __future__ import annotations

from collections import Counter
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from accounts.models import Person
from common.clock import now
from common.database import db
from lessons.actions import continue_or_begin
from lessons.library import load_library
from schools import actions
from schools.domain import halves_after
from schools.models import SchoolClass
from tests.people import a_beheerder, a_class, a_pupil, a_school, as_viewer

MOMENTS: tuple[Literal["starter"], Literal["closing"]] = ("starter", "closing")


def spread(halves: list[int]) -> int:
    sizes = Counter(halves)
    return abs(sizes[1] - sizes[2])


def halves_of(school_class: SchoolClass) -> list[int]:
    return list(db.session.scalars(select(Person.half).where(Person.class_id == school_class.id)))


# A class over a year: so many pupils come (a positive number), or the pupil at this place leaves (zero or less).
YEAR = st.lists(st.integers(-30, 12), max_size=40)


@given(YEAR)
def test_whoever_comes_and_leaves_a_new_pupil_always_comes_in_the_smaller_half(year: list[int]) -> None:
    there: list[int] = []
    for event in year:
        if event <= 0:
            if there:
                del there[-event % len(there)]
            continue
        for half in halves_after(there, event):
            before = spread(there)
            there.append(half)
            assert spread(there) <= max(1, before - 1)


@given(st.lists(st.integers(0, 35), max_size=8))
def test_while_nobody_leaves_the_halves_never_differ_by_more_than_one(groups: list[int]) -> None:
    there: list[int] = []
    for count in groups:
        there += halves_after(there, count)
        assert spread(there) <= 1


@pytest.mark.usefixtures("app")
def test_pupils_who_are_added_one_by_one_and_in_a_list_fill_both_halves() -> None:
    school = a_school()
    school_class, beheerder = a_class(school), a_beheerder(school)
    for names in (["Sami"], ["Mei"], ["Roos", "Tygo", "Vera"], ["Kai"]):
        actions.add_pupils(school_class, names, now(), actor_id=beheerder.id)
    assert sorted(halves_of(school_class)) == [1, 1, 1, 2, 2, 2]


@pytest.mark.usefixtures("app")
def test_after_pupils_left_the_next_ones_even_out_the_halves() -> None:
    school = a_school()
    school_class, beheerder = a_class(school), a_beheerder(school)
    actions.add_pupils(school_class, ["Sami", "Mei", "Roos", "Tygo"], now(), actor_id=beheerder.id)
    for pupil in db.session.scalars(select(Person).where(Person.class_id == school_class.id, Person.half == 1)).all():
        actions.delete_pupil(pupil, actor_id=beheerder.id)
    actions.add_pupils(school_class, ["Vera", "Kai"], now(), actor_id=beheerder.id)
    assert sorted(halves_of(school_class)) == [1, 1, 2, 2]


@pytest.mark.usefixtures("app")
def test_a_pupil_who_did_nothing_yet_comes_in_the_smaller_half_of_the_new_class() -> None:
    school = a_school()
    old, new, beheerder = a_class(school), a_class(school), a_beheerder(school)
    a_pupil(new, half=1)
    pupil = a_pupil(old, half=1)
    actions.move_pupil(pupil, new, actor_id=beheerder.id)
    assert sorted(halves_of(new)) == [1, 2]


@pytest.mark.usefixtures("app")
def test_a_pupil_who_began_a_lesson_keeps_the_half_in_the_new_class_so_that_the_end_asks_the_other_form() -> None:
    school = a_school()
    old, new, beheerder = a_class(school), a_class(school), a_beheerder(school)
    a_pupil(new, half=1)
    pupil = a_pupil(old, half=1)
    continue_or_begin(as_viewer(pupil), "pesten-primair", now())
    db.session.flush()
    actions.move_pupil(pupil, new, actor_id=beheerder.id)
    assert halves_of(new) == [1, 1]


def test_each_half_begins_with_one_form_and_closes_with_the_other() -> None:
    for lesson in load_library().lessons.values():
        forms = lesson.quiz.checks.forms
        first, second = ([tuple(item.id for item in lesson.quiz.check_items(moment, half)) for moment in MOMENTS] for half in (1, 2))
        assert first == second[::-1], lesson.slug
        assert set(first) == {forms.A, forms.B}, lesson.slug
        assert not set(forms.A) & set(forms.B), lesson.slug
