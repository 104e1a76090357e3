"""Undo and redo: the edits that take a step back, or bring it again, refused when a row changed since.

First all of the act is looked at, then its edits are made while they are written, a page of the journal at a time: an
import of a million leads is taken back in the memory of a page.

A wish not to be contacted stays when the act that heard it is taken back: it is lifted by name and with a note, or
not at all. Acts that only carried wishes on (a merge, an import) take theirs back.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sdr.models.terms import Refused
from sdr.store import journal, tables
from sdr.store.changes import Edit
from sdr.store.journal import DELETED, Operation
from sdr.store.judging import JUDGED
from sdr.store.queries.reading import OF_STEP, RANGE_OF_STEP

_UNDO = """SELECT id, verb, summary, lead_id, final FROM step
  WHERE id>:low AND id<=:low+4294967295 AND kind='act' AND undone=0 ORDER BY id DESC LIMIT 1"""
# What another desk did, or this one before it was restored from a copy: numbers do not tell which came last.
_UNDO_OTHERS = """SELECT id, verb, summary, lead_id, final FROM step
  WHERE kind='act' AND undone=0 ORDER BY at DESC, id DESC LIMIT 1"""
_REDO = """SELECT act.id, act.verb, act.summary, act.lead_id, NULL FROM step undo JOIN step act ON act.id = undo.target
  WHERE undo.id>:low AND undo.id<=:low+4294967295 AND undo.kind='undo' AND act.undone=1 AND undo.id > (
    SELECT coalesce(max(id), 0) FROM step WHERE id>:low AND id<=:low+4294967295 AND kind='act')
  ORDER BY undo.id DESC LIMIT 1"""

BEGINS = ("new", "event", "sup")  # kinds of operations
PAGE = 500  # operations of an act held at a time
# What an act began is as it began when that is the last that is told of it, or that the act was brought again; what
# was told to have ended last is not there. Nobody need look at those.
_LAST = """FROM operation AS last WHERE last.entity_id = operation.entity_id
  ORDER BY last.at DESC, last.id DESC LIMIT 1"""
_SINCE = f"""(kind NOT IN {BEGINS} OR (SELECT last.kind IN {BEGINS} AND (last.id = operation.id
  OR (SELECT step.kind = 'redo' AND step.target = :step FROM step WHERE step.id = last.step)) {_LAST}) IS NOT 1)"""
_STILL = f"(kind NOT IN {BEGINS} OR (SELECT last.kind {_LAST}) <> 'del')"
_COUNTED = f"""SELECT total(entity='lead' AND kind='new'), total(entity='lead' AND kind NOT IN {BEGINS}),
  total(kind='sup') FROM operation WHERE {OF_STEP} AND entity_id<>:step"""

# A rubric that was in force stays when its act is taken back, for leads were judged by it: it is in force no more.
VERSION = frozenset({"rubric", "criterion", "level"})
# The acts in which somebody said no.
HEARD = frozenset({"call", "reply", "reject", "disqualify", "opt-out"})


class Back(NamedTuple):
    """A step that can be taken back (or brought again) and the edits that do it, made while they are written.

    `begins` is how many leads begin, when nothing is changed of others.
    """

    step: int
    verb: str
    summary: str
    lead: int | None
    edits: Iterable[Edit]
    begins: int = 0


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
    act = _Act(db, step, heard=verb in HEARD, undo=undo)
    for page in act.pages(_SINCE if undo else _STILL):
        found, rows = act.whole(page), _rows(db, page)
        if moved := next((op for op in found if not act.stands(op, rows.get(op.entity_id))), None):
            refused = _moved(db, moved)
            return Refused(refused.rule, f"“{summary}” {refused.reason}")
    begun, changed, wishes = db.execute(_COUNTED, {"step": step}).fetchone()
    stays = " · the wish stays, sdr lift takes it back" if undo and act.heard and wishes else ""
    return Back(step, verb, f"{summary}{stays}", lead, act.edits(), 0 if undo or changed else int(begun))


def _rows(db: sqlite3.Connection, page: list[_Wrote]) -> dict[int, dict[str, Any]]:
    """The rows that the operations of a page tell of, as they are now."""
    found: dict[int, dict[str, Any]] = {}
    for table in {one.entity for one in page}:
        found |= tables.rows(db, table, [one.entity_id for one in page if one.entity == table])
    return found


class _Wrote(NamedTuple):
    """An operation without what it tells."""

    id: int
    kind: str
    entity: str
    entity_id: int

    @property
    def only_begins(self) -> bool:
        """Whether to take it back is to end something."""
        return self.kind in BEGINS and not (self.kind == "new" and self.entity in VERSION)


class _Act(NamedTuple):
    """What one step wrote, its own row left out; of acts in which somebody said no, their wishes too."""

    db: sqlite3.Connection
    step: int
    heard: bool
    undo: bool

    def pages(self, only: str = "true") -> Iterator[list[_Wrote]]:
        """Its operations, a page at a time: newest first to take them back, oldest first to bring them again."""
        first, beyond = self.db.execute(RANGE_OF_STEP, {"step": self.step}).fetchone()
        wishes = "AND kind <> 'sup'" if self.heard else ""
        sql = f"""SELECT id, kind, entity, entity_id FROM operation WHERE id >= :first AND id < :beyond
          AND step = :step AND entity_id <> :step {wishes} AND {only} ORDER BY id {self._order} LIMIT {PAGE}"""
        while rows := self.db.execute(sql, {"step": self.step, "first": first, "beyond": beyond}).fetchall():
            yield [_Wrote(*row) for row in rows]
            first, beyond = (first, rows[-1][0]) if self.undo else (rows[-1][0] + 1, beyond)

    @property
    def _order(self) -> str:
        return "DESC" if self.undo else "ASC"

    def whole(self, page: list[_Wrote]) -> Iterator[Operation]:
        """These operations with what they tell, in the same order."""
        where = f"WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id {self._order}"
        return journal.operations(self.db, where, (json.dumps([one.id for one in page]),))

    def stands(self, op: Operation, now: dict[str, Any] | None) -> bool:
        """Whether the row is still (or again) what the step back from `op` starts from."""
        if op.kind in ("del", "lift"):
            return now is None or not self.undo
        if self.undo:
            return now is not None and _holds(now, op.body["f"])
        if op.kind in BEGINS:
            return now is None or op.entity in VERSION
        return now is not None and _holds(now, _earlier(self.db, op))

    def edits(self) -> Iterator[Edit]:
        """What takes it back, or brings it again; the mark on the step comes last."""
        for page in self.pages():
            whole = {op.id: op for op in self.whole([one for one in page if not (self.undo and one.only_begins)])}
            for one in page:
                op = whole.get(one.id)
                yield from [Edit.drop(one.entity, one.entity_id)] if op is None else self._edits(op)
        yield Edit.set("step", self.step, undone=1 if self.undo else 0)

    def _edits(self, op: Operation) -> list[Edit]:
        if op.kind == "new" and op.entity in VERSION:
            return _in_force(op, 0 if self.undo else 1)
        return [_inverse(self.db, op) if self.undo else _again(op)]


def _inverse(db: sqlite3.Connection, op: Operation) -> Edit:
    """What takes back an operation that did not begin anything."""
    if op.kind in ("del", "lift"):
        return _return(db, op, before=op.id)
    return Edit(op.entity, op.entity_id, "set", _earlier(db, op))


def _in_force(op: Operation, current: int) -> list[Edit]:
    return [Edit.set("rubric", op.entity_id, current=current)] if op.entity == "rubric" else []


def _again(op: Operation) -> Edit:
    if op.kind in ("del", "lift"):
        return Edit.drop(op.entity, op.entity_id)
    told = {key: value for key, value in op.body["f"].items() if key != DELETED}
    return Edit(op.entity, op.entity_id, "new" if op.kind in BEGINS else "set", told)


def _holds(row: dict[str, Any], told: dict[str, Any]) -> bool:
    """Whether `row` still has what an operation told (by value: changes taken back in between do not count).

    What a rubric says of a lead is no change of it.
    """
    if told.items() <= row.items():
        return True
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
