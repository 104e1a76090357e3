"""Merges that stand, read from the journal: which act joined a lead to which other, and what rows were at that time."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sdr.store import rows
from sdr.store.queries.history import Edited, edits
from sdr.store.queries.reading import every, one
from sdr.store.session import Reader

Fields = dict[str, Any]
Entity = tuple[str, int]  # a table's word and a row of it
# What a merge touches; a journal that came from elsewhere may name other things.
TABLES = frozenset(
    {"lead", "answer", "event", "touch", "call", "message", "enrollment", "promise", "handoff", "permission"}
)
_STATED = """FROM operation JOIN step ON step.id = operation.step WHERE operation.entity_id = ?
  AND operation.kind = 'alias' AND step.kind = 'act' AND step.undone = 0
  AND json_extract(operation.body, '$.f.state') = 'merged' ORDER BY operation.at DESC, operation.id DESC LIMIT 1"""


class Merge(NamedTuple):
    """The act that joined `lead` to `into`; `at` is when the journal wrote it (ms UTC, never backwards on a desk)."""

    lead: int
    into: int
    step: int
    at: int
    first: int  # the act's own first operation


class Wrote(NamedTuple):
    """What an act changed of one row: the values before it, and those it left."""

    before: Fields
    after: Fields


def row_of(db: Reader, lead_id: int) -> rows.Lead | None:
    """The lead's own row, also of one that was merged away."""
    return one(db, rows.Lead, "SELECT * FROM lead WHERE id=?", (lead_id,))


def merge_of(db: Reader, lead_id: int) -> Merge | None:
    """The merge by which a lead stands for another now; `None` for a lead of its own."""
    lead = row_of(db, lead_id)
    if lead is None or lead.alias_of is None:
        return None
    sql = f"""SELECT operation.entity_id, json_extract(operation.body, '$.f.alias_of'), operation.step, operation.at,
      (SELECT min(id) FROM operation AS own WHERE own.entity_id = operation.step) {_STATED}"""
    return one(db, Merge, sql, (lead_id,))


def joined(db: Reader, lead_id: int) -> tuple[rows.Lead, ...]:
    """The leads that were merged into this one, as they were kept, the last to join first."""
    found = every(db, rows.Lead, "SELECT * FROM lead WHERE alias_of=?", (lead_id,))
    return tuple(sorted(found, key=lambda lead: (lead.closed_at or 0, lead.id), reverse=True))


def line_of(db: Reader, merge: Merge) -> tuple[Merge, ...]:
    """The merge, then that of the lead it joined, and so on up to the lead that stands for all of them."""
    found = [merge]
    while (above := merge_of(db, found[-1].into)) is not None:
        found.append(above)
    return tuple(found)


def wrote(db: Reader, step: int) -> dict[Entity, Wrote]:
    """What an act changed, row by row; several edits of one row are one. Rows that began with it are left out."""
    found: dict[Entity, Wrote] = {}
    for edit in edits(db, step):
        if edit.entity in TABLES and edit.kind in ("set", "alias"):
            found[edit.entity, edit.id] = _joined_with(found.get((edit.entity, edit.id)), edit)
    return found


def carried(db: Reader, merge: Merge) -> frozenset[str]:
    """The channels of the wishes that a merge brought to the lead that stands for both."""
    return frozenset(edit.fields["channel"] for edit in edits(db, merge.step) if edit.kind == "sup")


def _joined_with(earlier: Wrote | None, edit: Edited) -> Wrote:
    before = {field: edit.before.get(field) for field in edit.fields}
    if earlier is None:
        return Wrote(before, dict(edit.fields))
    return Wrote(before | earlier.before, earlier.after | edit.fields)


def as_of(db: Reader, entity_id: int, merge: Merge, *, after: bool = False) -> Fields:
    """The fields that a row had just before a merge, or (`after`) as that merge left it."""
    within = "OR step = :step" if after else "AND step <> :step"
    sql = f"""SELECT body FROM operation WHERE entity_id = :row AND ((at, id) < (:at, :first) {within})
      ORDER BY at, id"""
    args = {"row": entity_id, "step": merge.step, "at": merge.at, "first": merge.first}
    values: Fields = {}
    for (body,) in db.execute(sql, args):
        values |= json.loads(body).get("f", {})
    return values


def row(db: Reader, entity: Entity) -> Fields | None:
    """A row as it is now; `None` when it has ended. Its table is one of `TABLES`."""
    assert entity[0] in TABLES
    found = db.execute(f"SELECT * FROM {entity[0]} WHERE id=?", (entity[1],))
    values = found.fetchone()
    return dict(zip((name[0] for name in found.description), values, strict=True)) if values else None


def wishes_since(db: Reader, ids: Collection[int], at: int) -> Iterator[rows.Suppression]:
    """The wishes of these leads that were written down after a moment of the journal and still stand, oldest first."""
    sql = """SELECT suppression.* FROM json_each(?) AS given CROSS JOIN suppression
      ON suppression.lead_id = given.value JOIN operation ON operation.entity_id = suppression.id
      WHERE operation.kind = 'sup' AND operation.at > ? GROUP BY suppression.id ORDER BY suppression.id"""
    yield from every(db, rows.Suppression, sql, (json.dumps(list(ids)), at))
