"""The walk through all open leads when the rubric has changed, in steps that give way to whoever wants to write.

It can be left and taken up again anywhere: the mark moves in the transaction of each step.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sdr.store.alike import Alike
from sdr.store.judging import AT_ONCE, DONE, Judged, behind, judge
from sdr.store.queries import playbook

PART = 250  # leads after which a transaction looks whether somebody waits: less than a frame


class Waited(Exception):
    """Somebody waits to write: what is not committed is given up, and done again later."""


@dataclass(slots=True)
class Walk:
    """The walk by the rubric in force at `now`, a transaction for some thousand leads at a time.

    Whoever is made way for again and again makes the steps shorter, down to what nobody waits for long.
    """

    now: datetime
    at_once: int = AT_ONCE
    _rubric_id: int | None = None
    _alike: Alike | None = None

    def step(self, db: sqlite3.Connection, at_once: int, waits: Callable[[], bool]) -> Judged | None:
        """Judge the next leads and keep what is said of them, inside the caller's transaction; `None` when all are.

        Raises `Waited` when `waits` says so between two parts: the caller takes back what was done.
        """
        upto = behind(db)
        if upto is None:
            return None
        rubric_id = playbook.rubric_row(db).id
        if self._alike is None or self._rubric_id != rubric_id:
            self._rubric_id, self._alike = rubric_id, Alike(judge(db, self.now))
        found = Judged()
        while upto < DONE and len(found.leads) < at_once:
            if found.leads and waits():
                self.at_once = max(PART, self.at_once // 2)
                raise Waited
            part = min(PART, at_once - len(found.leads))
            some = self._alike.judge(db, upto, part)
            upto = some.leads[-1] if len(some.leads) == part else DONE
            found.add(some)
        db.execute("INSERT OR REPLACE INTO judging VALUES (1, ?, ?)", (rubric_id, upto))
        return found
