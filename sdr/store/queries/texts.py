"""Message texts as they are worked with: what is in force, how often each went, and what came of it.

Judged by leads that qualified (product.md 4.8); a skipped step went to nobody.
"""

from __future__ import annotations

from typing import NamedTuple

from sdr.store import rows
from sdr.store.queries.reading import every, one
from sdr.store.session import Reader


class Used(NamedTuple):
    """How often a text went, to how many leads, and how many of those qualified since."""

    template: str
    times: int
    leads: int
    qualified: int


class Arm(NamedTuple):
    """One variant of one step: `leads` got it, `qualified` of them did since."""

    cadence: str
    step_no: int
    variant: str
    template: str | None
    leads: int
    qualified: int


_QUALIFIED = "count(DISTINCT CASE WHEN lead.qualified_at IS NOT NULL THEN lead.id END)"


def listed(db: Reader) -> tuple[rows.Template, ...]:
    """The texts in force, by channel and key."""
    return every(db, rows.Template, "SELECT * FROM template WHERE current=1 ORDER BY channel, key")


def in_force(db: Reader, key: str) -> rows.Template | None:
    """The text in force under `key`."""
    return one(db, rows.Template, "SELECT * FROM template WHERE key=? AND current=1 ORDER BY version DESC", (key,))


def versions(db: Reader, key: str) -> tuple[rows.Template, ...]:
    """Every version of a text, newest first."""
    return every(db, rows.Template, "SELECT * FROM template WHERE key=? ORDER BY version DESC, id DESC", (key,))


def used(db: Reader) -> dict[str, Used]:
    """What became of each text that ever went, by its key."""
    sql = f"""SELECT touch.template, count(*), count(DISTINCT lead.id), {_QUALIFIED}
      FROM touch JOIN lead ON lead.id = touch.lead_id
      WHERE touch.template IS NOT NULL AND touch.skipped=0 GROUP BY 1"""
    return {found.template: found for found in every(db, Used, sql)}


def arms(db: Reader) -> tuple[Arm, ...]:
    """The variants that went, step by step; versions of a drip count together."""
    sql = f"""SELECT cadence.name, touch.step_no, touch.variant, max(touch.template), count(DISTINCT lead.id),
      {_QUALIFIED} FROM touch JOIN lead ON lead.id = touch.lead_id
      JOIN enrollment ON enrollment.id = touch.enrollment_id JOIN cadence ON cadence.id = enrollment.cadence_id
      WHERE touch.variant IS NOT NULL AND touch.skipped=0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
    return every(db, Arm, sql)


def message(db: Reader, enrollment_id: int, step_no: int) -> rows.Message | None:
    """What was written at a step of an enrollment, the last of it."""
    sql = """SELECT * FROM message WHERE lead_id=(SELECT lead_id FROM enrollment WHERE id=?1) AND enrollment_id=?1
      AND step_no=?2 AND state<>'dropped' ORDER BY id DESC LIMIT 1"""
    return one(db, rows.Message, sql, (enrollment_id, step_no))


def last_post(db: Reader, lead_id: int) -> str | None:
    """The postal address that the rep wrote on the lead's last piece of post; None before the first."""
    sql = """SELECT address FROM message WHERE lead_id=? AND channel IN ('letter', 'postcard', 'parcel')
      AND address<>'' ORDER BY made_at DESC, id DESC LIMIT 1"""
    row = db.execute(sql, (lead_id,)).fetchone()
    return str(row[0]) if row else None
