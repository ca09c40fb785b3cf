"""A class in words: what the pages and the files say of the same summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flask_babel  # type: ignore[import-untyped,unused-ignore]

from common.words import _, ngettext, quoted
from lessons.library import Lesson
from lessons.review import Went
from progress.domain import ClassSummary, Going, Growth, Pupil, Reason, Stage, State, UnitOfClass, Why
from progress.queries import ClassView
from progress.summaries import NO_LONGER_FITS, Given, ItemSummary, Line, Place
from protocols.domain import RuleBook
from quizzes.domain import Counting, Item, Outcome, Part
from quizzes.judge import judge
from quizzes.types import TYPES
from schools.present import ShownRule, shown_rule

# Shapes that go with an outcome, as components/feedback.html names them.
SHAPES = {
    Outcome.FOLLOWS: "klopt",
    Outcome.FAIR: "netjes",
    Outcome.PARTLY: "nog-niet-goed",
    Outcome.DIFFERS: "nog-niet-goed",
    Outcome.TALK: "praat",
    Outcome.NONE: "geen-fout",
}
MOST_LINES_OF_ATTENTION = 3


def number_words(number: int) -> str:
    """A number as one would say it, up to twelve."""
    words = (
        _("nul"), _("één"), _("twee"), _("drie"), _("vier"), _("vijf"), _("zes"), _("zeven"), _("acht"), _("negen"), _("tien"), _("elf"),
        _("twaalf"),
    )  # fmt: skip
    return words[number] if 0 <= number < len(words) else str(number)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# ---- the class ----


def class_title(name: str) -> str:
    """The name of a class as one says it: “Klas 2B”, but “Groep 7”."""
    return name if name.casefold().startswith(("groep", "klas", "unit")) else _("Klas %(name)s", name=name)


def reason_words(reason: Reason, titles: Mapping[str, str], pupils: int) -> str:
    """One reason as a sentence."""
    unit = quoted(titles[unit] for unit in reason.units)
    if reason.why is Why.STUCK:
        return _("%(times)s keer achter elkaar nog niet goed in %(unit)s.", times=_capital(number_words(reason.count)), unit=unit)
    if reason.why is Why.LOW:
        right, total = number_words(reason.count) if reason.count else _("geen"), number_words(reason.of)
        return _("Klaar met %(unit)s, maar aan het eind %(right)s van de %(total)s vragen goed.", unit=unit, right=right, total=total)
    if reason.why is Why.IDLE:
        return _("%(weeks)s weken niets gedaan, midden in %(unit)s.", weeks=_capital(number_words(reason.count)), unit=unit)
    if reason.why is Why.NO_CARD:
        return _("Heeft nog geen inlogkaartje.")
    done = _("de helft") if reason.count * 4 < pupils * 3 else _("bijna iedereen") if reason.count * 10 < pupils * 9 else _("de rest")
    return _("Nog niet begonnen met %(unit)s, terwijl %(done)s klaar is.", unit=unit, done=done)


def helped(summary: ClassSummary, titles: Mapping[str, str]) -> list[tuple[Pupil, str]]:
    """Who needs help and why, each with everything there is to say."""
    pupils = len(summary.pupils)
    return [(one.pupil, " ".join(reason_words(reason, titles, pupils) for reason in one.reasons)) for one in summary.needs_help]


def attention(view: ClassView) -> list[str]:
    """What a mentor wants to know of a class before opening it; at most three lines."""
    summary = view.summary
    if not summary.pupils:
        return [_("Er zitten nog geen leerlingen in deze klas.")]
    if not summary.has_begun:
        return [_("Nog niemand is begonnen.")]
    others = len(summary.needs_help) - summary.stuck
    lines = []
    if summary.stuck:
        lines.append(ngettext("%(num)s leerling loopt vast", "%(num)s leerlingen lopen vast", summary.stuck))
    if others and summary.stuck:
        lines.append(ngettext("%(num)s andere leerling vraagt aandacht", "%(num)s andere leerlingen vragen aandacht", others))
    elif others:
        lines.append(ngettext("%(num)s leerling vraagt aandacht", "%(num)s leerlingen vragen aandacht", others))
    lines = lines or [_("Iedereen kan verder")]
    begun = [unit for unit in summary.units if unit.has_begun]
    open_units = [unit for unit in begun if unit.counts[State.DONE] < unit.pupils] or begun[-1:]
    return [*lines, *(_done_words(unit, view.titles[unit.unit]) for unit in reversed(open_units))][:MOST_LINES_OF_ATTENTION]


def _done_words(unit: UnitOfClass, title: str) -> str:
    return _("%(done)s van %(all)s klaar met %(unit)s", done=unit.counts[State.DONE], all=unit.pupils, unit=quoted([title]))


def stage_words(stage: Stage) -> str:
    return {Stage.BEGUN: _("net begonnen"), Stage.HALFWAY: _("halverwege"), Stage.NEARLY: _("bijna klaar")}[stage]


def state_words(state: State) -> str:
    return {State.DONE: _("klaar"), State.BUSY: _("bezig"), State.STUCK: _("loopt vast"), State.NOT_YET: _("nog niet")}[state]


def cell_words(going: Going | None) -> str:
    """How far one pupil is in one unit, as it stands in the table and in the file."""
    if going is None:
        return state_words(State.NOT_YET)
    if going.state is State.DONE:
        return state_words(State.DONE)
    return f"{state_words(going.state)}, {stage_words(going.stage)}"


COUNTED = (State.DONE, State.BUSY, State.STUCK, State.NOT_YET)


def growth_words(growth: Growth) -> list[str]:
    """Before and after in sentences: counts, and percentages only where there are enough pupils."""
    if not growth.pupils:
        return [_("Nog niemand deed de vragen aan het begin en aan het eind.")]
    who = ngettext("%(num)s leerling deed begin en eind", "%(num)s leerlingen deden begin en eind", growth.pupils)
    if growth.allows_percent:
        first = _("%(who)s: van %(start)s%% naar %(end)s%% goed.", who=who, start=growth.start, end=growth.end)
    else:
        first = _(
            "%(who)s: aan het begin %(a)s van %(b)s vragen goed, aan het eind %(c)s van %(d)s.",
            who=who, a=growth.start_right, b=growth.start_total, c=growth.end_right, d=growth.end_total,
        )  # fmt: skip
    return [first, _changes(growth)]


def _changes(growth: Growth) -> str:
    """How many got more right, the same and fewer; what is nobody is not said."""
    more = ngettext("%(num)s leerling had er aan het eind meer goed", "%(num)s leerlingen hadden er aan het eind meer goed", growth.more)
    rest = [_("%(n)s evenveel", n=growth.same) if growth.same else "", _("%(n)s minder", n=growth.less) if growth.less else ""]
    return ", ".join([more, *filter(None, rest)]) + "."


def growth_rows(units: Sequence[UnitOfClass], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the chart takes: only units with enough pupils for a percentage."""
    return [
        {"label": titles[unit.unit], "start": unit.growth.start, "end": unit.growth.end} for unit in units if unit.growth.allows_percent
    ]


