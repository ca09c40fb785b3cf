"""A lesson on the board: one beat at a time, vote, talk, vote again, and the school's own answer last."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.domain import VOTING, Kind, Phase, Spot, backward, beats, first_spot, jump, onward, place_of, right_at, shows_counts, tallies
from lessons.library import load_library
from tests.books import SCHOOLS, the_book_of

LESSONS = list(load_library().lessons.values())
A_LESSON = st.sampled_from(LESSONS)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_a_lesson_on_the_board_begins_ends_and_holds_the_chat_a_vote_and_the_agreements_of_the_class(lesson) -> None:  # type: ignore[no-untyped-def]
    found = beats(lesson)
    assert (found[0].kind, found[-2].kind, found[-1].kind) == (Kind.START, Kind.AGREE, Kind.END)
    assert {Kind.READ, Kind.VOTE, Kind.CHAT} <= {beat.kind for beat in found}
    assert len({beat.key for beat in found}) == len(found)
    assert max(len(beat.key) for beat in found) <= 130


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_the_checks_of_start_and_end_are_never_on_the_board_since_they_measure_each_pupil(lesson) -> None:  # type: ignore[no-untyped-def]
    measured = {item.id for moment in ("starter", "closing") for half in (1, 2) for item in lesson.quiz.check_items(moment, half)}
    assert not measured & {beat.item.id for beat in beats(lesson) if beat.item is not None}


@given(A_LESSON)
def test_onward_passes_every_phase_of_every_beat_once_and_stops_at_the_end(lesson) -> None:  # type: ignore[no-untyped-def]
    found = beats(lesson)
    every = [Spot(beat.key, phase) for beat in found for phase in beat.phases]
    walked = [first_spot(found)]
    while (after := onward(found, walked[-1])) != walked[-1]:
        walked.append(after)
    assert walked == every


@given(A_LESSON, st.lists(st.booleans(), max_size=60))
def test_back_undoes_onward_wherever_the_class_is(lesson, ways: list[bool]) -> None:  # type: ignore[no-untyped-def]
    found = beats(lesson)
    spot = first_spot(found)
    for way in ways:
        spot = onward(found, spot) if way else backward(found, spot)
        further = onward(found, spot)
        if further != spot:
            assert backward(found, further) == spot


def test_a_beat_that_is_gone_after_a_change_of_the_lesson_leads_to_the_start() -> None:
    found = beats(LESSONS[0])
    assert place_of(found, Spot("weg", Phase.TALK)) == (0, 0)
    assert onward(found, Spot("weg", Phase.TALK)) == Spot(found[1].key, found[1].phases[0])
    assert jump(found, "weg") is None


def test_the_class_sees_no_count_before_the_second_vote_is_in() -> None:
    hidden = [phase for phase in Phase if not shows_counts(phase)]
    assert {Phase.VOTE, Phase.TALK, Phase.AGAIN} <= set(hidden)
    assert set(VOTING) <= set(hidden)


@given(A_LESSON, st.sampled_from(SCHOOLS), st.data())
def test_the_shift_of_all_answers_together_is_the_difference_in_hands(lesson, school: str, data: st.DataObject) -> None:  # type: ignore[no-untyped-def]
    beat = data.draw(st.sampled_from([one for one in beats(lesson) if one.kind is Kind.VOTE]))
    counts = {(turn, key): data.draw(st.integers(0, 35)) for turn in (1, 2) for key, _text in beat.options}
    found = tallies(beat, counts, right_at(beat, the_book_of(school)))
    assert sum(one.shift for one in found) == sum(n for (turn, _k), n in counts.items() if turn == 2) - sum(
        n for (turn, _k), n in counts.items() if turn == 1
    )


def test_what_fits_follows_the_agreement_of_the_own_school_and_silence_fits_nothing() -> None:
    lesson = load_library().lessons["vriendschapsverzoek-primair"]
    beat = next(one for one in beats(lesson) if one.ballot and one.ballot.bound)
    answers = {school: right_at(beat, the_book_of(school)) for school in SCHOOLS}
    assert len({str(answer) for answer in answers.values()}) > 1
    silent = [school for school, answer in answers.items() if answer is None]
    for school in silent:
        assert all(one.fits is None for one in tallies(beat, {}, right_at(beat, the_book_of(school))))
