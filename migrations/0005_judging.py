"""How far the open leads have been judged again under the rubric in force.

A mark of the score columns' cache, not a fact: it is not told in the journal.
"""

from __future__ import annotations

from sqlite_utils import Database


def up(db: Database) -> None:
    """Add the mark; a file without it is walked through once."""
    db.execute(
        """CREATE TABLE judging (
          id INTEGER PRIMARY KEY CHECK (id = 1), rubric_id INTEGER NOT NULL, upto INTEGER NOT NULL
        ) STRICT"""
    )
