"""The frame that all items share, frozen, and what a pupil's answer can come to.

These are pydantic models rather than plain dataclasses, because one description then serves for reading,
checking and using (docs/decisions/002-content-models.md). They know nothing of Flask or the database.
Each type of item is a module of its own in quizzes/types; docs/item-types.md shows how one is added.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Annotated, Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from common.forms import FieldProblem
from protocols.domain import Corpus, RuleBook, Stance

Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=60)]
RuleKey = Annotated[str, Field(pattern=r"^[a-z0-9.-]+$", max_length=80)]
Text = Annotated[str, Field(min_length=1, max_length=600)]

JsonDict = dict[str, Any]
RuleTexts = Mapping[str, Mapping[Stance, str]]
Place = tuple[str | int, ...]
Fault = tuple[Place, str, str]


class Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Outcome(StrEnum):
    """What an answer comes to, measured against the agreements of the pupil's own school."""

    FOLLOWS = "past"
    FAIR = "ook-netjes"
    PARTLY = "deels"
    DIFFERS = "nog-niet"
    TALK = "praten"
    NONE = "geen"

    @property
    def is_scored(self) -> bool:
        return self not in (Outcome.TALK, Outcome.NONE)

    @property
    def is_right(self) -> bool:
        return self in (Outcome.FOLLOWS, Outcome.FAIR)


class Ruling(Frozen):
    """What fits under one stance: right answers, answers that are decent too, or a talk without right or wrong."""

    right: tuple[Key, ...] = ()
    fair: tuple[Key, ...] = ()
    talk: bool = False
    why: Text | None = None


ByStance = dict[Stance, Ruling]


class Moves(Frozen):
    """An explanation in three moves: what is sensible in the thought, the reason, and what can be done now."""

    think: Text | None = None
    why: Text | None = None
    now: Text | None = None


# ---- what an answer comes to ----


@dataclass(frozen=True)
class Part:
    """One judged part of an answer: an option, a card, a pair, a marked piece, an order pair.

    outcome tells what choosing it (or putting it there) comes to; had_right whether the pupil did well with it, which
    differs where leaving it out was right. detail is where it was put, best what fits better. rule is the part's own.
    """

    id: str
    text: str
    outcome: Outcome
    chosen: bool
    fits: bool
    had_right: bool
    think: str | None = None
    why: str | None = None
    now: str | None = None
    rule: str | None = None
    detail: str | None = None
    best: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What an answer came to. right of total counts the parts that were scored; stances tells by which it was judged."""

    outcome: Outcome
    right: int
    total: int
    parts: tuple[Part, ...]
    stances: Mapping[str, str]

    @property
    def chosen(self) -> list[Part]:
        return [part for part in self.parts if part.chosen]


@dataclass
class Reading:
    """What stands in a form for an item: the answer, or what there was of it, and what is wrong with it.

    moved names the part that a button moved; then only the order was changed and nothing is to be kept yet.
    """

    value: JsonDict
    problems: list[FieldProblem] = field(default_factory=list)
    moved: str | None = None


class Source(Protocol):
    """A form as it came in, for instance werkzeug's MultiDict."""

    def get(self, key: str, default: str, /) -> str: ...
    def getlist(self, key: str, /) -> list[str]: ...
    def __iter__(self) -> Iterator[str]: ...


@dataclass(frozen=True)
class Bound:
    """Something whose right answer follows a rule: a whole item, or one part of it. names says what each key is in words."""

    rule: str
    by_stance: ByStance
    names: Mapping[str, str]
    part: str | None = None
    text: str = ""

    def right(self, book: RuleBook) -> list[str] | None:
        """What is right at one school; None where it is only talked about."""
        ruling = self.by_stance[book.stance_on(self.rule)]
        return None if ruling.talk else list(ruling.right)


@dataclass(frozen=True)
class Ballot:
    """Something in an item on which a class can vote with hands: a question and its answers as (key, text).

    part names the card, slot or switch; empty where it is the whole item. rights are the keys that fit everywhere;
    where a rule decides, bound tells by the school's stance.
    """

    part: str
    question: str
    options: tuple[tuple[str, str], ...]
    rights: tuple[str, ...] = ()
    bound: Bound | None = None

    def right(self, book: RuleBook) -> list[str] | None:
        return self.bound.right(book) if self.bound else list(self.rights)


