"""The state tables, written by the journal alone: rows in and out, defaults, checks, and what is derived.

Column names and types come from the file itself, which is held against the models elsewhere; a row is a plain dict
in column order.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import orjson

from sdr.rules.searching import key_of, number_words

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
_WORDED = ("name", "company", "title", "email", "email_2", "external_id")
FOUND_BY = frozenset({*_WORDED, "phones"})  # of a lead
NOTES = frozenset({"note", "said"})  # events by whose words their lead is found

AT_ONCE = (100, 10, 1)  # rows of one statement; a lead of 67 columns leaves room for 480

# A number in the stored list. Inside a text of the list every quotation mark has a backslash before it.
_NUMBER = re.compile(r'"e164": ?"([^"]*)"')
_columns: dict[str, dict[str, Any]] = {}
_standing: dict[str, dict[str, Any]] = {}  # the defaults that are something
_kinds: dict[str, dict[str, tuple[type, ...]]] = {}  # what a column may hold
_TYPES: dict[str, tuple[type, ...]] = {"INTEGER": (int,), "TEXT": (str,), "REAL": (float, int)}


def learn(db: sqlite3.Connection) -> None:
    """Read the columns and defaults of every state table once a file is open for writing."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS unindexed (id INTEGER PRIMARY KEY)")  # leads that began
    db.execute("CREATE TEMP TABLE IF NOT EXISTS reworded (id INTEGER PRIMARY KEY)")  # leads taken out of the index
    for table in STATE:
        _learn(table, db.execute(f"PRAGMA table_info({table})").fetchall())


def _learn(table: str, found: Iterable[tuple[Any, ...]]) -> None:
    columns: dict[str, Any] = {}
    kinds: dict[str, tuple[type, ...]] = {}
    for _, name, kind, needed, written, key in found:
        columns[name] = _default(kind, written)
        kinds[name] = _TYPES[kind] if needed or key else (*_TYPES[kind], type(None))
    _columns[table], _kinds[table] = columns, kinds
    _standing[table] = {name: value for name, value in columns.items() if value is not None}


def _default(kind: str, written: str | None) -> Any:
    if written is None:
        return None
    return written.strip("'") if kind == "TEXT" else int(written) if kind == "INTEGER" else float(written)


def columns(table: str) -> dict[str, Any]:
    """Column names of `table` in order, each with its default."""
    return _columns[table]


def standing(table: str) -> dict[str, Any]:
    """The columns of `table` that have a default that is something."""
    return _standing[table]


def complete(table: str, fields: Mapping[str, Any]) -> Row:
    """A whole row from `fields`: every column in order, defaults filled, derived columns computed."""
    _known(table, fields.keys() - _columns[table].keys())
    return _derived(table, {**_columns[table], **fields})


def begun(table: str, entity_id: int, fields: Mapping[str, Any], *, checked: bool) -> tuple[Row, dict[str, Any]]:
    """A new row, and its tags out of `fields`: these and the defaults that are something, derived columns computed,
    its values checked when asked. A column that is not there has no value, which costs nothing to say. Who made
    `fields` in great number may have worked out their `search_key` as well."""
    row, tags = {**_standing[table], "id": entity_id, **fields}, dict[str, Any]()
    if other := fields.keys() - _columns[table].keys():
        tags = {name: row.pop(name) for name in fields if name in other and name.startswith("tag:")}
        _known(table, other - tags.keys() if "tags" in _columns[table] else other)
        row["tags"] = tag_list(None, tags)
    if checked:
        check(table, row)
    return row if "search_key" in fields else _derived(table, row), tags


def _known(table: str, others: Collection[str]) -> None:
    if others:
        raise KeyError(f"{table} has no {', '.join(sorted(others))}")


def _derived(table: str, row: Row) -> Row:
    if table in FOUND:
        row["search_key"] = FOUND[table](row)
    return row


