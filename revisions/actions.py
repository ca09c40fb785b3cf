"""Saving drafts and publishing. Two writers never overwrite each other unseen."""

from __future__ import annotations

from datetime import datetime

from common.database import db, was_added
from revisions.models import Draft, Revision
from revisions.queries import draft_of, newest_of


class ColleagueWasFirst(Exception):
    """Somebody else saved or published after this form was opened. theirs is what stands there now."""

    def __init__(self, theirs: str) -> None:
        super().__init__()
        self.theirs = theirs


def save_draft(school_id: str, kind: str, key: str, text: str, *, seen: int, author_id: str, at: datetime) -> Draft:
    """Keep a draft. seen is the version the writer had before the eyes (0: there was none)."""
    draft = draft_of(school_id, kind, key, to_change=True)
    if draft is None:
        draft = Draft(school_id=school_id, kind=kind, key=key, text=text, version=1, author_id=author_id, saved_at=at)
        if seen or not was_added(draft):
            raise ColleagueWasFirst("")
    else:
        if draft.version != seen:
            raise ColleagueWasFirst(draft.text)
        draft.text, draft.version, draft.author_id, draft.saved_at = text, seen + 1, author_id, at
    db.session.flush()
    return draft


def drop_draft(school_id: str, kind: str, key: str, *, seen: int) -> None:
    """Let a draft go. seen is the version the writer had before the eyes."""
    draft = draft_of(school_id, kind, key, to_change=True)
    if draft is None or draft.version != seen:
        raise ColleagueWasFirst(draft.text if draft else "")
    db.session.delete(draft)
    db.session.flush()


def publish(school_id: str, kind: str, key: str, text: str | None, *, seen: int, note: str, author_id: str, at: datetime) -> Revision:
    """Make a text live; None goes back to the shipped text. seen is the newest number the writer knew (0: none)."""
    newest = newest_of(school_id, kind, key)
    number = newest.number if newest else 0
    if number != seen:
        raise ColleagueWasFirst((newest.text if newest else None) or "")
    row = Revision(school_id=school_id, kind=kind, key=key, number=number + 1, text=text, note=note, author_id=author_id, published_at=at)
    if not was_added(row):
        raise ColleagueWasFirst("")
    return row
