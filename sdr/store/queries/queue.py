"""The queue in order (product.md 3.3): each band is its own indexed read; the bands are joined, never sorted.

A lead sits in one static class (`queue_band`) with a `due_at`, the end of its window (`close_at`) and a `rank`
(expected value per minute, 0-99); which band it shows in follows from these and the time.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple

from sdr.models.terms import Band
from sdr.store.queries import reading
from sdr.store.session import Reader

PROMISE_AHEAD = 10 * 60_000  # a promise shows ten minutes before it is due
DAY = 24 * 3_600_000
LATER = 10  # after the bands: what opens later today
CAP = 10_000  # counts above this are said as "10,000+"

_COLUMNS = """lead.id, lead.name, lead.company, lead.title, lead.city, lead.zone, lead.next_kind, lead.next_note,
  lead.due_at, lead.close_at, lead.grade, lead.score, source.name, source.type, source.cost_minor, source.currency,
  lead.touch_no, lead.touch_of, lead.state, lead.arrived_at, lead.respond_by, lead.rank, lead.snoozes"""
_FROM = "FROM lead LEFT JOIN source ON source.id = lead.source_id"
# Only missed calls stand among what is due: one whose window is still open stands among those that close.
_MISSED = {Band.CLOSING: " AND (close_at IS NULL OR close_at<=:now)"}


class Item(NamedTuple):
    """One item of the queue. Times are ms UTC; `band` is where it shows now (`LATER` = opens later today)."""

    band: int
    id: int
    name: str
    company: str | None
    title: str | None
    city: str | None
    zone: str
    kind: str
    note: str | None
    due_at: int
    close_at: int | None
    grade: str
    score: int
    source: str | None
    source_type: str | None
    cost_minor: int | None
    currency: str | None
    touch_no: int
    touch_of: int
    state: str
    arrived_at: int
    respond_by: int | None
    rank: int
    snoozes: int


class Load(NamedTuple):
    """What an item of the queue asks of the day: its kind, the class it is `held` in, the band it shows in."""

    band: int
    id: int
    kind: str
    held: int


class Typed(NamedTuple):
    """Typed words as queries of the search index (`searching` says which is asked when) and as tests of one row.

    `match` asks for all words in any order; `near` for their beginnings, which the index has at hand and which may
    find more. `test` asks a row for all that was typed, `together` only for what `match` leaves open. Both are empty
    when there is nothing left to ask. `first` begins the names that come first.
    """

    match: str
    near: str
    test: str
    together: str
    first: str


class Narrowed(NamedTuple):
    """A filter as SQL over `lead` (with its parameters by name); empty for everything.

    `sql` is the whole of it, asked of one row; where words were typed, `typed` is their part and `rest` the other.
    `bands` are the only classes in which a lead can pass it: the others are not looked through.
    """

    sql: str = ""
    args: tuple[tuple[str, Any], ...] = ()
    bands: frozenset[Band] = frozenset(Band)
    typed: Typed | None = None
    rest: str = ""


class Counts(NamedTuple):
    """What waits, for the first line. Each is exact up to `CAP`."""

    hot: int
    late: int
    new: int
    calls: int
    mails: int
    promised: int
    replies: int
    returned: int
    overdue: int
    calls_done: int
    qualified_done: int


EVERYTHING = Narrowed()
Read = tuple[int, str, dict[str, Any]]  # the band it shows in, the statement, its parameters


def page(
    db: Reader,
    now: int,
    limit: int,
    *,
    offset: int = 0,
    narrowed: Narrowed = EVERYTHING,
    until: int | None = None,
    block: bool = False,
) -> tuple[Item, ...]:
    """The queue's items from `offset`, at `now` (ms UTC). `until` is the end of the rep's day, for "later today".

    In a prospecting `block` new people and calls come before replies and returned handoffs.
    """
    walk = _Walk(db, now, until or now, _COLUMNS, narrowed, offset + limit, block)
    return tuple(Item(band, *row) for band, row in islice(walk.rows(), offset, offset + limit))


def ids(
    db: Reader, now: int, *, narrowed: Narrowed = EVERYTHING, until: int | None = None, block: bool = False
) -> array[int]:
    """The ids of the whole queue in order."""
    found = array("q")
    for _, sql, args in _Walk(db, now, until or now, "lead.id, due_at", narrowed, -1, block).reads():
        found.extend(reading.ids(db, sql, args))
    return found


def loads(db: Reader, now: int, until: int, most: int, *, block: bool = False) -> tuple[Load, ...]:
    """The first `most` items of the queue in order, as work."""
    columns = "lead.id, lead.next_kind, lead.queue_band, due_at"
    walk = _Walk(db, now, until, columns, EVERYTHING, most, block)
    return tuple(Load(band, *row[:3]) for band, row in islice(walk.rows(), most))


def items(db: Reader, now: int, wanted: tuple[int, ...], *, block: bool = False) -> tuple[Item, ...]:
    """Items by id, wherever they stand in the queue; ids that are not open are left out."""
    import json  # the first frame asks for a page, not by id

    one_of = "lead.id IN (SELECT value FROM json_each(?))"  # one text however many: a prepared one stays in memory
    rows = db.execute(f"SELECT {_COLUMNS}, lead.queue_band {_FROM} WHERE {one_of}", (json.dumps(wanted),))
    return tuple(Item(_band(now, row, block), *row[:-1]) for row in rows if row[-1] is not None)


def _band(now: int, row: Any, block: bool) -> int:
    due, close, band = row[8], row[9], row[-1]
    if band == Band.HOT:
        return Band.HOT
    if due > now + (PROMISE_AHEAD if band == Band.PROMISE else 0):
        return LATER
    if band == Band.CLOSING and (close is None or close <= now):
        return Band.DUE
    return Band.BLOCK if block and band in (Band.NEW, Band.CLOSING) else int(band)


class _Walk:
    """One pass over the bands. `limit` bounds each read (-1: none)."""

    def __init__(
        self, db: Reader, now: int, until: int, columns: str, narrowed: Narrowed, limit: int, block: bool
    ) -> None:  # fmt: skip
        self._db = db
        self._block = block
        # Joined to nothing, ids are read from the indexes alone.
        self._select = f"SELECT {columns} {_FROM if 'source.' in columns + narrowed.sql else 'FROM lead'} WHERE "
        self._filter = f" AND ({narrowed.sql})" if narrowed.sql else ""
        self._args = {"now": now, "soon": now + PROMISE_AHEAD, "tomorrow": now + DAY, "limit": limit, "until": until}
        self._args |= dict(narrowed.args)
        self._bands = narrowed.bands

    def rows(self) -> Iterator[tuple[int, Any]]:
        """Every item as (band, columns), in order."""
        for shown, sql, args in self.reads():
            for row in self._db.execute(sql, args):
                yield shown, row

    def reads(self) -> Iterator[Read]:
        """The bands in order, each as the reads it is made of."""
        answers = (self._ranked(Band.REPLY, Band.REPLY), self._by_due(Band.RETURNED, Band.RETURNED, "due_at<=:now"))
        new, calls = (Band.BLOCK, Band.BLOCK) if self._block else (Band.NEW, Band.CLOSING)
        people = (self._ranked(new, Band.NEW), self._closing(calls))
        return chain(
            self._by_due(Band.HOT, Band.HOT),
            self._by_due(Band.PROMISE, Band.PROMISE, "due_at<=:soon"),
            *((*people, *answers) if self._block else (*answers, *people)),
            self._ranked(Band.DUE, Band.DUE, Band.CLOSING),
            self._later(),
        )

    def _read(self, shown: int, parts: Sequence[tuple[Band, str]], order: str, **more: int) -> Iterator[Read]:
        """The leads of these classes, each with its condition, merged in one order and shown in one band."""
        wanted = [
            f"{self._select}queue_band={int(held)}{where}{self._filter}" for held, where in parts if held in self._bands
        ]
        if wanted:
            # Of several, each is read in the order of its index, and SQLite merges them: nothing is sorted.
            sql = f"{' UNION ALL '.join(wanted)} ORDER BY {order} LIMIT :limit"
            yield shown, sql, self._args | more

    def _by_due(self, shown: int, held: Band, where: str = "") -> Iterator[Read]:
        return self._read(shown, [(held, f" AND {where}" if where else "")], "due_at")

    def _closing(self, shown: Band) -> Iterator[Read]:
        """Calls that may be made now and whose window closes within a day, the soonest first."""
        where = " AND close_at>:now AND close_at<=:tomorrow AND due_at<=:now"
        return self._read(shown, [(Band.CLOSING, where)], "close_at")

    def _ranked(self, shown: Band, *classes: Band) -> Iterator[Read]:
        """By rank, then by due time: one index range per rank, at most a hundred."""
        rank = 100
        wanted = [band for band in classes if band in self._bands]
        parts = [(band, f" AND rank=:rank AND due_at<=:now{_MISSED.get(band, '')}") for band in wanted]
        while (rank := self._next_rank(wanted, rank)) >= 0:
            # The rank is bound, not written out: a statement for each of a hundred is more than the driver keeps.
            yield from self._read(shown, parts, "due_at", rank=rank)

    def _next_rank(self, classes: Sequence[Band], below: int) -> int:
        sql = "SELECT max(rank) FROM lead WHERE queue_band=? AND rank<?"
        found = (self._db.execute(sql, (int(band), below)).fetchone()[0] for band in classes)
        return max((rank for rank in found if rank is not None), default=-1)

    def _later(self) -> Iterator[Read]:
        starts = ((Band.PROMISE, ":soon"), (Band.CLOSING, ":now"), (Band.DUE, ":now"))
        parts = [(held, f" AND due_at>{start} AND due_at<=:until") for held, start in starts]
        return self._read(LATER, parts, "due_at")


def counts(db: Reader, now: int, day_start: int) -> Counts:
    """What waits now and what was done since `day_start` (both ms UTC)."""

    def waiting(where: str) -> int:
        sql = f"SELECT count(*) FROM (SELECT 1 FROM lead WHERE {where} LIMIT {CAP})"
        return int(db.execute(sql, {"now": now, "soon": now + PROMISE_AHEAD, "today": day_start}).fetchone()[0])

    def done(sql: str) -> int:
        return int(db.execute(sql, (day_start, now)).fetchone()[0])

    return Counts(
        hot=waiting("queue_band=0"),
        late=waiting("queue_band=0 AND due_at<:now"),
        new=waiting("queue_band=5 AND due_at<=:now") + waiting("queue_band=0"),
        calls=waiting("queue_band=6 AND due_at<=:now"),
        mails=waiting("queue_band=7 AND due_at<=:now"),
        promised=waiting("queue_band=1 AND due_at<=:soon"),
        replies=waiting("queue_band=2 AND due_at<=:now"),
        returned=waiting("queue_band=3 AND due_at<=:now"),
        overdue=waiting("queue_band=6 AND close_at<=:now") + waiting("queue_band=7 AND due_at<:today"),
        calls_done=done("SELECT count(*) FROM call WHERE at>=? AND at<=?"),
        qualified_done=done("SELECT count(*) FROM call WHERE at>=? AND at<=? AND outcome='qualified'"),
    )
