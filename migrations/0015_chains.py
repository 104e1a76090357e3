"""A list of words in a CHECK or in a trigger is said as a chain of comparisons, which costs a fifth of the time.

SQLite makes a temporary table of a list of more than two, anew for every statement: a mark made nine of them, which was
a sixth of what it has SQLite do. What the tables hold and refuse stays as it is, so the text alone is put in place of
the earlier one, in the way https://sqlite.org/lang_altertable.html gives for a CHECK.
"""

from __future__ import annotations

import re
import sqlite3

from sqlite_utils import Database

_LIST = re.compile(r"((?:\w+\.)?\w+) (NOT )?IN\s*\(((?:\s*'[^']*'\s*,){2,}\s*'[^']*'\s*)\)")
# Some systems' library lets nobody write the schema's text: the file works as well with the earlier words, only slower.
_GUARDED = "may not be modified"


def _chain(found: re.Match[str]) -> str:
    name, no, words = found.groups()
    chain = " OR ".join(f"{name} = {word.strip()}" for word in words.split(","))
    return f"{no or ''}({chain})"


def up(db: Database) -> None:
    """Say them anew (no statement may end the surrounding transaction)."""
    every = db.execute("SELECT type, name, sql FROM sqlite_schema WHERE type IN ('table', 'trigger')").fetchall()
    told = [(kind, name, sql, _LIST.sub(_chain, sql)) for kind, name, sql in every if sql]
    for kind, name, before, after in told:
        if kind == "trigger" and after != before:
            db.execute(f"DROP TRIGGER {name}")
            db.execute(after)
    db.execute("PRAGMA writable_schema=ON")
    try:
        for kind, name, before, after in told:
            if kind == "table" and after != before:
                db.execute("UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?", (after, name))
    except sqlite3.OperationalError as fault:
        if _GUARDED not in str(fault):
            raise
    else:
        version = db.execute("PRAGMA schema_version").fetchone()[0]
        db.execute(f"PRAGMA schema_version={version + 1}")
    finally:
        db.execute("PRAGMA writable_schema=OFF")
