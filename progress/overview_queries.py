"""Counting a school for its teamleider: running totals of the lessons, and one grouped select over the answers. No query per class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select

from access.domain import Role, Viewer
from accounts.models import Person
from common.clock import SCHOOL_TIME
from common.database import db
from lessons.library import Lesson
from lessons.models import UnitProgress
from lessons.parse import parse_unit
from lessons.queries import KIND, lessons_for, library
from progress.overview import Counts, ItemCount, SchoolClassCount, UnitCount, year_begins
from protocols.parse import load_corpus
from protocols.queries import newest_rows
from quizzes.domain import Outcome
from quizzes.models import Answer
from revisions.models import Revision
from schools.models import SchoolClass
from schools.queries import pupil_counts

MOMENTS = ("starter", "lesson", "closing")


def lessons_of(viewer: Viewer, classes: Sequence[SchoolClassCount], tracks: Mapping[str, str]) -> dict[str, list[Lesson]]:
    """The lessons of each track that the school has classes in."""
    wanted = {tracks[one.year_group] for one in classes if one.year_group in tracks}
    return {track: lessons_for(viewer.school_id, track) for track in sorted(wanted)}


def classes_of(viewer: Viewer) -> tuple[SchoolClassCount, ...]:
    """Every class of the viewer's own school, with how many pupils it has."""
    pupils = pupil_counts(viewer.school_id)
    rows = db.session.execute(
        select(SchoolClass.id, SchoolClass.name, SchoolClass.year_group)
        .where(SchoolClass.school_id == viewer.school_id)
        .order_by(SchoolClass.name)
    )
    return tuple(SchoolClassCount(class_id, name, year_group, pupils.get(class_id, 0)) for class_id, name, year_group in rows)


def count(viewer: Viewer, classes: tuple[SchoolClassCount, ...], lessons: Mapping[str, Sequence[Lesson]], today: date) -> Counts:
    """Everything that the page stands on, in two grouped selects whatever the number of classes."""
    ids = [one.id for one in classes]
    return Counts(classes, tuple(_units(ids, today)), tuple(_items(viewer, ids, lessons)))


def _is_here(class_id: ColumnElement[str], pupil_id: ColumnElement[str]) -> ColumnElement[bool]:
    """A row of a pupil who is in this class today."""
    return and_(Person.id == pupil_id, Person.class_id == class_id, Person.role == Role.PUPIL, Person.is_active)


def _units(ids: Sequence[str], today: date) -> list[UnitCount]:
    this_year = year_begins(today)
    last_year = this_year.replace(year=this_year.year - 1)
    active = func.coalesce(UnitProgress.finished_at, UnitProgress.seen_at)
    in_this, in_last = active >= _midnight(this_year), and_(active >= _midnight(last_year), active < _midnight(this_year))
    rows = db.session.execute(
        select(
            UnitProgress.class_id, UnitProgress.unit, func.count(), func.count(UnitProgress.finished_at),
            func.sum(case((in_this, 1), else_=0)), func.sum(case((in_last, 1), else_=0)),
        )
        .join(Person, _is_here(UnitProgress.class_id, UnitProgress.pupil_id))  # type: ignore[arg-type]
        .where(UnitProgress.class_id.in_(ids))
        .group_by(UnitProgress.class_id, UnitProgress.unit)
    )  # fmt: skip
    return [UnitCount(class_id, unit, begun, done, int(this), int(last)) for class_id, unit, begun, done, this, last in rows]


def _items(viewer: Viewer, ids: Sequence[str], lessons: Mapping[str, Sequence[Lesson]]) -> list[ItemCount]:
    both = case((and_(UnitProgress.starter_total > 0, UnitProgress.starter_total == UnitProgress.closing_total), 1), else_=0).label("both")
    scored = Answer.outcome.in_([outcome.value for outcome in Outcome if outcome.is_scored])
    is_right = case((Answer.outcome.in_([outcome.value for outcome in Outcome if outcome.is_right]), 1), else_=0)
    keys = (Answer.class_id, Answer.unit, Answer.item, Answer.moment, both)
    found = (
        select(*keys, func.count(), func.sum(is_right))
        .join(Person, _is_here(Answer.class_id, Answer.pupil_id))  # type: ignore[arg-type]
        .join(UnitProgress, and_(UnitProgress.pupil_id == Answer.pupil_id, UnitProgress.unit == Answer.unit))
        .where(Answer.class_id.in_(ids), Answer.is_first, Answer.moment.in_(MOMENTS), scored)
        .group_by(*keys)
    )
    outdated = _outdated(viewer, lessons)
    rows = db.session.execute(found.where(not_(or_(*outdated))) if outdated else found)
    return [
        ItemCount(class_id, unit, item, moment, bool(did), count, int(right)) for class_id, unit, item, moment, did, count, right in rows
    ]


def _outdated(viewer: Viewer, lessons: Mapping[str, Sequence[Lesson]]) -> list[ColumnElement[bool]]:
    """Answers that were weighed before the school changed the agreement: they say nothing of the one that holds now."""
    if not viewer.has_own_rules:
        return []
    changed = {key: row.changed_at for key, row in newest_rows(viewer.school_id).items()}
    found = []
    for lesson in (lesson for those in lessons.values() for lesson in those):
        for key, at in changed.items():
            items = [item.id for item in lesson.quiz.items if key in item.rules()]
            if items:
                found.append(and_(Answer.unit == lesson.slug, Answer.item.in_(items), Answer.answered_at < at))
    return found


def _midnight(day: date) -> datetime:
    """The beginning of a day at school, as the database keeps moments: UTC without a zone."""
    in_utc = datetime.combine(day, time(), UTC)
    return (in_utc - (in_utc.astimezone(SCHOOL_TIME).utcoffset() or timedelta())).replace(tzinfo=None)


# ---- own texts ----


def lessons_that_no_longer_fit(school_id: str) -> list[Lesson]:
    """The lessons of which the text that the school published cannot be used any more; pupils get an older one."""
    rows = db.session.scalars(select(Revision).where(Revision.school_id == school_id, Revision.kind == KIND).order_by(Revision.number))
    newest = {row.key: row for row in rows}
    shipped = {slug: lesson for slug in newest if (lesson := library().get(slug))}
    return [lesson for slug, lesson in shipped.items() if not _fits(newest[slug].id, newest[slug].text, lesson)]


def _fits(revision_id: str, text: str | None, shipped: Lesson) -> bool:
    return text is None or _can_be_read(revision_id, text, shipped.slug)


@lru_cache(maxsize=512)
def _can_be_read(_revision_id: str, text: str, slug: str) -> bool:
    """Kept by its id, since a published text never changes."""
    return parse_unit(slug, text, library().lessons[slug].quiz, load_corpus())[0] is not None
