"""The state tables, written by the journal alone: rows in and out, defaults, checks, and what is derived.

Column names come from the file itself; a row is a plain dict in column order. SQLModel is loaded only to check
the rows of single acts.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from functools import cache
from typing import Any

from sdr.rules.text import folded

Row = dict[str, Any]

# Every table that the journal folds into, parents before children.
STATE = (
    "step", "rep", "ae", "account", "source", "batch", "rubric", "criterion", "level", "cadence", "cadence_step",
    "template", "lead", "answer", "enrollment", "message", "touch", "call", "event", "promise", "handoff",
    "suppression", "delivery", "permission", "absence", "apart",
)  # fmt: skip
# Not told in operations: `search_key` is computed, `tags` is folded from `tag:` fields.
DERIVED_OR_FOLDED = frozenset({"search_key", "tags"})
UNTOLD = DERIVED_OR_FOLDED | {"id"}
FOUND_BY = frozenset({"name", "company", "title", "email", "email_2", "external_id", "phones"})  # of a lead

# A number in the stored list. Inside a text of the list every quotation mark has a backslash before it.
_NUMBER = re.compile(r'"e164": ?"([^"]*)"')
_columns: dict[str, dict[str, Any]] = {}


def learn(db: sqlite3.Connection) -> None:
    """Read the columns and defaults of every state table once a file is open for writing."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS unindexed (id INTEGER PRIMARY KEY)")
    for table in STATE:
        _columns[table] = {row[1]: _default(row[2], row[4]) for row in db.execute(f"PRAGMA table_info({table})")}


def _default(kind: str, written: str | None) -> Any:
    if written is None:
        return None
    return written.strip("'") if kind == "TEXT" else int(written) if kind == "INTEGER" else float(written)


def columns(table: str) -> dict[str, Any]:
    """Column names of `table` in order, each with its default."""
    return _columns[table]


def complete(table: str, fields: Mapping[str, Any], *, checked: bool) -> Row:
    """A whole row from `fields`: defaults filled, derived columns computed, checked by its model when asked."""
    known = _columns[table]
    row = {**known, **fields}
    if len(row) > len(known):
        raise KeyError(f"{table} has no {', '.join(sorted(row.keys() - known.keys()))}")
    if checked:
        check(table, row)
    if table == "lead":
        row["search_key"] = search_key(row)
    return row


@cache
def _models() -> dict[str, Any]:
    from sqlmodel import SQLModel

    from sdr.models import journal, money, people, playbook, work  # noqa: F401 - the tables register themselves

    return {mapper.class_.__tablename__: mapper.class_ for mapper in SQLModel._sa_registry.mappers}


def check(table: str, row: Row) -> None:
    """Hold a row of single acts against its model; `ValueError` when a value does not fit."""
    _check(table).validate_python(row)


@cache
def _check(table: str) -> Any:
    """What checks a row of `table`: its model's fields as a plain validator, without making an ORM instance (25 x)."""
    from pydantic import create_model

    fields: dict[str, Any] = {
        name: (field.annotation, field.default) for name, field in _models()[table].model_fields.items()
    }
    return create_model(f"{table}_row", **fields).__pydantic_validator__


def warm() -> None:
    """Load the models ahead of the first write (240 ms that nobody should wait for)."""
    for table in STATE:
        _check(table)


def search_key(row: Mapping[str, Any]) -> str:
    """What a lead is found by: name, company, title, addresses and the digits of its numbers, folded."""
    words = (row["name"], row["company"], row["title"], row["email"], row["email_2"], row["external_id"])
    digits = [number.lstrip("+") for number in _NUMBER.findall(row["phones"])] if row["phones"] else []
    return folded(" ".join([word for word in (*words, *digits) if word]))


def row(db: sqlite3.Connection, table: str, entity_id: int) -> Row | None:
    """The row of `table` with this id, or `None`."""
    found = db.execute(f"SELECT * FROM {table} WHERE id=?", (entity_id,)).fetchone()
    return dict(zip(_columns[table], found, strict=True)) if found else None


