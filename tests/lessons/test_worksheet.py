"""The lesson on paper: everything that a pupil without a device needs, and nothing that gives an answer away."""

from __future__ import annotations

import pytest
from markupsafe import escape

from tests.page import visit
from tests.world import UNIT, a_world, lesson

pytestmark = pytest.mark.usefixtures("app")


def test_a_mentor_prints_every_question_of_one_half_of_the_class() -> None:
    world = a_world()
    page = visit(world.mentor, "lessons.show_worksheet", unit=UNIT, helft="2").text
    asked = [screen.item.question for screen in lesson().screens(2) if screen.item is not None]
    assert len(asked) > 10
    for number, question in enumerate(asked, 1):
        assert f"<h3>{number}. {escape(question)}</h3>" in page


def test_the_paper_tells_no_explanation_and_no_right_answer() -> None:
    world = a_world()
    page = visit(world.mentor, "lessons.show_worksheet", unit=UNIT).text
    for screen in lesson().screens(1):
        for option in getattr(screen.item, "options", ()):
            assert str(escape(option.now)) not in page


def test_the_rule_on_paper_is_the_rule_of_the_own_school() -> None:
    agora, tjongeling = (visit(a_world(protocol).mentor, "lessons.show_worksheet", unit=UNIT).text for protocol in ("agora", "tjongeling"))
    assert "artikel" in agora
    assert agora != tjongeling


def test_a_half_that_does_not_exist_is_not_found() -> None:
    assert visit(a_world().mentor, "lessons.show_worksheet", unit=UNIT, helft="3", status=404).status_code == 404