def check(table: str, fields: Mapping[str, Any]) -> None:
    """Hold values of single acts against the types of their columns; `ValueError` when one does not fit.

    The file itself would make a text of a number, and the journal would tell of the number.
    """
    kinds = _kinds[table]
    for name, value in fields.items():
        if not isinstance(value, kinds[name]):
            raise ValueError(f"{table}.{name} cannot hold a value of the type {type(value).__name__}")


def key_of_lead(row: Mapping[str, Any]) -> str:
    """What a lead is found by: name, company, title, addresses and the digits of its numbers, as plain words."""
    texts = [text for word in _WORDED if (text := row.get(word))]
    whole = " ".join(texts)
    # One name of other letters need not make the rest wait to be looked at word by word.
    found = [key_of(whole)] if whole.isascii() else list(map(key_of, texts))
    if phones := row.get("phones"):
        for number in _NUMBER.findall(phones):
            found += number_words(number)
    return " ".join(filter(None, found))


def _note_key(row: Mapping[str, Any]) -> str | None:
    """What a note adds to the words its lead is found by; nothing for other events."""
    text = row.get("text")
    return key_of(text) or None if text and row["kind"] in NOTES else None


MANY_PIECES = 2_000  # leads of one write from which on its pieces of the search index are joined at once,
MOST_PAGES = 1_000_000  # all of them
# Leads that this transaction has still to put into the search index.
_UNFOUND = "SELECT id FROM temp.unindexed UNION ALL SELECT id FROM temp.reworded WHERE id NOT IN temp.unindexed"
# Tables with a `search_key`, and how it follows from a row. `lead_words` puts a lead's together.
FOUND: dict[str, Callable[[Mapping[str, Any]], str | None]] = {"lead": key_of_lead, "event": _note_key}


def row(db: sqlite3.Connection, table: str, entity_id: int, fields: Collection[str] | None = None) -> Row | None:
    """The row of `table` with this id, or `None`; of a lead only what has to be known to write `fields`, when given."""
    names: Collection[str] = _columns[table]
    if table == "lead" and fields is not None and FOUND_BY.isdisjoint(fields):
        names = ["id", "tags", *(name for name in fields if name in names and name != "tags")]
    found = db.execute(f"SELECT {','.join(names)} FROM {table} WHERE id=?", (entity_id,)).fetchone()
    return dict(zip(names, found, strict=True)) if found else None


def rows(db: sqlite3.Connection, table: str, ids: list[int]) -> dict[int, Row]:
    """Those rows of `table` with these ids that are there."""
    sql = f"SELECT {table}.* FROM json_each(?) AS given CROSS JOIN {table} ON {table}.id = given.value"
    return {found[0]: dict(zip(_columns[table], found, strict=True)) for found in db.execute(sql, (json.dumps(ids),))}


def insert(db: sqlite3.Connection, table: str, row: Row) -> None:
    """A new row; columns that it does not name stay empty. The search index follows in `index_changed`."""
    if table == "lead":
        to_index(db, [row["id"]])
    elif table == "event" and row["search_key"]:
        reworded(db, [row["lead_id"]])
    columns = [name for name in _columns[table] if name in row]
    put(db, f"{table} ({','.join(columns)})", len(columns), [tuple(map(row.get, columns))])


def to_index(db: sqlite3.Connection, leads: Collection[int]) -> None:
    """These leads begin: they are to be put into the search index."""
    db.execute("INSERT OR IGNORE INTO temp.unindexed SELECT value FROM json_each(?)", (orjson.dumps(leads).decode(),))


