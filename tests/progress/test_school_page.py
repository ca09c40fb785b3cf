"""What a teamleider sees of the school: counts without names, never about fewer than five pupils, the same on the screen and in a file."""

from __future__ import annotations

import html
import io
import re
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from sqlalchemy import insert, select

from accounts.models import Person
from common import pdf
from common.audit import AuditEvent
from common.clock import now, today
from common.database import db, new_id
from lessons.models import UnitProgress
from progress import overview_present as words
from progress import overview_queries as queries
from progress.overview import Overview, Period, Scope, Verdict, look, year_begins
from progress.small_groups import Told
from protocols.actions import change_rule
from protocols.domain import Change, Stance
from quizzes.models import Answer
from revisions.models import Revision
from schools.domain import YEAR_GROUPS
from schools.models import School, SchoolClass, SchoolContact
from schools.queries import book_of
from tests.page import client_of, visit
from tests.people import a_class, a_mentor, a_pupil, a_school, a_teamleider, as_viewer
from tests.progress.played import UNIT, play_whole, the_book, the_lesson, wrong_choice
from tests.progress.test_class_page import counted

pytestmark = pytest.mark.usefixtures("app")

RULE = "vriendschap.leerling-medewerker"


def a_played_class(school: School, name: str, pupils: int, done: int, *, at: datetime | None = None, wrong: int = 0) -> SchoolClass:
    """A class of which so many pupils did the whole lesson; the first wrong of them had the questions of one choice wrong.

    One pupil of each half plays; what the others did is written after it.
    """
    school_class, lesson, book = a_class(school, "primair", name=name), the_lesson(school), the_book(school)
    mistakes = {item.id: wrong_choice(item, book) for item in lesson.quiz.items if item.type == "one-choice" and item.right_answers(book)}
    people = [a_pupil(school_class, f"Naam{name}x{number}", half=number % 2 + 1) for number in range(pupils)]
    players: dict[tuple[int, bool], Person] = {}
    for number, pupil in enumerate(people[:done]):
        key = (pupil.half, number < wrong)
        if key in players:
            _do_the_same(players[key], pupil)
        else:
            players[key] = pupil
            play_whole(pupil, school, mistakes if number < wrong else None, at=at)
    db.session.commit()
    return school_class


def _do_the_same(player: Person, pupil: Person) -> None:
    for table in (Answer, UnitProgress):
        rows = db.session.execute(select(table.__table__).where(table.pupil_id == player.id)).mappings().all()
        db.session.execute(insert(table), [{**row, "id": new_id(), "pupil_id": pupil.id} for row in rows])


def the_view(leader: Person, scope: Scope | None = None) -> Overview:
    viewer = as_viewer(leader)
    classes = queries.classes_of(viewer)
    lessons = queries.lessons_of(viewer, classes, YEAR_GROUPS)
    return look(queries.count(viewer, classes, lessons, today()), lessons, book_of(viewer), scope or Scope())


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_school_without_classes_reads_who_will_change_that() -> None:
    page = visit(a_teamleider(a_school()), "progress.show_school").text
    assert "Er zijn nog geen klassen" in page
    assert "Excel" not in page


def test_a_school_in_which_nobody_began_sees_its_protocol_all_the_same() -> None:
    school = a_school("tjongeling")
    a_played_class(school, "7A", 12, 0)
    page = text_of(visit(a_teamleider(school), "progress.show_school").text)
    assert "nog geen klas met vijf leerlingen of meer begonnen" in page
    assert "Nog niet gegeven" in page


def test_a_teamleider_sees_how_far_a_class_is_and_no_name() -> None:
    school = a_school("tjongeling")
    a_played_class(school, "7A", 12, 6)
    page = visit(a_teamleider(school), "progress.show_school").text
    assert "6 klaar, 6 nog niet klaar" in page
    assert "Naam7A" not in page
    assert "Naam7A" not in visit(a_teamleider(school), "progress.show_school_report").text


def test_a_class_that_is_nearly_done_does_not_tell_how_many_are_not() -> None:
    school = a_school("tjongeling")
    a_played_class(school, "7A", 12, 10)
    page = visit(a_teamleider(school), "progress.show_school").text
    assert "(bijna) iedereen klaar" in page
    assert "10 klaar" not in page


def test_a_class_of_nine_is_nowhere_on_the_page_and_counts_in_nothing() -> None:
    school = a_school("tjongeling")
    a_played_class(school, "7A", 12, 6)
    leader = a_teamleider(school)
    before = the_view(leader)
    a_played_class(school, "Klein", 9, 9)
    page = visit(leader, "progress.show_school").text
    assert "Klein" not in page
    assert "1 klas heeft minder dan tien leerlingen" in page
    after = the_view(leader)
    assert after.articles == before.articles
    assert after.year_groups[0].classes == before.year_groups[0].classes


