"""One row of a file by itself: which of its cells is to blame, and what becomes of it once the rep mended it.

It is held against the desk, and by its e-mail addresses and its id against the rows of its file that come in; what only
makes a row doubtful is seen when the whole file is looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from sdr.exchange.intake import Plan, plan
from sdr.exchange.keying import fact_of
from sdr.exchange.matching import Look
from sdr.exchange.rows_read import Seen
from sdr.exchange.verdicts import Verdict
from sdr.rules.told import told

_ADDRESSES = ("email", "phone", "mobile", "name", "first_name", "last_name", "linkedin")


class Judged(NamedTuple):
    """A mended row as it would be read, what becomes of it, and the line of the row that it is one with."""

    seen: Seen
    verdict: Verdict
    joins: int | None = None


def judged(
    look: Look, made: Plan, line: int, cells: tuple[str, ...], now: datetime, mended: Iterable[Seen] = ()
) -> Judged:
    """The row of this line with these cells instead; `mended` are the other rows that the rep has mended."""
    one = made.table.only(made.table.fitted(line, cells))
    alone = plan(look, one, made.mapping, made.options, now, made.orders)
    try:
        seen, verdict = alone.row(0), Verdict(alone.verdicts.kinds[0])
    finally:
        alone.close()
    same = _same(made, seen, mended) if verdict is Verdict.CREATED else None
    return Judged(seen, verdict) if same is None else Judged(seen, Verdict.MERGED, same.line)


def _same(made: Plan, seen: Seen, mended: Iterable[Seen]) -> Seen | None:
    """Another row of the file, or one mended by now, that is surely the same person."""
    sure = set(fact_of(seen)[1])
    held = (number for key in sure for number in made.shelf.holding(_value(key)))
    coming = (made.row(number) for number in held if made.verdicts.kinds[number] != Verdict.REJECTED)
    others = (one for one in chain(mended, coming) if one.line != seen.line)
    return next((one for one in others if not sure.isdisjoint(fact_of(one)[1])), None)


def _value(key: str) -> str:
    """What a sure key is made of, as it stands among the values of a row."""
    kind, _, value = key.partition(":")
    return value.partition(" ")[0] if kind == "office" else value


def guilty(made: Plan, seen: Seen, home: str | None) -> int:
    """The index of the cell that keeps this row out: the one its reason is about, else the best place for an address.

    A row with too many cells is judged by the first of those that have no column.
    """
    width = len(made.table.header)
    if len(seen.cells) > width:
        return width
    columns = {choice.field: choice.column for choice in made.mapping.choices if choice.field}
    cells = {name: seen.cells[at] for name, at in columns.items() if at < len(seen.cells) and seen.cells[at].strip()}
    blamed = (name for name, reason in told(cells, home).flaws if reason == seen.reason)
    return next((columns[name] for name in (*blamed, *_ADDRESSES) if name in columns), 0)
