"""Reading the rule book of a school."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import bindparam, select

from common.database import db
from protocols.domain import Change, RuleBook, Stance, rule_book
from protocols.models import RuleChange
from protocols.parse import load_corpus

# A rule book is the same until the school makes a next change, so it is kept by the changes it stands on.
_kept: dict[tuple[str, ...], RuleBook] = {}
KEEP_AT_MOST = 256
# Asked with every page of a lesson, so it is built once.
_MADE = select(RuleChange.id).where(RuleChange.school_id == bindparam("school_id")).order_by(RuleChange.id)


@lru_cache(maxsize=16)
def protocol_book(protocol: str) -> RuleBook:
    """The rule book of a school that changed nothing: its protocol as it is."""
    return rule_book(load_corpus(), protocol)


def rule_book_of(school_id: str, protocol: str) -> RuleBook:
    """The rule book in force at a school: its protocol plus its own changes."""
    made = db.session.connection().execute(_MADE, {"school_id": school_id}).scalars()
    key = (school_id, protocol, *made)
    found = _kept.get(key)
    if found is None:
        found = rule_book(load_corpus(), protocol, changes_in_force(school_id))
        if len(_kept) >= KEEP_AT_MOST:
            _kept.clear()
        _kept[key] = found
    return found


def changes_in_force(school_id: str) -> list[Change]:
    """The newest decision per rule, without those that went back to the protocol."""
    return [_change(row) for row in newest_rows(school_id).values() if row.stance is not None]


def newest_rows(school_id: str) -> dict[str, RuleChange]:
    rows = db.session.scalars(select(RuleChange).where(RuleChange.school_id == school_id).order_by(RuleChange.number))
    return {row.rule_key: row for row in rows}


def history_of(school_id: str, rule_key: str) -> list[RuleChange]:
    """Every decision about one rule at one school, newest first."""
    return list(
        db.session.scalars(
            select(RuleChange).where(RuleChange.school_id == school_id, RuleChange.rule_key == rule_key).order_by(RuleChange.number.desc())
        )
    )


def _change(row: RuleChange) -> Change:
    assert row.stance is not None
    return Change(row.rule_key, Stance(row.stance), row.condition, row.condition_primary, tuple(row.articles))