def put(db: sqlite3.Connection, into: str, wide: int, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows of values, some hundred by one statement: SQLite prepares the sets of its CHECKs once for each."""
    marks, begin = f"({','.join('?' * wide)})", 0
    for many in AT_ONCE:
        end = len(rows) - (len(rows) - begin) % many
        if begin < end:
            flat = (list(chain.from_iterable(rows[at : at + many])) for at in range(begin, end, many))
            db.executemany(f"INSERT INTO {into} VALUES {','.join([marks] * many)}", flat)
            begin = end


def rewords(table: str, kind: str, fields: Collection[str]) -> bool:
    """Whether an edit (`kind` of `table`, of these `fields`) may change by which words a lead is found."""
    return table in FOUND and (table != "lead" or kind != "set" or not FOUND_BY.isdisjoint(fields))


def index_changed(db: sqlite3.Connection) -> None:
    """Put the leads whose words this transaction made or changed into the search index, in one statement."""
    if db.execute(f"SELECT 1 FROM ({_UNFOUND}) LIMIT 1").fetchone():
        found = db.execute(
            "INSERT INTO lead_search(rowid, search_key)"
            f" SELECT id, search_key FROM ({_UNFOUND}) CROSS JOIN lead_words USING (id)"
        ).rowcount
        if found > MANY_PIECES:  # no key is to join what a whole list left
            db.execute("INSERT INTO lead_search(lead_search, rank) VALUES ('merge', ?)", (MOST_PAGES,))
        db.execute("DELETE FROM temp.unindexed")
        db.execute("DELETE FROM temp.reworded")


def reworded(db: sqlite3.Connection, leads: Iterable[int]) -> None:
    """Take leads out of the search index, before what they are found by changes; `index_changed` brings them back.

    In order of ids: the index writes all it holds in memory to the file whenever one is below the one before.
    """
    given = json.dumps(sorted(leads))
    if given == "[]":
        return
    db.execute(
        """INSERT INTO lead_search(lead_search, rowid, search_key)
        SELECT 'delete', id, search_key FROM (SELECT DISTINCT value AS id FROM json_each(?)) CROSS JOIN lead_words
          USING (id) WHERE id NOT IN (SELECT id FROM temp.unindexed) AND id NOT IN (SELECT id FROM temp.reworded)""",
        (given,),
    )
    db.execute("INSERT OR IGNORE INTO temp.reworded SELECT value FROM json_each(?)", (given,))


def update(db: sqlite3.Connection, table: str, before: Row, changed: Row) -> None:
    """New values for some columns of one row; `search_key` follows, and the search index in `index_changed`."""
    after = {**before, **changed}
    if table == "lead" and not FOUND_BY.isdisjoint(changed):
        if (key := key_of_lead(after)) != before["search_key"]:
            changed = {**changed, "search_key": key}
            reworded(db, [before["id"]])
    elif table == "event" and (before["search_key"] or "text" in changed):
        changed = {**changed, "search_key": _note_key(after)}
        reworded(db, [before["lead_id"], after["lead_id"]])
    sets = ",".join(f"{name}=?" for name in changed)
    db.execute(f"UPDATE {table} SET {sets} WHERE id=?", (*changed.values(), before["id"]))


def delete(db: sqlite3.Connection, table: str, entity_id: int) -> None:
    """Take one row out (and out of the search index)."""
    delete_many(db, table, [entity_id])


def delete_many(db: sqlite3.Connection, table: str, ids: list[int]) -> None:
    """Take many rows out (and out of the search index)."""
    given = json.dumps(ids)
    if table == "lead":
        reworded(db, ids)
    elif table == "event":
        noted = """SELECT event.lead_id FROM json_each(?) AS given CROSS JOIN event ON event.id = given.value
          WHERE event.search_key IS NOT NULL"""
        reworded(db, [row[0] for row in db.execute(noted, (given,))])
    db.execute(f"DELETE FROM {table} WHERE id IN (SELECT value FROM json_each(?))", (given,))


def leads_behind(db: sqlite3.Connection, table: str, ids: list[int]) -> dict[int, int]:
    """Row to the lead it is about, for tables whose rows are about one."""
    if table in ("lead", "step") or "lead_id" not in _columns[table]:
        return {}
    sql = (
        f"SELECT {table}.id, {table}.lead_id FROM json_each(?) AS given CROSS JOIN {table} ON {table}.id = given.value"
    )
    return {row: lead for row, lead in db.execute(sql, (json.dumps(ids),)) if lead is not None}


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
