"""The leads that typed words leave, best first: a first page at a price that does not grow with the matches, then all.

Open leads come in the order of the queue (its class, then worth, then due time), then closed ones, the newest first.
As long as at most `FEW` leads match, those come before all others in whose name a word begins with the first one
typed. Few matches are read and sorted. Of many, open leads are walked in their order until a page is full; where
that does not fill it, the newest matches do until `everything` has come. `waiting` are those of the queue alone.

How many there are is never counted out. The index gives the leads of a beginning of three letters one by one, so it
is asked for those, and a few of them are asked for the rest of the words.

A lead that was merged away is not shown, but its words find the lead that stands for it, as long as few match.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

from sdr.rules.searching import key_of
from sdr.store.queries import queue
from sdr.store.queries.queue import EVERYTHING, Narrowed, Typed
from sdr.store.queries.reading import ids
from sdr.store.session import Reader

FEW = 1_500  # matches that are read and sorted
MANY = 60_000  # matches from which on any row is likely enough to be one
ROWS = 2_000  # leads looked at for a page, of many
WALK = 40_000  # ids held against the index for a page, of fewer
SAMPLE, RARE = 100, 5  # of so many at hand no more have all of the words: what is typed is rare
_BEYOND = (1 << 63) - 1  # more than any id

_SOURCE = "LEFT JOIN source ON source.id = lead.source_id"
_MATCHING = "SELECT rowid FROM lead_search WHERE lead_search MATCH"
_OPEN = "SELECT lead.id FROM lead INDEXED BY lead_queue_rank WHERE queue_band IS NOT NULL"
_IN_ORDER = "ORDER BY queue_band, rank DESC, due_at, lead.id"
_CLOSED = """SELECT lead.id FROM lead INDEXED BY lead_closed WHERE queue_band IS NULL AND alias_of IS NULL
  ORDER BY arrived_at DESC, lead.id DESC"""
# The same order, and then that of the closed ones, for leads that no index brings in order.
_AS_WALKED = """ORDER BY lead.queue_band IS NULL, lead.queue_band,
  CASE WHEN lead.queue_band IS NULL THEN -lead.arrived_at ELSE -lead.rank END,
  CASE WHEN lead.queue_band IS NULL THEN -lead.id ELSE lead.due_at END, lead.id"""


def first(db: Reader, limit: int, narrowed: Narrowed) -> tuple[array[int], bool]:
    """The first `limit` ids; when few match, all of them, and True."""
    typed, args = _asked(narrowed)
    near = _count(db, f"{_MATCHING} :near", MANY, args)
    if near <= FEW:
        return _sorted(db, narrowed, f"{_MATCHING} :near"), True
    if typed.match != typed.near and _count_of_sample(db, typed, args) <= RARE:
        few = _count(db, f"{_MATCHING} :match", FEW, args) <= FEW
        return (_sorted(db, narrowed, f"{_MATCHING} :match"), True) if few else _page(db, limit, narrowed, ":match")
    return _page(db, limit, narrowed, "" if near > MANY else ":near")


def _asked(narrowed: Narrowed) -> tuple[Typed, dict[str, Any]]:
    assert narrowed.typed is not None  # asked only when words were typed
    return narrowed.typed, {**dict(narrowed.args), "match": narrowed.typed.match, "near": narrowed.typed.near}


def _count(db: Reader, matching: str, most: int, args: dict[str, Any]) -> int:
    """How many match, as far as one more than `most`."""
    return int(db.execute(f"SELECT count(*) FROM ({matching} LIMIT {most + 1})", args).fetchone()[0])


def _count_of_sample(db: Reader, typed: Typed, args: dict[str, Any]) -> int:
    """How many of the newest leads at hand have all that was typed."""
    sql = f"""SELECT count(*) FROM ({_MATCHING} :near ORDER BY rowid DESC LIMIT {SAMPLE}) AS hit
      CROSS JOIN lead ON lead.id = hit.rowid WHERE {typed.test}"""
    return int(db.execute(sql, args).fetchone()[0])


def _page(db: Reader, limit: int, narrowed: Narrowed, among: str) -> tuple[array[int], bool]:
    """Open leads in their order until the page is full; only those that the index gives for `among`, if anything."""
    typed, args = _asked(narrowed)
    walked, test = f"{_OPEN} {_IN_ORDER} LIMIT {ROWS}", narrowed.sql
    if among:
        walked = f"SELECT id FROM ({_OPEN} {_IN_ORDER} LIMIT {WALK}) WHERE id IN ({_MATCHING} {among}) LIMIT {ROWS}"
        test = _all_of(typed.together if among == ":match" else typed.test, narrowed.rest)
    sql = f"""SELECT lead.id FROM ({walked}) AS walked CROSS JOIN lead ON lead.id = walked.id
      {_SOURCE} WHERE {test} LIMIT {limit}"""
    page = array("q", (row[0] for row in db.execute(sql, args)))
    if len(page) < limit:
        shown = set(page)
        newest = _sorted(db, narrowed, f"{_MATCHING} {among or ':near'} ORDER BY rowid DESC LIMIT {FEW}")
        page.extend(lead for lead in newest if lead not in shown)
    return page[:limit], False


def everything(db: Reader, narrowed: Narrowed) -> array[int]:
    """The ids of all leads that match, in order. O(matches); to be read behind the screen and interrupted."""
    typed, args = _asked(narrowed)
    if _count(db, f"{_MATCHING} :match", MANY, args) <= MANY:
        return array("q", (row[0] for row in _ranked(db, narrowed, f"{_MATCHING} :match")))
    # Without a source to ask for, the indexes alone are read.
    joined, test = _SOURCE if narrowed.rest else "", _all_of(typed.together, narrowed.rest)
    walks = (walk.replace("WHERE", f"{joined} WHERE lead.id IN ({_MATCHING} :match) AND {test} AND")
             for walk in (f"{_OPEN} {_IN_ORDER}", _CLOSED))  # fmt: skip
    return array("q", (row[0] for sql in walks for row in db.execute(sql, args)))


def waiting(db: Reader, now: int, *, narrowed: Narrowed, until: int | None = None, block: bool = False) -> array[int]:
    """The ids of the queue's items that match, in the order of the queue at `now` (`queue.ids` has the words).

    The whole queue is read from its indexes and each of its ids looked for among those that match: to test the leads
    themselves would take ten times as long, however few match. To be read behind the screen.
    """
    typed, args = _asked(narrowed)
    test = _all_of(typed.together, narrowed.rest)
    read = "" if test == "1" else f"CROSS JOIN lead ON lead.id = hit.rowid {_SOURCE}"
    found = ids(db, f"SELECT hit.rowid AS id FROM ({_MATCHING} :match ORDER BY rowid) AS hit {read} WHERE {test}", args)
    found.append(_BEYOND)
    items = queue.ids(db, now, narrowed=EVERYTHING._replace(bands=narrowed.bands), until=until, block=block)
    return array("q", [item for item in items if found[bisect_left(found, item)] == item])


def page_of(
    db: Reader, found: Sequence[int], now: int, limit: int, *, offset: int = 0, block: bool = False
) -> tuple[queue.Item, ...]:
    """The items of some of the ids that `waiting` gave, in their order; what left the queue since is left out."""
    wanted = tuple(found[offset : offset + limit])
    items = {item.id: item for item in queue.items(db, now, wanted, block=block)}
    return tuple(items[lead] for lead in wanted if lead in items)


def _all_of(*tests: str) -> str:
    return " AND ".join(f"({test})" for test in tests if test) or "1"


def _sorted(db: Reader, narrowed: Narrowed, matching: str) -> array[int]:
    """The leads that these few matches leave, in order, names first."""
    assert narrowed.typed is not None
    rows = list(_ranked(db, narrowed, matching))
    begins = f" {narrowed.typed.first}"
    rows.sort(key=lambda row: begins not in f" {key_of(row[1])}")
    return array("q", (row[0] for row in rows))


def _ranked(db: Reader, narrowed: Narrowed, matching: str) -> Iterator[tuple[int, str]]:
    """Id and name of the leads that these matches leave, each read and then sorted."""
    typed, args = _asked(narrowed)
    sql = f"""SELECT lead.id, lead.name FROM
        (SELECT DISTINCT coalesce(lead.alias_of, lead.id) AS id FROM ({matching}) AS hit
          CROSS JOIN lead ON lead.id = hit.rowid WHERE {typed.test or 1}) AS found
      CROSS JOIN lead ON lead.id = found.id {_SOURCE} WHERE {narrowed.rest or 1} {_AS_WALKED}"""
    return db.execute(sql, args)
