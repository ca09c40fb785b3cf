"""A mentor gives a lesson on the board: open it, go on, vote, talk, vote again, and agree on something with the class."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from classroom.domain import FIRST, SECOND, Beat, Kind, Phase, Spot, Tally, beats, right_at
from classroom.models import AgreementIdea, HandCount, LiveSession
from classroom.present import right_verdict, shift_words
from classroom.queries import counts_of
from classroom.stage import Stage, stage_of
from classroom.timing import planned
from common.clock import now, today
from common.database import db
from common.web import SENT_BY_SCRIPT
from lessons.library import Lesson, load_library
from protocols.queries import rule_book_of
from quizzes.domain import Outcome
from schools.models import ClassAgreement, Mentorship
from tests.books import SCHOOLS, the_book_of
from tests.conftest import another_app, settings_for
from tests.page import address, client_of, csrf_of, send, visit
from tests.people import a_class, a_mentor
from tests.world import UNIT, World, a_world

LESSONS = list(load_library().lessons.values())
OTHER_UNIT = "pesten-primair"


class Board:
    """A mentor at the board of a class, pressing buttons as a page would send them."""

    def __init__(self, world: World, unit: str = UNIT, client: FlaskClient | None = None) -> None:
        self.world, self.client = world, client or client_of(world.mentor)
        url = address("classroom.start_lesson", class_id=world.school_class.id, unit=unit)
        response = send(self.client, url, {"apparaten": "nee", "naar": "bord"})
        self.id = response.headers["Location"].rsplit("/", 1)[1]

    @property
    def session(self) -> LiveSession:
        db.session.expire_all()
        found = db.session.get(LiveSession, self.id)
        assert found is not None
        return found

    @property
    def stage(self) -> Stage:
        found = stage_of(self.session, rule_book_of(self.world.school.id, self.world.school.protocol))
        assert found is not None
        return found

    @property
    def spot(self) -> Spot:
        return self.stage.spot

    def page(self) -> str:
        return visit(self.world.mentor, "classroom.show_board", client=self.client, session_id=self.id).text

    def lead(self) -> str:
        class_id = self.world.school_class.id
        return visit(self.world.mentor, "classroom.show_lead", client=self.client, class_id=class_id, session_id=self.id).text

    def press(self, at: Spot | None = None, **fields: str) -> TestResponse:
        """Press a button of the board. at: where the class was when the page was drawn; now when left out."""
        spot = at or self.spot
        return send(
            self.client, address("classroom.do_on_board", session_id=self.id), {"plek": f"{spot.beat}|{spot.phase.value}", **fields}
        )

    def press_on_lead(self, **fields: str) -> TestResponse:
        url = address("classroom.do_on_lead", class_id=self.world.school_class.id, session_id=self.id)
        return send(self.client, url, {"plek": f"{self.spot.beat}|{self.spot.phase.value}", **fields}, follow=True)

    def go(self, beat: Beat | str, phase: Phase | None = None) -> None:
        self.press(naar=beat if isinstance(beat, str) else beat.key)
        if phase:
            self.press(fase=phase.value)

    def count(self, option: str, hands: int) -> None:
        for _hand in range(hands):
            self.press(**{f"erbij:{option}": "1"})


def a_question(board: Board, *, silent: bool = False) -> Beat:
    """A question with an agreement behind it; silent: one on which this school says nothing."""
    book = board.stage.book
    found = (beat for beat in board.stage.beats if beat.phases == (*beat.phases[:4], Phase.RULE) and len(beat.phases) == 5)
    return next(beat for beat in found if beat.ballot and beat.ballot.bound and (right_at(beat, book) is None) == silent)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# ---- opening ----


def test_a_mentor_opens_a_lesson_from_its_page_and_from_the_class(app: Flask) -> None:
    world = a_world()
    start = address("classroom.show_start", class_id=world.school_class.id, unit=UNIT)
    assert start in visit(world.mentor, "lessons.show_mentor_page", unit=UNIT).text
    assert start in visit(world.mentor, "progress.show_unit", class_id=world.school_class.id, unit=UNIT).text
    assert start in visit(world.mentor, "classroom.choose_lesson", class_id=world.school_class.id).text
    assert "/klassen/" not in re.findall(r'id="bord".*', visit(world.teamleider, "lessons.show_mentor_page", unit=UNIT).text)
    assert visit(world.mentor, "classroom.show_start", class_id=world.school_class.id, unit=UNIT).status_code == 200


def test_a_class_only_gets_lessons_of_its_own_track(app: Flask) -> None:
    world = a_world()
    for unit in ("vriendschapsverzoek-voortgezet", "bestaat-niet", "x" * 300):
        assert visit(world.mentor, "classroom.show_start", class_id=world.school_class.id, unit=unit).status_code == 404
        assert (
            send(client_of(world.mentor), address("classroom.start_lesson", class_id=world.school_class.id, unit=unit)).status_code == 404
        )


def test_opening_again_goes_on_where_the_class_was(app: Flask) -> None:
    board = Board(a_world())
    board.press(stap="verder")
    board.press(stap="verder")
    again = Board(board.world)
    assert (again.id, again.spot) == (board.id, board.spot)
    assert "Ga verder" in visit(board.world.mentor, "classroom.show_start", class_id=board.world.school_class.id, unit=UNIT).text


def test_another_lesson_of_the_same_class_ends_the_one_before_and_says_so_first(app: Flask) -> None:
    board = Board(a_world())
    warned = visit(board.world.mentor, "classroom.show_start", class_id=board.world.school_class.id, unit=OTHER_UNIT).text
    assert "is nu nog in de les" in warned
    other = Board(board.world, OTHER_UNIT)
    assert board.session.ended_at is not None
    assert other.session.ended_at is None
    assert "De les is klaar" in board.page()
    board.press(heropen="1")
    assert board.session.ended_at is None
    assert other.session.ended_at is not None


@pytest.mark.parametrize("unit", [UNIT, "toestemming-primair"])
def test_a_mentor_walks_through_a_whole_lesson_with_one_button(app: Flask, unit: str) -> None:
    board = Board(a_world(), unit)
    seen: list[tuple[str, Phase]] = []
    before = 0
    while board.session.version != before:
        before = board.session.version
        page, stage = board.page(), board.stage
        board.lead()
        seen.append((stage.beat.key, stage.phase))
        choice = re.search(r'name="kies" value="([^"]+)"', page)
        board.press(**({"kies": choice[1]} if choice else {"stap": "verder"}))
    assert seen[-1][0] == ":einde"
    expected = {(beat.key, phase) for beat in board.stage.beats if beat.kind is not Kind.CHAT for phase in beat.phases}
    assert expected <= set(seen)
    assert {phase for key, phase in seen if key == next(beat.key for beat in board.stage.beats if beat.kind is Kind.CHAT)} >= {
        Phase.VOTE,
        Phase.ENDING,
    }


def test_going_back_from_the_end_comes_past_everything_to_the_beginning(app: Flask) -> None:
    board = Board(a_world())
    board.go(":einde")
    for _press in range(300):
        if board.spot.beat == ":begin":
            break
        board.press(stap="terug")
    assert board.spot == Spot(":begin", Phase.LOOK)


# ---- vote, talk, vote again ----


def test_the_board_says_how_many_voted_and_hides_for_what_until_the_second_vote_is_in(app: Flask) -> None:
    board = Board(a_world())
    beat = a_question(board)
    board.go(beat)
    first, second = beat.options[0][0], beat.options[1][0]
    board.count(first, 17)
    board.count(second, 14)
    assert "31 stemmen" in text_of(board.page())
    for phase in (Phase.VOTE, Phase.TALK, Phase.AGAIN):
        board.press(fase=phase.value)
        text = text_of(re.sub(r"<footer.*?</footer>", "", board.page(), flags=re.DOTALL))
        assert not re.search(r"\b1[74]\b", text), phase
    board.press(fase=Phase.AGAIN.value)
    board.count(first, 12)
    board.count(second, 19)
    board.press(stap="verder")
    assert board.spot.phase is Phase.SHIFT
    text = text_of(board.page())
    assert "eerst 17 nu 12" in text
    assert "eerst 14 nu 19" in text
    assert "Minstens 5 van jullie dachten er na het praten anders over." in text


def test_what_fits_at_this_school_is_in_no_page_before_the_last_phase(app: Flask) -> None:
    board = Board(a_world())
    beat = a_question(board)
    board.go(beat)
    assert beat.item is not None
    part = right_verdict(board.stage, beat.item).chosen[0]
    cite = board.stage.book.articles_on(beat.ballot.bound.rule)[0].cite  # type: ignore[union-attr]
    for phase in beat.phases[:-1]:
        board.press(fase=phase.value)
        page = text_of(board.page())
        assert cite not in page, phase
        assert not part.why or part.why not in page, phase
    board.press(fase=Phase.RULE.value)
    page = text_of(board.page())
    assert cite in page
    assert part.text in page


def test_where_the_school_is_silent_the_board_says_so_and_nobody_is_right(app: Flask) -> None:
    for protocol in SCHOOLS:
        board = Board(a_world(protocol))
        silent = [beat for beat in board.stage.beats if beat.ballot and beat.ballot.bound and right_at(beat, board.stage.book) is None]
        if silent:
            break
    board.go(silent[0], Phase.RULE)
    page = board.page()
    assert "Hier praat je over" in page
    assert "kozen dit" not in page
    assert "past niet" not in board.lead()


def test_the_mentor_alone_sees_the_counts_and_what_each_answer_tells(app: Flask) -> None:
    board = Board(a_world())
    beat = a_question(board)
    board.go(beat)
    board.count(beat.options[2][0], 6)
    lead = board.lead()
    assert "<output>6</output>" in lead
    assert "<output>6</output>" not in board.page()
    parts = right_verdict(board.stage, beat.item).parts  # type: ignore[arg-type]
    assert all(part.think in text_of(lead) for part in parts if part.think and "'" not in part.think)


def test_counting_stays_between_nobody_and_a_full_class_and_can_be_done_anew(app: Flask) -> None:
    board = Board(a_world())
    beat = a_question(board)
    board.go(beat)
    option = beat.options[0][0]
    board.press(**{f"eraf:{option}": "1"})
    assert counts_of(board.session, beat.key) == {(FIRST, option): 0}
    db.session.execute(update(HandCount).where(HandCount.session_id == board.id).values(hands=60))
    db.session.commit()
    board.count(option, 1)
    assert counts_of(board.session, beat.key)[FIRST, option] == 60
    board.press(opnieuw="1")
    assert counts_of(board.session, beat.key) == {}


def test_counting_anew_leaves_the_other_round_alone_and_going_back_wipes_nothing(app: Flask) -> None:
    board = Board(a_world())
    beat = a_question(board)
    option = beat.options[0][0]
    board.go(beat)
    board.count(option, 3)
    board.press(fase=Phase.AGAIN.value)
    board.count(option, 5)
    board.press(opnieuw="1")
    board.press(stap="terug")
    assert board.spot.phase is Phase.TALK
    assert counts_of(board.session, beat.key) == {(FIRST, option): 3}


def test_a_double_click_and_a_second_screen_do_nothing_twice(app: Flask) -> None:
    board = Board(a_world())
    here = board.spot
    board.press(at=here, stap="verder")
    there = board.spot
    board.press(at=here, stap="verder")
    assert board.spot == there
    beat = a_question(board)
    board.go(beat)
    late = board.spot
    board.press(stap="verder")
    board.press(at=late, **{f"erbij:{beat.options[0][0]}": "1"})
    assert counts_of(board.session, beat.key) == {}


@pytest.mark.parametrize(
    ("first", "second", "says", "note"),
    [
        ((9, 12, 4), (3, 17, 5), "Minstens 6 van jullie", None),
        ((9, 12, 4), (9, 12, 4), "gelijk gebleven", None),
        ((2, 1, 0), (1, 2, 0), "Minstens één van jullie", None),
        ((9, 12, 4), (9, 14, 4), "bijna gelijk", "Eerst waren er 25 stemmen, daarna 27."),
        ((9, 12, 4), (0, 0, 0), "maar één keer", None),
        ((0, 0, 0), (0, 0, 0), "nog niet gestemd", None),
    ],
)
def test_the_shift_is_said_as_what_is_certain(
    app: Flask, first: tuple[int, ...], second: tuple[int, ...], says: str, note: str | None
) -> None:
    rows = [Tally(str(n), "", a, b) for n, (a, b) in enumerate(zip(first, second, strict=True))]
    with app.test_request_context():
        found = shift_words(rows)
    assert says in str(found["says"])
    assert found["note"] == note


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
@pytest.mark.parametrize("school", SCHOOLS)
def test_what_the_board_calls_right_is_right_at_that_school(lesson: Lesson, school: str) -> None:
    stage = Stage(LiveSession(path=[]), lesson, the_book_of(school))
    for beat in beats(lesson):
        if beat.item is not None and beat.item.is_scored:
            assert right_verdict(stage, beat.item).outcome in (Outcome.FOLLOWS, Outcome.TALK), beat.key


# ---- the chat ----


def test_the_class_plays_the_chat_with_hands_and_can_take_a_choice_back(app: Flask) -> None:
    board = Board(a_world())
    chat = next(beat for beat in board.stage.beats if beat.kind is Kind.CHAT)
    board.go(chat, Phase.VOTE)
    first, second = (choice.id for choice in board.stage.chat_choices[:2])
    board.count(first, 3)
    board.press(stap="verder")
    assert board.spot.phase is Phase.VOTE, "a clicker pressed once too often does not leave the story"
    board.press(kies=first)
    assert [choice for _node, choice in board.session.path] == [first]
    assert board.spot == Spot(chat.key, Phase.LOOK)
    board.press(stap="terug")
    assert (board.session.path, board.spot.phase) == ([], Phase.VOTE)
    board.press(kies=second)
    assert [choice for _node, choice in board.session.path] == [second]
    board.press(fase=Phase.VOTE.value)
    board.press(stap="uit-gesprek")
    assert board.stage.number > [beat.key for beat in board.stage.beats].index(chat.key)


def test_after_how_it_ended_the_class_plays_again_or_goes_back_to_one_moment(app: Flask) -> None:
    board = Board(a_world())
    chat = next(beat for beat in board.stage.beats if beat.kind is Kind.CHAT)
    board.go(chat)
    while not board.stage.position.is_over:
        board.press(fase=Phase.VOTE.value)
        board.press(kies=board.stage.chat_choices[-1].id)
    made = board.session.path
    board.press(fase=Phase.ENDING.value)
    assert "Speel opnieuw" in board.page()
    board.press(speel=made[0][0])
    first_time = [node for node, _choice in made].index(made[0][0])
    assert board.session.path == made[: len(board.session.path)]
    assert board.spot.phase is Phase.VOTE
    assert board.stage.position.node == made[first_time][0]
    board.press(speel=":begin")
    assert (board.session.path, board.spot.phase) == ([], Phase.LOOK)


# ---- agreements ----


def test_ideas_become_agreements_of_the_class_and_open_the_next_lesson(app: Flask) -> None:
    board = Board(a_world())
    board.go(":afspraken")
    board.press_on_lead(tekst="Wij vragen het eerst", schrijf="1")
    board.press_on_lead(tekst="<b>Wij</b> helpen elkaar", schrijf="1")
    assert "&lt;b&gt;Wij&lt;/b&gt; helpen elkaar" in board.page()
    chosen, other = db.session.scalars(select(AgreementIdea).order_by(AgreementIdea.text.desc())).all()
    board.press(stap="verder")
    board.press(**{f"idee-erbij:{chosen.id}": "1"})
    board.press(**{"idee-kies": chosen.id})
    page = board.press_on_lead(bewaar="1").text
    assert "De klas heeft nu 2 afspraken." in page
    texts = db.session.scalars(select(ClassAgreement.text).where(ClassAgreement.class_id == board.world.school_class.id)).all()
    assert sorted(texts) == ["Eerst vragen", "Wij vragen het eerst"]
    board.press_on_lead(bewaar="1")
    assert len(db.session.scalars(select(ClassAgreement)).all()) == 2
    following = Board(board.world, OTHER_UNIT)
    assert "Wij vragen het eerst" in following.page()
    poster = visit(board.world.mentor, "schools.class_agreements_poster", class_id=board.world.school_class.id)
    assert "Wij vragen het eerst" in poster.text
    board.press_on_lead(heropen="1")
    board.press_on_lead(**{"idee-weg": other.id})
    assert db.session.scalars(select(AgreementIdea.id)).all() == [chosen.id]


def test_an_idea_that_is_empty_double_or_too_long_comes_back_with_words(app: Flask) -> None:
    board = Board(a_world())
    board.go(":afspraken")
    board.press_on_lead(tekst="Wij vragen het eerst", schrijf="1")
    for text, problem in (("  ", "Vul in"), ("wij vragen het EERST", "staat er al"), ("a" * 201, "te lang")):
        assert problem in board.press_on_lead(tekst=text, schrijf="1").text
    assert len(db.session.scalars(select(AgreementIdea)).all()) == 1


def test_a_full_list_of_agreements_says_so_and_keeps_what_fitted(app: Flask) -> None:
    board = Board(a_world())
    for number in range(2, 12):
        db.session.add(
            ClassAgreement(
                school_id=board.world.school.id,
                class_id=board.world.school_class.id,
                position=number,
                text=f"Afspraak {number}",
                written_at=now(),
            )
        )
    for text in ("Een", "Twee"):
        db.session.add(AgreementIdea(session_id=board.id, text=text, is_chosen=True, hands=1, written_at=now()))
    db.session.commit()
    board.go(":afspraken")
    assert "De lijst van de klas is vol" in board.press_on_lead(bewaar="1").text
    assert len(db.session.scalars(select(ClassAgreement)).all()) == 12


# ---- following, and nothing lost ----


def test_a_screen_that_asks_gets_304_until_something_changed(app: Flask) -> None:
    board = Board(a_world())
    for endpoint, values in (("classroom.board_now", {}), ("classroom.lead_now", {"class_id": board.world.school_class.id})):
        url = address(endpoint, session_id=board.id, **values)
        fresh = board.client.get(url)
        assert fresh.status_code == 200
        assert "<html" not in fresh.text
        same = board.client.get(url, headers={"If-None-Match": fresh.headers["ETag"]})
        assert (same.status_code, same.data) == (304, b"")
        board.press(stap="verder")
        assert board.client.get(url, headers={"If-None-Match": fresh.headers["ETag"]}).status_code == 200


def test_a_button_pressed_by_the_script_answers_with_the_new_part(app: Flask) -> None:
    board = Board(a_world())
    spot = board.spot
    fields = {"plek": f"{spot.beat}|{spot.phase.value}", "stap": "verder", "csrf_token": csrf_of(board.client)}
    found = board.client.post(address("classroom.do_on_board", session_id=board.id), data=fields, headers={SENT_BY_SCRIPT: "1"})
    assert found.status_code == 200
    assert "<html" not in found.text
    assert found.headers["ETag"]
    assert board.spot != spot


def test_after_a_restart_of_the_server_the_class_is_at_the_same_phase_with_the_same_counts(app: Flask) -> None:
    board = Board(a_world())
    beat = a_question(board)
    board.go(beat)
    board.count(beat.options[0][0], 5)
    board.press(stap="verder")
    restarted = another_app(settings_for(app.config["SQLALCHEMY_DATABASE_URI"]))
    with restarted.app_context():
        page = visit(board.world.mentor, "classroom.show_board", session_id=board.id).text
    assert "Stem weer" in page
    assert counts_of(board.session, beat.key) == {(FIRST, beat.options[0][0]): 5}


def test_a_lesson_that_was_changed_meanwhile_goes_on_from_the_beginning(app: Flask) -> None:
    board = Board(a_world())
    session = board.session
    session.beat, session.phase, session.path = "weg-uit-de-les", "onbekend", [["weg", "weg"]]
    db.session.commit()
    assert board.spot == Spot(":begin", Phase.LOOK)
    board.lead()
    board.press(stap="verder")
    assert board.stage.number == 1


def test_a_lesson_that_went_on_for_days_says_when_it_began_instead_of_counting_minutes(app: Flask) -> None:
    board = Board(a_world())
    session = board.session
    session.opened_at -= timedelta(days=7)
    db.session.commit()
    assert "begonnen op" in board.lead()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_the_mentor_page_plans_minutes_for_the_steps_of_every_lesson(lesson: Lesson) -> None:
    rows = planned(lesson.mentor.section("tijd").pieces)
    steps = {step.title for step in lesson.unit.steps}
    assert len({row.step for row in rows} & steps) >= len(steps) - 1
    assert all(row.minutes for row in rows)


# ---- odd input ----


@pytest.mark.parametrize(
    "fields",
    [
        {"stap": "opzij"}, {"fase": "onzin"}, {"fase": "afspraak"}, {"naar": "bestaat-niet"}, {"kies": "x"}, {"erbij:": "1"},
        {"erbij:bestaat-niet": "1"}, {"idee-kies": "zomaar"}, {"idee-weg": "f" * 32}, {"idee-erbij:" + "f" * 32: "1"}, {"opnieuw": "1"},
        {}, {"erbij:" + "é" * 400: "1"}, {"naar": "a" * 5000}, {"speel": "1"},
    ],
    ids=str,
)  # fmt: skip
def test_a_button_that_means_nothing_here_does_nothing(app: Flask, fields: dict[str, str]) -> None:
    board = Board(a_world())
    assert board.press(**fields).status_code == 302
    assert board.spot == Spot(":begin", Phase.LOOK)
    assert db.session.scalars(select(HandCount)).all() == []


def test_an_idea_of_another_class_is_out_of_reach(app: Flask) -> None:
    board, other = Board(a_world()), Board(a_world("compass"))
    db.session.add(AgreementIdea(id="a" * 32, session_id=other.id, text="Van een ander", written_at=now()))
    db.session.commit()
    board.go(":afspraken")
    for fields in ({"idee-kies": "a" * 32}, {"idee-weg": "a" * 32}, {"idee-erbij:" + "a" * 32: "1"}):
        board.press(**fields)
    idea = db.session.get(AgreementIdea, "a" * 32, populate_existing=True)
    assert idea is not None
    assert (idea.hands, idea.is_chosen) == (0, False)


# ---- who ----


def test_no_name_of_a_pupil_is_on_the_board_or_in_the_hand_of_the_mentor(app: Flask) -> None:
    board = Board(a_world())
    pages = [board.page(), board.lead()]
    board.go(a_question(board))
    pages += [board.page(), board.lead()]
    for page in pages:
        assert board.world.pupil.display_name not in page
        assert board.world.classmate.display_name not in page


def test_a_second_mentor_leads_along_and_a_substitute_no_longer_than_agreed(app: Flask) -> None:
    board = Board(a_world())
    second = a_mentor(board.world.school, of=[board.world.school_class])
    assert visit(second, "classroom.show_board", session_id=board.id).status_code == 200
    db.session.execute(update(Mentorship).where(Mentorship.person_id == second.id).values(until_on=today() - timedelta(days=1)))
    db.session.commit()
    assert visit(second, "classroom.show_board", session_id=board.id).status_code == 404


def test_the_address_of_a_lesson_under_another_class_of_the_same_mentor_is_not_found(app: Flask) -> None:
    board = Board(a_world())
    other = a_class(board.world.school, mentor=board.world.mentor)
    assert visit(board.world.mentor, "classroom.show_lead", client=board.client, class_id=other.id, session_id=board.id).status_code == 404


def test_an_ended_lesson_takes_no_more_hands(app: Flask) -> None:
    board = Board(a_world())
    beat = a_question(board)
    board.go(beat)
    board.press(einde="1")
    board.count(beat.options[0][0], 1)
    assert counts_of(board.session, beat.key) == {}
    assert "De les is gesloten" in board.lead()
    assert (SECOND, beat.options[0][0]) not in counts_of(board.session, beat.key)
