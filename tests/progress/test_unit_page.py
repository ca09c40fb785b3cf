"""The page of a lesson: what a class chose, what was judged then, and the same numbers in the file."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import openpyxl
import pytest

from access.domain import Role
from accounts.models import Person
from common.audit import AuditEvent
from common.database import db
from lessons.library import load_library
from progress import queries
from progress.summaries import endings_reached, summarise_scenario, summarise_unit
from protocols.actions import change_rule
from protocols.domain import Change, Stance
from quizzes.play import Event, play
from quizzes.queries import first_answers_of_class
from schools.models import School, SchoolClass
from tests.books import the_book_of
from tests.page import client_of, visit
from tests.people import a_class, a_mentor, a_pupil, a_school
from tests.progress.played import UNIT, answer, choose, play_whole, the_book, the_lesson, wrong_choice

pytestmark = pytest.mark.usefixtures("app")
RULE = "vriendschap.leerling-medewerker"


@pytest.fixture
def school() -> School:
    return a_school("tjongeling")


@pytest.fixture
def school_class(school: School) -> SchoolClass:
    return a_class(school, "primair", name="7B")


@pytest.fixture
def mentor(school: School, school_class: SchoolClass) -> Person:
    return a_mentor(school, of=[school_class])


def pupils(school_class: SchoolClass, count: int) -> list[Person]:
    return [a_pupil(school_class, f"Leerling {number:02}", half=1 + number % 2) for number in range(count)]


def the_view(school: School, school_class: SchoolClass) -> queries.UnitView:
    return queries.view_unit(queries.as_seen(school_class), the_lesson(school), the_book(school))


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_a_lesson_that_nobody_began_is_empty_in_words(school_class: SchoolClass, mentor: Person) -> None:
    page = visit(mentor, "progress.show_unit", class_id=school_class.id, unit=UNIT).text
    assert "Nog niemand heeft iets beantwoord" in page


def test_the_most_chosen_wrong_option_comes_first(school: School, school_class: SchoolClass) -> None:
    item = the_lesson(school).quiz.item("half-bekend")
    wrong = [option.id for option in item.options if not option.right]
    picks = [wrong[1], wrong[1], wrong[0], "vragen", "vragen", "vragen"]
    for pupil, pick in zip(pupils(school_class, 6), picks, strict=True):
        answer(pupil, school, item.id, {"choice": pick})
    (found,) = the_view(school, school_class).summary.items
    assert [(line.id, line.count) for line in found.lines][:3] == [(wrong[1], 2), (wrong[0], 1), ("vragen", 3)]
    assert found.drawn is not None
    assert (found.drawn.id, found.right, found.wrong) == (wrong[1], 3, 3)


def test_the_question_that_goes_wrong_most_often_comes_first(school: School, school_class: SchoolClass, mentor: Person) -> None:
    lesson, book = the_lesson(school), the_book(school)
    for number, pupil in enumerate(pupils(school_class, 4)):
        given = {"raar-bericht-melden": wrong_choice(lesson.quiz.item("raar-bericht-melden"), book)}
        if number == 0:
            given["half-bekend"] = wrong_choice(lesson.quiz.item("half-bekend"), book)
        play_whole(pupil, school, given)
    summary = the_view(school, school_class).summary
    assert [item.item for item in summary.items][:2] == ["raar-bericht-melden", "half-bekend"]
    page = visit(mentor, "progress.show_unit", class_id=school_class.id, unit=UNIT).text
    assert page.index("Hier gaat het het vaakst mis") < page.index("raar-bericht-melden")
    assert "Wat je kunt zeggen:" in page


def test_cards_show_how_many_had_each_right_and_where_they_lay(school: School, school_class: SchoolClass) -> None:
    lesson = the_lesson(school)
    item = lesson.quiz.item("mag-of-niet")
    first, second = pupils(school_class, 2)
    play_whole(first, school)
    play_whole(second, school, {item.id: {"cards": {card.id: "mag" for card in item.cards}}})
    found = next(one for one in the_view(school, school_class).summary.items if one.item == item.id)
    line = next(line for line in found.lines if line.id == "als-fenna")
    assert (line.count, line.of) == (1, 2)
    assert {(place.text, place.count, place.fits) for place in line.places} == {("Mag niet", 1, True), ("Mag", 1, False)}
    assert found.lines[0].count < found.lines[0].of


def test_begin_and_end_are_shown_as_pairs_of_both_forms(school: School, school_class: SchoolClass, mentor: Person) -> None:
    lesson, book = the_lesson(school), the_book(school)
    one, two = pupils(school_class, 2)
    wrong = {"a-kring": wrong_choice(lesson.quiz.item("a-kring"), book)}
    play_whole(one, school, wrong)
    play_whole(two, school, wrong)
    pair = next(pair for pair in the_view(school, school_class).summary.checks if pair.forms[0].item == "a-kring")
    assert {one.half, two.half} == {1, 2}
    assert (pair.both, pair.start_right, pair.end_right) == (2, 1, 1)
    assert [form.item for form in pair.forms] == ["a-kring", "b-kring"]
    assert "begin 1 van 2 goed, eind 1 van 2 goed" in text_of(visit(mentor, "progress.show_unit", class_id=school_class.id, unit=UNIT).text)


def test_growth_counts_under_eight_pupils_and_percentages_from_eight(school: School, school_class: SchoolClass, mentor: Person) -> None:
    made = pupils(school_class, 8)
    for pupil in made[:7]:
        play_whole(pupil, school)
    page = text_of(visit(mentor, "progress.show_unit", class_id=school_class.id, unit=UNIT).text)
    assert "7 leerlingen deden begin en eind: aan het begin 28 van 28 vragen goed, aan het eind 28 van 28." in page
    assert "%" not in page
    play_whole(made[7], school)
    assert "van 100% naar 100% goed" in text_of(visit(mentor, "progress.show_unit", class_id=school_class.id, unit=UNIT).text)


def test_what_the_school_does_not_rule_is_counted_without_right_or_wrong() -> None:
    school = a_school("agora")
    school_class = a_class(school, name="7C")
    for pupil in pupils(school_class, 2):
        answer(pupil, school, "raar-bericht-melden", {"choice": the_lesson(school).quiz.item("raar-bericht-melden").options[0].id})
    summary = the_view(school, school_class).summary
    assert [item.item for item in summary.items] == []
    (talk,) = summary.talks
    assert (talk.talked, talk.scored, talk.lines[0].count) == (2, 0, 2)
    page = visit(a_mentor(school, of=[school_class]), "progress.show_unit", class_id=school_class.id, unit=UNIT).text
    assert "geen goed of fout" in page


def test_under_a_question_stands_what_the_school_agreed(school: School, school_class: SchoolClass, mentor: Person) -> None:
    (pupil,) = pupils(school_class, 1)
    answer(pupil, school, "sami-en-juf-noor", wrong_choice(the_lesson(school).quiz.item("sami-en-juf-noor"), the_book(school)))
    page = text_of(visit(mentor, "progress.show_unit", class_id=school_class.id, unit=UNIT).text)
    book = the_book(school)
    assert book.rule(RULE).question_primary in page
    assert all(article.cite in page for article in book.articles_on(RULE))


def test_an_answer_keeps_the_outcome_by_which_it_was_judged(school: School, school_class: SchoolClass, mentor: Person) -> None:
    """The school now allows what was wrong: the answers of before stay as they were, and the page says so."""
    (pupil,) = pupils(school_class, 1)
    item = the_lesson(school).quiz.item("sami-en-juf-noor")
    wrong = wrong_choice(item, the_book(school))
    answer(pupil, school, item.id, wrong)
    change_rule(school.id, Change(RULE, Stance.MAG, None, None, ()), author_id=mentor.id, at=pupil.created_at, seen=0)
    db.session.commit()
    (found,) = the_view(school, school_class).summary.items
    assert (found.wrong, found.right, found.earlier) == (1, 0, 1)
    assert next(line for line in found.lines if line.count).is_wrong
    assert "een afspraak die intussen is veranderd" in visit(mentor, "progress.show_unit", class_id=school_class.id, unit=UNIT).text
    pupil_page = visit(mentor, "progress.show_answers", class_id=school_class.id, pupil_id=pupil.id, unit=UNIT).text
    assert "volgens de afspraak van toen" in pupil_page


def test_answers_to_a_wording_that_is_gone_are_told_and_do_no_harm(school: School, school_class: SchoolClass, mentor: Person) -> None:
    (pupil,) = pupils(school_class, 1)
    answer(pupil, school, "half-bekend", {"choice": "vragen"})
    answer(pupil, school, "mening-nee-zeggen", {"value": 1})
    for row in first_answers_of_class(school_class.id, UNIT):
        row.value = {"choice": "optie-van-vroeger", "value": 99}
    db.session.commit()
    page = visit(mentor, "progress.show_unit", class_id=school_class.id, unit=UNIT)
    assert page.status_code == 200
    assert "hoort bij een eerdere tekst" in page.text
    assert visit(mentor, "progress.show_answers", class_id=school_class.id, pupil_id=pupil.id, unit=UNIT).status_code == 200


def test_only_the_first_answer_measures(school: School, school_class: SchoolClass) -> None:
    (pupil,) = pupils(school_class, 1)
    item = the_lesson(school).quiz.item("half-bekend")
    answer(pupil, school, item.id, wrong_choice(item, the_book(school)))
    answer(pupil, school, item.id, {"choice": "vragen"})
    (found,) = the_view(school, school_class).summary.items
    assert (found.answered, found.right) == (1, 0)


def test_what_pupils_wrote_is_read_with_names_in_the_newest_words(school: School, school_class: SchoolClass, mentor: Person) -> None:
    pupil = a_pupil(school_class, "Łucja")
    answer(pupil, school, "open-jouw-kring", {"text": "Aan niemand."})
    answer(pupil, school, "open-jouw-kring", {"text": "Aan <mijn> zus."})
    page = visit(mentor, "progress.show_unit", class_id=school_class.id, unit=UNIT).text
    assert "Aan &lt;mijn&gt; zus." in page
    assert "Aan niemand." not in page
    assert "Łucja" in page
    assert "Alleen jij en de leerling zelf kunnen dit lezen" in page


def test_endings_count_each_pupil_once_and_going_back_undoes_none(school: School) -> None:
    scenario, book = the_lesson(school).quiz.scenario, the_book(school)
    way = _a_way(scenario, book)
    again = [*way, Event("back"), way[-1], Event("again"), *way]
    assert endings_reached(scenario, again, book) == endings_reached(scenario, way, book)
    summary = summarise_scenario(scenario, [(way, book), (again, book), (way[:1], book)])
    assert (summary.began, summary.finished, summary.endings[0][1]) == (3, 2, 2)
    assert summary.turning_points[0].passed == 3


def _a_way(scenario: object, book: object) -> list[Event]:
    """The first choice each time, until an ending."""
    events: list[Event] = []
    for _hop in range(60):
        position = play(scenario, events, book)  # type: ignore[arg-type]
        if position.is_over:
            return events
        events.append(Event("choose", position.node or "", scenario.nodes[position.node].choices[0].id))  # type: ignore[attr-defined]
    raise AssertionError("no ending")


def test_the_chat_is_shown_in_words(school: School, school_class: SchoolClass, mentor: Person) -> None:
    (pupil,) = pupils(school_class, 1)
    scenario = the_lesson(school).quiz.scenario
    way = _a_way(scenario, the_book(school))
    choose(pupil, school, [(event.node, event.choice) for event in way])
    ending = endings_reached(scenario, way, the_book(school))[0]
    for page in (
        visit(mentor, "progress.show_unit", class_id=school_class.id, unit=UNIT),
        visit(mentor, "progress.show_answers", class_id=school_class.id, pupil_id=pupil.id, unit=UNIT),
    ):
        assert scenario.endings[ending].title in unescape(page.text)
        assert "Toevoegen. Het is Fenna!" in unescape(page.text)


def test_pupils_of_another_class_do_not_count(school: School, school_class: SchoolClass) -> None:
    stranger = a_pupil(a_class(school), "Roos")
    play_whole(stranger, school)
    assert not the_view(school, school_class).summary.pupils


def test_a_pupil_who_is_no_longer_active_does_not_count(school: School, school_class: SchoolClass) -> None:
    (pupil,) = pupils(school_class, 1)
    play_whole(pupil, school)
    db.session.get_one(Person, pupil.id).is_active = False
    db.session.commit()
    assert not the_view(school, school_class).summary.pupils


# ---- files ----


def read_csv(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))


def some_history(school: School, school_class: SchoolClass) -> None:
    lesson, book = the_lesson(school), the_book(school)
    for number, pupil in enumerate(pupils(school_class, 5)):
        wrong = {item.id: wrong_choice(item, book) for item in lesson.quiz.items[:: number + 2] if item.type == "one-choice"}
        play_whole(pupil, school, wrong, stop_at="op-volgorde" if number == 4 else None)


def test_the_class_file_holds_the_table_of_the_page(school: School, school_class: SchoolClass, mentor: Person) -> None:
    some_history(school, school_class)
    page = visit(mentor, "progress.show_class", class_id=school_class.id).text
    table = page[page.index("progress-matrix") : page.index("</table>", page.index("progress-matrix"))]
    shown = [[text_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)] for row in re.findall(r"<tr>.*?</tr>", table, re.S)]
    rows = read_csv(visit(mentor, "progress.export_class", class_id=school_class.id, kind="csv").data)
    assert [[cell.split(" : ")[0] for cell in row] for row in shown] == rows
    book = openpyxl.load_workbook(io.BytesIO(visit(mentor, "progress.export_class", class_id=school_class.id, kind="xlsx").data))
    assert [["" if cell is None else str(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)] == rows


def test_the_lesson_file_holds_the_counts_of_the_page(school: School, school_class: SchoolClass, mentor: Person) -> None:
    some_history(school, school_class)
    page = text_of(visit(mentor, "progress.show_unit", class_id=school_class.id, unit=UNIT).text)
    rows = read_csv(visit(mentor, "progress.export_unit", class_id=school_class.id, unit=UNIT, kind="csv").data)
    assert len(rows) > 40
    for part, question, text, _what, count, of, _words in rows[1:]:
        assert question in page
        if part == "In de les" and text == "Hele vraag":
            assert f"{question} {count} van {of} goed" in page
        elif text not in ("Hele vraag",) and not text.startswith("Afloop"):
            assert text in page, (part, text)
    book = openpyxl.load_workbook(io.BytesIO(visit(mentor, "progress.export_unit", class_id=school_class.id, unit=UNIT, kind="xlsx").data))
    assert [["" if cell is None else str(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)] == rows


def test_what_pupils_wrote_stays_on_the_page(school: School, school_class: SchoolClass, mentor: Person) -> None:
    (pupil,) = pupils(school_class, 1)
    play_whole(pupil, school)
    body = visit(mentor, "progress.export_unit", class_id=school_class.id, unit=UNIT, kind="csv").data.decode("utf-8-sig")
    assert "Aan mijn oma." not in body
    assert "Ik vraag het eerst even na." not in body
    assert pupil.display_name not in body


def test_a_file_names_nobody_and_is_written_in_the_log_book(school: School, school_class: SchoolClass, mentor: Person) -> None:
    for kind in ("csv", "xlsx"):
        response = visit(mentor, "progress.export_class", class_id=school_class.id, kind=kind)
        assert response.headers["Content-Disposition"] == f'attachment; filename="netjes-klas.{kind}"'
        assert response.headers["Cache-Control"] == "no-store"
    found = [(row.what, row.actor_id, row.on_id) for row in db.session.query(AuditEvent) if row.what == "uitvoer"]
    assert found == [("uitvoer", mentor.id, school_class.id)] * 2
    assert mentor.role == Role.MENTOR


def test_a_pupil_with_the_name_of_a_formula_stays_a_name(school: School, school_class: SchoolClass, mentor: Person) -> None:
    a_pupil(school_class, "=HYPERLINK(1)")
    rows = read_csv(visit(mentor, "progress.export_class", class_id=school_class.id, kind="csv").data)
    assert rows[1][0] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("kind", ["pdf", "CSV", "csv.exe", ""])
def test_another_kind_of_file_is_not_there(school_class: SchoolClass, mentor: Person, kind: str) -> None:
    assert client_of(mentor).get(f"/klassen/{school_class.id}/uitvoer.{kind}").status_code == 404


def test_every_school_can_be_summed_up() -> None:
    """The summary holds at each of the five protocols, whatever they leave open."""
    for lesson in load_library().lessons.values():
        for protocol in ("agora", "liudger", "ichthus", "compass", "tjongeling"):
            assert summarise_unit(lesson.quiz, {}, [], [], the_book_of(protocol)).worst is None
