"""A problem in a content file, told so that its author can mend it: where, what, and what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a file. line counts from 1; column from 1, or 0 where only the line is known.

    An advice (a long sentence, say) stops the content check of the project, but not a teamleider who publishes.
    """

    file: str
    line: int
    message: str
    remedy: str
    column: int = 0
    is_advice: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} → {self.remedy}"

    def as_dict(self) -> dict[str, str | int | bool]:
        return asdict(self)


class ContentError(Exception):
    """Content that cannot be used; carries every problem found, not just the first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
