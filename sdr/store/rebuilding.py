"""Folds the whole journal again and compares: the proof that the state tables are nothing but its cache.

Once a second rubric was in force, the judged columns of leads are its cache instead; `judging.wrong` looks at them.

Also recomputes every operation's digest, which finds what SQLite's own check cannot: a flipped bit in a value.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from sdr.store import journal, judging, pen, tables, tallies
from sdr.store.journal import Operation
from sdr.store.judging import JUDGED

Row = tuple[Any, ...]
Folded = tuple[str, int, Row | None]  # table, id, row


class Difference(NamedTuple):
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
        if pen.digest(*row[:8]) != row[8]
    ]


def differences(db: sqlite3.Connection) -> list[Difference]:
    """Every row of every state table that is not what its operations fold to, byte for byte.

    One entity at a time: a journal of millions needs no more memory than a short one.
    """
    judged = judging.again(db)
    found = [one for one in map(_looker(db, judged), _folded(db)) if one is not None]
    for table in tables.STATE:
        untold = f"SELECT * FROM {table} WHERE NOT EXISTS (SELECT 1 FROM operation WHERE entity_id = {table}.id)"
        found += [Difference(table, row[0], row, None) for row in db.execute(untold)]
    return found


def _looker(db: sqlite3.Connection, judged: bool) -> Callable[[Folded], Difference | None]:
    """What compares an entity, as folded, with its row."""
    rows = {table: f"SELECT * FROM {table} WHERE id=?" for table in tables.STATE}

    def look(folded: Folded) -> Difference | None:
        table, entity_id, want = folded
        row = db.execute(rows[table], (entity_id,)).fetchone()
        if table == "lead" and judged and row is not None:
            want = _as_judged(row, want)
        return None if row == want else Difference(table, entity_id, row, want)

    return look


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


def _folded(db: sqlite3.Connection) -> Iterator[Folded]:
    """Every entity of the journal with the row it folds to; `None` when it has ended."""
    for entity_id, found in _by_entity(db):
        row = journal.fold(found)
        yield found[0].entity, entity_id, None if row is None else tuple(row.values())


def _by_entity(db: sqlite3.Connection) -> Iterator[tuple[int, list[Operation]]]:
    ordered = journal.operations(db, "ORDER BY entity_id, at, id")
    for entity_id, found in groupby(ordered, key=lambda op: op.entity_id):
        yield entity_id, list(found)
