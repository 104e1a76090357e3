"""What a draft of the rubric would make of the leads there are: who would be judged otherwise, and how these ended."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sdr.rules.rubric import Rubric
from sdr.store import judging
from sdr.store.judging import EVERYBODY, JUDGED, Judge, Judgement
from sdr.store.queries import playbook
from sdr.store.session import Reader

AT_ONCE = 2_000
_VERDICT, _GRADE = JUDGED.index("verdict"), JUDGED.index("grade")
GOOD = frozenset({"qualified", "offered", "accepted", "opportunity", "won", "lost"})
BAD = frozenset({"rejected", "disqualified"})


class Flip(NamedTuple):
    """A lead with its verdict now and under the draft; `state` is where it stands."""

    lead: int
    name: str
    before: str
    after: str
    state: str


@dataclass(slots=True)
class Spread:
    """How many leads have each verdict and each grade."""

    verdicts: Counter[str] = field(default_factory=Counter)
    grades: Counter[str] = field(default_factory=Counter)

    def add(self, one: Judgement) -> None:
        """Count one lead."""
        self.verdicts[one.after[_VERDICT]] += 1
        self.grades[one.after[_GRADE]] += 1


class Held(NamedTuple):
    """Leads that flip one way: how many, how many of them people judged, and how many of these were qualified."""

    leads: int
    judged: int
    qualified: int


class Tried(NamedTuple):
    """A draft held against every lead. `up` are those that would newly qualify, `down` those that no longer would."""

    leads: int
    flips: tuple[Flip, ...]
    before: Spread
    after: Spread
    up: Held
    down: Held


def tried(db: Reader, draft: Rubric, now: datetime) -> Tried:
    """Every lead under the rubric in force and under `draft`, both at `now`."""
    rubric_id, in_force = playbook.rubric(db)
    judges = Judge(rubric_id, in_force, now), Judge(0, draft, now)
    before, after = Spread(), Spread()
    flips: list[Flip] = []
    last = count = 0
    while some := judging.judged(db, judges[0], last, AT_ONCE, EVERYBODY):
        then = judging.judged(db, judges[1], last, AT_ONCE, EVERYBODY)
        last, count = some[-1].lead, count + len(some)
        for one, other in zip(some, then, strict=True):
            before.add(one)
            after.add(other)
        flips += _flips(db, zip(some, then, strict=True))
    return Tried(count, tuple(flips), before, after, *(_held(flips, way) for way in ("after", "before")))


def _flips(db: Reader, pairs: Iterable[tuple[Judgement, Judgement]]) -> list[Flip]:
    found = {one.lead: (one.after[_VERDICT], other.after[_VERDICT]) for one, other in pairs}
    found = {lead: verdicts for lead, verdicts in found.items() if verdicts[0] != verdicts[1]}
    sql = "SELECT id, name, state FROM lead WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
    return [Flip(lead, name, *found[lead], state) for lead, name, state in db.execute(sql, (json.dumps([*found]),))]


def _held(flips: Iterable[Flip], side: str) -> Held:
    chosen = [one for one in flips if getattr(one, side) == "qualified"]
    good, bad = (sum(one.state in states for one in chosen) for states in (GOOD, BAD))
    return Held(len(chosen), good + bad, good)
