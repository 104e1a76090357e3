"""One row of a file by itself: which of its cells is to blame, and what becomes of it once the rep mended it.

It is held against the desk; against the other rows of its file it is held when the whole file is looked at again.
"""

from __future__ import annotations

from datetime import datetime

from sdr.exchange.intake import Plan, plan
from sdr.exchange.matching import Look
from sdr.exchange.rows_read import Seen
from sdr.exchange.verdicts import Verdict
from sdr.rules.told import told

_ADDRESSES = ("email", "phone", "mobile", "name", "first_name", "last_name", "linkedin")


def judged(look: Look, made: Plan, line: int, cells: tuple[str, ...], now: datetime) -> tuple[Seen, Verdict]:
    """The row of this line with these cells instead, as it would be read, and its verdict."""
    one = made.table.only(made.table.fitted(line, cells))
    alone = plan(look, one, made.mapping, made.options, now, made.orders)
    try:
        return alone.row(0), Verdict(alone.verdicts.kinds[0])
    finally:
        alone.close()


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
