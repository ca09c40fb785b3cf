"""The page of a class as a mentor uses it: the filter, taking a reason up, groups, and files that equal the screen."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from markupsafe import escape
from openpyxl import load_workbook
from sqlalchemy import select

from accounts.models import Person
from common.clock import now, today
from common.database import db
from schools.actions import delete_pupil, move_pupil
from schools.models import CareNote, GroupMember, PlannedUnit, PupilGroup, School, SchoolClass
from tests.page import client_of, post, visit
from tests.people import a_beheerder, a_class, a_mentor, a_pupil
from tests.progress.played import UNIT, answer, play_whole, the_book, the_lesson, wrong_choice
from tests.progress.test_class_page import a_class_with_mentor, get_stuck

pytestmark = pytest.mark.usefixtures("app")

Stage = tuple[School, SchoolClass, Person, list[Person]]


@pytest.fixture
def stage() -> Stage:
    """A class in which Sami is stuck and the others are done."""
    school, school_class, mentor, pupils = a_class_with_mentor("Sami", "Mei", "Roos", "Tygo")
    get_stuck(pupils[0], school)
    for pupil in pupils[1:]:
        play_whole(pupil, school)
    return school, school_class, mentor, pupils


def page_of(mentor: Person, school_class: SchoolClass, **asked: str) -> str:
    return visit(mentor, "progress.show_class", class_id=school_class.id, **asked).text


def take_up(mentor: Person, school_class: SchoolClass, *pupils: Person, state: str = "gesproken", text: str = "", why: str = "loopt-vast",
            unit: str = UNIT, **more: Any) -> Any:  # fmt: skip
    fields = {"leerling": [pupil.id for pupil in pupils], "reden": why, "les": unit, "stand": state, "notitie": text, **more}
    return post(mentor, "schools.class_care_keep", fields, class_id=school_class.id)


def panel(page: str, id_: str) -> str:
    """One panel of the page, from its heading to the end of its section."""
    return page[page.index(f'<h2 id="{id_}">') :].partition("</section>")[0]


# ---- taking up ----


def test_a_reason_that_was_spoken_about_moves_to_opgepakt_with_its_note(stage: Stage) -> None:
    _school, school_class, mentor, (sami, *_others) = stage
    assert "Vastgelopen" in panel(page_of(mentor, school_class), "hulp").partition("Opgepakt (")[0]
    assert take_up(mentor, school_class, sami, text="Hij snapt de vraag nu <wel>.").status_code == 302
    open_ones, _, up = panel(page_of(mentor, school_class), "hulp").partition("Opgepakt (1)")
    assert "Vastgelopen" not in open_ones
    assert "Vastgelopen" in up
    assert "Gesproken op" in up
    assert "Hij snapt de vraag nu &lt;wel&gt;." in up
    assert escape(mentor.display_name) in up


def test_it_comes_back_by_itself_when_a_new_mistake_is_made_after_done(stage: Stage) -> None:
    school, school_class, mentor, (sami, *_others) = stage
    take_up(mentor, school_class, sami, state="klaar")
    db.session.scalars(select(CareNote)).one().at = now() - timedelta(minutes=5)
    db.session.commit()
    lesson, book = the_lesson(school), the_book(school)
    other = next(item for item in lesson.quiz.items if item.kind == "several-choices" and item.use == "lesson")
    db.session.execute(db.update(db.metadata.tables["answer"]).values(answered_at=now() - timedelta(hours=1)))
    answer(sami, school, other.id, other.imagined(Random(1), 0.0, book))
    page = panel(page_of(mentor, school_class), "hulp")
    assert "weer één keer fout" in page
    assert "Opgepakt (" not in page


def test_undo_puts_it_back_and_keeps_the_words(stage: Stage) -> None:
    _school, school_class, mentor, (sami, *_others) = stage
    take_up(mentor, school_class, sami, text="Ik vraag het na.")
    post(mentor, "schools.class_care_undo", {"leerling": sami.id, "reden": "loopt-vast", "les": UNIT}, class_id=school_class.id)
    page = panel(page_of(mentor, school_class), "hulp")
    assert "Opgepakt (" not in page
    assert "Ik vraag het na." in page


def test_undo_of_a_note_without_words_leaves_nothing(stage: Stage) -> None:
    _school, school_class, mentor, (sami, *_others) = stage
    take_up(mentor, school_class, sami)
    post(mentor, "schools.class_care_undo", {"leerling": sami.id, "reden": "loopt-vast", "les": UNIT}, class_id=school_class.id)
    assert db.session.scalars(select(CareNote)).all() == []


def test_changing_a_note_replaces_it(stage: Stage) -> None:
    _school, school_class, mentor, (sami, *_others) = stage
    take_up(mentor, school_class, sami, state="gezien", text="Eerst.")
    take_up(mentor, school_class, sami, state="klaar", text="Daarna.")
    (row,) = db.session.scalars(select(CareNote)).all()
    assert (row.state, row.text) == ("klaar", "Daarna.")


def test_several_pupils_with_the_same_reason_are_taken_up_at_once() -> None:
    school, school_class, mentor, pupils = a_class_with_mentor("Ali", "Bo", "Cas", "Dee")
    for pupil in pupils[:2]:
        play_whole(pupil, school)
    assert "<b>2 leerlingen</b>" in page_of(mentor, school_class)
    take_up(mentor, school_class, *pupils[2:], why="niet-begonnen", unit="")
    assert "Opgepakt (2)" in page_of(mentor, school_class)


@pytest.mark.parametrize(
    "wrong", [{"stand": "misschien"}, {"stand": ""}, {"notitie": "x" * 301}, {"leerling": []}, {"reden": "zomaar"}, {"les": "../x"}]
)
def test_a_form_that_is_not_right_comes_back_with_a_word(stage: Stage, wrong: dict[str, Any]) -> None:
    _school, school_class, mentor, (sami, *_others) = stage
    fields = {"leerling": [sami.id], "reden": "loopt-vast", "les": UNIT, "stand": "gezien", "notitie": "", **wrong}
    response = post(mentor, "schools.class_care_keep", fields, class_id=school_class.id)
    assert response.status_code == 422
    assert "<title>Fout:" in response.text
    assert db.session.scalars(select(CareNote)).all() == []


def test_it_leads_back_to_the_page_with_its_filter_and_nowhere_else(stage: Stage) -> None:
    _school, school_class, mentor, (sami, *_others) = stage
    home = f"/klassen/{school_class.id}"
    for asked, to in (
        (f"{home}?periode=maand", f"{home}?periode=maand"),
        ("https://elders.example", home),
        (f"{home}x", home),
        ("//x", home),
    ):
        assert take_up(mentor, school_class, sami, terug=asked).location.endswith(to)


def test_a_colleague_finds_no_class_to_note_anything_in(stage: Stage) -> None:
    school, school_class, _mentor, (sami, *_others) = stage
    colleague = a_mentor(school, of=[a_class(school)])
    assert take_up(colleague, school_class, sami).status_code == 404


def test_a_pupil_of_another_class_is_not_there(stage: Stage) -> None:
    school, school_class, mentor, _pupils = stage
    assert take_up(mentor, school_class, a_pupil(a_class(school))).status_code == 404


def test_a_second_mentor_of_the_class_reads_the_note(stage: Stage) -> None:
    school, school_class, mentor, (sami, *_others) = stage
    take_up(mentor, school_class, sami, text="Thuis is het druk.")
    assert "Thuis is het druk." in page_of(a_mentor(school, of=[school_class]), school_class)


def test_a_note_does_not_leave_in_a_file(stage: Stage) -> None:
    _school, school_class, mentor, (sami, *_others) = stage
    take_up(mentor, school_class, sami, text="Thuis is het druk.")
    for kind in ("csv", "xlsx"):
        data = visit(mentor, "progress.export_class", class_id=school_class.id, kind=kind).data
        text = (
            data.decode("utf-8-sig")
            if kind == "csv"
            else str([list(row) for sheet in load_workbook(io.BytesIO(data)) for row in sheet.values])
        )
        assert "druk" not in text


def test_a_note_stays_with_the_mentors_of_the_class_when_a_pupil_moves(stage: Stage) -> None:
    school, school_class, mentor, (sami, *_others) = stage
    take_up(mentor, school_class, sami, text="Thuis is het druk.")
    move_pupil(sami, a_class(school), actor_id=mentor.id)
    db.session.commit()
    assert db.session.scalars(select(CareNote)).all() == []


def test_a_note_and_a_place_in_a_group_go_with_the_pupil(stage: Stage) -> None:
    _school, school_class, mentor, (sami, mei, *_others) = stage
    take_up(mentor, school_class, sami, text="Thuis is het druk.")
    a_group(mentor, school_class, "Tafel 1", sami, mei)
    delete_pupil(sami, actor_id=mentor.id)
    db.session.commit()
    assert db.session.scalars(select(CareNote)).all() == []
    assert db.session.scalars(select(GroupMember.pupil_id)).all() == [mei.id]


def test_what_was_noted_stands_in_inzage(stage: Stage) -> None:
    school, school_class, mentor, (sami, mei, *_others) = stage
    take_up(mentor, school_class, sami, text="Thuis is het druk.")
    a_group(mentor, school_class, "Tafel bij het raam", sami, mei)
    beheerder, ids = a_beheerder(school), {"class_id": school_class.id, "pupil_id": sami.id}
    page = visit(beheerder, "admin.class_pupil_dossier", **ids).text
    assert "Thuis is het druk." in page
    assert "Tafel bij het raam" in page
    assert escape(mentor.display_name) not in panel(page, "aantekeningen")
    assert "Thuis is het druk." in visit(beheerder, "admin.class_pupil_export", kind="json", **ids).text
    assert "Thuis is het druk." in visit(beheerder, "admin.class_pupil_export", kind="csv", **ids).get_data(as_text=True)


def test_a_note_about_what_is_over_is_still_seen_and_can_be_wiped(stage: Stage) -> None:
    school, school_class, mentor, (sami, *_others) = stage
    take_up(mentor, school_class, sami, text="Thuis is het druk.")
    play_whole(sami, school)
    page = visit(mentor, "progress.show_pupil", class_id=school_class.id, pupil_id=sami.id).text
    assert "Liep vast in ‘Wie laat jij erbij?’." in page
    assert "Thuis is het druk." in page
    post(mentor, "schools.class_care_undo", {"leerling": sami.id, "reden": "loopt-vast", "les": UNIT, "wis": "1"}, class_id=school_class.id)
    assert "Thuis is het druk." not in visit(mentor, "progress.show_pupil", class_id=school_class.id, pupil_id=sami.id).text


def test_the_page_of_a_pupil_takes_a_reason_up_too(stage: Stage) -> None:
    _school, school_class, mentor, (sami, *_others) = stage
    page = visit(mentor, "progress.show_pupil", class_id=school_class.id, pupil_id=sami.id).text
    assert 'value="loopt-vast"' in page
    here = f"/klassen/{school_class.id}/leerlingen/{sami.id}"
    assert take_up(mentor, school_class, sami, terug=here).location.endswith(here)
    assert "Gesproken op" in visit(mentor, "progress.show_pupil", class_id=school_class.id, pupil_id=sami.id).text


# ---- groups ----


def a_group(mentor: Person, school_class: SchoolClass, name: str, *pupils: Person) -> PupilGroup:
    fields = {"naam": name, "leerling": [pupil.id for pupil in pupils]}
    assert post(mentor, "schools.class_group_add", fields, class_id=school_class.id).status_code == 302
    return db.session.scalars(select(PupilGroup).where(PupilGroup.name == name)).one()


def members(group: PupilGroup) -> set[str]:
    return set(db.session.scalars(select(GroupMember.pupil_id).where(GroupMember.group_id == group.id)))


def test_a_mentor_makes_renames_fills_and_removes_a_group(stage: Stage) -> None:
    _school, school_class, mentor, (sami, mei, roos, _tygo) = stage
    group = a_group(mentor, school_class, "Tafel 1", sami, mei)
    assert members(group) == {sami.id, mei.id}
    ids = {"class_id": school_class.id, "group_id": group.id}
    assert "Tafel 1" in visit(mentor, "schools.class_group_edit", **ids).text
    post(mentor, "schools.class_group_change", {"naam": "Tafel <2>", "leerling": [roos.id]}, **ids)
    page = visit(mentor, "schools.class_groups", class_id=school_class.id).text
    assert "Tafel &lt;2&gt;" in page
    assert members(group) == {roos.id}
    post(mentor, "schools.class_group_remove", **ids)
    assert "Tafel" not in visit(mentor, "schools.class_groups", class_id=school_class.id).text.partition("Nieuwe groep")[0]
    assert db.session.get(Person, roos.id) is not None


@pytest.mark.parametrize("name", ["", "x" * 41, "TAFEL 1"])
def test_a_group_needs_a_name_of_its_own(stage: Stage, name: str) -> None:
    _school, school_class, mentor, (sami, *_others) = stage
    a_group(mentor, school_class, "Tafel 1", sami)
    response = post(mentor, "schools.class_group_add", {"naam": name, "leerling": [sami.id]}, class_id=school_class.id)
    assert response.status_code == 422
    assert f'value="{sami.id}" checked' in response.text


def test_a_group_needs_somebody_of_this_class(stage: Stage) -> None:
    school, school_class, mentor, _pupils = stage
    for chosen in ([], [a_pupil(a_class(school)).id], ["x" * 5000]):
        response = post(mentor, "schools.class_group_add", {"naam": "Tafel 9", "leerling": chosen}, class_id=school_class.id)
        assert response.status_code == 422
    assert db.session.scalars(select(PupilGroup)).all() == []


def test_a_group_of_another_class_is_not_there(stage: Stage) -> None:
    school, school_class, mentor, (sami, *_others) = stage
    group = a_group(mentor, school_class, "Tafel 1", sami)
    other = a_class(school, mentor=mentor)
    assert visit(mentor, "schools.class_group_edit", class_id=other.id, group_id=group.id).status_code == 404
    assert post(mentor, "schools.class_group_remove", class_id=other.id, group_id=group.id).status_code == 404
    assert visit(mentor, "progress.show_class", class_id=other.id, groep=group.id).status_code == 422
    colleague = a_mentor(school, of=[other])
    assert visit(colleague, "schools.class_groups", class_id=school_class.id).status_code == 404


def test_who_moves_to_another_class_leaves_the_group(stage: Stage) -> None:
    school, school_class, mentor, (sami, mei, *_others) = stage
    group = a_group(mentor, school_class, "Tafel 1", sami, mei)
    move_pupil(sami, a_class(school), actor_id=mentor.id)
    db.session.commit()
    assert members(group) == {mei.id}


# ---- the filter ----


def test_a_group_is_looked_at_alone_and_the_page_says_so(stage: Stage) -> None:
    _school, school_class, mentor, (sami, mei, *_others) = stage
    group = a_group(mentor, school_class, "Tafel 1", sami, mei)
    page = page_of(mentor, school_class, groep=group.id)
    assert "Je ziet alleen:</span> <b>Tafel 1</b>" in re.sub(r"\s+", " ", page).replace("Je ziet alleen: <b>", "Je ziet alleen:</span> <b>")
    table = panel(page, "tabel")
    assert "Sami" in table
    assert "Tygo" not in table


def test_every_figure_and_every_file_keeps_to_the_filter(stage: Stage) -> None:
    _school, school_class, mentor, (sami, mei, *_others) = stage
    group = a_group(mentor, school_class, "Tafel 1", sami, mei)
    page = page_of(mentor, school_class, groep=group.id)
    assert "1 leerling:" in panel(page, "groei")
    assert f"groep={group.id}" in panel(page, "groei")
    files = re.findall(r'href="([^"]*/uitvoer\.[^"]*)"', page)
    assert files
    assert all(f"groep={group.id}" in link for link in files)
    rows = read_csv(visit(mentor, "progress.export_class", class_id=school_class.id, kind="csv", groep=group.id).data)
    assert [row[0] for row in rows][1:3] == ["Mei", "Sami"]
    assert rows[-1] == ["Gefilterd op", "Tafel 1"]
    unit = visit(mentor, "progress.show_unit", class_id=school_class.id, unit=UNIT, groep=group.id).text
    assert "1 leerling deed begin en eind" in unit


def test_a_period_in_which_nothing_happened_is_empty_and_says_so(stage: Stage) -> None:
    _school, school_class, mentor, _pupils = stage
    asked = {"periode": "eigen", "van": "2020-01-01", "tot": "2020-01-31"}
    page = page_of(mentor, school_class, **asked)
    assert "Niemand in wat je nu bekijkt." in page
    assert "buiten deze periode" in panel(page, "tabel")
    assert "Nog niemand deed de vragen" in panel(page, "groei")
    assert "Hier valt niets te zien" in visit(mentor, "progress.show_unit", class_id=school_class.id, unit=UNIT, **asked).text


@pytest.mark.parametrize("asked", [{"les": "x"}, {"groep": "x"}, {"periode": "x"}, {"periode": "eigen", "van": "morgen"}])
def test_a_filter_that_is_not_right_is_told_and_no_file_is_made_of_it(stage: Stage, asked: dict[str, str]) -> None:
    _school, school_class, mentor, _pupils = stage
    response = visit(mentor, "progress.show_class", class_id=school_class.id, **asked)
    assert response.status_code == 422
    assert "<title>Fout:" in response.text
    assert visit(mentor, "progress.export_class", class_id=school_class.id, kind="csv", **asked).status_code == 302


# ---- files equal the screen ----


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_each_table_of_the_page_stands_in_the_file_with_the_same_numbers(stage: Stage) -> None:
    _school, school_class, mentor, _pupils = stage
    page = page_of(mentor, school_class)
    sheets = load_workbook(io.BytesIO(visit(mentor, "progress.export_class", class_id=school_class.id, kind="xlsx").data))
    tables = {sheet.title: [list(row) for row in sheet.values] for sheet in sheets}
    for _title, _both, a, b, c, d, *_rest in tables["Begin en eind"][1:]:
        assert f"{a} van {b}" in panel(page, "groei")
        assert f"<b>{c}</b> van {d}" in panel(page, "groei")
    rules = tables["Afspraken"][1:]
    assert rules
    for question, _articles, right, total, known in rules:
        row = panel(page, "afspraken").split(str(escape(question)))[1]
        assert f"<b>{right}</b> van {total}" in row.partition("</tr>")[0]
        assert known in ("ja", "nog niet")
    for _lesson, question, _when, words, count, total in tables["Hier gaat het mis"][1:]:
        assert f"{count} van de {total}" in panel(page, "mis")
        assert str(escape(question)) in panel(page, "mis")
        assert str(escape(words)) in panel(page, "mis")
    assert [row[0] for row in tables["Wie heeft hulp nodig"][1:]] == ["Sami"]
    assert str(escape(tables["Volgende les"][1][1])) in panel(page, "volgende")


def test_the_page_names_what_misleads_and_leads_to_the_question() -> None:
    school, school_class, mentor, pupils = a_class_with_mentor("Ali", "Bo", "Cas")
    book = the_book(school)
    item = next(item for item in the_lesson(school).quiz.items if item.rule and item.kind == "one-choice" and item.use == "lesson")
    for pupil in pupils:
        answer(pupil, school, item.id, wrong_choice(item, book))
    page = page_of(mentor, school_class)
    assert "3 van de 3" in panel(page, "mis")
    assert f"vraag={item.id}#vraag-{item.id}" in panel(page, "mis")
    assert "<b>0</b> van 3" in panel(page, "afspraken")
    unit = visit(mentor, "progress.show_unit", class_id=school_class.id, unit=UNIT, vraag=item.id).text
    assert f'id="vraag-{item.id}" open' in unit


def test_what_is_planned_is_told_with_its_day(stage: Stage) -> None:
    school, school_class, mentor, _pupils = stage
    row = PlannedUnit(
        school_id=school.id, class_id=school_class.id, unit="groepsapp-primair", position=1, give_on=today(), planned_at=now()
    )
    db.session.add(row)
    db.session.commit()
    assert "Gepland voor" in panel(page_of(mentor, school_class), "volgende")


def test_a_class_of_three_reads_counts_and_no_percentage() -> None:
    school, school_class, mentor, pupils = a_class_with_mentor("Ali", "Bo", "Cas")
    for pupil in pupils:
        play_whole(pupil, school)
    page = page_of(mentor, school_class)
    assert "%" not in re.sub(r"<[^>]*>", " ", page[page.index("<main") :])


def test_without_answers_there_is_nothing_to_say_and_no_empty_table() -> None:
    _school, school_class, mentor, _pupils = a_class_with_mentor("Ali", "Bo", "Cas")
    page = page_of(mentor, school_class)
    assert "De klas is nog niet begonnen" in page
    assert "Hier gaat het het vaakst mis" not in page


def test_looking_at_a_class_of_somebody_else_with_a_filter_is_404(stage: Stage) -> None:
    school, school_class, _mentor, _pupils = stage
    client = client_of(a_mentor(school, of=[a_class(school)]))
    assert client.get(f"/klassen/{school_class.id}?les=x").status_code == 404
