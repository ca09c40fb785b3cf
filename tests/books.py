"""Rule books for tests that need no database."""

from __future__ import annotations

from protocols.domain import Change, RuleBook, Stance, rule_book
from protocols.parse import load_corpus

SCHOOLS = ("agora", "liudger", "ichthus", "compass", "tjongeling")


def the_book_of(protocol: str) -> RuleBook:
    return rule_book(load_corpus(), protocol)


def a_book_where(rule: str, stance: Stance, condition: str | None = "iedereen ja zegt") -> RuleBook:
    """Agora's book with another answer to one rule."""
    return the_book_of("agora").with_change(Change(rule, stance, condition, None, ()))
