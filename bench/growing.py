"""A desk several times the size of another: everything that stands in it once more beside it, under other ids.

Filling a million leads through the store takes most of an hour, and nothing that is measured depends on how the rows
came. So a large desk is a smaller one, filled as the desk itself writes, and copies of it by plain statements: new
ids, addresses, domains, telephone numbers and search text, a little later each. Only the journal is less than itself:
what its copied operations say, and their digests, still name the first desk's ids.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

# There once, whatever the size: who works here, what was agreed, and where leads come from.
SHARED = frozenset({
    "rep", "ae", "source", "rubric", "criterion", "level", "cadence", "cadence_step", "template", "absence",
})  # fmt: skip
# Columns that name a row without saying so in the schema.
_NAMES = {
    "step": ("lead_id", "target"), "delivery": ("about_id",), "operation": ("step", "entity_id", "about"),
}  # fmt: skip
_CHANGED: dict[str, dict[str, str]] = {
    "account": {"domain": "domain || '.' || :copy"},
    "lead": {
        "email": "replace(email, '@', 'x' || :copy || '@')",
        "phone": "'+1555' || printf('%08d', CAST(substr(phone, 6) AS INTEGER) + :first)",
        "phones": "replace(phones, phone, '+1555' || printf('%08d', CAST(substr(phone, 6) AS INTEGER) + :first))",
        "due_at": "due_at + 60000 * :copy",
        "respond_by": "respond_by + 60000 * :copy",
        "search_key": "''",
    },
}
_FOUND_BY = ("name", "company", "title", "email", "email_2", "external_id", "phones")
_CACHE_KIB = 524_288


def grow(smaller: Path, folder: Path, rows: int, times: int) -> Iterator[float]:
    """Make the desk in `folder` of `times` the desk of `rows` leads in `smaller`; seconds it took."""
    from sdr.store import connection, tables

    before = time.perf_counter()
    shutil.copytree(smaller, folder, dirs_exist_ok=True)
    (folder / "ready").unlink()
    db = connection.connect(folder / "desk.db")
    for pragma in ("foreign_keys=0", "synchronous=0", f"cache_size=-{_CACHE_KIB}", "temp_store=2"):
        db.execute(f"PRAGMA {pragma}")
    tables.learn(db)
    db.create_function(
        "found_by", len(_FOUND_BY), lambda *told: tables.FOUND["lead"](dict(zip(_FOUND_BY, told, strict=True)))
    )
    rest = _set_aside(db)
    span = max(_highest(db, table) for table in (*tables.STATE, "operation")) + 1
    db.execute("CREATE TEMP TABLE shared AS SELECT value FROM json_each(?)", (json.dumps(sorted(SHARED)),))
    db.execute("CREATE TEMP TABLE span AS SELECT ? AS value", (span,))
    db.execute("BEGIN")
    for copy in range(1, times):
        for table in (*tables.STATE, "operation"):
            if table not in SHARED:
                db.execute(_again(db, table), {"span": span * copy, "copy": copy, "first": rows * copy})
    db.execute(f"UPDATE lead SET search_key = found_by({', '.join(_FOUND_BY)}) WHERE search_key = ''")
    db.execute("COMMIT")
    _put_back(db, rest)
    db.close()
    yield time.perf_counter() - before


def _highest(db: sqlite3.Connection, table: str) -> int:
    """The highest number of a row of this desk, without whose desk it is."""
    return int(db.execute(f"SELECT coalesce(max(id & 4294967295), 0) FROM {table}").fetchone()[0])


def _again(db: sqlite3.Connection, table: str) -> str:
    """The statement that copies what the first desk has in `table`."""
    moved = {row[3] for row in db.execute(f"PRAGMA foreign_key_list({table})") if row[2] not in SHARED}
    moved |= {"id", *_NAMES.get(table, ())}
    changed: Mapping[str, str] = _CHANGED.get(table, {})
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    told = [f"{name} + :span" if name in moved else changed.get(name, name) for name in columns]
    only = "AND entity NOT IN (SELECT value FROM temp.shared)" if table == "operation" else ""
    first = f"id & 4294967295 < (SELECT value FROM temp.span) {only}"
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(told)} FROM {table} WHERE {first}"


def _set_aside(db: sqlite3.Connection) -> list[str]:
    """Take indexes and triggers away while rows are copied; how to make them again."""
    sql = "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
    found = [row for row in db.execute(sql).fetchall() if not row[1].startswith("sqlite_")]
    for kind, name, _ in found:
        db.execute(f"DROP {kind} {name}")
    return [sql for _, _, sql in sorted(found, key=lambda row: row[0] == "trigger")]


def _put_back(db: sqlite3.Connection, rest: list[str]) -> None:
    from sdr.store import tallies

    for sql in (one for one in rest if not one.startswith("CREATE TRIGGER")):
        db.execute(sql)
    db.execute("INSERT INTO lead_search(lead_search) VALUES ('rebuild')")
    tallies.count_again(db)
    for sql in (one for one in rest if one.startswith("CREATE TRIGGER")):
        db.execute(sql)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
