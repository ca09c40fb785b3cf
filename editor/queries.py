"""What the editor reads: texts with their drafts, versions and authors, always of one school."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from accounts.models import Person
from common.database import db
from common.problems import Problem
from lessons.library import Lesson
from lessons.queries import KIND, lesson_for, lessons_for, library, own_text_problems
from protocols.domain import Track
from revisions.models import Draft, Revision
from revisions.queries import draft_of, drafts_of, newest_of


@dataclass(frozen=True)
class LessonRow:
    """One lesson in the list. version is None as long as the school published nothing of its own."""

    lesson: Lesson
    version: Revision | None
    draft: Draft | None
    version_author: str | None
    draft_author: str | None
    problems: tuple[Problem, ...]

    @property
    def is_own(self) -> bool:
        return self.version is not None and self.version.text is not None


def lesson_rows(school_id: str) -> list[tuple[Track, list[LessonRow]]]:
    """Every lesson per track, with what the school made of it."""
    newest = {row.key: row for row in _newest_rows(school_id)}
    drafts = drafts_of(school_id, KIND)
    names = names_of(school_id, [*(row.author_id for row in newest.values()), *(draft.author_id for draft in drafts.values())])
    return [
        (track, [_row(school_id, lesson, newest.get(lesson.slug), drafts.get(lesson.slug), names) for lesson in library().of_track(track)])
        for track in Track
    ]


def _row(school_id: str, lesson: Lesson, version: Revision | None, draft: Draft | None, names: dict[str, str]) -> LessonRow:
    problems = problems_of(school_id, lesson.slug, version.id) if version and version.text is not None else ()
    by = names.get(version.author_id or "") if version else None
    return LessonRow(lesson, version, draft, by, names.get(draft.author_id or "") if draft else None, problems)


def _newest_rows(school_id: str) -> Sequence[Revision]:
    rows = db.session.scalars(select(Revision).where(Revision.school_id == school_id, Revision.kind == KIND).order_by(Revision.number))
    return list({row.key: row for row in rows}.values())


@lru_cache(maxsize=512)
def problems_of(school_id: str, slug: str, _revision_id: str) -> tuple[Problem, ...]:
    """Why the newest published text of a lesson cannot be used; kept by its id, since a published text never changes."""
    return tuple(problem for problem in own_text_problems(school_id, slug) if not problem.is_advice)


def names_of(school_id: str, ids: Iterable[str | None]) -> dict[str, str]:
    """The names of people of this school by id. Somebody who left is not in it."""
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    rows = db.session.execute(select(Person.id, Person.display_name).where(Person.school_id == school_id, Person.id.in_(wanted)))
    return {row.id: row.display_name for row in rows}


def all_lessons_of(school_id: str) -> list[Lesson]:
    """The lessons of both tracks as the school gives them."""
    return [lesson for track in Track for lesson in lessons_for(school_id, track.value)]


def text_for_pupils(school_id: str, slug: str) -> str:
    """The text that pupils get now."""
    lesson = lesson_for(school_id, slug)
    return lesson.unit.text if lesson else ""


def text_to_write_on(school_id: str, slug: str, shipped: Lesson) -> tuple[str, Draft | None]:
    """Where a writer goes on: the draft, else what was published last (also when it no longer fits), else the shipped text."""
    draft, newest = draft_of(school_id, KIND, slug), newest_of(school_id, KIND, slug)
    if draft:
        return draft.text, draft
    return (newest.text if newest and newest.text is not None else shipped.unit.text), None


def text_before(rows: Sequence[Revision], number: int, shipped: Lesson) -> str:
    """The text that was live before a version; rows are the history, newest first."""
    earlier = next((row for row in rows if row.number < number), None)
    return earlier.text if earlier and earlier.text is not None else shipped.unit.text
