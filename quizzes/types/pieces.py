"""What the types share in which pieces of something are pointed out: some fit, some are only ordinary."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from random import Random

from common.forms import FieldProblem
from protocols.domain import RuleBook
from quizzes.domain import Fault, Frozen, Item, Outcome, Part, Place, Reading, Source, Text, Verdict, each_of, of_parts


class PieceRuling(Frozen):
    """Whether a piece is one to point out, and why."""

    right: bool
    think: Text | None = None
    why: Text
    now: Text | None = None


def ruling_faults(rulings: Mapping[str, PieceRuling], at: Place, name: str) -> Iterator[Fault]:
    if len({ruling.right for ruling in rulings.values()}) < 2:
        yield at, f"{name}: alle stukjes zijn gelijk", "laat wat gewoon is ook staan"


def read_pieces(rulings: Collection[str], source: Source, key: str, field: str, problem: str) -> Reading:
    chosen = set(source.getlist(field))
    found = [piece for piece in rulings if piece in chosen]
    return Reading({key: found}, [] if found else [FieldProblem(field, problem)])


def judge_pieces(
    item: Item, rulings: Mapping[str, PieceRuling], texts: Mapping[str, str], chosen: Collection[str], book: RuleBook
) -> Verdict:
    parts = [
        Part(
            key,
            texts[key],
            Outcome.FOLLOWS if ruling.right else Outcome.DIFFERS,
            key in chosen,
            ruling.right,
            (key in chosen) == ruling.right,
            ruling.think,
            ruling.why,
            ruling.now,
        )
        for key, ruling in rulings.items()
    ]
    return of_parts(item, parts, book)


def imagined_pieces(rulings: Mapping[str, PieceRuling], chance: Random, knows: float) -> list[str]:
    per_piece = each_of(knows, len(rulings))
    chosen = [key for key, ruling in rulings.items() if ruling.right == (chance.random() < per_piece)]
    return chosen or [next(iter(rulings))]
