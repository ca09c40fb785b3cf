"""What a pupil takes home: the intention, the end of a lesson, "wat ik nu weet" and the certificate, in words and of nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask, current_app, render_template
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from accounts.models import Person
from common import pdf
from common.clock import now
from common.database import db, new_id
from common.fitting import largest_that_fits, lines_of, width_of
from lessons import certificate, intention, known
from lessons.library import Lesson, load_library
from lessons.models import Intention, UnitProgress
from lessons.queries import intention_of
from protocols import actions as rule_actions
from protocols.domain import Change, Stance
from quizzes.domain import Outcome
from quizzes.models import Answer
from schools import actions as school_actions
from schools.models import School, SchoolClass
from tests.books import the_book_of
from tests.page import client_of, post, visit
from tests.people import a_beheerder, a_class, a_mentor, a_pupil, a_school, a_teamleider

PRIMARY, SECONDARY = "primair", "voortgezet"
UNIT = "toestemming-primair"
AGREED = "Eerst vragen, dan pas filmen."
needs_pdf = pytest.mark.skipif(not pdf.can_draw(), reason="Pango is not here: make test installs it where it can")


def lessons_of(track: str) -> list[Lesson]:
    return load_library().of_track(track)


def the_lesson(slug: str = UNIT) -> Lesson:
    found = load_library().get(slug)
    assert found
    return found


@pytest.fixture
def school(app: Flask) -> School:
    return a_school("tjongeling")


@pytest.fixture
def school_class(school: School) -> SchoolClass:
    return a_class(school, name="Groep 7")


@pytest.fixture
def pupil(school_class: SchoolClass) -> Person:
    return a_pupil(school_class, "Fatima-Zahra")


def did(pupil: Person, lesson: Lesson, *, part: float = 1.0, at: datetime | None = None) -> list[str]:
    """The pupil did this part of a lesson; the keys of what was done."""
    keys = [screen.key for screen in lesson.screens(pupil.half)]
    done = keys[: round(part * len(keys))]
    db.session.add(
        UnitProgress(
            school_id=pupil.school_id,
            class_id=pupil.class_id,
            pupil_id=pupil.id,
            unit=lesson.slug,
            done=done,
            last_screen=done[-1],
            screens_total=len(keys),
            started_at=now(),
            seen_at=now(),
            finished_at=(at or now()) if part == 1.0 else None,
        )
    )
    db.session.commit()
    return done


def did_everything(pupil: Person, track: str = PRIMARY, *, at: datetime | None = None) -> None:
    for lesson in lessons_of(track):
        did(pupil, lesson, at=at)


def answered(pupil: Person, lesson: Lesson, moment: str, **right: bool) -> None:
    """The first answers of a check, by goal."""
    for screen in lesson.screens(pupil.half):
        if screen.kind == "opgave" and screen.moment == moment and screen.item.goal in right:
            good = right[screen.item.goal]
            db.session.add(
                Answer(
                    school_id=pupil.school_id,
                    class_id=pupil.class_id,
                    pupil_id=pupil.id,
                    answer_id=new_id(),
                    unit=lesson.slug,
                    item=screen.item.id,
                    moment=moment,
                    value={},
                    outcome=(Outcome.FOLLOWS if good else Outcome.DIFFERS).value,
                    right=int(good),
                    total=1,
                    item_version="1",
                    is_first=True,
                    answered_at=now(),
                )
            )
    db.session.commit()


def intends(pupil: Person, text: str, unit: str = UNIT) -> None:
    db.session.add(Intention(school_id=pupil.school_id, class_id=pupil.class_id, pupil_id=pupil.id, unit=unit, text=text, written_at=now()))
    db.session.commit()


def agreed(school_class: SchoolClass, *sentences: str) -> None:
    for text in sentences:
        school_actions.add_class_agreement(school_class, text, now(), actor_id=new_id())
    db.session.commit()


# ---- the intention ----

STARTERS = ("Voordat ik iemand film, vraag ik ...", "Mijn telefoon gaat 's avonds slapen om ... en hij ligt dan ...")


def test_a_beginning_and_what_was_typed_become_one_sentence() -> None:
    assert intention.completed(STARTERS[0], "of het mag") == "Voordat ik iemand film, vraag ik of het mag"
    assert intention.completed(STARTERS[0], "... of het mag") == "Voordat ik iemand film, vraag ik of het mag"


def test_a_beginning_with_a_gap_halfway_stops_at_the_gap() -> None:
    assert intention.completed(STARTERS[1], "acht uur, beneden") == "Mijn telefoon gaat 's avonds slapen om acht uur, beneden"


def test_who_types_the_beginning_too_does_not_get_it_twice() -> None:
    assert intention.completed(STARTERS[0], "voordat ik iemand film, vraag ik het") == "voordat ik iemand film, vraag ik het"


@pytest.mark.parametrize("starter", range(2))
@pytest.mark.parametrize("words", ["of het mag", "x", "…", "漢字 🎉"])
def test_an_intention_goes_back_into_the_form_as_it_came_out(starter: int, words: str) -> None:
    whole = intention.completed(STARTERS[starter], words)
    begin, rest = intention.taken_apart(whole, STARTERS)
    again = intention.completed(STARTERS[int(begin)], rest) if begin != intention.OWN else rest
    assert again == whole


def the_screen(lesson: Lesson, pupil: Person) -> str:
    found = known.intention_screen(lesson, pupil.half)
    assert found
    return found


def write(pupil: Person, **fields: str) -> Any:
    return post(pupil, "lessons.answer_screen", fields, unit=UNIT, screen=the_screen(the_lesson(), pupil))


def test_a_chosen_beginning_and_an_own_sentence_are_both_kept(pupil: Person) -> None:
    did(pupil, the_lesson())
    assert write(pupil, begin="0", tekst="of het mag").status_code == 302
    kept = intention_of(pupil.id, UNIT)
    assert kept
    assert kept.text == "Voordat ik iemand film, vraag ik of het mag"
    write(pupil, begin="eigen", tekst="Ik film alleen mijn hond.")
    db.session.refresh(kept)
    assert kept.text == "Ik film alleen mijn hond."


def test_an_intention_can_be_changed_later_and_is_found_back_under_its_beginning(pupil: Person) -> None:
    did(pupil, the_lesson())
    write(pupil, begin="0", tekst="of het mag")
    page = visit(pupil, "lessons.show_screen", unit=UNIT, screen=the_screen(the_lesson(), pupil)).text
    assert re.search(r'name="begin" value="0" checked', page)
    assert ">of het mag</textarea>" in page
    assert "Dit schreef je eerder" in page


def test_a_long_sentence_under_a_beginning_can_be_opened_and_kept_again(pupil: Person) -> None:
    did(pupil, the_lesson())
    assert write(pupil, begin="0", tekst="x" * 300).status_code == 302
    assert write(pupil, begin="0", tekst="x" * 300).status_code == 302


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Kies een begin en maak de zin af"),
        ({"begin": "eigen", "tekst": "  "}, "Kies een begin en maak de zin af"),
        ({"begin": "1", "tekst": ""}, "Maak de zin af."),
        ({"begin": "1", "tekst": "x" * 301}, "te lang: 301 tekens"),
    ],
)
def test_a_sentence_that_cannot_be_kept_comes_back_with_what_was_chosen(pupil: Person, fields: dict[str, str], said: str) -> None:
    did(pupil, the_lesson())
    response = write(pupil, **fields)
    assert response.status_code == 422
    assert said in response.text
    assert fields.get("tekst", "").strip() in response.text
    if fields.get("begin") == "1":
        assert re.search(r'name="begin" value="1" checked', response.text)
    assert intention_of(pupil.id, UNIT) is None


@pytest.mark.parametrize("begin", ["²", "٣", "99", "-1", "1e3", "0x1", "9" * 5000, "\u0000", "<b>"])
def test_a_beginning_that_was_never_offered_is_read_as_an_own_sentence(pupil: Person, begin: str) -> None:
    did(pupil, the_lesson())
    assert write(pupil, begin=begin, tekst="Ik vraag het.").status_code == 302
    kept = intention_of(pupil.id, UNIT)
    assert kept
    assert kept.text == "Ik vraag het."


def test_an_intention_is_read_by_its_pupil_and_the_own_mentor_alone(school: School, school_class: SchoolClass, pupil: Person) -> None:
    words = "Ik praat met mijn zus over dat filmpje."
    did_everything(pupil)
    intends(pupil, words)
    where = {"class_id": school_class.id, "pupil_id": pupil.id}
    assert words in visit(pupil, "lessons.show_end", unit=UNIT).text
    assert words in visit(a_mentor(school, of=[school_class]), "progress.show_pupil", **where).text
    classmate = a_pupil(school_class)
    did_everything(classmate)
    for endpoint in ("lessons.home", "lessons.show_known", "lessons.show_certificate"):
        assert words not in visit(classmate, endpoint).text
    assert visit(a_mentor(school, of=[a_class(school)]), "progress.show_pupil", **where).status_code == 404
    for other in (a_teamleider(school), a_beheerder(school)):
        assert visit(other, "progress.show_pupil", **where).status_code == 403


# ---- then and now ----


def outcomes(moment: str, **found: Outcome) -> dict[str, dict[str, Outcome]]:
    """What the questions of one check came to, by goal, in the form of the first half."""
    items = {s.item.goal: s.item.id for s in the_lesson().screens(1) if s.kind == "opgave" and s.moment == moment}
    return {moment: {items[goal]: outcome for goal, outcome in found.items()}}


def grown(start: Outcome, end: Outcome) -> str:
    """Where the goal "ja" stands in the growth of a pupil."""
    found = known.growth(the_lesson(), {**outcomes("starter", ja=start), **outcomes("closing", ja=end)})
    return next((kind for kind in ("grown", "kept", "later") if getattr(found, kind)), "nowhere")


@pytest.mark.parametrize(
    ("start", "end", "where"),
    [
        (Outcome.DIFFERS, Outcome.FOLLOWS, "grown"),
        (Outcome.PARTLY, Outcome.FAIR, "grown"),
        (Outcome.FOLLOWS, Outcome.FOLLOWS, "kept"),
        (Outcome.FOLLOWS, Outcome.DIFFERS, "later"),
        (Outcome.DIFFERS, Outcome.PARTLY, "later"),
        (Outcome.DIFFERS, Outcome.TALK, "nowhere"),
        (Outcome.TALK, Outcome.FOLLOWS, "nowhere"),
    ],
)
def test_growth_is_told_per_goal_and_what_was_not_scored_tells_nothing(start: Outcome, end: Outcome, where: str) -> None:
    assert grown(start, end) == where


def test_an_answer_to_a_question_that_is_gone_is_no_growth() -> None:
    assert not known.growth(the_lesson(), {"starter": {"weg": Outcome.DIFFERS}, "closing": {"weg": Outcome.FOLLOWS}})


def test_after_the_last_lesson_the_first_one_that_was_skipped_comes_next() -> None:
    lessons = lessons_of(PRIMARY)
    slugs = [lesson.slug for lesson in lessons]
    assert known.next_lesson(lessons, slugs[:1], slugs[0]) is lessons[1]
    assert known.next_lesson(lessons, slugs[1:], slugs[-1]) is lessons[0]
    assert known.next_lesson(lessons, slugs, slugs[0]) is None


# ---- the end of a lesson ----


def test_the_end_tells_growth_in_words_and_what_comes_next(pupil: Person) -> None:
    lesson = the_lesson()
    did(pupil, lesson)
    answered(pupil, lesson, "starter", ja=False, filmen=True, rechtzetten=True)
    answered(pupil, lesson, "closing", ja=True, filmen=True, rechtzetten=False)
    page = visit(pupil, "lessons.show_end", unit=UNIT).text
    told = page[page.index("Toen en nu") : page.index("Zo is het op jouw school")]
    goals = {goal.id: goal.text for goal in lesson.unit.meta.goals}
    assert told.index("eerst nog niet, en nu wel") < told.index(goals["ja"]) < told.index("Dit wist je al")
    assert told.index(goals["filmen"]) < told.index("Hier kom je nog op terug") < told.index(goals["rechtzetten"])
    assert not re.search(r"\d+ van de \d+|%", told)
    assert lessons_of(PRIMARY)[1].unit.title in page


def test_an_end_without_checks_says_nothing_of_then_and_now(pupil: Person) -> None:
    did(pupil, the_lesson())
    assert "Toen en nu" not in visit(pupil, "lessons.show_end", unit=UNIT).text


def test_who_is_not_done_is_sent_back_into_the_lesson(pupil: Person) -> None:
    did(pupil, the_lesson(), part=0.5)
    assert visit(pupil, "lessons.show_end", unit=UNIT).status_code == 302


def test_the_last_end_leads_to_the_certificate(pupil: Person) -> None:
    did_everything(pupil)
    assert "Bekijk je certificaat" in visit(pupil, "lessons.show_end", unit=UNIT).text


# ---- what I know now ----


def test_before_the_first_lesson_the_page_says_what_will_stand_there(pupil: Person) -> None:
    page = visit(pupil, "lessons.show_known").text
    assert "Hier komt te staan wat jij leert" in page
    assert "Wat ik nu weet" not in visit(pupil, "lessons.home").text


def questions_on(page: str) -> set[str]:
    return set(re.findall(r'<li class="agreement[^>]*><h4>([^<]+)</h4>', page))


def test_a_lesson_half_way_shows_the_agreements_of_what_was_done(pupil: Person) -> None:
    lesson, book = the_lesson(), the_book_of("tjongeling")
    done = did(pupil, lesson, part=0.5)
    part, whole = known.taught(lesson, book, done, 1), known.taught(lesson, book, None, 1)
    assert 0 < len(part.rules) < len(whole.rules)
    page = visit(pupil, "lessons.show_known").text.replace("&#39;", "'")
    assert questions_on(page) == {rule.question for rule, _say in part.rules}
    assert "Met deze les ben je nog bezig" in page


def test_the_page_tells_the_agreements_of_today(school: School, pupil: Person) -> None:
    did(pupil, the_lesson())
    change = Change("opname.maken", Stance.MAG_NIET, "nieuwe afspraak", None, ())
    rule_actions.change_rule(school.id, change, author_id=a_teamleider(school).id, at=now(), seen=0)
    db.session.commit()
    page = visit(pupil, "lessons.show_known").text
    assert "nieuwe afspraak" in page
    assert "Eigen afspraak van de school" in page


def test_growth_words_and_the_intention_stand_under_their_lesson_without_any_figure(pupil: Person, school_class: SchoolClass) -> None:
    lesson = the_lesson()
    did(pupil, lesson)
    answered(pupil, lesson, "starter", ja=False, filmen=True)
    answered(pupil, lesson, "closing", ja=True, filmen=True)
    intends(pupil, "Ik vraag het <b>altijd</b>.")
    agreed(school_class, AGREED)
    page = visit(pupil, "lessons.show_known").text
    goals = {goal.id: goal.text for goal in lesson.unit.meta.goals}
    assert goals["ja"] in page
    assert goals["filmen"] not in page
    assert "Ik vraag het &lt;b&gt;altijd&lt;/b&gt;." in page
    assert "herkenbaar" in page
    assert AGREED in page
    assert "%" not in page[page.index("<main") :]


# ---- the certificate ----


def test_the_certificate_is_earned_by_every_lesson_of_the_track_on_the_day_of_the_last() -> None:
    lessons = lessons_of(PRIMARY)
    days = {lesson.slug: datetime(2026, 9, 1) + timedelta(days=7 * number) for number, lesson in enumerate(lessons)}
    assert certificate.earned_at(lessons, dict(days)) == max(days.values())
    assert certificate.earned_at(lessons, {**days, lessons[0].slug: None}) is None
    assert certificate.earned_at(lessons, {}) is None
    assert certificate.earned_at([], {}) is None


def test_before_it_is_earned_the_page_tells_what_is_still_to_do(pupil: Person) -> None:
    first, *others = lessons_of(PRIMARY)
    did(pupil, first)
    page = visit(pupil, "lessons.show_certificate").text
    assert f"Nog {len(others)} lessen" in page
    assert all(lesson.unit.title in page for lesson in others)
    assert visit(pupil, "lessons.certificate_pdf").status_code == 302


def test_the_certificate_holds_name_class_school_month_lessons_and_agreements(
    pupil: Person, school: School, school_class: SchoolClass
) -> None:
    did_everything(pupil, at=datetime(2026, 6, 30, 23, 30))
    agreed(school_class, AGREED)
    intends(pupil, "Ik vraag het eerst.")
    page = visit(pupil, "lessons.show_certificate").text
    for part in ("Fatima-Zahra", "Groep 7", "juli 2026", AGREED, "Ik vraag het eerst.", "Handtekening", school.name):
        assert part in page
    assert all(lesson.unit.title in page for lesson in lessons_of(PRIMARY))
    assert re.search(r"<title>\s*Certificaat - Netjes</title>", page)


def test_a_pupil_may_leave_the_own_intentions_out(pupil: Person) -> None:
    did_everything(pupil)
    intends(pupil, "Ik vraag het eerst.")
    client = client_of(pupil)
    assert "Ik vraag het eerst." in client.get("/certificaat").text
    without = client.get("/certificaat?keuze=1").text
    assert "Ik vraag het eerst." not in without
    assert "/certificaat.pdf?keuze=1" in without or not pdf.can_draw()
    assert "Ik vraag het eerst." in client.get("/certificaat?keuze=1&voornemens=ja").text


def test_the_sheet_has_the_heart_of_each_lesson_and_nothing_on_which_the_school_is_silent() -> None:
    for protocol in ("agora", "liudger", "ichthus", "compass", "tjongeling"):
        book, lessons = the_book_of(protocol), lessons_of(PRIMARY)
        lines = certificate.core_rules(lessons, book)
        assert 4 <= len(lines) <= certificate.MOST_RULES
        assert len({line.question for line in lines}) == len(lines)
        assert not [line for line in lines if line.stance == Stance.NIET_GEREGELD]
        assert all(line.answer.endswith(".") and "…" not in line.answer for line in lines)


def test_a_pupil_of_voortgezet_reads_the_same_sheet_in_that_skin(app: Flask) -> None:
    school_class = a_class(a_school("liudger"), SECONDARY, name="1b")
    pupil = a_pupil(school_class, "Yiğit")
    did_everything(pupil, SECONDARY)
    page = visit(pupil, "lessons.show_certificate").text
    assert "certificate--voortgezet" in page
    assert "Klas 1b" in page
    assert "Handtekening van de mentor" in page


def test_where_no_pdf_can_be_drawn_there_is_no_button_and_no_page(pupil: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    did_everything(pupil)
    monkeypatch.setattr(pdf, "can_draw", lambda: False)
    page = visit(pupil, "lessons.show_certificate").text
    assert "certificaat.pdf" not in page
    assert "Druk af" in page
    assert visit(pupil, "lessons.certificate_pdf").status_code == 404


# ---- the mentor ----


def test_a_mentor_sees_who_earned_it_and_prints_a_sheet_for_each(school: School, school_class: SchoolClass, pupil: Person) -> None:
    mentor = a_mentor(school, of=[school_class])
    busy, second = a_pupil(school_class, "Sem"), a_pupil(school_class, "Aaliyah")
    did_everything(pupil)
    did_everything(second)
    did(busy, the_lesson())
    intends(pupil, "Ik vraag het eerst.")
    page = visit(mentor, "progress.show_certificates", class_id=school_class.id).text
    assert "Print 2 certificaten" in page
    assert "nog 3 lessen" in page
    sheets = visit(mentor, "progress.print_certificates", class_id=school_class.id).text
    assert re.findall(r'certificate__name"><bdi>([^<]+)<', sheets) == ["Aaliyah", "Fatima-Zahra"]
    assert "Ik vraag het eerst." not in sheets
    assert "Aaliyah" not in sheets[: sheets.index("</title>")]


def test_without_anybody_who_earned_it_there_is_nothing_to_print(school: School, school_class: SchoolClass, pupil: Person) -> None:
    mentor = a_mentor(school, of=[school_class])
    page = visit(mentor, "progress.show_certificates", class_id=school_class.id).text
    assert "nog 4 lessen" in page
    assert "certificaten/printen" not in page
    assert visit(mentor, "progress.print_certificates", class_id=school_class.id).status_code == 302


def test_the_dossier_tells_of_the_certificate_and_nothing_of_the_class(school: School, school_class: SchoolClass, pupil: Person) -> None:
    agreed(school_class, AGREED)
    where = {"class_id": school_class.id, "pupil_id": pupil.id}
    assert "nog niet alle lessen gedaan" in visit(a_beheerder(school), "admin.class_pupil_dossier", **where).text
    did_everything(pupil, at=datetime(2026, 6, 12, 10, 0))
    page = visit(a_beheerder(school), "admin.class_pupil_dossier", **where).text
    assert "alle lessen gedaan op 12 juni 2026" in page
    assert AGREED not in page


# ---- on one sheet ----


def test_other_scripts_pictures_and_capitals_take_more_room_than_small_letters() -> None:
    assert width_of("il") < width_of("MW") < width_of("漢字") == width_of("🎉🎉")
    assert width_of("e\u0301") == width_of("e")
    assert lines_of("", 10) == 1
    assert lines_of("x" * 100, 20) > lines_of("x" * 100, 50)


def test_when_nothing_fits_the_smallest_size_is_taken() -> None:
    assert largest_that_fits((3.0, 2.0, 1.0), 10, lambda size: size * 100) == 2
    assert largest_that_fits((3.0, 2.0, 1.0), 250, lambda size: size * 100) == 1


def a_sheet(track: str = PRIMARY, *, name: str = "Sem", agreements: Any = (), intentions: Any = ()) -> certificate.Certificate:
    lessons = lessons_of(track)
    plans = {lesson.slug: text for lesson, text in zip(lessons, intentions, strict=False)}
    return certificate.sheet(
        lessons, the_book_of("liudger" if track == SECONDARY else "tjongeling"), now(), name=name, school="De Brug", class_title="Klas 1b",
        agreements=agreements, intentions=plans,
    )  # fmt: skip


def page_of(sheet: certificate.Certificate) -> str:
    with current_app.test_request_context():
        return render_template("lessons/certificate_pdf.html", certificate=sheet)


def drawn(sheet: certificate.Certificate) -> pdf.Pdf:
    return pdf.draw(page_of(sheet), current_app.extensions["assets"])


FULL = {"agreements": ["woord " * 33] * 12, "intentions": ["woorden " * 37] * 4}
SHEETS: dict[str, dict[str, Any]] = {
    "empty": {},
    "a few lines": {"agreements": [AGREED] * 3, "intentions": ["Ik vraag het."]},
    "full": FULL,
    "full, without a space": {"agreements": ["x" * 200] * 12, "intentions": ["x" * 300] * 4, "name": "x" * 40},
    "the broadest letters": {"agreements": ["W" * 200] * 12, "intentions": ["W" * 300] * 4, "name": "W" * 40},
    "pictures": {"agreements": ["🎉" * 200] * 12, "intentions": ["🎉" * 300] * 4, "name": "🎉" * 40},
    "another script": {"agreements": ["漢" * 200] * 12, "intentions": ["漢字 " * 100] * 4, "name": "漢" * 40},
    "from right to left": {"agreements": ["يسأل أولا " * 20] * 12, "intentions": ["يسأل أولا " * 30] * 4, "name": "محمد"},
    "newlines": {"intentions": ["x\n\n" * 100] * 4},
}


@needs_pdf
@pytest.mark.usefixtures("app")
class TestThePdf:
    @pytest.mark.parametrize("track", [PRIMARY, SECONDARY])
    @pytest.mark.parametrize("filled", SHEETS)
    def test_whatever_stands_on_it_it_is_one_page(self, track: str, filled: str) -> None:
        found = drawn(a_sheet(track, **SHEETS[filled]))
        assert found.body.startswith(b"%PDF")
        assert found.pages == 1

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        name=st.text(min_size=1, max_size=40),
        agreements=st.lists(st.text(min_size=1, max_size=200), max_size=12),
        intentions=st.lists(st.text(min_size=1, max_size=300), max_size=4),
    )
    def test_any_text_is_one_page(self, name: str, agreements: list[str], intentions: list[str]) -> None:
        assert drawn(a_sheet(name=name, agreements=agreements, intentions=intentions)).pages == 1

    def test_it_holds_the_name_and_is_set_in_our_own_face(self, app: Flask) -> None:
        document = pdf.laid_out(page_of(a_sheet(name="Łukasz Yiğit", agreements=[AGREED])), app.extensions["assets"])
        assert "Łukasz Yiğit" in " ".join(text_in(document))
        body = document.write_pdf(uncompressed_pdf=True)
        assert b"Netjes" in body
        assert "Łukasz" not in (document.metadata.title or "")

    def test_the_file_is_a_download_whose_name_tells_nothing(self, pupil: Person) -> None:
        did_everything(pupil)
        response = client_of(pupil).get("/certificaat.pdf")
        assert response.mimetype == "application/pdf"
        assert response.headers["Content-Disposition"] == 'attachment; filename="netjes-certificaat.pdf"'
        assert response.headers["Cache-Control"] == "no-store"
        assert response.data.startswith(b"%PDF")

    def test_nothing_but_our_own_files_is_fetched(self, app: Flask) -> None:
        for url in ("https://example.com/x.png", "file:///etc/hostname", "/geheim", "/static/../config.py", "//elders/x.png"):
            with pytest.raises(ValueError, match="not our own files"):
                pdf.draw(f'<img src="{url}">', app.extensions["assets"])

    def test_a_page_that_is_too_large_is_not_drawn(self, app: Flask) -> None:
        with pytest.raises(ValueError, match="too long"):
            pdf.draw("x" * (pdf.LONGEST_PAGE + 1), app.extensions["assets"])

    def test_who_comes_when_many_wait_is_told_to_come_back_and_later_it_works(self, pupil: Person) -> None:
        did_everything(pupil)
        client = client_of(pupil)
        for _place in range(pdf.MOST_WAITING):
            assert pdf._in_line.acquire(blocking=False)
        try:
            response = client.get("/certificaat.pdf")
        finally:
            for _place in range(pdf.MOST_WAITING):
                pdf._in_line.release()
        assert response.status_code == 429
        assert "Wacht een minuut" in response.text
        assert client.get("/certificaat.pdf").status_code == 200

    def test_who_waits_too_long_gives_the_place_in_line_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdf, "LONGEST_WAIT", 0.01)
        with pdf._one_at_a_time, pytest.raises(pdf.TooBusy):
            drawn(a_sheet())
        assert drawn(a_sheet()).pages == 1


def text_in(document: Any) -> Iterator[str]:
    for page in document.pages:
        for box in page._page_box.descendants():
            if getattr(box, "text", None):
                yield box.text


def test_progress_of_others_never_comes_along(school_class: SchoolClass, pupil: Person) -> None:
    did_everything(a_pupil(school_class))
    assert "Je certificaat komt eraan" in visit(pupil, "lessons.show_certificate").text
    assert "Hier komt te staan" in visit(pupil, "lessons.show_known").text
    assert db.session.scalars(select(UnitProgress).where(UnitProgress.pupil_id == pupil.id)).all() == []