@dataclass(frozen=True)
class OnPaper:
    """How an answer on the printed sheet is typed over: a sign for each row, in the order of the sheet.

    rows: per row the field of the form and what its signs (A, B, C ...) stand for. many: one row, of which several may be
    crossed. places: one row, of which each part got a number. digits: the signs are 1, 2, 3 ... instead of letters.
    """

    rows: tuple[tuple[str, tuple[str, ...]], ...]
    many: bool = False
    places: bool = False
    digits: bool = False


class Counting(StrEnum):
    """How a mentor's page counts an item over the class: who chose what, or who had which part right."""

    CHOICES = "keuzes"
    PARTS = "delen"
    LABELS = "standen"
    WORDS = "woorden"


class Image(Frozen):
    """The picture above a task: a drawing from static/img/scenes, and what can be seen on it for who does not see it."""

    scene: Key
    alt: Text


# ---- the contract ----


class Item(Frozen):
    """The frame of every item, and the contract of a type: check, show, read, judge, explain, summarise, print.

    The template templates/lessons/types/<type>.html draws it: `task` on the screen and `printed` on paper.
    An answer is a plain dict, the same as is stored; each type says in its docstring what stands in it.
    """

    id: Key
    use: Literal["check", "lesson", "review"]
    goal: Key
    question: Text
    image: Image | None = None
    rule: RuleKey | None = None
    cite_if_ruled: RuleKey | None = None
    talk: Text | None = None
    by_stance: ByStance | None = None

    # What a type says of itself; the two names are sentences of the interface.
    name: ClassVar[str]
    name_for_mentor: ClassVar[str]
    icon: ClassVar[str]
    counting: ClassVar[Counting] = Counting.PARTS
    # Whether parts are chosen or left (rather than put somewhere), and whether a mentor reads where they were put.
    ticks: ClassVar[bool] = False
    has_places: ClassVar[bool] = False
    # Whether the explanation is of one choice, with the others folded away below it.
    explains_choice: ClassVar[bool] = False

    @property
    def kind(self) -> str:
        """The type as it stands in a file, for instance "one-choice"."""
        return str(self.type)  # type: ignore[attr-defined]

    @property
    def is_scored(self) -> bool:
        return True

    @property
    def parts_count(self) -> int:
        """How many parts there are to get right: what makes two items of a type equally heavy."""
        return 1

    def bound(self) -> Iterator[Bound]:
        """Whatever in this item follows a rule."""
        yield from ()

    def rules(self) -> list[str]:
        """The rules by which it is judged, each once."""
        found = [self.rule] if self.rule else []
        return list(dict.fromkeys([*found, *(bound.rule for bound in self.bound())]))

    def faults(self, at: Place, corpus: Corpus) -> Iterator[Fault]:
        """What the shape alone cannot tell: double ids, missing reasons, answers that name nothing."""
        del at, corpus
        yield from ()

    @abstractmethod
    def fields(self, value: JsonDict, seed: str) -> JsonDict:
        """What the template needs besides the item, with what was chosen before. seed keeps a pupil's shuffle the same."""

    @abstractmethod
    def read(self, source: Source) -> Reading:
        """The answer in a form. Foreign ids and wrong shapes are problems, never faults."""

    @abstractmethod
    def sent(self, value: JsonDict) -> list[tuple[str, str]]:
        """The fields of a form that read() makes this answer of."""

    @abstractmethod
    def judge(self, value: JsonDict, book: RuleBook, texts: RuleTexts) -> Verdict:
        """Weigh an answer and explain each part of it. Raises KeyError for an answer that does not belong to the item."""

    def look(self, value: JsonDict) -> JsonDict | None:
        """What the template's `answered` shows of the answer itself, above the explanation; None for nothing."""
        del value
        return None

    def right_answers(self, book: RuleBook) -> list[str] | None:
        """The right answer or answers at one school; None where it is only talked about or never scored."""
        del book
        return None

    def ballots(self) -> list[Ballot]:
        """What a class can vote on with hands; none where the class does it together."""
        return []

    def on_paper(self) -> OnPaper | None:
        """How an answer on the printed sheet is typed over; None for own words. The sheet is printed with fields({}, self.id)."""
        return None

    @abstractmethod
    def said(self, value: JsonDict) -> list[str]:
        """An answer in words, a line per part. Raises KeyError (or the like) when the wording no longer fits."""

    @abstractmethod
    def imagined(self, chance: Random, knows: float, book: RuleBook) -> JsonDict:
        """An answer as somebody might give it who knows this for so much (0-1): for the demo, the tests and the benches."""

    def stances(self, book: RuleBook) -> dict[str, str]:
        return {rule: book.stance_on(rule).value for rule in self.rules()}


