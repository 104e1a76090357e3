"""Undo and redo: the edits that take a step back, or bring it again, refused when a row changed since.

A wish not to be contacted stays when the act that heard it is taken back: it is lifted by name and with a note, or
not at all. Acts that only carried wishes on (a merge, an import) take theirs back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sdr.models.terms import Refused
from sdr.store import journal, tables
from sdr.store.changes import Edit
from sdr.store.journal import DELETED, Operation
from sdr.store.judging import JUDGED
from sdr.store.queries.reading import OF_STEP

_UNDO = """SELECT id, verb, summary, lead_id, final FROM step
  WHERE id>:low AND id<=:low+4294967295 AND kind='act' AND undone=0 ORDER BY id DESC LIMIT 1"""
# What another desk did, or this one before it was restored from a copy: numbers do not tell which came last.
_UNDO_OTHERS = """SELECT id, verb, summary, lead_id, final FROM step
  WHERE kind='act' AND undone=0 ORDER BY at DESC, id DESC LIMIT 1"""
_REDO = """SELECT act.id, act.verb, act.summary, act.lead_id, NULL FROM step undo JOIN step act ON act.id = undo.target
  WHERE undo.id>:low AND undo.id<=:low+4294967295 AND undo.kind='undo' AND act.undone=1 AND undo.id > (
    SELECT coalesce(max(id), 0) FROM step WHERE id>:low AND id<=:low+4294967295 AND kind='act')
  ORDER BY undo.id DESC LIMIT 1"""

# A rubric that was in force stays when its act is taken back, for leads were judged by it: it is in force no more.
VERSION = frozenset({"rubric", "criterion", "level"})
# The acts in which somebody said no.
HEARD = frozenset({"call", "reply", "reject", "disqualify", "opt-out"})


@dataclass(frozen=True, slots=True)
class Back:
    """A step that can be taken back (or brought again) and the edits that do it."""

    step: int
    verb: str
    summary: str
    lead: int | None
    edits: tuple[Edit, ...]


def last_undoable(db: sqlite3.Connection, replica: int) -> Back | Refused:
    """The newest act of this desk that stands (then of any), with the edits that take it back."""
    own = db.execute(_UNDO, {"low": replica << 32}).fetchone()
    return _prepare(db, own or db.execute(_UNDO_OTHERS).fetchone(), undo=True)


def last_redoable(db: sqlite3.Connection, replica: int) -> Back | Refused:
    """The act taken back last, with the edits that bring it again; a new act ends the chance."""
    return _prepare(db, db.execute(_REDO, {"low": replica << 32}).fetchone(), undo=False)


def of_step(db: sqlite3.Connection, step: int) -> Back | Refused:
    """A particular act, with the edits that take it back."""
    sql = "SELECT id, verb, summary, lead_id, final FROM step WHERE id=? AND kind='act' AND undone=0"
    return _prepare(db, db.execute(sql, (step,)).fetchone(), undo=True)


def _prepare(db: sqlite3.Connection, row: Any, *, undo: bool) -> Back | Refused:
    if row is None:
        word = "take back" if undo else "bring again"
        return Refused("undo.nothing", f"there is nothing to {word}")
    step, verb, summary, lead, final = row
    if final:
        return Refused("undo.final", f"“{summary}” cannot be taken back: {final}")
    every = journal.operations(db, f"WHERE {OF_STEP} ORDER BY id {'DESC' if undo else 'ASC'}", {"step": step})
    found = [op for op in every if op.entity_id != step]
    ops = [op for op in found if op.kind != "sup" or verb not in HEARD]
    edits = _inverse(db, ops) if undo else _again(db, ops)
    if isinstance(edits, Refused):
        return Refused(edits.rule, f"“{summary}” {edits.reason}")
    mark = Edit.set("step", step, undone=1 if undo else 0)
    stays = " · the wish stays, sdr lift takes it back" if undo and len(ops) < len(found) else ""
    return Back(step, verb, f"{summary}{stays}", lead, (*edits, mark))


def _inverse(db: sqlite3.Connection, ops: Iterable[Operation]) -> list[Edit] | Refused:
    edits: list[Edit] = []
    for op in ops:
        now = tables.row(db, op.entity, op.entity_id)
        if op.kind in ("del", "lift"):
            if now is not None:
                return _moved(db, op)
            edits.append(_return(db, op, before=op.id))
        elif now is None or not _holds(now, op.body["f"]):
            return _moved(db, op)
        elif op.kind == "new" and op.entity in VERSION:
            edits += _in_force(op, 0)
        elif op.kind in ("new", "event", "sup"):
            edits.append(Edit.drop(op.entity, op.entity_id))
        else:
            edits.append(Edit(op.entity, op.entity_id, "set", _earlier(db, op)))
    return edits


def _in_force(op: Operation, current: int) -> list[Edit]:
    return [Edit.set("rubric", op.entity_id, current=current)] if op.entity == "rubric" else []


def _again(db: sqlite3.Connection, ops: Iterable[Operation]) -> list[Edit] | Refused:
    edits: list[Edit] = []
    for op in ops:
        now = tables.row(db, op.entity, op.entity_id)
        told = {key: value for key, value in op.body.get("f", {}).items() if key != DELETED}
        if op.kind == "new" and op.entity in VERSION:
            edits += _in_force(op, 1)
        elif op.kind in ("new", "event", "sup"):
            if now is not None:
                return _moved(db, op)
            edits.append(Edit(op.entity, op.entity_id, "new", told))
        elif op.kind in ("del", "lift"):
            edits.append(Edit.drop(op.entity, op.entity_id))
        elif now is None or not _holds(now, _earlier(db, op)):
            return _moved(db, op)
        else:
            edits.append(Edit(op.entity, op.entity_id, "set", told))
    return edits


def _holds(row: dict[str, Any], told: dict[str, Any]) -> bool:
    """Whether `row` still has what an operation told (by value: changes taken back in between do not count).

    What a rubric says of a lead is no change of it.
    """
    for field, value in told.items():
        if field.startswith("tag:"):
            if tables.has_tag(row, field) != bool(value):
                return False
        elif field in row and row[field] != value and field not in JUDGED:
            return False
    return True


def _earlier(db: sqlite3.Connection, op: Operation) -> dict[str, Any]:
    """The values that the fields of a `set` operation had before it."""
    past = list(journal.operations(db, "WHERE entity_id=? AND id<>? ORDER BY at, id", (op.entity_id, op.id)))
    values: dict[str, Any] = {}
    for field in op.body["f"]:
        named = set(op.body.get("p", {}).get(field, ()))
        held = [one.body["f"][field] for one in past if one.id in named and field in one.body.get("f", {})]
        values[field] = held[-1] if held else tables.columns(op.entity).get(field)
    return values


def _return(db: sqlite3.Connection, op: Operation, before: int) -> Edit:
    """The entity that `op` ended, as it was just before."""
    past = list(journal.operations(db, "WHERE entity_id=? AND id<? ORDER BY at, id", (op.entity_id, before)))
    row = journal.fold(past)
    assert row is not None
    tags = {f"tag:{name}": True for name in tables.tags_of(row)}
    plain = {k: v for k, v in row.items() if k != "id" and v is not None and k not in tables.DERIVED_OR_FOLDED}
    return Edit(op.entity, op.entity_id, "new", {**plain, **tags})


def _moved(db: sqlite3.Connection, op: Operation) -> Refused:
    sql = """SELECT step.summary, step.actor FROM operation JOIN step ON step.id = operation.step
      WHERE operation.entity_id=? ORDER BY operation.id DESC LIMIT 1"""
    found = db.execute(sql, (op.entity_id,)).fetchone()
    since = f" (“{found[0]}”, by {found[1]})" if found else ""
    return Refused("undo.changed-since", f"was changed since{since}; look at its history with v")
