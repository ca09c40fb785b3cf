"""A school in words, and the same as rows for a file: what the page, the report and the workbook say is made here once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from common.exports import Cell as FileCell
from common.words import _, ngettext
from lessons.library import Lesson
from progress.overview import ArticleRow, Cell, Overview, Period, Verdict, YearGroup, year_begins
from progress.small_groups import FEWEST, FEWEST_IN_CLASS, Share, Sum, Told
from protocols.domain import RuleBook, Track
from schools.help import GROWS_OLD_AFTER, help_routes
from schools.models import SchoolContact
from schools.present import class_title

Table = list[list[FileCell]]

# The shape that goes with a verdict, as components/icons.html names them, and the tone of its word.
SHAPES = {
    Verdict.KNOWN: "klaar", Verdict.PARTLY: "bezig", Verdict.NOT_KNOWN: "loopt-vast", Verdict.NOT_ANSWERED: "nog-niet",
    Verdict.NOT_ASKED: "nog-niet", Verdict.NOT_GIVEN: "nog-niet", Verdict.NOT_TAUGHT: "dicht",
}  # fmt: skip


def verdict_words(verdict: Verdict) -> str:
    return {
        Verdict.KNOWN: _("bekend"), Verdict.PARTLY: _("deels bekend"), Verdict.NOT_KNOWN: _("nog niet bekend"),
        Verdict.NOT_ANSWERED: _("te weinig antwoorden"), Verdict.NOT_ASKED: _("wel verteld, niet gevraagd"),
        Verdict.NOT_GIVEN: _("nog niet gegeven"), Verdict.NOT_TAUGHT: _("in geen les"),
    }[verdict]  # fmt: skip


def verdict_why(verdict: Verdict) -> str:
    """What it means that an article stands here."""
    return {
        Verdict.NOT_KNOWN: _("Leerlingen hadden minder dan de helft van de antwoorden goed. Hier helpt een gesprek in de klas."),
        Verdict.PARTLY: _("Ongeveer de helft tot twee derde van de antwoorden was goed."),
        Verdict.KNOWN: _("Twee van de drie antwoorden of meer waren goed."),
        Verdict.NOT_ANSWERED: _("De les is gegeven, maar er zijn nog te weinig antwoorden om iets te kunnen zeggen."),
        Verdict.NOT_ASKED: _("De les vertelt het. Er is geen vraag over met een goed of fout antwoord."),
        Verdict.NOT_GIVEN: _("Er is een les over. Geen klas is daar al met vijf leerlingen aan begonnen."),
        Verdict.NOT_TAUGHT: _("Geen les van Netjes gaat hierover. Vertel het op een andere manier."),
    }[verdict]


def period_words(period: Period, today: date) -> str:
    """A school year as one writes it: schooljaar 2026-2027."""
    year = year_begins(today).year - (period is Period.LAST)
    return _("schooljaar %(first)s-%(last)s", first=year, last=year + 1)


def year_group_title(name: str) -> str:
    return name[:1].upper() + name[1:]


# ---- how far ----


def cell_words(cell: Cell) -> str:
    """How far one class is in one lesson, as fine as that may be told."""
    one = cell.shown
    if one is None:
        return _("in een ander schooljaar")
    if one.told is Told.SPLIT:
        done, begun = one.done or 0, one.begun or 0
        return _("%(done)s klaar, %(busy)s bezig, %(rest)s nog niet", done=done, busy=begun - done, rest=one.pupils - begun)
    if one.told is Told.DONE_OR_NOT:
        return _("%(done)s klaar, %(rest)s nog niet klaar", done=one.done, rest=one.pupils - (one.done or 0))
    if one.told is Told.BEGUN_OR_NOT:
        return _("%(begun)s begonnen, %(rest)s nog niet", begun=one.begun, rest=one.pupils - (one.begun or 0))
    return {
        Told.FEW_BEGAN: _("minder dan 5 begonnen"), Told.ALL_DONE: _("(bijna) iedereen klaar"),
        Told.ALL_BEGUN: _("(bijna) iedereen begonnen"),
    }[one.told]  # fmt: skip


def cell_parts(cell: Cell) -> tuple[int, int]:
    """For the bar: the percentages that are done and that began, as far as they are certain."""
    one = cell.shown
    return (100 * one.done_at_least // one.pupils, 100 * one.begun_at_least // one.pupils) if one else (0, 0)


def sum_words(found: Sum) -> str:
    """The classes of a year group together."""
    if not found.classes:
        return _("in een ander schooljaar")
    if not found.done:
        return _("in geen klas 5 of meer klaar")
    if found.is_exact:
        return _("%(done)s van de %(all)s klaar", done=found.done, all=found.pupils)
    return _("ten minste %(done)s van de %(all)s klaar", done=found.done, all=found.pupils)


# ---- what was learned ----


def share_words(share: Share | None) -> str:
    return _("ongeveer %(n)s van de 10 goed", n=share.tenths) if share else ""


def growth_words(start: Share | None, end: Share | None) -> str:
    """Before and after of the pupils who did both, in tenths."""
    if start is None or end is None:
        return _("te weinig antwoorden")
    if start.tenths == end.tenths:
        return _("%(n)s van de 10 goed, toen en nu", n=end.tenths)
    return _("van %(start)s naar %(end)s van de 10 goed", start=start.tenths, end=end.tenths)


# ---- the protocol ----


def given_words(row: ArticleRow) -> str:
    if not row.lessons:
        return ""
    if not row.classes:
        return _("geen klas die groot genoeg is")
    return _("%(given)s van %(all)s", given=row.given, all=ngettext("%(num)s klas", "%(num)s klassen", row.classes))


def titles(lessons: Iterable[Lesson], several_tracks: bool) -> str:
    """The lessons by name; where a school has both tracks, each with its own."""
    return ", ".join(lesson_title(lesson, several_tracks) for lesson in lessons)


def lesson_title(lesson: Lesson, several_tracks: bool) -> str:
    if not several_tracks:
        return lesson.unit.title
    track = _("primair") if lesson.unit.track is Track.PRIMARY else _("voortgezet")
    return f"{lesson.unit.title} ({track})"


def has_several_tracks(view: Overview) -> bool:
    return len({lesson.unit.track for lesson in view.lessons}) > 1


def by_verdict(view: Overview) -> list[tuple[Verdict, list[ArticleRow]]]:
    """The articles in the order of what to do about them."""
    found = [(verdict, [row for row in view.articles if row.verdict is verdict]) for verdict in Verdict]
    return [(verdict, rows) for verdict, rows in found if rows]


def figures(view: Overview) -> list[tuple[int, str]]:
    """The protocol in four numbers of articles."""
    return [
        (len(view.articles), _("artikelen gaan leerlingen aan")),
        (view.count(Verdict.KNOWN), _("daarvan zijn bekend")),
        (view.count(Verdict.PARTLY, Verdict.NOT_KNOWN), _("zijn deels of nog niet bekend")),
        (view.count(Verdict.NOT_GIVEN, Verdict.NOT_ANSWERED, Verdict.NOT_ASKED), _("zijn nog niet gegeven of niet gemeten")),
        (view.count(Verdict.NOT_TAUGHT), _("staan in geen les")),
    ]


def question_of(book: RuleBook, key: str, view: Overview) -> str:
    """A rule as the question of a pupil; of a school with both tracks in the words of voortgezet."""
    tracks = {lesson.unit.track for lesson in view.lessons}
    return book.rule(key).question_for(Track.PRIMARY if tracks == {Track.PRIMARY} else Track.SECONDARY)


# ---- what to look after ----


@dataclass(frozen=True)
class Todo:
    """Something that is out of date, with the page where it is mended."""

    text: str
    url: str
    button: str


def todos(contacts: Sequence[SchoolContact], broken: Sequence[Lesson], now: datetime) -> list[Todo]:
    """What is out of date: who helps at school, own texts of lessons, the national help lines."""
    found = []
    to_contacts = url_for("admin.show_contacts"), _("Naar hulp op school")
    old = sum(now - one.checked_at > GROWS_OLD_AFTER for one in contacts)
    if not contacts:
        found.append(Todo(_("Er staat nog niemand bij Hulp op school. Leerlingen zien alleen de landelijke lijnen."), *to_contacts))
    elif old:
        words = ngettext(
            "%(num)s persoon bij Hulp op school is langer dan een half jaar niet nagekeken.",
            "%(num)s personen bij Hulp op school zijn langer dan een half jaar niet nagekeken.", old,
        )  # fmt: skip
        found.append(Todo(words, *to_contacts))
    for lesson in broken:
        title = lesson.unit.title
        words = _("Jullie eigen tekst van ‘%(title)s’ past niet meer bij de les. Leerlingen krijgen een eerdere tekst.", title=title)
        found.append(Todo(words, url_for("editor.edit_lesson", unit=lesson.slug), _("Naar de les")))
    lines = sum(route.is_old(now.date()) for route in help_routes("voortgezet"))
    if lines:
        words = ngettext(
            "%(num)s landelijke hulplijn is langer dan een half jaar niet nagekeken. Dat komt met een nieuwe uitgave van Netjes.",
            "%(num)s landelijke hulplijnen zijn langer dan een half jaar niet nagekeken. Dat komt met een nieuwe uitgave van Netjes.",
            lines,
        )  # fmt: skip
        found.append(Todo(words, *to_contacts))
    return found


def explanation() -> list[str]:
    """Why a number is sometimes not told, in the words of the page, the report and the workbook."""
    return [
        _("Dit overzicht zegt nooit iets over minder dan %(n)s leerlingen, ook niet als je getallen van elkaar aftrekt.", n=FEWEST),
        _("Zijn er in een klas 26 van de 30 klaar, dan staat er “(bijna) iedereen klaar”: anders weet je iets over vier leerlingen."),
        _("Een klas met minder dan %(n)s leerlingen staat er niet bij en telt nergens mee.", n=FEWEST_IN_CLASS),
        _("Wat een jaargroep samen deed, is opgeteld uit wat je van de klassen ziet. Daarom staat er soms “ten minste”."),
        _(
            "Wat leerlingen weten, meten we per vraag en per klas, als zeker tien leerlingen begonnen zijn. "
            "We ronden af op een kwart, of in een kleine klas op de helft. Daarna nemen we het gemiddelde. "
            "Meer dan 9 van de 10 zeggen we dus nooit."
        ),
        _("Begin en eind zijn van dezelfde leerlingen: alleen wie beide deed, telt mee."),
        _("Een klas en een les horen bij één schooljaar: het laatste waarin vijf leerlingen of meer ermee bezig waren."),
        _("Verandert de school een afspraak, dan tellen antwoorden van daarvoor niet meer mee voor die afspraak."),
    ]


# ---- the same as rows ----


def sheets(view: Overview, book: RuleBook, points: Sequence[Todo], head: Sequence[tuple[str, str]]) -> dict[str, Table]:
    """The whole page as a workbook. head: what it is of, as (name, value)."""
    about: Table = [[_("Voortgang van de school"), ""]]
    about += [[name, value] for name, value in head]
    about += [["", line] for line in ("", *explanation())]
    upkeep: Table = [[_("Wat")]]
    upkeep += [[point.text] for point in points]
    return {
        _("Over dit bestand"): about,
        _("Klassen en lessen"): classes_table(view),
        _("Artikelen"): articles_table(view),
        _("Niet geregeld"): silent_table(view, book),
        _("Bij te werken"): upkeep,
    }


def classes_table(view: Overview) -> Table:
    """Every class in every lesson, and each year group together."""
    rows: Table = [
        [_("Jaargroep"), _("Klas"), _("Leerlingen"), _("Les"), _("Hoe ver"), _("Begin: goed van de 10"), _("Eind: goed van de 10")]
    ]
    for group in view.year_groups:
        for lesson in group.lessons:
            for one in group.classes:
                cell = one.cells[lesson.slug]
                rows.append([year_group_title(group.name), class_title(one.name), one.pupils, lesson.unit.title, cell_words(cell),
                             *_tenths(cell.start, cell.end)])  # fmt: skip
            if len(group.classes) > 1:
                together = group.sum_of(lesson.slug)
                rows.append([year_group_title(group.name), _("samen"), together.pupils, lesson.unit.title, sum_words(together),
                             *_tenths(*group.growth_of(lesson.slug))])  # fmt: skip
    return rows


def _tenths(start: Share | None, end: Share | None) -> list[FileCell]:
    return [start.tenths if start else None, end.tenths if end else None]


def articles_table(view: Overview) -> Table:
    several = has_several_tracks(view)
    rows: Table = [[_("Artikel"), _("Waar het over gaat"), _("Stand"), _("Goed van de 10"), _("Lessen"), _("Gegeven in"), _("Vragen")]]
    for verdict, found in by_verdict(view):
        for row in found:
            rows.append([row.article.cite, row.article.summary, verdict_words(verdict), row.known.tenths if row.known else None,
                         titles(row.lessons, several), given_words(row), row.questions])  # fmt: skip
    return rows


def silent_table(view: Overview, book: RuleBook) -> Table:
    several = has_several_tracks(view)
    rows: Table = [[_("Vraag van een leerling"), _("Lessen die erover praten")]]
    return rows + [[question_of(book, key, view), titles(lessons, several)] for key, lessons in view.silent]


def too_small_words(group: YearGroup) -> str:
    return ngettext(
        "%(num)s klas heeft minder dan tien leerlingen en staat er niet bij.",
        "%(num)s klassen hebben minder dan tien leerlingen en staan er niet bij.", group.too_small,
    ) if group.too_small else ""  # fmt: skip
