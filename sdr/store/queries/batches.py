"""Imported files: what a file of the same shape was like, which act brought one, and what became of its leads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sdr.store import rows
from sdr.store.queries.reading import OF_STEP, every, number, one
from sdr.store.session import Reader


class Wrote(NamedTuple):
    """One operation of an import: the row it made or changed, and the lead it is about."""

    operation: int
    kind: str
    table: str
    row: int
    lead: int | None


def batch(db: Reader, batch_id: int) -> rows.Batch | None:
    """The batch with this id."""
    return one(db, rows.Batch, "SELECT * FROM batch WHERE id=?", (batch_id,))


def latest(db: Reader, limit: int = 9) -> tuple[rows.Batch, ...]:
    """The batches that stand, newest first."""
    return every(db, rows.Batch, "SELECT * FROM batch WHERE withdrawn=0 ORDER BY id DESC LIMIT ?", (limit,))


def of_shape(db: Reader, fingerprint: str, *, standing: bool = False) -> rows.Batch | None:
    """The newest batch whose file had these columns; only one that was not withdrawn, when `standing`."""
    only = "AND withdrawn=0" if standing else ""
    return one(
        db, rows.Batch, f"SELECT * FROM batch WHERE fingerprint=? {only} ORDER BY id DESC LIMIT 1", (fingerprint,)
    )


def of_step(db: Reader, step: int) -> int | None:
    """The batch that act `step` began."""
    sql = f"SELECT entity_id FROM operation WHERE {OF_STEP} AND entity='batch' AND kind='new'"
    return number(db, sql, {"step": step}) or None


def step_of(db: Reader, batch_id: int) -> int | None:
    """The newest act that brought this batch, and still stands."""
    sql = """SELECT max(step.id) FROM operation JOIN step ON step.id = operation.step
      WHERE operation.entity_id=? AND operation.kind='new' AND step.undone=0"""
    return number(db, sql, (batch_id,)) or None


def written(db: Reader) -> int:
    """How much was ever written: the same number means that nothing was written in between."""
    return number(db, "SELECT count(*) FROM operation")


def wrote(db: Reader, step: int) -> Iterator[Wrote]:
    """What an import wrote, newest first, its own step left out."""
    sql = f"""SELECT id, kind, entity, entity_id, CASE entity WHEN 'lead' THEN entity_id ELSE about END
      FROM operation WHERE {OF_STEP} AND entity <> 'step' ORDER BY id DESC"""
    return (Wrote(*row) for row in db.execute(sql, {"step": step}).fetchall())


def worked_since(db: Reader, step: int, batch_id: int) -> dict[int, str]:
    """Leads that an import made or changed and that somebody worked since, with the last act on each.

    Acts that were taken back do not count.
    """
    sql = f"""WITH mine(id) AS (SELECT id FROM lead WHERE batch_id=:batch UNION
        SELECT entity_id FROM operation WHERE {OF_STEP} AND entity='lead'),
      later(lead, step) AS (SELECT mine.id, operation.step FROM mine JOIN operation ON operation.entity_id = mine.id
        UNION SELECT mine.id, operation.step FROM mine JOIN operation ON operation.about = mine.id)
      SELECT later.lead, step.summary FROM later JOIN step ON step.id = later.step
      WHERE step.kind IN ('act', 'out') AND step.undone=0 AND step.id > :step ORDER BY step.id"""
    return dict(db.execute(sql, {"batch": batch_id, "step": step}).fetchall())


def name_of(db: Reader, lead: int) -> str:
    """The name of a lead; "" when it is no longer here."""
    row = db.execute("SELECT name FROM lead WHERE id=?", (lead,)).fetchone()
    return str(row[0]) if row else ""


def nameless_keys(db: Reader, fingerprint: str) -> Iterator[tuple[int, str, str | None, str | None]]:
    """Leads without address and outside id that came with files of these columns: id, name, phone, company."""
    sql = """SELECT coalesce(lead.alias_of, lead.id), lead.name, lead.phone, lead.company FROM batch
      CROSS JOIN lead ON lead.batch_id = batch.id WHERE batch.fingerprint=? AND batch.withdrawn=0
      AND lead.email IS NULL AND lead.external_id IS NULL ORDER BY lead.id DESC"""
    return iter(db.execute(sql, (fingerprint,)).fetchall())


def leads_with(db: Reader, column: str, value: int) -> tuple[int, ...]:
    """The leads of an account (`account_id`) or a source (`source_id`)."""
    assert column in ("account_id", "source_id")
    return tuple(row[0] for row in db.execute(f"SELECT id FROM lead WHERE {column}=?", (value,)))


def other_batches(db: Reader, source_id: int, batch_id: int) -> bool:
    """Whether another file came from this source."""
    return db.execute("SELECT 1 FROM batch WHERE source_id=? AND id<>?", (source_id, batch_id)).fetchone() is not None


def changed_since(db: Reader, row: int, step: int) -> bool:
    """Whether a row was changed by a later act."""
    return db.execute("SELECT 1 FROM operation WHERE entity_id=? AND step>?", (row, step)).fetchone() is not None
