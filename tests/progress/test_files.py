"""What a mentor takes along as a file is what stands on the screen: every table, every cell, under the same filter."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from accounts.models import Person
from common import pdf
from common.audit import AuditEvent
from common.clock import now
from common.database import db, new_id
from progress import class_report, present, queries
from progress.files import class_tables
from schools.models import CareNote, GroupMember, PupilGroup, School, SchoolClass
from schools.queries import book_of
from tests.page import client_of, visit
from tests.people import a_class, a_mentor, a_pupil, a_school, as_viewer
from tests.progress.played import UNIT, answer, play_whole, the_book, the_lesson, wrong_choice

pytestmark = pytest.mark.usefixtures("app")
LONG = "Wilhelmina-Alexandrina van der Meer-Bos"
NAMES = ("Aaltje", "=1+1", LONG, "ليلى", "Łukasz", "Zoë; Wim", "Berend", "Cato", "Diewertje", "Evert")
TABLES = ("leerlingen", "hulp", "mis", "afspraken", "groei", "volgende")
# What a file says in a word of its own where the page shows a shape or a heading.
OWN_WORDS = {"ja", "nog niet", "open", "Gefilterd op"}


def a_lively_class() -> tuple[School, SchoolClass, Person, list[Person]]:
    """Ten pupils with odd names: seven did the lesson, two are stuck and with one of them was spoken, one has yet to begin."""
    school = a_school("tjongeling")
    school_class = a_class(school, "primair", name="7B")
    mentor = a_mentor(school, of=[school_class])
    pupils = [a_pupil(school_class, name, secret="kat-boom-vis", half=1 + number % 2) for number, name in enumerate(NAMES)]
    lesson, book = the_lesson(school), the_book(school)
    choices = [item for item in lesson.quiz.items if item.type == "one-choice" and item.right_answers(book)]
    wrong = {item.id: wrong_choice(item, book) for item in choices}
    for number, pupil in enumerate(pupils[:7]):
        play_whole(pupil, school, wrong if number < 3 else None)
    for item in [one for one in choices if one.use == "lesson"][:3]:
        answer(pupils[7], school, item.id, wrong_choice(item, book))
        answer(pupils[8], school, item.id, wrong_choice(item, book))
    db.session.add(
        CareNote(
            id=new_id(), school_id=school.id, class_id=school_class.id, pupil_id=pupils[7].id, reason="loopt-vast", unit=UNIT,
            state="gesproken", text="Moeder belt morgen terug.", by_id=mentor.id, at=now(),
        )
    )  # fmt: skip
    group = PupilGroup(id=new_id(), school_id=school.id, class_id=school_class.id, name="Tafel 1")
    db.session.add(group)
    db.session.flush()
    db.session.add_all([GroupMember(group_id=group.id, pupil_id=one.id) for one in pupils[:4]])
    db.session.commit()
    return school, school_class, mentor, pupils


def text_of(page: str) -> str:
    """What a page says, also to who cannot see it, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()


def rows_of(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))


def workbook(body: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(body))


def filters(school_class: SchoolClass) -> list[dict[str, Any]]:
    group = db.session.scalars(select(PupilGroup.id).where(PupilGroup.class_id == school_class.id)).one()
    return [{}, {"les": UNIT}, {"groep": group}, {"periode": "schooljaar"}]


def test_every_cell_of_every_table_of_a_class_stands_on_the_page_under_each_filter() -> None:
    _school, school_class, mentor, _pupils = a_lively_class()
    for chosen in filters(school_class):
        page = squeezed(text_of(visit(mentor, "progress.show_class", class_id=school_class.id, **chosen).text))
        for table in TABLES:
            rows = rows_of(visit(mentor, "progress.export_class", class_id=school_class.id, kind="csv", tabel=table, **chosen).data)
            assert len(rows) > 1 or table in ("mis", "volgende"), table
            for row in rows[1:]:
                for cell in row:
                    assert cell in OWN_WORDS or squeezed(cell.removeprefix("'") if cell.startswith("'=") else cell) in page, (table, cell)


def test_a_workbook_holds_the_same_cells_as_the_files_of_one_table() -> None:
    _school, school_class, mentor, _pupils = a_lively_class()
    for chosen in filters(school_class):
        book = workbook(visit(mentor, "progress.export_class", class_id=school_class.id, kind="xlsx", **chosen).data)
        assert len(book.worksheets) == len(TABLES)
        for sheet, table in zip(book.worksheets, TABLES, strict=True):
            rows = rows_of(visit(mentor, "progress.export_class", class_id=school_class.id, kind="csv", tabel=table, **chosen).data)
            found = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
            wide = len(rows[0])
            assert found == [[cell[1:] if cell.startswith("'=") else cell for cell in [*row, *[""] * (wide - len(row))]] for row in rows]
            assert not any(cell.data_type == "f" or cell.hyperlink for row in sheet.iter_rows() for cell in row)


