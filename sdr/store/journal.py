"""The journal: every write as operations, and the state folded from them (sync.md is the specification).

An operation is one change of one entity: the fields it sets (`f`) and, per field, the operations it replaces
(`p`). *Heads* of a field are its operations that no other names; one head is its value, several are a conflict
of which the latest is shown. Nothing here decides anything; nothing else writes a state table.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from sdr.store import bulk, tables
from sdr.store.changes import Applied, Change, Edit, Fields
from sdr.store.pen import Body, OperationRow, Pen, begun_rows, operation_row
from sdr.store.queries.reading import Args
from sdr.store.shapes import Rows
from sdr.store.touched import Touched

Row = dict[str, Any]

FACTS = frozenset({"touch", "call", "event", "delivery"})
DELETED = "_deleted"
BULK = 200  # edits at a time from which rows are written by the table instead of one by one
WIDE = 10  # columns of an operation


class Operation(NamedTuple):
    """One row of the journal with its body parsed; `id` is `replica << 32 | seq`, `at` ms UTC."""

    id: int
    step: int
    at: int
    actor: str
    kind: str
    entity: str
    entity_id: int
    about: int | None
    body: Body
    digest: str


def record(db: sqlite3.Connection, change: Change, pen: Pen, *, kind: str = "", target: int | None = None) -> Applied:
    """Apply `change` and write its operations, inside the caller's transaction."""
    leads = Touched()
    step = Edit.new(
        "step", pen.step, kind=kind or change.kind, verb=change.verb, summary=change.summary, at=change.at,
        actor=pen.actor, lead_id=change.lead, target=target, undone=0, final=change.final,
    )  # fmt: skip
    begun: dict[str, Rows] = {}
    reworded = False
    with bulk.Many(db) as many:
        aside = bulk.set_aside(db, change.begins)
        for edits in _chunks(_all(step, change.edits)):
            if len(edits) >= BULK:
                many.begin()
            reworded = reworded or any(tables.rewords(edit.table, edit.kind, edit.fields) for edit in edits)
            tables.put(db, "operation", WIDE, _apply(db, edits, pen, leads, begun))
        bulk.make_good(db, aside)
        if reworded:
            tables.index_changed(db)
    return Applied(pen.step, change.verb, change.summary, change.at, leads, change.lead)


def _all(step: Edit, edits: Iterable[Edit]) -> Iterator[Edit]:
    yield step
    yield from edits


def _chunks(edits: Iterator[Edit], size: int = 1000) -> Iterator[list[Edit]]:
    while chunk := list(islice(edits, size)):
        yield chunk


def _apply(
    db: sqlite3.Connection, edits: list[Edit], pen: Pen, leads: Touched, begun: dict[str, Rows]
) -> list[OperationRow]:
    """The operations of `edits`. Bulk rows are checked by their maker and by STRICT and CHECK, not by their model."""
    if len(edits) < BULK:
        return _one_by_one(db, edits, pen, leads, checked=True)
    fresh = pen.fresh
    known = _only_begun(db, [edit.id for edit in edits if edit.kind != "set" and edit.id not in fresh])
    found: list[OperationRow] = []
    for (way, table), run in groupby(edits, lambda edit: (_way(edit, fresh, known), edit.table)):
        if way in ("new", "again"):
            rows = begun.setdefault(table, Rows(table))
            found += _begin_many(db, rows, run, pen, leads, _Earlier(db, known) if way == "again" else None)
        elif way == "drop":
            found += _end_many(db, table, [edit.id for edit in run], known, pen, leads)
        else:
            found += _one_by_one(db, run, pen, leads, checked=False)
    return found


def _one_by_one(
    db: sqlite3.Connection, edits: Iterable[Edit], pen: Pen, leads: Touched, *, checked: bool
) -> list[OperationRow]:
    made = [_apply_one(db, edit, pen, leads, checked=checked) for edit in edits]
    return [row for row in made if row is not None]


class Begun(NamedTuple):
    """The operation that began an entity, or began it again and named all before it; and the one that ended it since,
    if one did."""

    by: int
    again: bool
    ended: int | None


def _way(edit: Edit, fresh: range, known: dict[int, Begun]) -> str:
    """Whether an edit of many may be made together with its neighbours: one that begins, or begins again or ends what
    was not changed since it began."""
    if edit.kind == "new" and edit.id in fresh:
        return "new"
    found = known.get(edit.id)
    if found is None or edit.kind == "set" or "alias_of" in edit.fields:
        return ""
    if edit.kind == "new":
        return "again" if found.ended else ""
    return "" if found.ended else "drop"


