"""A profile to look through: pointing out what gives it away, and leaving what is ordinary."""

from __future__ import annotations

from typing import Any

from protocols.parse import load_corpus
from quizzes.domain import Outcome
from quizzes.types.spot import SpotTheFake
from tests.books import the_book_of
from tests.quizzes.examples import documented

ITEM = documented()["spot"]
assert isinstance(ITEM, SpotTheFake)
BOOK = the_book_of("liudger")


def test_what_gives_it_away_and_nothing_else_is_all_right() -> None:
    assert ITEM.judge({"spots": ["naam", "sinds", "volgers", "bericht"]}, BOOK, {}).outcome is Outcome.FOLLOWS


def test_who_points_at_everything_has_not_looked() -> None:
    verdict = ITEM.judge({"spots": [spot.id for spot in ITEM.spots]}, BOOK, {})
    assert (verdict.outcome, verdict.right, verdict.total) == (Outcome.PARTLY, 4, 6)
    assert [part.id for part in verdict.parts if not part.had_right] == ["over", "foto"]


def test_the_profile_is_drawn_from_top_to_bottom_whatever_the_order_in_the_file() -> None:
    turned = ITEM.model_copy(update={"spots": tuple(reversed(ITEM.spots))})
    assert [spot.id for spot in turned.fields({}, "")["spots"]] == ["naam", "sinds", "volgers", "over", "foto", "bericht"]


def test_a_profile_in_which_everything_is_strange_or_with_two_photos_is_told() -> None:
    data: dict[str, Any] = ITEM.model_dump(by_alias=True)
    for spot in data["spots"]:
        spot["right"], spot["place"] = True, "photo"
    told = [message for _at, message, _remedy in SpotTheFake.model_validate(data).faults(("items", 0), load_corpus())]
    assert any("alle stukjes zijn gelijk" in message for message in told)
    assert any("plaats voor één foto" in message for message in told)