def test_the_totals_of_a_file_are_the_totals_of_its_rows_and_of_the_page() -> None:
    _school, school_class, mentor, pupils = a_lively_class()
    rows = rows_of(visit(mentor, "progress.export_class", class_id=school_class.id, kind="csv").data)
    names, totals = rows[1 : 1 + len(pupils)], rows[1 + len(pupils) :]
    for column in range(1, len(rows[0])):
        cells = [row[column] for row in names]
        for total in totals:
            word = total[0].removeprefix("Aantal: ")
            assert int(total[column]) == sum(cell == word or cell.startswith(f"{word},") for cell in cells)
        assert sum(int(total[column]) for total in totals) == len(pupils)


def test_growth_in_the_file_adds_up_to_the_pupils_who_did_both() -> None:
    _school, school_class, mentor, _pupils = a_lively_class()
    (_head, row) = rows_of(visit(mentor, "progress.export_class", class_id=school_class.id, kind="csv", tabel="groei").data)
    _title, pupils, _start, _of, _end, _of_end, more, same, less = row
    assert int(pupils) == int(more) + int(same) + int(less) == 7


def test_what_a_mentor_wrote_about_a_pupil_is_in_no_file_and_what_was_done_is() -> None:
    _school, school_class, mentor, _pupils = a_lively_class()
    body = visit(mentor, "progress.export_class", class_id=school_class.id, kind="csv", tabel="hulp").data.decode("utf-8-sig")
    assert "gesproken" in body
    assert "Moeder belt" in visit(mentor, "progress.show_class", class_id=school_class.id).text
    assert "Moeder belt" not in body
    book = workbook(visit(mentor, "progress.export_class", class_id=school_class.id, kind="xlsx").data)
    assert not any("Moeder belt" in str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    assert "Moeder belt" not in visit(mentor, "progress.show_class_report", class_id=school_class.id).text


def test_a_table_that_does_not_exist_is_not_found() -> None:
    _school, school_class, mentor, _pupils = a_lively_class()
    assert visit(mentor, "progress.export_class", class_id=school_class.id, kind="csv", tabel="alles").status_code == 404


def test_the_goals_of_a_lesson_are_a_file_too() -> None:
    _school, school_class, mentor, _pupils = a_lively_class()
    page = squeezed(text_of(visit(mentor, "progress.show_unit", class_id=school_class.id, unit=UNIT).text))
    rows = rows_of(visit(mentor, "progress.export_unit", class_id=school_class.id, unit=UNIT, kind="csv", tabel="leerdoelen").data)
    assert len(rows) > 2
    for goal, both, start, end in rows[1:]:
        assert squeezed(f"{goal} {start} van {both} {end} van {both}") in page


def test_the_file_of_a_pupil_is_the_table_of_the_page_without_name_and_without_what_was_written() -> None:
    _school, school_class, mentor, pupils = a_lively_class()
    ids = {"class_id": school_class.id, "pupil_id": pupils[2].id}
    page = squeezed(text_of(visit(mentor, "progress.show_pupil", **ids).text))
    response = visit(mentor, "progress.export_pupil", kind="csv", **ids)
    rows = rows_of(response.data)
    assert rows[0] == ["Les", "Hoe ver", "Wanneer", "Begin en eind", "Ophalen"]
    assert len(rows) > 2
    assert all(squeezed(cell) in page for row in rows[1:] for cell in row)
    assert response.headers["Content-Disposition"] == 'attachment; filename="netjes-leerling.csv"'
    assert LONG not in response.data.decode("utf-8-sig")
    assert "Ik vraag het eerst even na." not in response.data.decode("utf-8-sig")
    sheet = workbook(visit(mentor, "progress.export_pupil", kind="xlsx", **ids).data).worksheets[0]
    assert [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)] == rows


def test_every_file_leaves_a_line_in_the_log_book_with_ids_only() -> None:
    _school, school_class, mentor, pupils = a_lively_class()
    visit(mentor, "progress.export_pupil", class_id=school_class.id, pupil_id=pupils[0].id, kind="csv")
    visit(mentor, "progress.export_class", class_id=school_class.id, kind="csv", tabel="hulp")
    found = [row.on_id for row in db.session.scalars(select(AuditEvent).where(AuditEvent.what == "uitvoer").order_by(AuditEvent.on_id))]
    assert sorted(found) == sorted([f"{school_class.id} {pupils[0].id}", school_class.id])


# ---- the report ----


def test_the_report_of_a_mentor_has_names_and_the_one_for_the_team_has_none() -> None:
    _school, school_class, mentor, _pupils = a_lively_class()
    mine = html.unescape(visit(mentor, "progress.show_class_report", class_id=school_class.id).text)
    teams = html.unescape(visit(mentor, "progress.show_class_report", class_id=school_class.id, namen="zonder").text)
    assert all(name in mine for name in NAMES)
    assert not any(name in teams for name in NAMES if name != "=1+1")
    assert "Vastgelopen" in mine
    assert "Vastgelopen" not in teams


