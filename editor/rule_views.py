"""Agreements: a table of all rules, changing one, seeing beforehand what that touches, publishing and undoing it."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from access.guards import requires, viewer
from access.policy import Permission
from common import audit
from common.clock import now
from common.database import writing
from editor import queries
from editor.domain import Counts, LessonImpact, counts_of, impact_of, units_using
from editor.forms import RuleForm, read_filter, read_rule, rule_form_of, whole_number
from editor.views import blueprint
from protocols.actions import ColleagueWasFirst, back_to_protocol, change_rule, undo
from protocols.domain import Answer, Change, Rule, RuleBook, Stance
from protocols.models import RuleChange
from protocols.queries import history_of
from schools.queries import book_of

RULE = "/redactie/regels/<string:rule_key>"
# What the second page can be asked to do, and how the log book calls it.
WAYS = {"wijzig": "regel-gewijzigd", "ongedaan": "regel-ongedaan-gemaakt", "protocol": "regel-terug-naar-protocol"}


def _rule(rule_key: str) -> Rule:
    return book_of(viewer()).corpus.rules.get(rule_key[:80]) or abort(404)


@blueprint.get("/redactie/regels")
@requires(Permission.EDIT_CONTENT)
def list_rules() -> ResponseReturnValue:
    """All agreements of the school in groups, and the ones that were asked for only."""
    book = book_of(viewer())
    groups = list(dict.fromkeys(rule.group for rule in book.corpus.rules.values()))
    wanted = read_filter(request.args, set(groups))
    used = units_using(queries.all_lessons_of(viewer().school_id))
    rules = [rule for rule in book.corpus.rules.values() if _fits(rule, book, wanted)]
    tables = [(group, [_row(rule, book, used) for rule in rules if rule.group == group]) for group in groups]
    return render_template(
        "editor/rules.html", tables=[(group, rows) for group, rows in tables if rows], groups=groups, wanted=wanted, count=len(rules),
        total=len(book.answers), own=sum(answer.own for answer in book.answers.values()),
    )  # fmt: skip


def _fits(rule: Rule, book: RuleBook, wanted: Any) -> bool:
    answer = book.answer_to(rule.key)
    said = f"{rule.question} {rule.question_primary} {answer.condition or ''} {rule.group}".casefold()
    return (
        (not wanted.track or wanted.track in rule.tracks)
        and (not wanted.group or rule.group == wanted.group)
        and (not wanted.own or answer.own)
        and (not wanted.core or rule.is_core)
        and (not wanted.silent or answer.stance is Stance.NIET_GEREGELD)
        and all(word in said for word in wanted.words.casefold().split())
    )


def _row(rule: Rule, book: RuleBook, used: dict[str, int]) -> dict[str, Any]:
    answer = book.answer_to(rule.key)
    return {
        "key": rule.key, "question": rule.question, "stance": answer.stance.value, "condition": answer.condition, "own": answer.own,
        "article": ", ".join(article.number for article in book.articles_on(rule.key)), "used": used.get(rule.key, 0),
    }  # fmt: skip


# ---- one rule ----


@blueprint.get(RULE)
@requires(Permission.EDIT_CONTENT)
def rule_edit(rule_key: str) -> ResponseReturnValue:
    """What the school answers to one question, to be changed."""
    rule = _rule(rule_key)
    history = history_of(viewer().school_id, rule.key)
    return _form_page(rule, rule_form_of(book_of(viewer()).answer_to(rule.key), _seen(history)))


@blueprint.post(RULE)
@requires(Permission.EDIT_CONTENT)
def rule_edit_again(rule_key: str) -> ResponseReturnValue:
    """Back from the second page to the form, with everything as it was typed."""
    rule = _rule(rule_key)
    form = _read(rule)
    form.problems.clear()
    return _form_page(rule, form)


@blueprint.post(f"{RULE}/gevolgen")
@requires(Permission.EDIT_CONTENT)
def rule_impact(rule_key: str) -> ResponseReturnValue:
    """What the change touches. Nothing is stored yet."""
    rule, way = _rule(rule_key), request.form.get("wat", "")
    if way not in WAYS:
        abort(400)
    form = _read(rule) if way == "wijzig" else RuleForm(seen=whole_number(request.form, "gezien"))
    if form.problems:
        return _form_page(rule, form), 422
    if form.seen != _seen(history_of(viewer().school_id, rule.key)):
        return _colleague_was_first(rule, form, way)
    return _impact_page(rule, form, way)


@blueprint.post(f"{RULE}/publiceren")
@requires(Permission.EDIT_CONTENT)
def rule_publish(rule_key: str) -> ResponseReturnValue:
    """Put the change in force for this school. Answers that pupils gave before keep the stance they were judged by."""
    rule, way = _rule(rule_key), request.form.get("wat", "")
    if way not in WAYS:
        abort(400)
    form = _read(rule) if way == "wijzig" else RuleForm(seen=whole_number(request.form, "gezien"))
    if form.problems:
        return _form_page(rule, form), 422
    try:
        with writing():
            _act(rule, form, way)
            audit.note(WAYS[way], viewer().school_id, viewer().id, rule.key)
    except ColleagueWasFirst:
        return _colleague_was_first(rule, form, way)
    flash(_("De afspraak is gewijzigd. Lessen en vragen volgen vanaf nu."), "success")
    return redirect(url_for(".rule_edit", rule_key=rule.key))


def _act(rule: Rule, form: RuleForm, way: str) -> None:
    me = viewer()
    if way == "wijzig":
        change_rule(me.school_id, form.change(rule.key), author_id=me.id, at=now(), seen=form.seen)
    elif way == "ongedaan":
        undo(me.school_id, rule.key, author_id=me.id, at=now(), seen=form.seen)
    else:
        back_to_protocol(me.school_id, rule.key, author_id=me.id, at=now(), seen=form.seen)


def _read(rule: Rule) -> RuleForm:
    book = book_of(viewer())
    return read_rule(request.form, book.corpus.articles_of(book.protocol.key), book.answer_to(rule.key))


def _seen(history: list[RuleChange]) -> int:
    return history[0].number if history else 0


def _form_page(rule: Rule, form: RuleForm, *, colleague: bool = False) -> str:
    book = book_of(viewer())
    history = history_of(viewer().school_id, rule.key)
    articles = book.corpus.articles_of(book.protocol.key)
    sections = [(title, list(found)) for title, found in groupby(articles, lambda article: article.section)]
    return render_template(
        "editor/rule.html", rule=rule, form=form, problems=form.problems, answer=book.answer_to(rule.key), book=book, sections=sections,
        shipped=rule.answers[book.protocol.key], history=history, articles=book.corpus.articles, colleague=colleague,
        authors=queries.names_of(viewer().school_id, [row.author_id for row in history]), stances=list(Stance),
        used=units_using(queries.all_lessons_of(viewer().school_id)).get(rule.key, 0),
    )  # fmt: skip


def _colleague_was_first(rule: Rule, form: RuleForm, way: str) -> ResponseReturnValue:
    """What the colleague published beside what was typed; saving once more goes on top of theirs."""
    history = history_of(viewer().school_id, rule.key)
    if way != "wijzig":
        flash(_("Een collega veranderde deze afspraak net. Kijk eerst wat er nu staat."), "warning")
        return redirect(url_for(".rule_edit", rule_key=rule.key))
    form.seen = _seen(history)
    return _form_page(rule, form, colleague=True), 409


def _impact_page(rule: Rule, form: RuleForm, way: str) -> str:
    before = book_of(viewer())
    after = _book_after(rule, form, way, before)
    impacts: list[LessonImpact] = impact_of(before, after, queries.all_lessons_of(viewer().school_id))
    counts: Counts = counts_of(impacts)
    return render_template(
        "editor/rule_impact.html", rule=rule, form=form, way=way, before=before, after=after, was=before.answer_to(rule.key),
        will=after.answer_to(rule.key), impacts=impacts, counts=counts, articles=before.corpus.articles,
    )  # fmt: skip


def _book_after(rule: Rule, form: RuleForm, way: str, before: RuleBook) -> RuleBook:
    """The rule book as it would be."""
    if way == "wijzig":
        return before.with_change(form.change(rule.key))
    row = _row_that_returns(rule) if way == "ongedaan" else None
    if row is None or row.stance is None:
        return _with_answer(before, rule, rule.answers[before.protocol.key])
    return before.with_change(Change(rule.key, Stance(row.stance), row.condition, row.condition_primary, tuple(row.articles)))


def _row_that_returns(rule: Rule) -> RuleChange | None:
    history = history_of(viewer().school_id, rule.key)
    return history[1] if len(history) > 1 else None


def _with_answer(book: RuleBook, rule: Rule, answer: Answer) -> RuleBook:
    return RuleBook(book.protocol, book.corpus, {**book.answers, rule.key: answer})