def test_a_year_group_is_added_up_from_what_is_told_of_its_classes() -> None:
    school = a_school("tjongeling")
    a_played_class(school, "7A", 12, 6)
    a_played_class(school, "7B", 12, 11)
    page = visit(a_teamleider(school), "progress.show_school").text
    assert "ten minste 14 van de 24 klaar" in page


def test_growth_is_of_pupils_who_did_both_and_in_tenths() -> None:
    school = a_school("tjongeling")
    a_played_class(school, "7A", 14, 14)
    cell = the_view(a_teamleider(school)).year_groups[0].classes[0].cells[UNIT]
    assert cell.end is not None
    assert cell.end.middle == Fraction(3, 4)  # fourteen answers: the upper of two halves
    assert words.growth_words(cell.start, cell.end) == "8 van de 10 goed, toen en nu"


def test_an_article_of_which_most_answers_are_right_is_known_and_one_of_which_they_are_wrong_is_not() -> None:
    school = a_school("tjongeling")
    a_played_class(school, "7A", 14, 14)
    leader = a_teamleider(school)
    known = [row for row in the_view(leader).articles if row.verdict is Verdict.KNOWN]
    assert known
    assert all(row.known and row.given == 1 and row.lessons for row in known)
    other = a_school("tjongeling")
    a_played_class(other, "7A", 14, 14, wrong=14)
    verdicts = {row.article.id: row.verdict for row in the_view(a_teamleider(other)).articles}
    assert Verdict.NOT_KNOWN in {verdicts[row.article.id] for row in known}


def test_answers_from_before_the_school_changed_an_agreement_say_nothing_about_the_new_one() -> None:
    school = a_school("tjongeling")
    a_played_class(school, "7A", 14, 14, at=now() - timedelta(days=3))
    leader = a_teamleider(school)
    viewer, articles = as_viewer(leader), the_book(school).answers[RULE].articles
    before = {row.article.id: row.known for row in the_view(leader).articles}
    change_rule(viewer.school_id, Change(RULE, Stance.MAG, None, None, articles), author_id=leader.id, seen=0, at=now())
    db.session.commit()
    after = {row.article.id: row.known for row in the_view(leader).articles}
    assert any(before[key] != after[key] for key in articles)


def test_a_lesson_of_last_year_stands_under_last_year_only() -> None:
    school = a_school("tjongeling")
    last_year = datetime.combine(year_begins(today()), datetime.min.time()) - timedelta(days=60)
    a_played_class(school, "7A", 12, 12, at=last_year)
    leader = a_teamleider(school)
    this, last = (the_view(leader, Scope(period=period)).year_groups[0].classes[0].cells[UNIT].shown for period in Period)
    assert this is None
    assert last is not None
    assert last.told is Told.ALL_DONE
    assert "(bijna) iedereen klaar" in visit(leader, "progress.show_school", periode="vorig").text


@pytest.mark.parametrize(("day", "first"), [("2026-07-31", "2025-08-01"), ("2026-08-01", "2026-08-01"), ("2027-01-01", "2026-08-01")])
def test_a_school_year_begins_in_august(day: str, first: str) -> None:
    assert year_begins(date.fromisoformat(day)) == date.fromisoformat(first)


def test_filters_keep_one_lesson_and_one_year_group() -> None:
    school = a_school("tjongeling")
    a_played_class(school, "7A", 12, 6)
    eight = a_class(school, "primair", name="8A")
    eight.year_group = "groep 8"
    for number in range(10):
        a_pupil(eight, f"Acht {number}")
    db.session.commit()
    leader = a_teamleider(school)
    page = text_of(visit(leader, "progress.show_school", les=UNIT, jaargroep="groep 8").text)
    assert "Klas 8A" in page
    assert "Klas 7A" not in page
    view = the_view(leader, Scope(unit=UNIT))
    assert [lesson.slug for lesson in view.lessons] == [UNIT]


@pytest.mark.parametrize("name", ["les", "jaargroep", "periode"])
def test_a_filter_that_does_not_exist_is_left_out_and_that_is_said(name: str) -> None:
    school = a_school("tjongeling")
    a_played_class(school, "7A", 10, 0)
    asked: dict[str, Any] = {name: "<b>bestaat niet"}
    page = visit(a_teamleider(school), "progress.show_school", **asked).text
    assert "Je ziet" in page
    assert "&lt;b&gt;bestaat" not in page


