"""What is not yours is not there: other schools, other classes, the other track, and what comes later in the lesson."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from accounts.models import Person
from common.database import db
from protocols import actions as rule_actions
from protocols.domain import Change, Stance
from tests.page import address, client_of, csrf_of, send, visit
from tests.people import a_class, a_mentor, a_pupil, a_school, a_teamleider, an_answer_id
from tests.world import RULE, UNIT, a_world, finish, first_screen

pytestmark = pytest.mark.usefixtures("app")
OTHER_TRACK = "vriendschapsverzoek-voortgezet"


@pytest.mark.parametrize("path", ["/lessen/{unit}", "/lessen/{unit}/klaar", "/lessen/{unit}/stap/x", "/lessen/{unit}/stap/x/uitleg"])
def test_a_lesson_of_the_other_track_is_not_there_for_a_pupil(path: str) -> None:
    pupil = a_pupil(a_class(a_school(), "primair"))
    assert client_of(pupil).get(path.format(unit=OTHER_TRACK)).status_code == 404


def test_an_answer_to_the_other_track_is_not_taken() -> None:
    pupil = a_pupil(a_class(a_school(), "primair"))
    assert send(client_of(pupil), f"/lessen/{OTHER_TRACK}/stap/x", {"antwoord_id": an_answer_id()}).status_code == 404


def test_an_article_of_another_protocol_is_not_there() -> None:
    here, elsewhere = a_world("agora"), a_world("compass")
    from tests.world import an_article

    visit(here.pupil, "schools.show_article", article_id=an_article(here.school))
    assert visit(here.pupil, "schools.show_article", article_id=an_article(elsewhere.school)).status_code == 404


def test_a_change_of_one_school_is_seen_by_no_other() -> None:
    here, elsewhere = a_world("agora"), a_world("agora")
    change = Change(RULE, Stance.MAG_ALS, "alleen op woensdag in het lokaal van Noor", "alleen op woensdag", ())
    rule_actions.change_rule(here.school.id, change, author_id=here.teamleider.id, at=here.pupil.created_at, seen=0)
    db.session.commit()
    assert "woensdag" in visit(here.mentor, "schools.show_agreements").text
    assert "woensdag" not in visit(elsewhere.mentor, "schools.show_agreements").text


def test_a_published_lesson_of_one_school_is_read_by_no_other() -> None:
    from common.clock import now
    from lessons.queries import KIND
    from revisions.actions import publish

    here, elsewhere = a_school(), a_school()
    author = a_teamleider(here)
    with open("lessons/content/primair/vriendschapsverzoek.md", encoding="utf-8") as file:
        text = file.read().replace('title: "Wie laat jij erbij?"', 'title: "Alleen bij ons"')
    publish(here.id, KIND, UNIT, text, seen=0, note="", author_id=author.id, at=now())
    db.session.commit()
    assert "Alleen bij ons" in visit(a_pupil(a_class(here)), "lessons.home").text
    assert "Alleen bij ons" not in visit(a_pupil(a_class(elsewhere)), "lessons.home").text


def test_the_feedback_of_a_classmate_is_not_shown() -> None:
    world = a_world()
    key = first_screen("open")
    for pupil in (world.pupil, world.classmate):
        finish(pupil, world.school_class, but=key)
    client = client_of(world.classmate)
    url = address("lessons.answer_screen", unit=UNIT, screen=key)
    client.post(url, data={"csrf_token": csrf_of(client), "antwoord_id": an_answer_id(), "tekst": "Geheim van mij"})
    page = client_of(world.pupil).get(f"{url}/uitleg", follow_redirects=True)
    assert "Geheim van mij" not in page.text
    assert "Geheim van mij" not in client_of(world.pupil).get(url).text


def test_a_mentor_without_classes_sees_none() -> None:
    world = a_world()
    page = visit(a_mentor(world.school), "progress.list_classes", follow=True)
    assert world.school_class.code not in page.text
    assert world.pupil.display_name not in page.text


def test_a_role_or_a_school_is_never_taken_from_what_was_sent() -> None:
    """Extra fields in any form change nothing of the account that sends them."""
    world = a_world()
    extra = {"role": "beheerder", "rol": "beheerder", "school_id": "x", "class_id": "x", "is_active": "", "runs_installation": "1"}
    before = _account(world.mentor)
    for url in ("/account/wachtwoord", "/account/tweede-stap", f"/klassen/{world.school_class.id}/kaartjes"):
        send(client_of(world.mentor), url, extra)
    assert _account(world.mentor) == before


def _account(person: Person) -> tuple[object, ...]:
    db.session.rollback()
    row = db.session.execute(
        select(Person.role, Person.school_id, Person.class_id, Person.is_active, Person.runs_installation).where(Person.id == person.id)
    ).one()
    return tuple(row)


def test_what_is_not_there_and_what_is_not_yours_look_the_same() -> None:
    world, elsewhere = a_world(), a_world("compass")
    import re

    pages = []
    for class_id in (elsewhere.school_class.id, "0" * 32):
        response = visit(world.mentor, "progress.show_class", class_id=class_id)
        pages.append((response.status_code, re.sub(r"[0-9a-f]{12}", "", response.text)))
    assert pages[0] == pages[1]
