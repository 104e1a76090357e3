"""A great many leads begun in one act: what is kept row by row otherwise is made once, over all of them.

Indexes made over the rows that are there cost half of what they cost row by row (figures.md 6), and a tally is one
statement. All of it is inside the act's own transaction: what fails leaves the file as it was.
"""

from __future__ import annotations

import gc
import json
import sqlite3
from types import TracebackType

from sdr.store.queries.reading import number
from sdr.store.tallies import KEPT_BY, NEW_LEADS

MANY = 5_000  # leads that begin together from which it is worth it, unless more than that were there before
# Indexes that a lead which begins is in only when it brings its past: each would look at every lead for next to none.
SELDOM = ("lead_alias", "lead_closed", "lead_ended", "lead_qualified", "lead_queue_close")
_MADE = """SELECT type, name, sql FROM sqlite_master WHERE tbl_name='lead' AND sql > '' AND (
  type='index' AND name NOT IN (SELECT value FROM json_each(?)) OR name IN (SELECT value FROM json_each(?))
  ) ORDER BY rowid"""


# KiB of the writer's page cache, which SQLite fills as it needs: with its usual 2 MB a mark reads a dozen pages anew
# from the log, and a large import writes those of its indexes over and over.
CACHE, BULK_CACHE, SORTING = -8_192, -32_768, -12_288


class Many:
    """Room for a great many rows, from `begin` until the act has ended, however it ends: a larger page cache, and
    no search for objects that hold each other, which looks at all there are and keeps a key waiting meanwhile."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db, self._begun, self._collecting = db, False, gc.isenabled()

    def begin(self) -> None:
        """There are many."""
        if not self._begun:
            self._begun = True
            self._db.execute(f"PRAGMA cache_size={BULK_CACHE}")
            gc.disable()

    def __enter__(self) -> Many:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        if self._begun:
            self._db.execute(f"PRAGMA cache_size={CACHE}")
            if self._collecting:
                gc.enable()


def set_aside(db: sqlite3.Connection, begins: int) -> list[str]:
    """Let go of what `begins` new leads need not be told to one by one: the statements that make it good.

    The act that is written in between only begins leads; it neither looks for one by an index nor changes one.
    """
    if begins < MANY or begins < number(db, "SELECT count(*) FROM (SELECT 1 FROM lead LIMIT ?)", (begins + 1,)):
        return []
    found = db.execute(_MADE, (json.dumps(SELDOM), json.dumps(KEPT_BY))).fetchall()
    for kind, name, _ in found:
        db.execute(f'DROP {kind} "{name}"')
    indexes = [sql for kind, _, sql in found if kind == "index"]
    kept = [sql for kind, _, sql in found if kind == "trigger"]
    return [*indexes, *((*NEW_LEADS, *kept) if kept else ())]


def make_good(db: sqlite3.Connection, aside: list[str]) -> None:
    """Make what was set aside, over all rows; the new leads are those still to be put into the search index."""
    if aside:
        db.execute(f"PRAGMA cache_size={SORTING}")  # sorting takes as much room as the pages have
    for statement in aside:
        db.execute(statement)
