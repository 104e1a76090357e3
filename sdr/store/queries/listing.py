"""All leads, newest first: the first page by index, the ids of the rest, a filtered list, and one lead opened.

Leads merged into another are left out; their survivor stands for them.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from sdr.store.queries import leads, queue
from sdr.store.queries.queue import EVERYTHING, Narrowed
from sdr.store.queries.reading import every, number
from sdr.store.session import Reader

_COLUMNS = """lead.id, lead.name, lead.company, lead.state, source.name, lead.grade, lead.arrived_at, lead.last_kind,
  lead.last_at, lead.queue_band, lead.due_at"""
_FROM = "FROM lead LEFT JOIN source ON source.id = lead.source_id"
# The index alone gives the ids in order; the few merged ones come from their own.
_KEPT = "lead.id NOT IN (SELECT id FROM lead WHERE alias_of IS NOT NULL)"
_ORDER = "ORDER BY lead.arrived_at DESC, lead.id DESC"


@dataclass(frozen=True, slots=True)
class Listed:
    """One lead as the list shows it. Times are ms UTC; `band` and `due_at` are of an open lead's next step."""

    id: int
    name: str
    company: str | None
    state: str
    source: str | None
    grade: str
    arrived_at: int
    last_kind: str | None
    last_at: int | None
    band: int | None
    due_at: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """A list from its beginning: every id in order, and the first rows."""

    ids: array[int]
    rows: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """One lead with its card and, while it is open, its item of the queue."""

    card: leads.Card
    item: queue.Item | None


def page(db: Reader, limit: int, *, before: tuple[int, int] | None = None) -> tuple[Listed, ...]:
    """The newest leads; `before` is (`arrived_at`, `id`) of the last one of the page above."""
    older = "AND (lead.arrived_at, lead.id) < (:at, :id)" if before else ""
    args = {"limit": limit} | (dict(zip(("at", "id"), before, strict=True)) if before else {})
    return every(db, Listed, f"SELECT {_COLUMNS} {_FROM} WHERE {_KEPT} {older} {_ORDER} LIMIT :limit", args)


def ids(db: Reader, narrowed: Narrowed = EVERYTHING) -> array[int]:
    """The ids of every lead that `narrowed` lets through, newest first."""
    where = f"{_FROM} WHERE {_KEPT} AND ({narrowed.sql})" if narrowed.sql else f"FROM lead WHERE {_KEPT}"
    return array("q", (row[0] for row in db.execute(f"SELECT lead.id {where} {_ORDER}", dict(narrowed.args))))


def found(db: Reader, limit: int, narrowed: Narrowed = EVERYTHING, among: Sequence[int] | None = None) -> Found:
    """The list that `narrowed` leaves (of `among`, in its order, when given) with its first `limit` rows."""
    if among is None:
        kept = ids(db, narrowed)
    else:
        kept = array("q", among)
        if narrowed.sql:
            passing = set(ids(db, narrowed))
            kept = array("q", (lead for lead in among if lead in passing))
    return Found(kept, rows(db, kept[:limit]))


def rows(db: Reader, wanted: Sequence[int]) -> tuple[Listed, ...]:
    """The leads with these ids, in no order; at most a few hundred at a time."""
    marks = ",".join("?" * len(wanted))
    return every(db, Listed, f"SELECT {_COLUMNS} {_FROM} WHERE lead.id IN ({marks})", tuple(wanted))


def total(db: Reader) -> int:
    """How many leads there are."""
    return number(db, "SELECT (SELECT count(*) FROM lead) - (SELECT count(*) FROM lead WHERE alias_of IS NOT NULL)")


def opened(db: Reader, lead_id: int, now: int) -> Opened | None:
    """One lead to look at, at `now` (ms UTC); `None` when there is no such lead."""
    card = leads.card(db, lead_id)
    if card is None:
        return None
    return Opened(card, next(iter(queue.items(db, now, (card.lead.id,))), None))