def _apply_one(db: sqlite3.Connection, edit: Edit, pen: Pen, leads: Touched, *, checked: bool) -> OperationRow | None:
    before = None if edit.kind == "new" else tables.row(db, edit.table, edit.id, edit.fields)
    made: tuple[str, Body, Row] | None
    if edit.kind == "new":
        made = _begin(db, edit, pen, checked)
    elif before is None:
        raise LookupError(f"{edit.table} {edit.id} is not there")
    elif edit.kind == "set":
        made = _set(db, edit, before)
    else:
        made = _end(db, edit)
    if made is None:
        return None
    kind, body, row = made
    about = _about(edit.table, row if before is None else before)
    leads.update(_lead_of(edit, about))
    if edit.table == "lead" and "alias_of" in body.get("f", {}):  # it concerns the one they join, or part from
        about = body["f"]["alias_of"] or (before or row)["alias_of"]
        leads.update(() if about is None else (about,))
    return operation_row(pen, kind, edit.table, edit.id, about, body)


def _begin_many(
    db: sqlite3.Connection,
    begun: Rows,
    edits: Iterable[Edit],
    pen: Pen,
    leads: Touched,
    earlier: _Earlier | None = None,
) -> Iterable[OperationRow]:
    """Many entities of one table, all new, or all of which were there `earlier`."""
    table, made = begun.table, begun.made(list(edits))
    fresh = pen.fresh
    if table == "lead":
        tables.to_index(db, [one.id for one in made])
        leads.update([one.id for one in made])
    else:  # a lead that begins in this change is touched by that, and put into the search index with all of its words
        leads.update([one.about for one in made if one.about is not None and one.about not in fresh])
    if table == "event":
        tables.reworded(db, [lead for lead in begun.worded(made) if lead not in fresh])
    tables.put(db, begun.into, len(begun.columns), [one.row for one in made])
    kind = _kind_of(table)
    if earlier is None:
        return begun_rows(pen, kind, table, made)
    earlier.read([one.id for one in made])
    return (operation_row(pen, kind, table, one.id, one.about, earlier.body(one.id, one.told)) for one in made)


def _kind_of(table: str) -> str:
    return "sup" if table == "suppression" else "event" if table in FACTS else "new"


def _told(row: Row, tags: Fields) -> Body:
    """What the journal tells of a new row: every value but those that are computed or nothing."""
    told = {name: value for name, value in row.items() if value is not None and name not in tables.UNTOLD}
    return {**told, **tags} if tags else told


def _begin(db: sqlite3.Connection, edit: Edit, pen: Pen, checked: bool) -> tuple[str, Body, Row]:
    row, tags = tables.begun(edit.table, edit.id, edit.fields, checked=checked)
    tables.insert(db, edit.table, row)
    body: Body = {"f": _told(row, tags)}
    earlier = {} if edit.id in pen.fresh else heads(db, edit.id)
    if earlier:  # it comes back: name what its fields were, and the end that is taken back
        body["f"] |= {field: None for field in earlier if field not in body["f"] and field != DELETED}
        body["f"][DELETED] = False
        body["p"] = {field: [h for h, _ in earlier[field]] for field in body["f"] if field in earlier}
    return _kind_of(edit.table), body, row


def _set(db: sqlite3.Connection, edit: Edit, before: Row) -> tuple[str, Body, Row] | None:
    tags = {key: value for key, value in edit.fields.items() if key.startswith("tag:")}
    after = {k: v for k, v in edit.fields.items() if k not in tags and before[k] != v}
    told = {**after, **{k: v for k, v in tags.items() if tables.has_tag(before, k) != bool(v)}}
    if not told:
        return None
    if tags:
        after["tags"] = tables.tag_list(before["tags"], tags)
    row = {**before, **after}
    tables.check(edit.table, after)
    tables.update(db, edit.table, before, after)
    earlier = heads(db, edit.id, told.keys())
    replaced = {field: [h for h, _ in earlier[field]] for field in told if field in earlier}
    kind = "alias" if edit.table == "lead" and told.get("alias_of") else "set"
    return kind, {"f": told, "p": replaced}, row


def _end(db: sqlite3.Connection, edit: Edit) -> tuple[str, Body, Row]:
    earlier = heads(db, edit.id)
    tables.delete(db, edit.table, edit.id)
    if edit.table == "suppression":
        sups = "SELECT id FROM operation WHERE entity_id=? AND kind='sup'"
        return "lift", {"p": {"sup": [row[0] for row in db.execute(sups, (edit.id,))]}}, {}
    seen = sorted({h for found in earlier.values() for h, _ in found})
    body: Body = {
        "f": {DELETED: True},
        "p": {DELETED: [h for h, _ in earlier.get(DELETED, [])]},
        "seen": seen,
    }
    return "del", body, {}


def _only_begun(db: sqlite3.Connection, ids: list[int]) -> dict[int, Begun]:
    """Of these entities those that were not changed since they began last; never a suppression.

    What begins again names all that was told before it, by whoever: of several desks one may not have heard another.
    """
    sql = """SELECT operation.entity_id, operation.id, operation.kind FROM json_each(?) AS given CROSS JOIN operation
      ON operation.entity_id = given.value ORDER BY operation.entity_id, operation.at, operation.id"""
    found: dict[int, Begun] = {}
    for entity, told in groupby(db.execute(sql, (json.dumps(ids),)) if ids else (), itemgetter(0)):
        ops = [(op, kind) for _, op, kind in told]
        alone = len({op >> 32 for op, _ in ops}) == 1
        ended = ops.pop()[0] if ops[-1][1] == "del" else None
        if alone and ops and ops[-1][1] in ("new", "event") and (len(ops) == 1 or ops[-2][1] == "del"):
            found[entity] = Begun(ops[-1][0], len(ops) > 1, ended)
    return found