def insert(db: sqlite3.Connection, table: str, rows: list[Row]) -> None:
    """New rows, each with every column; the search text of leads follows in `index_new_leads`."""
    columns = _columns[table]
    marks = ",".join("?" * len(columns))
    db.executemany(f"INSERT INTO {table} ({','.join(columns)}) VALUES ({marks})", [tuple(row.values()) for row in rows])
    if table == "lead":
        db.executemany("INSERT INTO temp.unindexed VALUES (?)", [(row["id"],) for row in rows])


def index_new_leads(db: sqlite3.Connection) -> None:
    """Put the leads inserted in this transaction into the search index, in one statement."""
    db.execute(
        "INSERT INTO lead_search(rowid, search_key)"
        " SELECT id, search_key FROM temp.unindexed CROSS JOIN lead USING (id)"
    )
    db.execute("DELETE FROM temp.unindexed")


def update(db: sqlite3.Connection, table: str, before: Row, changed: Row) -> None:
    """New values for some columns of one row; `search_key` follows when a lead is found by them."""
    if table == "lead" and not FOUND_BY.isdisjoint(changed):
        key = search_key({**before, **changed})
        if key != before["search_key"]:
            changed = {**changed, "search_key": key}
            if _forget(db, before):
                db.execute("INSERT INTO lead_search(rowid, search_key) VALUES (?, ?)", (before["id"], key))
    sets = ",".join(f"{name}=?" for name in changed)
    db.execute(f"UPDATE {table} SET {sets} WHERE id=?", (*changed.values(), before["id"]))


def delete(db: sqlite3.Connection, table: str, entity_id: int) -> None:
    """Take one row out (and out of the search index)."""
    if table == "lead":
        gone = row(db, table, entity_id)
        assert gone is not None
        _forget(db, gone)
    db.execute(f"DELETE FROM {table} WHERE id=?", (entity_id,))


def delete_many(db: sqlite3.Connection, table: str, ids: list[int]) -> None:
    """Take many rows out (and out of the search index)."""
    given = json.dumps(ids)
    if table == "lead":
        db.execute(
            """INSERT INTO lead_search(lead_search, rowid, search_key) SELECT 'delete', lead.id, lead.search_key
            FROM json_each(?) AS given CROSS JOIN lead ON lead.id = given.value
            WHERE lead.id NOT IN (SELECT id FROM temp.unindexed)""",
            (given,),
        )
        db.execute("DELETE FROM temp.unindexed WHERE id IN (SELECT value FROM json_each(?))", (given,))
    db.execute(f"DELETE FROM {table} WHERE id IN (SELECT value FROM json_each(?))", (given,))


def leads_behind(db: sqlite3.Connection, table: str, ids: list[int]) -> dict[int, int]:
    """Row to the lead it is about, for tables whose rows are about one."""
    if table in ("lead", "step") or "lead_id" not in _columns[table]:
        return {}
    sql = (
        f"SELECT {table}.id, {table}.lead_id FROM json_each(?) AS given CROSS JOIN {table} ON {table}.id = given.value"
    )
    return {row: lead for row, lead in db.execute(sql, (json.dumps(ids),)) if lead is not None}


def _forget(db: sqlite3.Connection, lead: Row) -> bool:
    """Take a lead out of the search index; false when it began in this transaction and is not in it yet."""
    if db.execute("SELECT 1 FROM temp.unindexed WHERE id=?", (lead["id"],)).fetchone():
        return False
    sql = "INSERT INTO lead_search(lead_search, rowid, search_key) VALUES ('delete', ?, ?)"
    db.execute(sql, (lead["id"], lead["search_key"]))
    return True


def tags_of(row: Row) -> list[str]:
    """The tags of a row; tables without tags have none."""
    return list(json.loads(row.get("tags") or "[]"))


def has_tag(row: Row, field: str) -> bool:
    """Whether a lead's row carries the tag of `field` (`tag:NAME`)."""
    return field[4:] in tags_of(row)


def tag_list(before: str | None, tags: Mapping[str, Any]) -> str | None:
    """The stored list of tags after `tags` (`tag:NAME` to true or false) are set; `None` when none is left."""
    held = set(json.loads(before or "[]"))
    held = (held | {t[4:] for t, on in tags.items() if on}) - {t[4:] for t, on in tags.items() if not on}
    return json.dumps(sorted(held), ensure_ascii=False) if held else None
