"""A class in words: what the pages and the files say of the same summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flask_babel  # type: ignore[import-untyped,unused-ignore]

from common.words import _, ngettext, quoted
from lessons.library import Lesson
from lessons.review import Went
from progress.dashboard import Because, Misled, NextLesson, RuleKnown
from progress.domain import Going, Growth, Pupil, Reason, Stage, State, UnitOfClass, Why
from progress.filters import Filter, Period
from progress.queries import ClassView
from progress.summaries import NO_LONGER_FITS, Given, ItemSummary, Line, Place
from protocols.domain import RuleBook, Track
from quizzes.domain import Counting, Item, Outcome, Part
from quizzes.judge import judge
from quizzes.types import TYPES
from schools.domain import Care, CareState, Group
from schools.present import ShownRule, class_title, shown_rule  # noqa: F401  (the templates ask this module for class_title)

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


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# ---- the class ----


def reason_words(view: ClassView, pupil: Pupil, reason: Reason) -> str:
    """One reason in a sentence or two: what happened, where, and what the mistakes are about."""
    unit = quoted(view.titles[unit] for unit in reason.units)
    times = capital(number_words(reason.count))
    if reason.why is Why.STUCK:
        where, about = _where(view, pupil, reason), _goal(view, reason)
        if about:
            return _("%(where)s %(times)s keer achter elkaar nog niet goed, vooral bij ‘%(goal)s’.", where=where, times=times, goal=about)
        return _("%(where)s %(times)s keer achter elkaar nog niet goed.", where=where, times=times)
    if reason.why is Why.MISTAKES:
        return _("%(times)s keer fout bij ‘%(goal)s’, in %(unit)s.", times=times, goal=_goal(view, reason), unit=unit)
    if reason.why is Why.LOW:
        right, total = number_words(reason.count) if reason.count else _("geen"), number_words(reason.of)
        return _("Klaar met %(unit)s, maar aan het eind %(right)s van de %(total)s vragen goed.", unit=unit, right=right, total=total)
    if reason.why is Why.IDLE:
        return _("%(weeks)s weken niets gedaan. %(where)s", weeks=times, where=_where(view, pupil, reason))
    if reason.why is Why.NO_CARD:
        return _("Heeft nog geen inlogkaartje.")
    pupils = view.size
    done = _("de helft") if reason.count * 4 < pupils * 3 else _("bijna iedereen") if reason.count * 10 < pupils * 9 else _("de rest")
    return _("Nog niet begonnen met %(unit)s, terwijl %(done)s klaar is.", unit=unit, done=done)


def _where(view: ClassView, pupil: Pupil, reason: Reason) -> str:
    """Where somebody is in a lesson: the step as the pupil counts it, with its title."""
    lesson, going = view.lesson(reason.units[0]), view.summary.going(pupil.id, reason.units[0])
    at = next((one for one in lesson.screens(pupil.half) if going and one.key == going.last_screen), None)
    stuck, title = reason.why is Why.STUCK, lesson.unit.title
    if at is None:
        return _("Vastgelopen in ‘%(unit)s’.", unit=title) if stuck else _("Gestopt in ‘%(unit)s’.", unit=title)
    values = {"step": at.step + 1, "title": at.title.rstrip("."), "unit": title}
    if stuck:
        return _("Vastgelopen bij stap %(step)s van ‘%(unit)s’: ‘%(title)s’.", **values)
    return _("Gestopt bij stap %(step)s van ‘%(unit)s’: ‘%(title)s’.", **values)


def _goal(view: ClassView, reason: Reason) -> str:
    """The goal that the mistakes are about, without its full stop."""
    goals = view.lesson(reason.units[0]).unit.meta.goals
    return next((goal.text.rstrip(".") for goal in goals if goal.id == reason.goal), "")


def came_back_words(reason: Reason) -> str:
    """Why something stands in the list again that a mentor had taken up."""
    if not reason.is_back or reason.care is None:
        return ""
    values = {"state": care_state_words(reason.care.state), "day": day(reason.care.at)}
    if reason.fresh:
        return ngettext("Terug: na ‘%(state)s’ op %(day)s weer één keer fout.", "Terug: na ‘%(state)s’ op %(day)s weer %(num)s keer fout.",
                        reason.fresh, **values)  # fmt: skip
    return _("Terug: sinds ‘%(state)s’ op %(day)s is er niets veranderd.", **values)


def care_state_words(state: CareState) -> str:
    return {CareState.SEEN: _("gezien"), CareState.SPOKEN: _("gesproken"), CareState.DONE: _("klaar"), CareState.OPEN: _("teruggezet")}[
        state
    ]


def care_words(care: Care) -> str:
    """Who did what and when: “gesproken op 3 november door Bas Verhoeven”."""
    values = {"state": care_state_words(care.state), "day": day(care.at)}
    return _("%(state)s op %(day)s door %(by)s", by=care.by, **values) if care.by else _("%(state)s op %(day)s", **values)


def past_words(care: Care, titles: Mapping[str, str]) -> str:
    """What a note was about that is over by now."""
    what = {
        Why.STUCK: _("Liep vast"), Why.LOW: _("Had aan het eind weinig goed"), Why.MISTAKES: _("Had veel fout"),
        Why.IDLE: _("Deed lang niets"), Why.NO_CARD: _("Had nog geen inlogkaartje"), Why.BEHIND: _("Was nog niet begonnen"),
    }[Why(care.why)]  # fmt: skip
    return _("%(what)s in ‘%(unit)s’.", what=what, unit=titles[care.unit]) if care.unit in titles else f"{what}."


@dataclass(frozen=True)
class HelpLine:
    """One reason in words, with what is needed to take it up. unit is empty where it is not about one lesson."""

    why: str
    about: str
    unit: str
    words: str
    back: str
    note: str


@dataclass(frozen=True)
class HelpRow:
    """Pupils of whom the very same can be said, with everything there is to say."""

    pupils: tuple[Pupil, ...]
    lines: tuple[HelpLine, ...]


def help_line(view: ClassView, pupil: Pupil, reason: Reason) -> HelpLine:
    unit = reason.units[0] if reason.units and view.summary.going(pupil.id, reason.units[0]) else ""
    note = reason.care.text if reason.care else ""
    return HelpLine(reason.why.value, reason.about, unit, reason_words(view, pupil, reason), came_back_words(reason), note)


def help_rows(view: ClassView) -> list[HelpRow]:
    """Who needs help and why, the most pressing first: the list of the page and of the file."""
    rows: dict[tuple[HelpLine, ...], list[Pupil]] = {}
    for one in view.summary.needs_help:
        rows.setdefault(tuple(help_line(view, one.pupil, reason) for reason in one.reasons), []).append(one.pupil)
    return [HelpRow(tuple(pupils), lines) for lines, pupils in rows.items()]


def handled_rows(view: ClassView) -> list[tuple[Pupil, HelpLine, Care]]:
    """What a mentor took up already, the newest first."""
    return [(one.pupil, help_line(view, one.pupil, one.reason), one.reason.care) for one in view.summary.handled if one.reason.care]


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
    return {
        State.DONE: _("klaar"),
        State.BUSY: _("bezig"),
        State.STUCK: _("loopt vast"),
        State.NOT_YET: _("nog niet"),
        State.OUTSIDE: _("buiten deze periode"),
    }[state]


def cell_words(going: Going | None, state: State | None = None) -> str:
    """How far one pupil is in one unit, as it stands in the table and in the file. state: as it is in what is looked at."""
    state = state or (going.state if going else State.NOT_YET)
    if going is None or state in (State.DONE, State.OUTSIDE):
        return state_words(state)
    return f"{state_words(going.state)}, {stage_words(going.stage)}"


COUNTED = (State.DONE, State.BUSY, State.STUCK, State.NOT_YET)


def counted_states(found: Filter) -> tuple[State, ...]:
    """The states that are counted under the table; what lies outside the period only where there is one."""
    return COUNTED if found.period is Period.ALL else (*COUNTED, State.OUTSIDE)


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


@dataclass(frozen=True)
class GrowthRow:
    """Before and after in one lesson, in counts; the shares are only for the picture."""

    unit: str
    title: str
    growth: Growth


def growth_rows(view: ClassView) -> list[GrowthRow]:
    """The lessons in which somebody did the questions at the start and at the end."""
    return [GrowthRow(unit.unit, view.titles[unit.unit], unit.growth) for unit in view.summary.units if unit.growth.pupils]


def step_words(growth: Growth) -> str:
    """How many pupils got more right, the same, fewer: “14 meer goed, 6 evenveel, 2 minder”."""
    parts = [(growth.more, _("%(n)s meer goed", n=growth.more)), (growth.same, _("%(n)s evenveel", n=growth.same)),
             (growth.less, _("%(n)s minder", n=growth.less))]  # fmt: skip
    return ", ".join(words for count, words in parts if count)


# ---- what misleads, and which agreements are not known ----


@dataclass(frozen=True)
class MisledRow:
    """A question that goes wrong a lot. count of of did what words say."""

    unit: str
    item: str
    title: str
    question: str
    moment: str
    words: str
    count: int
    of: int
    think: str | None


def misled_rows(view: ClassView) -> list[MisledRow]:
    return [_misled_row(view, one) for one in view.misled]


def _misled_row(view: ClassView, one: Misled) -> MisledRow:
    found, drawn = one.summary, one.summary.drawn
    worst = next((line for line in found.lines if line.of and line.outcome is not Outcome.TALK), None)
    if drawn:
        count, of, text = drawn.count, found.answered, drawn.text.rstrip(".")
        words = ngettext("koos ‘%(text)s’", "kozen ‘%(text)s’", count, text=text)
    elif worst and found.counting is Counting.PARTS and worst.count < worst.of:
        count, of, text = worst.of - worst.count, worst.of, worst.text.rstrip(".")
        words = ngettext("had ‘%(text)s’ nog niet goed", "hadden ‘%(text)s’ nog niet goed", count, text=text)
    else:
        count, of = found.wrong + found.partly, found.scored
        words = ngettext("had deze vraag nog niet goed", "hadden deze vraag nog niet goed", count)
    moment = _("bij de vragen aan het eind") if one.moment == "closing" else _("in de les")
    think = drawn.think if drawn else None
    return MisledRow(one.unit, found.item, view.titles[one.unit], found.question, moment, words, count, of, think)


@dataclass(frozen=True)
class RuleRow:
    """One agreement of the school with how well the class knows it. asked: (unit, item, question), the most often wrong first."""

    shown: ShownRule
    right: int
    total: int
    earlier: int
    is_known: bool
    asked: tuple[tuple[str, str, str], ...]


def rule_rows(view: ClassView, book: RuleBook) -> list[RuleRow]:
    """Every agreement that enough answers tell of, the least known first."""
    return [_rule_row(view, one, book) for one in view.rules]


def _rule_row(view: ClassView, one: RuleKnown, book: RuleBook) -> RuleRow:
    asked = tuple((unit, item, view.lesson(unit).quiz.item(item).question) for unit, item in one.items)
    return RuleRow(shown_rule(book, one.rule, Track(view.seen.track)), one.right, one.total, one.earlier, one.is_known, asked)


# ---- a good next lesson ----


@dataclass(frozen=True)
class NextRow:
    unit: str
    title: str
    why: str


def next_rows(view: ClassView, book: RuleBook) -> list[NextRow]:
    return [NextRow(one.unit, view.titles[one.unit], _because(one, book, Track(view.seen.track))) for one in view.coming]


def _because(one: NextLesson, book: RuleBook, track: Track) -> str:
    """Why this lesson: the plan of the mentor, what the class still has to do, an agreement that it does not know."""
    rule = book.rule(one.rule).question_for(track) if one.rule else ""
    unknown = _("De klas kent deze afspraak nog niet: ‘%(rule)s’", rule=rule) if rule else ""
    values = {"count": one.count, "of": one.of, "day": day(one.day) if one.day else ""}
    first = {
        Because.PLANNED: _("Gepland voor %(day)s.", **values) if one.day else _("Staat als volgende in je planning."),
        Because.LATE: _("Stond gepland voor %(day)s. De helft van de klas deed hem nog niet.", **values),
        Because.BEGIN: ngettext(
            "%(num)s van de %(of)s leerlingen is nog niet begonnen.",
            "%(num)s van de %(of)s leerlingen zijn nog niet begonnen.",
            one.count,
            of=one.of,
        ),
        Because.FINISH: ngettext(
            "%(num)s van de %(of)s leerlingen is nog niet klaar.",
            "%(num)s van de %(of)s leerlingen zijn nog niet klaar.",
            one.count,
            of=one.of,
        ),
        Because.RULE: "",
        Because.NEXT: _("De volgende in de rij. De klas is hier nog niet mee begonnen."),
        Because.TALK: _("Alle lessen zijn gedaan. Praat nog eens na."),
    }[one.because]
    if one.because in (Because.RULE, Because.TALK):
        unknown = _("%(unknown)s (%(count)s van de %(of)s antwoorden goed).", unknown=unknown, **values)
    elif unknown:
        unknown = f"{unknown}."
    return " ".join(filter(None, [first, unknown]))


# ---- what is looked at ----


def period_words(period: Period) -> str:
    return {
        Period.ALL: _("altijd"), Period.MONTH: _("deze maand"), Period.TERM: _("dit halfjaar"), Period.YEAR: _("dit schooljaar"),
        Period.OWN: _("eigen dagen"),
    }[period]  # fmt: skip


def period_choices() -> list[tuple[str, str]]:
    return [(period.value, period_words(period)) for period in Period]


def group_choices(groups: Sequence[Group]) -> list[tuple[str, str]]:
    return [(group.id, group.name) for group in groups]


def filter_words(found: Filter, titles: Mapping[str, str]) -> str:
    """What is looked at, in one line: “Groepsapp · Tafel 1 · 1 september tot en met 30 september”."""
    parts = [titles.get(found.unit or "", ""), found.group.name if found.group else "", _days_words(found)]
    return " · ".join(part for part in parts if part)


def _days_words(found: Filter) -> str:
    if found.period is Period.ALL:
        return ""
    first, last = (full_day(one) if one else "" for one in (found.first, found.last))
    if not first or not last:
        return _("vanaf %(day)s", day=first) if first else _("tot en met %(day)s", day=last)
    days = _("%(first)s tot en met %(last)s", first=first, last=last)
    return days if found.period is Period.OWN else f"{period_words(found.period)} ({days})"


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


def when_words(going: Going | None) -> str:
    """When one pupil was done with a unit, or last busy with it."""
    if going is None:
        return ""
    if going.finished_at:
        return _("klaar op %(day)s", day=day(going.finished_at))
    return _("laatst bezig op %(day)s", day=day(going.seen_at))


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


def full_day(at: Any) -> str:
    return str(flask_babel.format_date(at, "d MMMM yyyy"))