# ---- questions ----


def outcome_words(outcome: Outcome, right: int = 0, total: int = 0) -> str:
    if outcome is Outcome.PARTLY and total:
        return _("deels: %(right)s van %(total)s", right=right, total=total)
    return {
        Outcome.FOLLOWS: _("klopt"), Outcome.FAIR: _("ook netjes"), Outcome.PARTLY: _("deels"), Outcome.DIFFERS: _("nog niet"),
        Outcome.TALK: _("om over te praten"), Outcome.NONE: _("geen goed of fout"),
    }[outcome]  # fmt: skip


def rules_by_item(lesson: Lesson, book: RuleBook) -> dict[str, list[ShownRule]]:
    """The agreements of the school that each question stands on, so that a mentor reads what the explanation points to."""
    return {item.id: [shown_rule(book, key, lesson.unit.track) for key in item.rules()] for item in lesson.quiz.items}


def shape_words(shape: str) -> str:
    """What a shape says, for who does not see it."""
    return {"klopt": _("klopt"), "netjes": _("ook netjes"), "nog-niet-goed": _("nog niet"), "praat": _("om over te praten")}.get(shape, "")


def line_words(item: ItemSummary, line: Line) -> str:
    """What stands behind one line of a question: what choosing it came to, or where it belongs."""
    if item.counting is Counting.CHOICES:
        return outcome_words(line.outcome) if line.outcome else ""
    if line.outcome is Outcome.TALK:
        return outcome_words(Outcome.TALK)
    if line.belongs is not None:
        return _("hoort erbij") if line.belongs else _("hoort er niet bij")
    return ""


@dataclass(frozen=True)
class Tally:
    """What is counted at one line of a question. count is None where only the places tell something."""

    what: str
    count: int | None
    of: int


def tally(item: ItemSummary, line: Line) -> Tally:
    """How many chose an option or a label; of cards, pairs, pieces and steps how many had it right."""
    if item.counts_choices:
        return Tally(_("kozen dit"), line.count, line.of)
    if line.of:
        return Tally(_("hadden dit goed"), line.count, line.of)
    return Tally(_("kozen dit"), None if line.places else line.chosen, item.answered)


def has_verdicts(item: ItemSummary) -> bool:
    """Whether any line of a question has something to say besides its count."""
    return any(line_words(item, line) for line in item.lines)


def line_tone(line: Line) -> str:
    if line.outcome is None:
        return "brand"
    return {Outcome.FOLLOWS: "good", Outcome.FAIR: "good", Outcome.DIFFERS: "maybe"}.get(line.outcome, "line")


def right_words(item: ItemSummary) -> str:
    """How a question went, in one line."""
    parts = [_("%(right)s van %(all)s goed", right=item.right, all=item.scored)]
    if item.partly:
        parts.append(_("%(n)s deels", n=item.partly))
    if item.talked:
        parts.append(_("%(n)s alleen besproken", n=item.talked))
    return ", ".join(parts)


