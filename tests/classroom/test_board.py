"""A mentor gives a lesson on the board: open it, go on, vote, talk, vote again."""

from __future__ import annotations

from flask.testing import FlaskClient

from classroom.models import LiveSession
from common.database import db
from tests.page import address, client_of, send, visit
from tests.world import UNIT, World, a_world


def begin(world: World, client: FlaskClient, unit: str = UNIT, **fields: str) -> LiveSession:
    response = send(client, address("classroom.start_lesson", class_id=world.school_class.id, unit=unit), {"apparaten": "nee", **fields})
    assert response.status_code == 302
    return db.session.query(LiveSession).order_by(LiveSession.opened_at.desc(), LiveSession.id).first()


def test_a_mentor_walks_through_a_whole_lesson_with_one_button(app: object) -> None:
    world = a_world()
    client = client_of(world.mentor)
    session = begin(world, client)
    seen = []
    for _turn in range(400):
        page = visit(world.mentor, "classroom.show_board", client=client, session_id=session.id)
        assert page.status_code == 200
        lead = visit(world.mentor, "classroom.show_lead", client=client, class_id=session.class_id, session_id=session.id)
        assert lead.status_code == 200
        db.session.refresh(session)
        if (session.version, session.beat, session.phase) in seen:
            break
        seen.append((session.version, session.beat, session.phase))
        token = f"{session.beat}|{session.phase}"
        choice = page.text.split('name="kies" value="')[1].split('"')[0] if 'name="kies"' in page.text else None
        send(
            client,
            address("classroom.do_on_board", session_id=session.id),
            {"plek": token, **({"kies": choice} if choice else {"stap": "verder"})},
        )
    assert seen[0][1] == ":begin"
    assert seen[-1][1] == ":einde"
