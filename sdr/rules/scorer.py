"""Very many leads scored by one rubric: of each `Score` what is kept with a lead, at a small part of its cost.

A rubric looks at every fact, every set of answers and every grade on its own, and of a million leads each of these
has some hundred values: what was said of one is remembered, and a lead is put together from what is remembered.
It tells no reasons; `scoring.score` does, and says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import NamedTuple

from sdr.models.terms import at
from sdr.rules.grading import Event, Facts, engagement_parts, fit_points, graded
from sdr.rules.rubric import Rubric
from sdr.rules.scoring import Score, score

FACTS = Facts._fields  # the order in which facts are given
_KNOWN = 20_000  # different values of a fact that are remembered, and different sets of answers

Told = tuple[tuple[str, str], ...]  # criterion and level
Happened = tuple[tuple[str, int], ...]  # an event's kind and its time, ms UTC


class Kept(NamedTuple):
    """What is kept of a score: `total`, `fit` and `engagement` as `Score` has them; `known` of `known_of` answers."""

    total: int
    fit: int
    engagement: int
    known: int
    known_of: int
    grade: str
    verdict: str
    missing: tuple[str, ...]


class Scorer:
    """What one rubric says of leads at `now` (aware)."""

    def __init__(self, rubric: Rubric, now: datetime) -> None:
        """A scorer by `rubric`."""
        self._rubric, self._now = rubric, now
        grading = rubric.grading
        self._fits = [
            (FACTS.index(field), lru_cache(_KNOWN)(partial(fit_points, grading, field))) for field in grading.rules
        ]
        self._grade = lru_cache(_KNOWN)(partial(graded, grading, of=len(rubric.criteria)))
        self._answered = lru_cache(_KNOWN)(self._answers)

    def kept(self, facts: Sequence[str | int | None], answers: Told = (), events: Happened = ()) -> Kept:
        """The kept columns of a lead with these `facts` (in the order of `FACTS`)."""
        asked = self._answered(answers)
        fit, known = 0, asked.known.answered
        for place, points in self._fits:
            value = facts[place]
            if value is not None and value != "":
                known += 1
                fit += points(value)
        engagement = self._engaged(events) if events else 0
        return Kept(
            asked.total, fit, engagement, asked.known.answered, asked.known.of, self._grade(fit, engagement, known),
            asked.verdict, asked.missing,
        )  # fmt: skip

    def _answers(self, answers: Told) -> Score:
        """The score by the answers alone."""
        return score(self._rubric, dict(answers), Facts(), now=self._now)

    def _engaged(self, events: Happened) -> int:
        happened = [Event(kind, at(when)) for kind, when in events]
        return sum(part.points for part in engagement_parts(self._rubric.grading, happened, self._now))