# ---- what several types share ----


def of_parts(item: Item, parts: Iterable[Part], book: RuleBook) -> Verdict:
    """The verdict on parts that are weighed one by one. All good follows, half or more is partly, less is not yet."""
    parts = tuple(parts)
    scored = [part for part in parts if part.outcome.is_scored]
    good = sum(part.had_right for part in scored)
    if not scored:
        outcome = Outcome.TALK
    elif good == len(scored):
        outcome = Outcome.FOLLOWS
    else:
        outcome = Outcome.PARTLY if good * 2 >= len(scored) else Outcome.DIFFERS
    return Verdict(outcome, good, len(scored), parts, item.stances(book))


def ruling_of(rule: str | None, by_stance: ByStance | None, book: RuleBook) -> Ruling | None:
    return by_stance[book.stance_on(rule)] if rule and by_stance else None


def why_of(rule: str | None, ruling: Ruling | None, own: str | None, book: RuleBook, texts: RuleTexts) -> str | None:
    """The reason: of the stance, else the item's own, else what the lesson says of the rule at this school."""
    if rule is None:
        return own
    return (ruling.why if ruling else None) or own or texts.get(rule, {}).get(book.stance_on(rule))


def outcome_of(key: str, right: Sequence[str], ruling: Ruling | None) -> Outcome:
    """What choosing this key comes to, by the ruling of the school's stance, else by what is right everywhere."""
    if ruling is None:
        return Outcome.FOLLOWS if key in right else Outcome.DIFFERS
    if ruling.talk:
        return Outcome.TALK
    if key in ruling.right:
        return Outcome.FOLLOWS
    return Outcome.FAIR if key in ruling.fair else Outcome.DIFFERS


def doubles(ids: Sequence[str], at: Place, name: str) -> Iterator[Fault]:
    for key in dict.fromkeys(ids):
        if ids.count(key) > 1:
            yield at, f"{name}: {key} staat er {ids.count(key)} keer", "geef elk deel een eigen id"


def stance_faults(by_stance: Mapping[Stance, Ruling], ids: set[str], at: Place, name: str) -> Iterator[Fault]:
    """A ruling for each of the six stances, with known answers, and no permission read out of silence."""
    for stance in Stance:
        ruling = by_stance.get(stance)
        if ruling is None:
            yield at, f"{name}: {stance.value} ontbreekt", "vul alle zes de antwoorden in; een school kan elk ervan kiezen"
            continue
        path = (*at, stance.value)
        unknown = {*ruling.right, *ruling.fair} - ids
        if unknown:
            yield path, f"{name}: onbekend antwoord {', '.join(sorted(unknown))}", "gebruik een id van dit onderdeel"
        if bool(ruling.talk) == bool(ruling.right):
            yield path, f"{name}: geef right, of talk: true, en niet allebei", "kies een van de twee"
        if stance is Stance.NIET_GEREGELD and not ruling.talk:
            yield path, f"{name}: niet-geregeld is geen toestemming", "maak er talk: true van"


def rule_faults(rule: str | None, at: Place, corpus: Corpus) -> Iterator[Fault]:
    if rule is not None and rule not in corpus.rules:
        yield at, f"regel {rule} bestaat niet", "neem een key uit protocols/data/rules.yaml"


def move_faults(moves: Moves, at: Place, name: str, *, rule: str | None = None, thought: bool = False) -> Iterator[Fault]:
    """An explanation says why and what now; thought: also what is sensible in it."""
    if not moves.now:
        yield at, f"{name}: now ontbreekt", "zeg wat een leerling nu kan doen"
    if not moves.why and not rule:
        yield at, f"{name}: why ontbreekt", "geef de reden"
    if thought and not moves.think:
        yield at, f"{name}: think ontbreekt", "zeg wat er verstandig is in deze gedachte"


def drawn(chance: Random, others: Sequence[str], seed: str) -> str:
    """A wrong answer: one of them draws most, and which one is the same for the whole class."""
    start = sum(seed.encode()) % len(others)
    turned = [*others[start:], *others[:start]]
    return chance.choices(turned, weights=[5, 2, *[1] * len(turned)][: len(turned)])[0]


def each_of(knows: float, parts: int) -> float:
    """The chance of doing well with one part, so that the whole goes well for so much of the time."""
    return float(knows ** (1 / parts)) if knows else 0.4
