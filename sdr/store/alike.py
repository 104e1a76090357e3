"""Leads that agree in all that a rubric asks about are judged as one: SQL writes what is said of one to its like.

What was said is kept in a temporary table under the facts that were asked about: beside the file, and of this program
alone. A lead that was just judged is the pattern for all that come after it. Leads with answers, or with events that
count, are no pattern and follow none: these are judged one by one.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable

from sdr.rules.grading import Grading
from sdr.rules.scorer import FACTS
from sdr.store.judging import JUDGED, OPEN, Judge, Judged, judged_of, keep

_OF_RANK = ("next_kind", "touch_no")
_KEY = (*FACTS, *_OF_RANK)  # what a pattern is known by
_KNOWN = 20_000  # patterns that are kept
_UNKNOWN, _SAME, _RENUMBERED, _STAYS, _MOVES = range(5)  # a lead beside its pattern
_TELLS = (_STAYS, _MOVES)


def learn(db: sqlite3.Connection) -> None:
    """Make the table, once a file is open for writing: what is made inside a transaction is taken back with it."""
    key = ", ".join(f"of_{name}" for name in _KEY)
    db.execute(
        f"""CREATE TEMP TABLE IF NOT EXISTS alike ({key}, {", ".join(JUDGED)}, PRIMARY KEY ({key}, rubric_id))
        WITHOUT ROWID"""
    )


class Alike:
    """What one judge says of open leads, some hundred at a time."""

    def __init__(self, by: Judge) -> None:
        """Leads as `by` judges them."""
        self._by, self._patterns = by, 0
        self._kinds = json.dumps([act.kind for act in by.rubric.grading.acts])
        facts = _facts(by.rubric.grading)
        like = " AND ".join(f"of_{name} = {facts[name]}" for name in _KEY) + f" AND alike.rubric_id = {by.rubric_id:d}"
        lead, pattern = (", ".join(f"{table}.{name}" for name in JUDGED[1:-1]) for table in ("lead", "alike"))
        self._beside = f"""SELECT lead.id, CASE WHEN alike.rubric_id IS NULL THEN {_UNKNOWN}
          WHEN lead.rank <> alike.rank THEN {_MOVES} WHEN ({lead}) IS NOT ({pattern}) THEN {_STAYS}
          WHEN lead.rubric_id IS NOT alike.rubric_id THEN {_RENUMBERED} ELSE {_SAME} END
          FROM lead LEFT JOIN temp.alike ON {like} WHERE lead.id > ? AND {OPEN} ORDER BY lead.id LIMIT ?"""
        self._learn = f"""INSERT OR IGNORE INTO temp.alike SELECT {", ".join(facts[name] for name in _KEY)},
          {", ".join(JUDGED)} FROM lead WHERE id IN (SELECT value FROM json_each(?))"""
        stay, move = (
            f"""UPDATE lead SET ({names}) = (SELECT {names} FROM temp.alike WHERE {like})
            WHERE id IN (SELECT value FROM json_each(?))"""
            for names in (", ".join(JUDGED[:-1]), ", ".join(JUDGED))
        )
        self._writes = ((stay, (_RENUMBERED, _STAYS)), (move, (_MOVES,)))

    def judge(self, db: sqlite3.Connection, after: int, limit: int) -> Judged:
        """Judge the next `limit` open leads above id `after` and keep what is said of them, inside the caller's
        transaction."""
        beside: dict[int, int] = dict(db.execute(self._beside, (after, limit)).fetchall())
        alone = self._alone(db, beside)
        new = [lead for lead, how in beside.items() if how == _UNKNOWN and lead not in alone]
        one_by_one = keep(db, judged_of(db, self._by, [*new, *alone])) if new or alone else []
        found = {one.lead: one for one in one_by_one}
        for sql, ways in self._writes:
            leads = [lead for lead, how in beside.items() if how in ways and lead not in alone]
            if leads:
                db.execute(sql, (json.dumps(leads),))
        self._remember(db, new)
        told = [lead for lead, how in beside.items() if (found[lead].tells if lead in found else how in _TELLS)]
        return Judged(array("q", beside), array("q", told))

    def _alone(self, db: sqlite3.Connection, leads: Iterable[int]) -> frozenset[int]:
        """Those of `leads`, which come in order, of whom answers or events tell more."""
        every = list(leads)
        if not every:
            return frozenset()
        sql = """SELECT lead_id FROM answer WHERE lead_id BETWEEN :first AND :last UNION ALL
          SELECT lead_id FROM event WHERE lead_id BETWEEN :first AND :last
            AND kind IN (SELECT value FROM json_each(:kinds))"""
        told = db.execute(sql, {"first": every[0], "last": every[-1], "kinds": self._kinds})
        return frozenset(row[0] for row in told).intersection(every)

    def _remember(self, db: sqlite3.Connection, leads: list[int]) -> None:
        if leads:
            if self._patterns > _KNOWN:
                db.execute("DELETE FROM temp.alike")
                self._patterns = 0
            db.execute(self._learn, (json.dumps(leads),))
            self._patterns += len(leads)


def _facts(grading: Grading) -> dict[str, str]:
    """Each part of the key as SQL over a lead: nothing where the rubric does not ask; no fact is an empty one."""
    said = {name: f"coalesce(lead.{name}, '')" for name in _KEY} | {"employees": _bounded(grading)}
    return {name: said[name] if name in (*grading.rules, *_OF_RANK) else "''" for name in _KEY}


def _bounded(grading: Grading) -> str:
    """As `to_bound`; no number at all is told apart from every number."""
    bounds = sorted({rule.least for rule in grading.rules.get("employees", ())}, reverse=True)
    steps = " ".join(f"WHEN lead.employees >= {bound:d} THEN {bound:d}" for bound in bounds)
    return f"CASE WHEN lead.employees IS NULL THEN '' WHEN lead.employees = 0 THEN 0 {steps} ELSE 1 END"