def test_what_is_out_of_date_stands_on_top() -> None:
    school = a_school("tjongeling")
    a_played_class(school, "7A", 10, 0)
    leader = a_teamleider(school)
    assert "Er staat nog niemand bij Hulp op school" in visit(leader, "progress.show_school").text
    old = now() - timedelta(days=190)
    db.session.add(SchoolContact(school_id=school.id, position=1, name="Juf Noor", task="vertrouwenspersoon", where="1", checked_at=old))
    db.session.add(
        Revision(school_id=school.id, kind="lesson", key=UNIT, number=1, text="past niet", author_id=leader.id, published_at=now())
    )
    db.session.commit()
    page = visit(leader, "progress.show_school").text
    assert "1 persoon bij Hulp op school is langer dan een half jaar niet nagekeken." in page
    assert "past niet meer bij de les" in page
    assert "Juf Noor" not in page


def test_another_school_sees_nothing_of_this_one() -> None:
    school = a_school("tjongeling", name="De Brug")
    a_played_class(school, "7A", 12, 6)
    page = visit(a_teamleider(a_school("tjongeling")), "progress.show_school").text
    assert "7A" not in page


def test_the_page_costs_as_many_queries_for_five_classes_as_for_one() -> None:
    school = a_school("tjongeling")
    a_played_class(school, "7A", 10, 2)
    client = client_of(a_teamleider(school))
    client.get("/voortgang")
    with counted() as one:
        client.get("/voortgang")
    for name in ("7B", "7C", "7D", "7E"):
        a_played_class(school, name, 10, 1)
    with counted() as five:
        client.get("/voortgang")
    assert len(five) == len(one) <= 12


# ---- files ----


def _workbook(leader: Person, **scope: Any) -> openpyxl.Workbook:
    response = visit(leader, "progress.export_school", **scope)
    assert response.headers["Content-Disposition"] == 'attachment; filename="netjes-voortgang-school.xlsx"'
    return openpyxl.load_workbook(io.BytesIO(response.data))


@pytest.mark.parametrize("scope", [{}, {"les": UNIT}, {"periode": "vorig"}])
def test_every_cell_of_the_workbook_stands_on_the_page(scope: dict[str, Any]) -> None:
    school = a_school("tjongeling")
    a_played_class(school, "7A", 14, 14)
    a_played_class(school, "=1+1", 12, 6)
    leader = a_teamleider(school)
    page = text_of(visit(leader, "progress.show_school", **scope).text)
    book = _workbook(leader, **scope)
    for name in ("Klassen en lessen", "Artikelen", "Niet geregeld", "Bij te werken"):
        for row in list(book[name].iter_rows(values_only=True))[1:]:
            for cell in row:
                if isinstance(cell, str) and cell not in ("samen",):
                    assert cell.casefold() in page.casefold(), (name, cell)
    rows = list(book["Klassen en lessen"].iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in rows if row[1] == "samen"] in ([26] * (1 if "les" in scope else 4), [0] * 4)
    assert all(f"ongeveer {row[3]} van de 10 goed" in page for row in book["Artikelen"].iter_rows(min_row=2, values_only=True) if row[3])
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_an_export_leaves_a_line_in_the_log_book_and_reading_does_not() -> None:
    school = a_school("tjongeling")
    a_played_class(school, "7A", 10, 0)
    leader = a_teamleider(school)
    visit(leader, "progress.show_school_report")
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.what == "uitvoer")).all() == []
    _workbook(leader)
    (line,) = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "uitvoer"))
    assert (line.actor_id, line.school_id, line.on_id) == (leader.id, school.id, "voortgang")


@pytest.mark.skipif(not pdf.can_draw(), reason="WeasyPrint or what it stands on is not here")
def test_the_report_is_a_pdf_without_names_and_is_in_the_log_book() -> None:
    school = a_school("tjongeling")
    a_played_class(school, "7A", 12, 6)
    leader = a_teamleider(school)
    response = visit(leader, "progress.school_report_pdf")
    assert response.data.startswith(b"%PDF")
    assert response.headers["Content-Disposition"] == 'attachment; filename="netjes-voortgang-school.pdf"'
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.what == "uitvoer")).one().on_id == "voortgang"


def test_a_report_that_is_too_long_for_a_pdf_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "can_draw", lambda: True)
    monkeypatch.setattr(pdf, "LONGEST_REPORT", 100)
    school = a_school("tjongeling")
    a_played_class(school, "7A", 10, 0)
    assert "te lang om er een pdf van te maken" in visit(a_teamleider(school), "progress.school_report_pdf", follow=True).text


def test_without_the_library_there_is_no_button_and_no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "can_draw", lambda: False)
    school = a_school("tjongeling")
    a_played_class(school, "7A", 10, 0)
    leader = a_teamleider(school)
    assert "verslag.pdf" not in visit(leader, "progress.show_school").text
    assert visit(leader, "progress.school_report_pdf").status_code == 404


def test_a_mentor_may_not_see_the_school() -> None:
    school = a_school("tjongeling")
    assert visit(a_mentor(school), "progress.show_school").status_code == 403
