"""One lead judged by a rubric: points, verdict, grade, and the reason for every point.

The verdict rests on the rubric's answers alone; fit and engagement stand beside it as the grade. Nothing here
depends on the order in which answers or events arrive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from sdr.rules.grading import Event, Facts, Part, engagement_parts, fit_parts, grade
from sdr.rules.rubric import Criterion, Level, Rubric, next_question

Verdict = Literal["qualified", "not yet", "knocked out", "open"]
Given = list[tuple[Criterion, Level]]


class Known(NamedTuple):
    """How much of the rubric is answered."""

    answered: int
    of: int


class Score(NamedTuple):
    """What a rubric says of one lead.

    `total` is the points of the answers, which the threshold judges; `fit` and `engagement` are points of their
    own. `verdict`: qualified; knocked out (`knock_out` is the disqualify reason); open, when the questions left
    could still qualify it; not yet, when only a better answer could. `missing` names the must-haves not met,
    `would` says what would move the score. The points of `parts` add up to the three numbers, axis by axis.
    """

    total: int
    fit: int
    engagement: int
    known: Known
    grade: str
    verdict: Verdict
    knock_out: str | None
    missing: tuple[str, ...]
    parts: tuple[Part, ...]
    would: str


def score(
    rubric: Rubric, answers: Mapping[str, str], facts: Facts, events: Iterable[Event] = (), *, now: datetime
) -> Score:
    """The score of a lead at `now` (aware). `answers` maps criterion key to level key.

    Keys that this version of the rubric does not know count as unanswered.
    """
    given = _given(rubric, answers)
    fit, engagement = fit_parts(rubric.grading, facts), engagement_parts(rubric.grading, events, now)
    fit_points, engaged_points = _sum(fit), _sum(engagement)
    total, found = _points(given), _verdict(rubric, given)
    return Score(
        total,
        fit_points,
        engaged_points,
        Known(len(given), len(rubric.criteria)),
        grade(rubric.grading, fit_points, engaged_points, facts, len(given), len(rubric.criteria)),
        found,
        _knock_out(given),
        _unmet(rubric, given),
        (*[Part("answers", item.label, level.points, level.label) for item, level in given], *fit, *engagement),
        _would(rubric, answers, given) if found == "open" else "",
    )


def unmet(rubric: Rubric, answers: Mapping[str, str]) -> tuple[str, ...]:
    """The labels of the must-haves that no answer meets yet, in the rubric's order."""
    return _unmet(rubric, _given(rubric, answers))


def verdict(rubric: Rubric, answers: Mapping[str, str]) -> Verdict:
    """The rubric's word on these answers. The threshold is inclusive; a knock-out wins over any points."""
    return _verdict(rubric, _given(rubric, answers))


def _given(rubric: Rubric, answers: Mapping[str, str]) -> Given:
    """The answered criteria with their levels, in the rubric's order."""
    asked = [(item, item.level(answers[item.key])) for item in rubric.criteria if item.key in answers]
    return [(item, level) for item, level in asked if level is not None]


def _ahead(rubric: Rubric, given: Given) -> list[Criterion]:
    answered = [item.key for item, _ in given]
    return [item for item in rubric.criteria if item.key not in answered]


def _unmet(rubric: Rubric, given: Given) -> tuple[str, ...]:
    met = [item.key for item, level in given if level.meets]
    return tuple([item.label for item in rubric.criteria if item.must_have and item.key not in met])


def _verdict(rubric: Rubric, given: Given) -> Verdict:
    if _knock_out(given):
        return "knocked out"
    if _qualifies(rubric, given):
        return "qualified"
    ahead = _ahead(rubric, given)
    hoped = given + [(item, item.best) for item in ahead]
    return "open" if ahead and _qualifies(rubric, hoped) else "not yet"


def _knock_out(given: Given) -> str | None:
    return next((level.knock_out for _, level in given if level.knock_out), None)


def _qualifies(rubric: Rubric, given: Given) -> bool:
    return _points(given) >= rubric.threshold and not _unmet(rubric, given)


def _points(given: Given) -> int:
    return sum([level.points for _, level in given])


def _sum(parts: tuple[Part, ...]) -> int:
    return sum([part.points for part in parts])


def _would(rubric: Rubric, answers: Mapping[str, str], given: Given) -> str:
    """What one more answer would do: the one that qualifies, else the best answer to the next question."""
    upcoming = next_question(rubric, answers)
    ahead = sorted(_ahead(rubric, given), key=lambda item: item.key != upcoming)
    enough = (item for item in ahead if _qualifies(rubric, [*given, (item, item.best)]))
    chosen = next(enough, None)
    item = chosen or ahead[0]
    total = _points(given) + item.best.points
    reached = f"{total}, qualified" if chosen else f"{total} of {rubric.threshold}"
    return f'with "{item.best.short}" on {item.label}: {reached}'
