"""The journal as a history: every step with who, when, what, and each field's value before and after."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sdr.store import rows
from sdr.store.queries.reading import OF_STEP, every
from sdr.store.session import Reader

ALL = """SELECT * FROM step WHERE :lead IS NULL OR id IN (
  WITH who(id) AS (SELECT :lead UNION SELECT id FROM lead WHERE alias_of=:lead)
  SELECT step FROM operation JOIN who ON operation.entity_id=who.id
  UNION SELECT step FROM operation JOIN who ON operation.about=who.id) ORDER BY id DESC LIMIT :limit"""
EDITS = 1000  # of one step; an import has more than anybody reads


class Edited(NamedTuple):
    """One entity in one step. `kind` is the journal's; `before` has the earlier values where there were any."""

    entity: str
    id: int
    kind: str
    fields: dict[str, Any]
    before: dict[str, Any]


class Past(NamedTuple):
    """One step of the journal with its edits; `more` counts those beyond the first `EDITS`."""

    step: rows.Step
    edits: tuple[Edited, ...]
    more: int


def history(db: Reader, lead_id: int | None = None, limit: int = 50) -> tuple[Past, ...]:
    """Steps of the journal, newest first: of one lead (and those merged into it), or of all."""
    found = every(db, rows.Step, ALL, {"lead": lead_id, "limit": limit})
    return tuple(_past(db, step) for step in found)


def one_step(db: Reader, step_id: int) -> Past | None:
    """One step of the journal."""
    found = every(db, rows.Step, "SELECT * FROM step WHERE id=?", (step_id,))
    return _past(db, found[0]) if found else None


def edits(db: Reader, step_id: int, limit: int = -1) -> Iterator[Edited]:
    """What a step wrote, in the order it was written; at most `limit` entities (-1: all)."""
    told = f"""SELECT entity, entity_id, kind, body FROM operation
      WHERE {OF_STEP} AND entity<>'step' ORDER BY id LIMIT :limit"""
    for entity, entity_id, kind, body in db.execute(told, {"step": step_id, "limit": limit}).fetchall():
        yield _edited(db, entity, entity_id, kind, json.loads(body))


def _past(db: Reader, step: rows.Step) -> Past:
    edits_shown = tuple(edits(db, step.id, EDITS))
    count = f"SELECT count(*) FROM operation WHERE {OF_STEP} AND entity<>'step'"
    more = db.execute(count, {"step": step.id}).fetchone()[0] - len(edits_shown) if len(edits_shown) == EDITS else 0
    return Past(step, edits_shown, more)


def _edited(db: Reader, entity: str, entity_id: int, kind: str, body: dict[str, Any]) -> Edited:
    fields = body.get("f", {})
    named = {field: body.get("p", {}).get(field, []) for field in fields}
    told = _told(db, {one for found in named.values() for one in found})
    before = {}
    for field, operations in named.items():
        values = [told[one][field] for one in operations if field in told.get(one, {})]
        if values:
            before[field] = values[-1]
    return Edited(entity, entity_id, kind, fields, before)


def _told(db: Reader, operations: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What earlier operations set, by operation."""
    wanted = json.dumps(list(operations))
    sql = "SELECT id, body FROM operation WHERE id IN (SELECT value FROM json_each(?))"
    return {one: json.loads(body).get("f", {}) for one, body in db.execute(sql, (wanted,))}