def test_the_report_says_the_numbers_of_the_class_page() -> None:
    _school, school_class, mentor, _pupils = a_lively_class()
    viewer, seen = as_viewer(mentor), queries.as_seen(school_class)
    view = queries.view_dashboard(seen, book_of(viewer), {})
    report = class_report.report_of(view, book_of(viewer), with_names=True)
    page = squeezed(text_of(visit(mentor, "progress.show_class", class_id=school_class.id).text))
    assert report.growth
    assert report.misled
    assert [one.title for one in report.coming] == [one.title for one in present.next_rows(view, book_of(viewer))]
    for growth in report.growth:
        assert squeezed(growth.start.replace(" de ", " ")) in page
        assert squeezed(growth.who) in page
    for wrong in report.misled:
        assert squeezed(wrong.question) in page
        assert squeezed(wrong.words) in page
    assert {row[0] for row in class_tables(view, book_of(viewer))["afspraken"][1][1:]} == {
        rule.row.shown.question for rule in [*report.weak, *report.known]
    }


def test_the_report_for_the_team_tells_nothing_about_fewer_than_five_pupils() -> None:
    """Of ten pupils seven are done, two are busy and one did nothing: none of that is to be found."""
    _school, school_class, mentor, _pupils = a_lively_class()
    article = re.search(r'<article class="report">.*?</article>', visit(
        mentor, "progress.show_class_report", class_id=school_class.id, namen="zonder").text, re.S)  # fmt: skip
    assert article
    text = text_of(article[0])
    assert "7 klaar" not in text
    for number in re.findall(r"(?<![\w.])(\d+)(?= (?:klaar|bezig|nog niet|begonnen|leerling))", text):
        assert int(number) >= 5
    assert "minder dan 5 begonnen" in text


def test_a_small_class_gets_no_report_without_names() -> None:
    school = a_school("tjongeling")
    school_class = a_class(school, "primair", name="7B")
    mentor = a_mentor(school, of=[school_class])
    for number in range(4):
        play_whole(a_pupil(school_class, f"Naam {number}"), school) if number < 2 else a_pupil(school_class, f"Naam {number}")
    page = text_of(visit(mentor, "progress.show_class_report", class_id=school_class.id, namen="zonder").text)
    assert "minder dan tien leerlingen" in page
    assert "minder dan 5 leerlingen" in page
    assert "4 leerlingen" not in page


def test_without_names_a_group_cannot_be_chosen_and_with_names_it_can() -> None:
    _school, school_class, mentor, _pupils = a_lively_class()
    group = filters(school_class)[2]
    mine = visit(mentor, "progress.show_class_report", class_id=school_class.id, **group).text
    teams = visit(mentor, "progress.show_class_report", class_id=school_class.id, namen="zonder", **group).text
    assert "Tafel 1" in mine
    assert "Evert" not in mine  # he sits at another table
    assert "altijd over de hele klas" in teams
    assert "10 leerlingen" in teams


def test_a_filter_that_is_not_right_leads_back_to_the_page_that_says_so() -> None:
    _school, school_class, mentor, _pupils = a_lively_class()
    for endpoint in ("progress.show_class_report", "progress.class_report_pdf"):
        response = visit(mentor, endpoint, class_id=school_class.id, groep="bestaat-niet")
        assert response.status_code in (302, 404)
        assert response.status_code == 404 or "groep=bestaat-niet" in response.location


def test_a_class_without_pupils_has_a_report_that_says_so() -> None:
    school = a_school("tjongeling")
    school_class = a_class(school)
    mentor = a_mentor(school, of=[school_class])
    assert "Er is niemand in deze klas" in visit(mentor, "progress.show_class_report", class_id=school_class.id).text


@pytest.mark.skipif(not pdf.can_draw(), reason="WeasyPrint or what it stands on is not here")
def test_the_report_is_a_pdf_that_is_named_after_nobody_and_stands_in_the_log_book() -> None:
    _school, school_class, mentor, _pupils = a_lively_class()
    response = visit(mentor, "progress.class_report_pdf", class_id=school_class.id)
    assert response.data.startswith(b"%PDF")
    assert response.headers["Content-Disposition"] == 'attachment; filename="netjes-rapport-klas.pdf"'
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.what == "uitvoer")).one().on_id == f"{school_class.id} rapport"


def test_a_colleague_finds_no_report_and_no_file_of_this_class() -> None:
    school, school_class, _mentor, pupils = a_lively_class()
    client = client_of(a_mentor(school, of=[a_class(school)]))
    for path in ("rapport", "rapport.pdf", "uitvoer.csv?tabel=hulp", f"leerlingen/{pupils[0].id}/uitvoer.xlsx"):
        assert client.get(f"/klassen/{school_class.id}/{path}").status_code == 404
