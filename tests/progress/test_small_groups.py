"""Nobody can work out a small number from what a teamleider sees: tried with everything that the numbers allow."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.small_groups import FEWEST, FEWEST_IN_CLASS, Shown, Told, mean, share, shown, total

SIZES = range(FEWEST_IN_CLASS, 37)


def classes_of(pupils: int) -> list[tuple[int, int, int]]:
    """Every way in which so many pupils can be done, busy and not yet."""
    return [(done, busy, pupils - done - busy) for done in range(pupils + 1) for busy in range(pupils + 1 - done)]


def told_apart(one: Shown) -> list[int]:
    """The numbers of pupils that stand on a page, with what is left of the class."""
    if one.told is Told.SPLIT:
        assert one.done is not None
        assert one.begun is not None
        return [one.done, one.begun - one.done, one.pupils - one.begun]
    exact = one.done if one.done is not None else one.begun
    return [one.pupils] if exact is None else [exact, one.pupils - exact]


@pytest.mark.parametrize("pupils", SIZES)
def test_no_number_that_is_told_and_nothing_that_is_left_of_it_is_about_fewer_than_five(pupils: int) -> None:
    for done, busy, _not_yet in classes_of(pupils):
        found = shown(pupils, done, busy)
        assert found is not None
        assert min(told_apart(found)) >= FEWEST, (done, busy, found)


@pytest.mark.parametrize("pupils", SIZES)
def test_what_is_not_told_could_always_be_five_different_numbers(pupils: int) -> None:
    """Also for who knows the size of the class and this very rule: every class that looks the same is laid beside it."""
    alike: dict[Shown | None, list[tuple[int, int, int]]] = defaultdict(list)
    for done, busy, not_yet in classes_of(pupils):
        alike[shown(pupils, done, busy)].append((done, busy, not_yet))
    for found, possible in alike.items():
        assert found is not None
        for part in range(3):
            values = {one[part] for one in possible}
            assert len(values) >= FEWEST or (len(values) == 1 and values.pop() >= FEWEST), (found, part)


@given(pupils=st.integers(0, FEWEST_IN_CLASS - 1), data=st.data())
def test_a_class_of_fewer_than_ten_is_not_told_of(pupils: int, data: st.DataObject) -> None:
    done = data.draw(st.integers(0, pupils))
    assert shown(pupils, done, data.draw(st.integers(0, pupils - done))) is None


@st.composite
def a_class(draw: st.DrawFn) -> tuple[int, int, int]:
    """Pupils, done and busy; a class as it comes, often nearly finished or hardly begun."""
    pupils = draw(st.integers(1, 35))
    done = draw(st.one_of(st.integers(0, pupils), st.just(pupils), st.just(0)))
    return pupils, done, draw(st.integers(0, pupils - done))


# Two pages of a school: each looks at some of its classes in some of its lessons, whatever the filters were.
schools = st.lists(a_class(), min_size=1, max_size=8)


@given(school=schools, data=st.data())
def test_a_total_is_true_and_says_no_more_than_the_classes_that_stand_above_it(
    school: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    """Two schools of which the classes look alike have the same totals on every page, so a total gives nothing away."""
    told = [shown(*one) for one in school]
    other = [data.draw(st.sampled_from(_alike(*one))) for one in school]
    for page in data.draw(st.lists(st.sets(st.sampled_from(range(len(school)))), min_size=2, max_size=2)):
        kept = [told[number] for number in page if told[number] is not None]
        mine = total(one for one in kept if one)
        theirs = total(one for number in page if (one := shown(*other[number])) is not None)
        assert mine == theirs
        really = sum(school[number][1] for number in page if told[number] is not None)
        assert mine.done == really if mine.is_exact else mine.done <= really


def _alike(pupils: int, done: int, busy: int) -> list[tuple[int, int, int]]:
    """Every class of the same size of which the same is told; of a class that is too small, any."""
    found = shown(pupils, done, busy)
    return [(pupils, d, b) for d, b, _n in classes_of(pupils) if shown(pupils, d, b) == found]


@given(school=schools, first=st.data(), second=st.data())
def test_from_two_pages_with_other_filters_no_hidden_number_can_be_worked_out(
    school: list[tuple[int, int, int]], first: st.DataObject, second: st.DataObject
) -> None:  # fmt: skip
    """For each class the hidden number is changed into any other that looks alike: both pages, totals included, stay as they are."""
    number = first.draw(st.integers(0, len(school) - 1))
    pages = [data.draw(st.sets(st.sampled_from(range(len(school))))) for data in (first, second)]
    before = [_page(school, page) for page in pages]
    values = set()
    for changed in _alike(*school[number]):
        other = [*school[:number], changed, *school[number + 1 :]]
        assert [_page(other, page) for page in pages] == before
        values.add(changed[1])
    small = school[number][1] < FEWEST
    assert not small or len(values) >= min(FEWEST, school[number][0])


def _page(school: list[tuple[int, int, int]], kept: set[int]) -> tuple[object, ...]:
    told = [one for number in sorted(kept) if (one := shown(*school[number])) is not None]
    return (told, total(told))


# ---- what pupils know ----


@pytest.mark.parametrize("pupils", range(FEWEST_IN_CLASS, 31))
def test_that_a_question_is_told_of_and_how_fine_does_not_tell_how_many_began(pupils: int) -> None:
    """Whoever is done answered; whoever is busy may have. Every class that looks the same is laid beside it, the bands included."""
    alike: dict[tuple[Shown, int | None], list[tuple[int, int, int]]] = defaultdict(list)
    for done, busy, not_yet in classes_of(pupils):
        found = shown(pupils, done, busy)
        assert found is not None
        for answers in range(done, done + busy + 1):
            band = share(0, answers, found.begun_at_least)
            alike[found, band.high.denominator if band else None].append((done, busy, not_yet))
    for (found, _bands), possible in alike.items():
        for part in range(3):
            values = {one[part] for one in possible}
            assert len(values) >= FEWEST or (len(values) == 1 and values.pop() >= FEWEST), (found, _bands, part)


@pytest.mark.parametrize("answers", range(61))
def test_of_a_question_in_a_class_could_always_five_different_numbers_be_right(answers: int) -> None:
    alike: dict[object, set[int]] = defaultdict(set)
    for right in range(answers + 1):
        found = share(right, answers, answers)
        assert (found is None) == (answers < FEWEST_IN_CLASS)
        if found is not None:
            assert found.low * answers <= right <= found.high * answers
            alike[found].add(right)
    assert all(len(possible) >= FEWEST for possible in alike.values())


questions = st.lists(st.tuples(st.integers(0, 36), st.integers(0, 36)).map(lambda pair: (min(pair), max(pair))), min_size=1, max_size=8)


@given(school=questions, data=st.data())
def test_any_averages_over_questions_and_classes_leave_each_of_them_five_possible_numbers(
    school: list[tuple[int, int]], data: st.DataObject
) -> None:  # fmt: skip
    """Articles share questions, and two filters share classes: whatever is averaged, one question can be changed and nothing is seen."""
    pages = data.draw(st.lists(st.sets(st.sampled_from(range(len(school)))), min_size=2, max_size=5))
    number = data.draw(st.integers(0, len(school) - 1))
    right, answers = school[number]
    possible = [other for other in range(answers + 1) if share(other, answers, answers) == share(right, answers, answers)]
    assert len(possible) >= min(FEWEST, answers + 1)
    before = [mean(share(*school[one], school[one][1]) for one in page) for page in pages]
    other = [*school[:number], (data.draw(st.sampled_from(possible)), answers), *school[number + 1 :]]
    assert [mean(share(*other[one], other[one][1]) for one in page) for page in pages] == before


@given(questions)
def test_an_average_lies_between_what_it_is_made_of_and_never_says_none_or_all(school: list[tuple[int, int]]) -> None:
    bands = [share(*one, one[1]) for one in school]
    found = mean(bands)
    if found is None:
        assert not any(bands)
        return
    assert min(one.low for one in bands if one) <= found.low < found.high <= max(one.high for one in bands if one)
    assert 1 <= found.tenths <= 9


def test_nothing_answered_has_no_average() -> None:
    assert mean([]) is None
    assert mean([None]) is None


@pytest.mark.parametrize(
    ("pupils", "done", "busy", "told", "at_least"),
    [
        (30, 26, 2, Told.ALL_DONE, 26),
        (30, 30, 0, Told.ALL_DONE, 26),
        (30, 18, 7, Told.SPLIT, 18),
        (30, 18, 10, Told.DONE_OR_NOT, 18),
        (30, 2, 13, Told.BEGUN_OR_NOT, 0),
        (30, 3, 26, Told.ALL_BEGUN, 0),
        (30, 2, 2, Told.FEW_BEGAN, 0),
        (30, 0, 0, Told.FEW_BEGAN, 0),
    ],
)
def test_a_class_is_told_as_fine_as_it_can_be(pupils: int, done: int, busy: int, told: Told, at_least: int) -> None:
    found = shown(pupils, done, busy)
    assert found is not None
    assert (found.told, found.done_at_least) == (told, at_least)
