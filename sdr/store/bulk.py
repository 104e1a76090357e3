"""A great many leads begun in one act: what is kept row by row otherwise is made once, over all of them.

Indexes made over the rows that are there cost half of what they cost row by row (figures.md 6), and a tally is one
statement. All of it is inside the act's own transaction: what fails leaves the file as it was.
"""

from __future__ import annotations

import sqlite3

from sdr.store.queries.reading import number
from sdr.store.tallies import KEPT_BY, NEW_LEADS

MANY = 5_000  # leads that begin together from which it is worth it, unless more than that were there before
_MADE = """SELECT type, name, sql FROM sqlite_master WHERE tbl_name='lead' AND sql > '' AND (type='index' OR name=?)
  ORDER BY rowid"""


def set_aside(db: sqlite3.Connection, begins: int) -> list[str]:
    """Let go of what `begins` new leads need not be told to one by one: the statements that make it good.

    The act that is written in between only begins leads; it neither looks for one by an index nor changes one.
    """
    if begins < MANY or begins < number(db, "SELECT count(*) FROM (SELECT 1 FROM lead LIMIT ?)", (begins + 1,)):
        return []
    found = db.execute(_MADE, (KEPT_BY,)).fetchall()
    for kind, name, _ in found:
        db.execute(f'DROP {kind} "{name}"')
    indexes = [sql for kind, _, sql in found if kind == "index"]
    kept = [sql for kind, _, sql in found if kind == "trigger"]
    return [*indexes, *((NEW_LEADS, *kept) if kept else ())]


def make_good(db: sqlite3.Connection, aside: list[str]) -> None:
    """Make what was set aside, over all rows; the new leads are those still to be put into the search index."""
    for statement in aside:
        db.execute(statement)
