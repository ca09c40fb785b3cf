"""Pasted lists of names: whatever a school's own system makes of them, and nobody twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.domain import LONGEST_NAME, halves_after, names_in


def names(text: str) -> list[str]:
    return [row.name for row in names_in(text)]


def problems(text: str, known: tuple[str, ...] = ()) -> list[str | None]:
    return [row.problem for row in names_in(text, known=known)]


@pytest.mark.parametrize(
    "text",
    [
        "Sami\nMei",
        "\ufeffSami\r\nMei\r\n\r\n",
        "Sami\tde Vries\nMei\tBakker",
        "Sami;de Vries;7A\nMei;Bakker;7A",
        '"Sami","de Vries"\n"Mei","Bakker"',
        "1. Sami\n2) Mei",
        "1;Sami\n2;Mei",
        "  Sami  \n\n\n   Mei",
        "Voornaam;Achternaam\nSami;de Vries\nMei;Bakker",
        "Leerlingen\nSami\nMei",
    ],
)
def test_a_list_is_read_as_the_school_pastes_it(text: str) -> None:
    assert names(text) == ["Sami", "Mei"]


def test_names_keep_their_signs() -> None:
    kept = ["Łukasz", "Şevval", "D'Angelo", "Anne-Fleur van", "Nguyệt Anh", "中文"]
    assert names("\n".join(kept)) == kept


def test_a_name_that_comes_twice_is_told_at_both_rows_whatever_the_capitals() -> None:
    assert [bool(problem) for problem in problems("Sami\nMei\nSAMI")] == [True, False, True]


def test_a_name_that_is_in_the_class_is_told() -> None:
    assert "zit al in deze klas" in str(problems("Sami", known=("sami",))[0])


def test_a_name_that_is_too_long_is_told() -> None:
    assert "te lang" in str(problems("x" * (LONGEST_NAME + 1))[0])
    assert problems("x" * LONGEST_NAME) == [None]


@pytest.mark.parametrize("text", ["sami@school.nl", "---", "…"])
def test_what_is_no_name_is_told(text: str) -> None:
    assert problems(text) != [None]


def test_signs_that_turn_or_pile_up_are_taken_off() -> None:
    assert names("\u202eimaS") == ["imaS"]
    assert len(names("e" + "\u0301" * 50)[0]) < 10


def test_halves_alternate_and_stay_equal() -> None:
    assert halves_after([], 4) == [1, 2, 1, 2]
    assert halves_after([1, 1, 1], 4) == [2, 2, 2, 1]


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(text: str) -> None:
    for row in names_in(text):
        assert row.name
        assert row.problem or len(row.name) <= LONGEST_NAME