class _Earlier:
    """What many entities that come back were before: each names what its fields were, and the end taken back."""

    def __init__(self, db: sqlite3.Connection, known: dict[int, Begun]) -> None:
        self._db, self._known = db, known
        self._fields: dict[int, tuple[str, ...]] = {}

    def read(self, ids: list[int]) -> None:
        """Look up the fields of these entities."""
        sql = "SELECT entity_id, body FROM operation WHERE id IN (SELECT value FROM json_each(?))"
        by = json.dumps([self._known[one].by for one in ids])
        self._fields = {one: tuple(orjson.loads(body)["f"]) for one, body in self._db.execute(sql, (by,))}

    def body(self, entity_id: int, told: Fields) -> Body:
        """The whole operation that begins it again with what it is `told` to be."""
        begun, fields = self._known[entity_id], self._fields[entity_id]
        body = {**dict.fromkeys(fields), **told, DELETED: False}
        by = [begun.by]
        return {"f": body, "p": {**dict.fromkeys(fields, by), DELETED: [begun.ended]}}


def _end_many(
    db: sqlite3.Connection, table: str, ids: list[int], known: dict[int, Begun], pen: Pen, leads: Touched
) -> Iterator[OperationRow]:
    """The end of many entities of one table, each of which was not changed since it began."""
    about = tables.leads_behind(db, table, ids)
    tables.delete_many(db, table, ids)
    leads.update(ids if table == "lead" else about.values())
    for entity_id in ids:
        begun = known[entity_id]
        body: Body = {"f": {DELETED: True}, "p": {DELETED: [begun.by] if begun.again else []}, "seen": [begun.by]}
        yield operation_row(pen, "del", table, entity_id, about.get(entity_id), body)


def _is_about(table: str) -> bool:
    """Whether the rows of `table` are about a lead."""
    return table not in ("lead", "step") and "lead_id" in tables.columns(table)


def _about(table: str, row: Row) -> int | None:
    return None if table in ("lead", "step") else row.get("lead_id")


def _lead_of(edit: Edit, about: int | None) -> Iterator[int]:
    if edit.table == "lead":
        yield edit.id
    elif about is not None:
        yield about


def operations(db: sqlite3.Connection, where: str = "", args: Args = ()) -> Iterator[Operation]:
    """Operations that match `where` (SQL after the table), in the order it gives."""
    for row in db.execute(f"SELECT * FROM operation {where}", args):
        yield Operation(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], orjson.loads(row[8]), row[9])


def heads(
    db: sqlite3.Connection, entity_id: int, wanted: Collection[str] | None = None
) -> dict[str, list[tuple[int, Any]]]:
    """Per field of an entity (of `wanted`, or all) its heads as (operation, value), the one that is shown last."""
    told = db.execute("SELECT at, id, body FROM operation WHERE entity_id=?", (entity_id,)).fetchall()
    told.sort()  # a few; SQLite would make a temporary table for them
    return heads_of([(op_id, orjson.loads(body)) for _, op_id, body in told], wanted)


def heads_of(
    found: Iterable[tuple[int, Body]], wanted: Collection[str] | None = None
) -> dict[str, list[tuple[int, Any]]]:
    """As `heads`, of the numbers and bodies of operations already read, in order of time."""
    fields: dict[str, list[tuple[int, Any]]] = {}
    replaced: set[tuple[str, int]] = set()
    for op_id, body in found:
        told, names = body.get("f", {}), body.get("p", {})
        for field in told if wanted is None else told.keys() & wanted:
            fields.setdefault(field, []).append((op_id, told[field]))
        for field in names if wanted is None else names.keys() & wanted:
            replaced.update((field, one) for one in names[field])
    if not replaced:
        return fields
    return {field: [h for h in found if (field, h[0]) not in replaced] for field, found in fields.items()}


def fold(found: list[Operation]) -> Row | None:
    """What an entity is, from its operations alone; `None` when it has ended."""
    table = found[0].entity
    if table == "suppression":
        lifted = {one for op in found for one in op.body.get("p", {}).get("sup", []) if op.kind == "lift"}
        if not any(op.kind == "sup" and op.id not in lifted for op in found):
            return None
    values = {field: held[-1][1] for field, held in heads_of((op.id, op.body) for op in found).items() if held}
    if values.get(DELETED) and table != "suppression":
        return None
    tags = {field: value for field, value in values.items() if field.startswith("tag:")}
    plain = {field: value for field, value in values.items() if field in tables.columns(table)}
    row = tables.complete(table, {**plain, "id": found[0].entity_id})
    if any(tags.values()):
        row["tags"] = tables.tag_list(None, tags)
    return row
