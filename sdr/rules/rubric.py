"""The agreement on what qualified means: criteria, their answers and points, who signed it.

`parse_rubric` reads it from text and refuses what could not work; `next_question` says what to ask first. The
points themselves are added up in `sdr.rules.scoring`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sdr.rules.grading import Grading, parse_grading
from sdr.rules.playbook_text import PlaybookError, Table, located, read, refuse_twins
from sdr.rules.text import width

SIDES = ("sales", "marketing")
SHORT_CELLS = 14  # what the card has room for


class RubricError(PlaybookError):
    """A rubric that cannot be agreed on: the text names the criterion and the fault, `line` where it is known."""


class Level(NamedTuple):
    """One answer. `meets` satisfies a must-have; `knock_out` is the disqualify reason it leads to."""

    digit: int
    key: str
    label: str
    short: str
    points: int
    meets: bool
    knock_out: str | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question: `question` is asked on a call, `ask` printed on a capture form.

    `best` is the answer to hope for: no knock-out before any, meeting a must-have before not, then the points.
    `spread` is how far the highest and the lowest points lie apart: what asking may move.
    """

    key: str
    label: str
    question: str
    ask: str
    levels: tuple[Level, ...]
    must_have: bool
    objections: tuple[str, ...]
    best: Level = field(init=False, repr=False)
    spread: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        def hope(level: Level) -> tuple[bool, bool, int]:
            return not level.knock_out, level.meets or not self.must_have, level.points

        points = [level.points for level in self.levels]
        object.__setattr__(self, "best", max(self.levels, key=hope))
        object.__setattr__(self, "spread", max(points) - min(points))

    def level(self, key: str | None) -> Level | None:
        """The answer with this key, if this question has it."""
        for level in self.levels:
            if level.key == key:
                return level
        return None

    def by_digit(self, digit: int) -> Level | None:
        """The answer under this digit, if there is one."""
        return next((level for level in self.levels if level.digit == digit), None)


class Rubric(NamedTuple):
    """One version of the agreement. A lead qualifies with `threshold` points or more and every must-have met."""

    name: str
    version: int
    threshold: int
    criteria: tuple[Criterion, ...]
    signed: Mapping[str, str]
    review_due: date | None
    grading: Grading

    def criterion(self, key: str) -> Criterion | None:
        """The question with this key, if the rubric has it."""
        return next((criterion for criterion in self.criteria if criterion.key == key), None)

    def answer(self, criterion: str, level: str) -> Level | None:
        """The level of an answer given by keys; None when this version does not know it."""
        asked = self.criterion(criterion)
        return asked.level(level) if asked else None

    @property
    def is_signed(self) -> bool:
        """Whether both sides have signed."""
        return all(self.signed.get(side) for side in SIDES)


def parse_rubric(text: str) -> Rubric:
    """The rubric that a TOML `text` holds. Raises `RubricError`."""
    top = read(text, "rubric.toml", RubricError)
    top.only("name", "version", "threshold", "review_due", "signed", "criterion", "fit", "engagement")
    tables = located(text, "criterion", top.tables("criterion", "criterion"))
    if not 1 <= len(tables) <= 9:
        raise top.fault(f"a rubric has one to nine criteria, this one {len(tables)}")
    refuse_twins(tables, "key", "label")
    criteria = tuple(_criterion(table) for table in tables)
    threshold = top.number("threshold", 1, 9_999)
    _refuse_unreachable(top, threshold, criteria)
    return Rubric(
        top.text("name", most=80),
        top.number("version", 1, 9_999, 1),
        threshold,
        criteria,
        _signed(top),
        top.day("review_due"),
        parse_grading(top),
    )


def _signed(top: Table) -> dict[str, str]:
    table = top.table("signed", "signed")
    table.only(*SIDES)
    return {side: table.text(side, most=120) for side in SIDES if side in table.values}


def _criterion(table: Table) -> Criterion:
    table.only("key", "label", "question", "ask", "must_have", "objections", "levels")
    tables = table.tables("levels", "level")
    if not 2 <= len(tables) <= 9:
        raise table.fault(f"a question has two to nine answers, one a digit; this one has {len(tables)}")
    refuse_twins(tables, "digit", "key")
    criterion = Criterion(
        table.key(),
        table.text("label", most=20),
        table.text("question", most=200),
        table.text("ask", most=200),
        tuple(sorted((_level(level) for level in tables), key=lambda level: level.digit)),
        table.flag("must_have"),
        table.words("objections"),
    )
    if criterion.must_have and not any(level.meets for level in criterion.levels):
        raise table.fault("it is a must-have but no answer has meets = true, so nobody could qualify")
    if all(level.knock_out for level in criterion.levels):
        raise table.fault("every answer knocks out, so nobody could qualify")
    return criterion


def _level(table: Table) -> Level:
    table.only("digit", "key", "label", "short", "points", "meets", "knock_out")
    label = table.text("label", most=60)
    short = table.text("short", label)
    if width(short) > SHORT_CELLS:
        raise table.fault(f'"short" must fit in {SHORT_CELLS} cells')
    level = Level(
        table.number("digit", 1, 9),
        table.key(),
        label,
        short,
        table.number("points", -999, 999),
        table.flag("meets"),
        table.optional_key("knock_out"),
    )
    if level.meets and level.knock_out:
        raise table.fault("an answer cannot both meet the must-have and knock out")
    return level


def _refuse_unreachable(top: Table, threshold: int, criteria: tuple[Criterion, ...]) -> None:
    best = sum(criterion.best.points for criterion in criteria)
    if best < threshold:
        raise top.fault(f"the threshold is {threshold}, but the best answers that qualify give only {best}")


def next_question(rubric: Rubric, answers: Mapping[str, str]) -> str | None:
    """The key of the open criterion that tells most, or None when all are answered.

    Must-haves come first, since one "no" there decides; then the widest spread of points; then file order. An
    answer that this version of the rubric does not know leaves its question open.
    """
    unanswered = [item for item in rubric.criteria if item.level(answers.get(item.key)) is None]
    first = min(unanswered, key=lambda item: (not item.must_have, -item.spread), default=None)
    return first.key if first else None
