"""Writing the school's own changes to its rule book."""

from __future__ import annotations

from datetime import datetime

from common.database import db, was_added
from protocols.domain import Change
from protocols.models import RuleChange
from protocols.queries import history_of


class ColleagueWasFirst(Exception):
    """Somebody else changed the rule after the form was opened."""


def change_rule(school_id: str, change: Change, *, author_id: str, at: datetime, seen: int) -> RuleChange:
    """Put a school's own answer in force. seen is the number of changes the author had before the eyes."""
    return _add(school_id, change.rule_key, seen, author_id, at, change)


def back_to_protocol(school_id: str, rule_key: str, *, author_id: str, at: datetime, seen: int) -> RuleChange:
    """Let the protocol itself answer again."""
    return _add(school_id, rule_key, seen, author_id, at, None)


def undo(school_id: str, rule_key: str, *, author_id: str, at: datetime, seen: int) -> RuleChange | None:
    """Return to what was in force before the newest change. None when there is nothing to undo."""
    rows = history_of(school_id, rule_key)
    if not rows:
        return None
    before = rows[1] if len(rows) > 1 else None
    row = _add(school_id, rule_key, seen, author_id, at, None)
    if before is not None and before.stance is not None:
        row.stance, row.condition, row.condition_primary = before.stance, before.condition, before.condition_primary
        row.articles = list(before.articles)
        db.session.flush()
    return row


def _add(school_id: str, rule_key: str, seen: int, author_id: str, at: datetime, change: Change | None) -> RuleChange:
    rows = history_of(school_id, rule_key)
    newest = rows[0].number if rows else 0
    if newest != seen:
        raise ColleagueWasFirst
    row = RuleChange(
        school_id=school_id,
        rule_key=rule_key,
        number=newest + 1,
        stance=change.stance.value if change else None,
        condition=change.condition if change else None,
        condition_primary=change.condition_primary if change else None,
        articles=list(change.articles) if change else [],
        author_id=author_id,
        changed_at=at,
    )
    if not was_added(row):
        raise ColleagueWasFirst
    return row
