"""What the two types with a list of answers share: the answers, their explanations, and how each is weighed."""

from __future__ import annotations

from collections.abc import Iterator

from protocols.domain import Corpus, RuleBook
from quizzes.domain import (
    Bound,
    Fault,
    Item,
    Key,
    Moves,
    Outcome,
    Part,
    Place,
    RuleTexts,
    Text,
    doubles,
    move_faults,
    outcome_of,
    ruling_of,
    stance_faults,
    why_of,
)  # fmt: skip


class Option(Moves):
    """One possible answer with its own explanation in three moves."""

    id: Key
    text: Text
    right: bool = False


class WithOptions(Item):
    """An item with answers to choose from, judged by what is right or by the school's stance on a rule."""

    options: tuple[Option, ...]

    @property
    def parts_count(self) -> int:
        return len(self.options)

    def texts_by_id(self) -> dict[str, str]:
        return {option.id: option.text for option in self.options}

    def bound(self) -> Iterator[Bound]:
        if self.rule and self.by_stance:
            yield Bound(self.rule, self.by_stance, self.texts_by_id())

    def right_answers(self, book: RuleBook) -> list[str] | None:
        if self.rule and self.by_stance:
            return next(self.bound()).right(book)
        return [option.id for option in self.options if option.right]

    def option_faults(self, at: Place, corpus: Corpus) -> Iterator[Fault]:
        del corpus
        yield from doubles([option.id for option in self.options], (*at, "options"), self.id)
        if bool(self.rule) != bool(self.by_stance):
            yield at, f"{self.id}: rule en by_stance horen bij elkaar", "geef beide of geen van beide"
        if self.by_stance:
            if any(option.right for option in self.options):
                yield at, f"{self.id}: right staat bij een antwoord én in by_stance", "laat right bij de antwoorden weg"
            yield from stance_faults(self.by_stance, set(self.texts_by_id()), (*at, "by_stance"), self.id)
        for number, option in enumerate(self.options):
            several_right = self.ticks and option.right
            yield from move_faults(option, (*at, "options", number), f"{self.id}, {option.id}", rule=self.rule, thought=not several_right)

    def option_part(self, option: Option, chosen: bool, book: RuleBook, texts: RuleTexts) -> Part:
        ruling = ruling_of(self.rule, self.by_stance, book)
        outcome = outcome_of(option.id, [option.id] if option.right else [], ruling)
        good = chosen == (outcome is Outcome.FOLLOWS) or outcome is Outcome.FAIR if self.ticks else outcome.is_right
        return Part(
            option.id, option.text, outcome, chosen, outcome.is_right, good, option.think,
            why_of(self.rule, ruling, option.why, book, texts), option.now,
        )  # fmt: skip