def place_words(place: Place) -> str:
    """One place where the class put a card: “Mag niet: 15 (klopt)”."""
    return _("%(text)s: %(count)s (klopt)", text=place.text, count=place.count) if place.fits else f"{place.text}: {place.count}"


def places_words(line: Line) -> str:
    return " · ".join(place_words(place) for place in line.places)


def type_name(kind: str) -> str:
    """What kind of question it is."""
    return _(TYPES[kind].name_for_mentor)


# ---- one pupil ----


@dataclass(frozen=True)
class Told:
    """One question that a pupil answered: the first answer, and what came of trying again."""

    moment: str
    question: str
    chosen: list[tuple[str, str | None]]
    shape: str
    words: str
    think: str | None
    later: str | None
    earlier_rule: bool


def moment_words(moment: str) -> str:
    return {"starter": _("Begin"), "lesson": _("In de les"), "closing": _("Eind"), "review": _("Ophalen")}.get(moment, _("In de les"))


def told_answers(lesson: Lesson, half: int, answers: Sequence[tuple[Given, bool]], book: RuleBook) -> list[Told]:
    """The answers of a pupil in the order of the lesson; questions that are no longer in it come last."""
    groups: dict[tuple[str, str], list[Given]] = {}
    for answer, _is_first in answers:
        groups.setdefault((answer.moment, answer.item), []).append(answer)
    shown = [(screen.moment, screen.item.id) for screen in lesson.screens(half) if screen.item is not None]
    ordered = [key for key in shown if key in groups] + [key for key in groups if key not in shown]
    return [_told(lesson, key[0], groups[key], book) for key in ordered]


def _told(lesson: Lesson, moment: str, tries: Sequence[Given], book: RuleBook) -> Told:
    first = tries[0]
    try:
        item = lesson.quiz.item(first.item)
        # What is written anew is read in the newest words; of other questions the first answer is what measures.
        shown = tries[-1] if item.counting is Counting.WORDS else first
        question, chosen, think = item.question, _chosen(lesson, item, shown, book), _thought(lesson, item, first, book)
    except NO_LONGER_FITS:
        question, chosen, think = _("Een vraag die intussen is veranderd"), [(_("Het antwoord hoort bij een eerdere tekst."), None)], None
    return Told(
        moment=moment_words(moment), question=question, chosen=chosen, shape=SHAPES[first.outcome],
        words=outcome_words(first.outcome, first.right, first.total), think=think, later=_later(tries),
        earlier_rule=book.as_it_was(first.stances) is not book,
    )  # fmt: skip


def _later(tries: Sequence[Given]) -> str | None:
    """What came of trying again."""
    last = tries[-1]
    if len(tries) == 1 or last.outcome is Outcome.NONE:
        return None
    words = outcome_words(last.outcome, last.right, last.total)
    return ngettext("Daarna nog één keer: %(last)s.", "Daarna nog %(num)s keer, het laatst: %(last)s.", len(tries) - 1, last=words)


def _thought(lesson: Lesson, item: Item, answer: Given, book: RuleBook) -> str | None:
    """The thought behind a wrong choice."""
    if not item.explains_choice or answer.outcome is not Outcome.DIFFERS:
        return None
    return judge(lesson.quiz, item, answer.value, book.as_it_was(answer.stances)).chosen[0].think


def _chosen(lesson: Lesson, item: Item, answer: Given, book: RuleBook) -> list[tuple[str, str | None]]:
    """An answer in words, a line per part, with a shape where the parts were weighed one by one."""
    if item.ticks or item.has_places:
        parts = judge(lesson.quiz, item, answer.value, book.as_it_was(answer.stances)).chosen
        return [(_part_words(part), SHAPES[part.outcome]) for part in parts]
    return [(words, None) for words in item.said(answer.value)]


def _part_words(part: Part) -> str:
    return f"{part.text.rstrip('.')} → {part.detail}" if part.detail else part.text


def before_and_after(going: Going | None) -> str:
    """Before and after of one pupil, in counts."""
    if going is None or not going.starter_total:
        return ""
    start = _("begin %(right)s van %(total)s goed", right=going.starter_right, total=going.starter_total)
    if not going.closing_total:
        return start
    return _("%(start)s, eind %(right)s van %(total)s goed", start=start, right=going.closing_right, total=going.closing_total)


def review_words(went: Went | None) -> str:
    """How the questions of earlier went that came back at the start of a unit."""
    if went is None:
        return ""
    if went.skipped:
        return _("ophalen overgeslagen")
    if not went.of:
        return _("ophalen nog niet gedaan")
    right = went.right
    return ngettext("opgehaald: %(right)s van %(num)s klopte nu", "opgehaald: %(right)s van de %(num)s klopten nu", went.of, right=right)


def day(at: Any) -> str:
    """A day as a mentor says it: 12 mei."""
    return str(flask_babel.format_date(at, "d MMMM"))
