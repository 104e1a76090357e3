"""The cursor over the rubric's questions during a talk: the one that tells most comes first, skipped ones last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sdr.rules.rubric import Criterion, Rubric, next_question


@dataclass(slots=True)
class Questions:
    """`known` are the answers from before the call, `answers` those of this one; `at` the question under the cursor."""

    rubric: Rubric
    known: Mapping[str, str]
    answers: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    at: str | None = None

    def __post_init__(self) -> None:
        self.move()

    @property
    def held(self) -> dict[str, str]:
        """Every answer known by now."""
        return {**self.known, **self.answers}

    @property
    def current(self) -> Criterion | None:
        """The question under the cursor; None when all are answered."""
        return self.rubric.criterion(self.at) if self.at else None

    def answer(self, digit: int) -> bool:
        """Answer the current question and move on; false when it has no such answer."""
        level = self.current.by_digit(digit) if self.current else None
        if self.at is None or level is None:
            return False
        self.answers[self.at] = level.key
        self.move()
        return True

    def move(self) -> None:
        """To the open question that tells most."""
        # What was skipped counts as answered while anything else is open.
        left = {item.key: item.levels[0].key for item in self.rubric.criteria if item.key in self.skipped}
        self.at = next_question(self.rubric, {**left, **self.held}) or next_question(self.rubric, self.held)

    def skip(self) -> None:
        """On to another open question; after the last one round again."""
        if self.at is None:
            return
        here = self.at
        self.skipped.append(here)
        self.move()
        if self.at == here:
            self.skipped = [here]
            self.move()

    def back(self) -> None:
        """The question before in the rubric's order, answered or not: to mend an answer."""
        keys = [item.key for item in self.rubric.criteria]
        place = keys.index(self.at) if self.at else len(keys)
        self.at = keys[(place - 1) % len(keys)]
