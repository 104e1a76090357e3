"""Folds the whole journal again and compares: the proof that the state tables are nothing but its cache.

Once a second rubric was in force, the judged columns of leads are its cache instead; `judging.wrong` looks at them.

Also recomputes every operation's digest, which finds what SQLite's own check cannot: a flipped bit in a value.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sdr.store import journal, judging, tables, tallies
from sdr.store.journal import Operation
from sdr.store.judging import JUDGED

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A row where the state and the journal disagree; `None` where one of them has no row."""

    table: str
    entity_id: int
    state: tuple[Any, ...] | None
    journal: tuple[Any, ...] | None


def broken_digests(db: sqlite3.Connection) -> list[int]:
    """Operations whose digest no longer fits their content."""
    return [
        row[0]
        for row in db.execute("SELECT id, at, actor, step, kind, entity, entity_id, body, digest FROM operation")
        if journal.digest(*row[:8]) != row[8]
    ]


def differences(db: sqlite3.Connection) -> list[Difference]:
    """Every row of every state table that is not what its operations fold to, byte for byte."""
    folded, judged = _folded(db), judging.again(db)
    found: list[Difference] = []
    for table in tables.STATE:
        rows = folded.pop(table, {})
        for row in db.execute(f"SELECT * FROM {table}"):
            want = rows.pop(row[0], None)
            if table == "lead" and judged:
                want = _as_judged(row, want)
            if want != row:
                found.append(Difference(table, row[0], row, want))
        found.extend(Difference(table, entity_id, None, want) for entity_id, want in rows.items())
    return found


def _as_judged(row: Row, want: Row | None) -> Row | None:
    """What the journal tells of a lead, with the judgement that stands: it is no part of the journal."""
    if want is None:
        return None
    columns = tables.columns("lead")
    return tuple(mine if name in JUDGED else told for name, mine, told in zip(columns, row, want, strict=True))


def repair(db: sqlite3.Connection, found: list[Difference]) -> None:
    """Put the journal's rows in place of those that differ, and rebuild the search index; one transaction."""
    db.execute("BEGIN IMMEDIATE")
    for one in found:
        db.execute(f"DELETE FROM {one.table} WHERE id=?", (one.entity_id,))
    for one in found:
        if one.journal is not None:
            marks = ",".join("?" * len(one.journal))
            db.execute(f"INSERT INTO {one.table} VALUES ({marks})", one.journal)
    db.execute("INSERT INTO lead_search(lead_search) VALUES ('rebuild')")
    judging.forget(db)
    tallies.count_again(db)
    db.execute("COMMIT")


def _folded(db: sqlite3.Connection) -> dict[str, dict[int, tuple[Any, ...]]]:
    state: dict[str, dict[int, tuple[Any, ...]]] = {}
    for entity_id, found in _by_entity(db):
        row = journal.fold(found)
        if row is not None:
            state.setdefault(found[0].entity, {})[entity_id] = tuple(row.values())
    return state


def _by_entity(db: sqlite3.Connection) -> Iterator[tuple[int, list[Operation]]]:
    ordered = journal.operations(db, "ORDER BY entity_id, at, id")
    for entity_id, found in groupby(ordered, key=lambda op: op.entity_id):
        yield entity_id, list(found)
