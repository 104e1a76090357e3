"""Open leads judged again when the rubric changes: their score columns are a cache of what the rubric says.

It writes no operations: a rubric is one act, whatever it makes of a million leads, and every desk that has the
rubric comes to the same. Leads that were judged (qualified, offered, closed) keep the version that judged them.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from itertools import islice
from typing import Any, NamedTuple

from sdr.models.terms import NextKind, at, ms
from sdr.rules.grading import to_bound
from sdr.rules.rubric import Rubric
from sdr.rules.scorer import FACTS, Scorer
from sdr.rules.scoring import Score
from sdr.rules.triage import Segment, rank
from sdr.store.queries import playbook, queue
from sdr.store.session import Reader

# The columns that are judged, in the order of `_COLUMNS`.
JUDGED = ("rubric_id", "score", "fit", "engagement", "known", "known_of", "grade", "verdict", "missing", "rank")
FADING = frozenset({"engagement", "grade", "rank"})
VERB = "rubric"  # of the act that puts a rubric in force
HEAD = 100  # items of the queue that are right at once, more than a screen shows
AT_ONCE = 4_000  # leads of one transaction: fewer would write the pages of the queue's index again and again
DONE = (1 << 63) - 1  # above every id
OPEN = "queue_band IS NOT NULL AND state IN ('inquiry', 'new', 'working', 'talking', 'nurture')"
EVERYBODY = "alias_of IS NULL"
_SELECT = f"SELECT id, next_kind, touch_no, {', '.join(FACTS)}, {', '.join(JUDGED)} FROM lead"
_SETS = ", ".join(f"{name} = ?{place}" for place, name in enumerate(JUDGED[:-1], 1))
_RANK, _LEAD = f"?{len(JUDGED)}", f"?{len(JUDGED) + 1}"
_UPDATE = f"UPDATE lead SET {_SETS} WHERE id = {_LEAD}"
_MOVE = f"UPDATE lead SET {_SETS}, rank = {_RANK} WHERE id = {_LEAD}"  # an index hangs on the rank
_KNOWN = 20_000  # different leads remembered while many are judged

Row = tuple[Any, ...]
Told = tuple[tuple[Any, Any], ...]


class Judge:
    """What one rubric says of leads at `now`; alike leads are judged once."""

    def __init__(self, rubric_id: int, rubric: Rubric, now: datetime) -> None:
        """A judge by `rubric`, which has this id."""
        self.rubric_id, self.rubric = rubric_id, rubric
        self._scorer = Scorer(rubric, now)
        self._bound = lru_cache(_KNOWN)(partial(to_bound, rubric.grading))
        self._rank = lru_cache(_KNOWN)(_rank)
        self._said: dict[Row, Row] = {}

    def said(self, who: Row, answers: Told = (), events: Told = ()) -> Row:
        """The `JUDGED` columns of a lead: `who` is its next step's kind, its touch number and its `FACTS`; with
        answers (criterion, level) and events (kind, ms UTC)."""
        if events:  # no two leads have the same
            return self._judged(who, answers, events)
        key = (*who[:5], self._bound(who[5]), *who[6:], answers)
        found = self._said.get(key)
        if found is None:
            if len(self._said) >= _KNOWN:
                self._said.clear()
            found = self._said[key] = self._judged(who, answers)
        return found

    def _judged(self, who: Row, answers: Told, events: Told = ()) -> Row:
        found = self._scorer.kept(who[2:], answers, events)
        worth = self._rank(found.grade, who[0], who[1])
        return (self.rubric_id, *found[:-1], ", ".join(found.missing) or None, worth)


def _rank(grade: str, kind: str | None, touch_no: int) -> int:
    return rank(Segment(grade, NextKind(kind), max(1, touch_no))) if kind else 0


def columns_of(rubric_id: int, found: Score) -> dict[str, Any]:
    """A score as columns, all of `JUDGED` but the rank."""
    return {
        "rubric_id": rubric_id,
        "score": found.total,
        "fit": found.fit,
        "engagement": found.engagement,
        "known": found.known.answered,
        "known_of": found.known.of,
        "grade": found.grade,
        "verdict": found.verdict,
        "missing": ", ".join(found.missing) or None,
    }


class Judgement(NamedTuple):
    """One lead judged: its columns (`JUDGED`) before and after."""

    lead: int
    before: Row
    after: Row

    @property
    def tells(self) -> bool:
        """Whether more changed than the number of the version."""
        return self.before[1:] != self.after[1:]


@dataclass(frozen=True, slots=True)
class Judged:
    """Leads that were judged, in order of ids, and those of them of whom something else is said than before."""

    leads: array[int] = field(default_factory=partial(array, "q"))
    changed: array[int] = field(default_factory=partial(array, "q"))

    def add(self, other: Judged) -> None:
        """These were judged too."""
        self.leads.extend(other.leads)
        self.changed.extend(other.changed)


def judged(db: Reader, by: Judge, after: int, limit: int, among: str = OPEN) -> list[Judgement]:
    """What `by` says of the next `limit` leads `among` (`OPEN`, `EVERYBODY`) above id `after`, changing nothing."""
    rows = db.execute(f"{_SELECT} WHERE id>? AND {among} ORDER BY id LIMIT ?", (after, limit)).fetchall()
    within = "BETWEEN ? AND ?", (rows[0][0], rows[-1][0]) if rows else (0, 0)
    return _judged(db, by, rows, *within)


def judged_of(db: Reader, by: Judge, leads: list[int]) -> list[Judgement]:
    """As `judged`, of those of `leads` that are open."""
    within, args = "IN (SELECT value FROM json_each(?))", (json.dumps(leads),)
    rows = db.execute(f"{_SELECT} WHERE id {within} AND {OPEN}", args).fetchall()
    return _judged(db, by, rows, within, args)


def _judged(db: Reader, by: Judge, rows: list[Row], within: str, args: Row) -> list[Judgement]:
    answers = _told(db, f"SELECT lead_id, criterion, level FROM answer WHERE lead_id {within} ORDER BY criterion", args)
    kinds = json.dumps([act.kind for act in by.rubric.grading.acts])
    of_kinds = "kind IN (SELECT value FROM json_each(?))"
    sql = f"SELECT lead_id, kind, at FROM event WHERE lead_id {within} AND {of_kinds} ORDER BY at"
    events, said = _told(db, sql, (*args, kinds)), by.said
    return [Judgement(row[0], row[9:], said(row[1:9], answers.get(row[0], ()), events.get(row[0], ()))) for row in rows]


def _told(db: Reader, sql: str, args: Row) -> dict[int, Told]:
    found: dict[int, Told] = {}
    for lead, one, other in db.execute(sql, args):
        found[lead] = (*found.get(lead, ()), (one, other))
    return found


# --- keeping the cache -----------------------------------------------------------------------------------------------


def behind(db: sqlite3.Connection) -> int | None:
    """The id up to which leads are judged by the rubric in force; `None` when all are."""
    row = db.execute("SELECT id FROM rubric WHERE current=1 ORDER BY id DESC LIMIT 1").fetchone()
    mark = db.execute("SELECT rubric_id, upto FROM judging").fetchone()
    if row is None or mark == (row[0], DONE) or not (mark or again(db)):
        return None
    return int(mark[1]) if mark is not None and mark[0] == row[0] else 0


def in_force(db: sqlite3.Connection) -> bool:
    """Whether any rubric is: a file that was never set up has none."""
    return db.execute("SELECT 1 FROM rubric WHERE current=1").fetchone() is not None


def again(db: sqlite3.Connection) -> bool:
    """Whether there was ever another rubric, so that leads may have been judged again."""
    return int(db.execute("SELECT count(*) FROM rubric").fetchone()[0]) > 1


def wrong(db: sqlite3.Connection) -> list[int]:
    """Open leads of which the rubric in force says something else than stands there.

    What fades with time (engagement, the grade and rank made of it) is not looked at.
    """
    found: list[int] = []
    by, last = judge(db, at(0)), 0
    while some := judged(db, by, last, AT_ONCE):
        last = some[-1].lead
        found += [one.lead for one in some if one.before[0] and _lasting(one.before) != _lasting(one.after)]
    return found


def _lasting(columns: Row) -> Row:
    return tuple(value for name, value in zip(JUDGED, columns, strict=True) if name not in FADING)


def head(db: sqlite3.Connection, now: datetime) -> list[Judgement]:
    """Judge what the queue shows first, inside the caller's transaction."""
    return keep(db, judged_of(db, judge(db, now), [item.id for item in queue.page(db, ms(now), HEAD)]))


