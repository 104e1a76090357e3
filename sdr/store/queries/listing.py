"""All leads, newest first: the first page by index, the ids of the rest, a filtered list, and one lead opened.

A list that typed words leave is ordered by `searching`. Leads merged into another are left out; their survivor
stands for them.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sdr.store.queries import leads, queue, searching
from sdr.store.queries.queue import EVERYTHING, Narrowed
from sdr.store.queries.reading import every, number
from sdr.store.session import Reader

_COLUMNS = """lead.id, lead.name, lead.company, lead.state, source.name, lead.grade, lead.arrived_at, lead.last_kind,
  lead.last_at, lead.queue_band, lead.due_at"""
_FROM = "FROM lead LEFT JOIN source ON source.id = lead.source_id"
# The index alone gives the ids in order; the few merged ones come from their own.
_KEPT = "lead.id NOT IN (SELECT id FROM lead WHERE alias_of IS NOT NULL)"
_ORDER = "ORDER BY lead.arrived_at DESC, lead.id DESC"
WALK = 8_000  # leads looked at for the first page of a filter without words; a desk of no more is read whole
_SMALL = f"SELECT count(*) FROM (SELECT 1 FROM lead INDEXED BY lead_arrived LIMIT {WALK + 1})"


class Listed(NamedTuple):
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


class Found(NamedTuple):
    """A list from its beginning: its ids in order (only the first ones, unless `whole`), and the first rows."""

    ids: array[int]
    rows: tuple[Listed, ...]
    whole: bool = True


class Opened(NamedTuple):
    """One lead with its card and, while it is open, its item of the queue."""

    card: leads.Card
    item: queue.Item | None


def page(db: Reader, limit: int, *, before: tuple[int, int] | None = None) -> tuple[Listed, ...]:
    """The newest leads; `before` is (`arrived_at`, `id`) of the last one of the page above."""
    older = "AND (lead.arrived_at, lead.id) < (:at, :id)" if before else ""
    args = {"limit": limit} | (dict(zip(("at", "id"), before, strict=True)) if before else {})
    return every(db, Listed, f"SELECT {_COLUMNS} {_FROM} WHERE {_KEPT} {older} {_ORDER} LIMIT :limit", args)


def ids(db: Reader, narrowed: Narrowed = EVERYTHING) -> array[int]:
    """The ids of every lead that `narrowed` lets through, in order. O(leads): to be read behind the screen."""
    if narrowed.typed:
        few, whole = searching.first(db, 0, narrowed)
        return few if whole else searching.everything(db, narrowed)
    where = f"{_FROM} WHERE {_KEPT} AND ({narrowed.sql})" if narrowed.sql else f"FROM lead WHERE {_KEPT}"
    return array("q", (row[0] for row in db.execute(f"SELECT lead.id {where} {_ORDER}", dict(narrowed.args))))


def first(db: Reader, limit: int, narrowed: Narrowed = EVERYTHING, among: Sequence[int] | None = None) -> Found:
    """The first `limit` leads of a list (or fewer, where they lie deep), at a price that does not grow with it.

    `among` lists these alone, in their order; such a list comes whole.
    """
    if among is not None or number(db, _SMALL) <= WALK:
        return found(db, limit, narrowed, among)
    if narrowed.typed:
        page, whole = searching.first(db, limit, narrowed)
    else:
        page, whole = array("q", _walked(db, limit, narrowed)), False
    return Found(page, rows(db, page[:limit]), whole)


def found(db: Reader, limit: int, narrowed: Narrowed = EVERYTHING, among: Sequence[int] | None = None) -> Found:
    """The whole list with its first `limit` rows. O(leads), as `ids`."""
    kept = ids(db, narrowed) if among is None else _among(db, narrowed, among)
    return Found(kept, rows(db, kept[:limit]))


def _walked(db: Reader, limit: int, narrowed: Narrowed) -> Iterator[int]:
    """The newest leads that pass, of the `WALK` newest."""
    sql = f"""SELECT lead.id FROM (SELECT id FROM lead WHERE {_KEPT} {_ORDER} LIMIT {WALK}) AS walked
      CROSS JOIN lead ON lead.id = walked.id LEFT JOIN source ON source.id = lead.source_id
      WHERE {narrowed.sql or 1} LIMIT :limit"""
    return (row[0] for row in db.execute(sql, {**dict(narrowed.args), "limit": limit}))


def _among(db: Reader, narrowed: Narrowed, among: Sequence[int]) -> array[int]:
    if not narrowed.sql:
        return array("q", among)
    sql = f"""SELECT lead.id FROM json_each(:among) AS given CROSS JOIN lead ON lead.id = given.value
      LEFT JOIN source ON source.id = lead.source_id WHERE {narrowed.sql} ORDER BY given.key"""
    return array("q", (row[0] for row in db.execute(sql, {**dict(narrowed.args), "among": json.dumps(list(among))})))


def rows(db: Reader, wanted: Sequence[int]) -> tuple[Listed, ...]:
    """The leads with these ids, in no order; at most a few hundred at a time."""
    one_of = "lead.id IN (SELECT value FROM json_each(?))"
    return every(db, Listed, f"SELECT {_COLUMNS} {_FROM} WHERE {one_of}", (json.dumps(list(wanted)),))


def total(db: Reader) -> int:
    """How many leads there are."""
    return number(db, "SELECT (SELECT count(*) FROM lead) - (SELECT count(*) FROM lead WHERE alias_of IS NOT NULL)")


def opened(db: Reader, lead_id: int, now: int) -> Opened | None:
    """One lead to look at, at `now` (ms UTC); `None` when there is no such lead."""
    card = leads.card(db, lead_id)
    if card is None:
        return None
    return Opened(card, next(iter(queue.items(db, now, (card.lead.id,))), None))