def stale(db: sqlite3.Connection, leads: Iterable[int], now: datetime) -> None:
    """Judge those of `leads` that stand under an earlier rubric, inside the caller's transaction.

    Taking an act back brings the score back that the lead had then, under the rubric of that time.
    """
    if not again(db):
        return
    by, todo = judge(db, now), iter(leads)
    while some := list(islice(todo, AT_ONCE)):
        found = judged_of(db, by, some)
        keep(db, [one for one in found if one.before[0] not in (None, by.rubric_id)])


def judge(db: sqlite3.Connection, now: datetime) -> Judge:
    """The judge by the rubric in force."""
    return Judge(*playbook.rubric(db), now)


def forget(db: sqlite3.Connection) -> None:
    """Have every open lead judged again, inside the caller's transaction.

    With a single rubric the journal tells what stands.
    """
    if again(db):
        db.execute("INSERT OR REPLACE INTO judging VALUES (1, 0, 0)")


def keep(db: sqlite3.Connection, found: list[Judgement]) -> list[Judgement]:
    """Write what differs of `found`, inside the caller's transaction."""
    staying: list[Row] = []
    moving: list[Row] = []
    for lead, before, after in found:
        if before != after:
            (staying if before[-1] == after[-1] else moving).append((*after, lead))
    db.executemany(_UPDATE, staying)
    db.executemany(_MOVE, moving)
    return found
