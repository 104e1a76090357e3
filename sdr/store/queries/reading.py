"""How rows become values: the two functions every query ends in."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sdr.store.session import Reader

T = TypeVar("T")

# The operations of act `:step`. A step's own operation comes first and the others follow at once, so the range
# between it and the next step's is read by number; an index would be one more page to write in every act.
_FIRST = "(SELECT min(id) FROM operation WHERE entity_id=:step)"
_BEYOND = """coalesce((SELECT min(id) FROM operation WHERE entity_id=(SELECT min(id) FROM step WHERE id>:step)),
  9223372036854775807)"""
OF_STEP = f"operation.id >= {_FIRST} AND operation.id < {_BEYOND} AND operation.step=:step"
# From which number on, and below which, an act's operations are: for who reads them a page at a time.
RANGE_OF_STEP = f"SELECT {_FIRST}, {_BEYOND}"
Args = Sequence[Any] | Mapping[str, Any]


def one(db: Reader, kind: type[T], sql: str, args: Args = ()) -> T | None:
    """The first row of `sql` as a `kind`, whose fields are the columns in order; `None` without rows."""
    row = db.execute(sql, args).fetchone()
    return None if row is None else kind(*row)


def every(db: Reader, kind: type[T], sql: str, args: Args = ()) -> tuple[T, ...]:
    """All rows of `sql`, each as a `kind`."""
    return tuple(kind(*row) for row in db.execute(sql, args))


def number(db: Reader, sql: str, args: Args = ()) -> int:
    """The single number that `sql` gives; 0 for NULL or no row."""
    row = db.execute(sql, args).fetchone()
    return int(row[0] or 0) if row else 0


def ids(db: Reader, sql: str, args: Args = ()) -> array[int]:
    """The ids that `sql` gives, its one column called `id`, in its order; eight bytes each, as there may be a million.

    They come in one text, 16 digits each: row by row, a million would wait as often for whatever else runs.
    """
    digits = db.execute(f"SELECT group_concat(printf('%016x', id), '') FROM ({sql})", args).fetchone()[0]
    found = array("q", bytes.fromhex(digits or ""))
    if sys.byteorder == "little":
        found.byteswap()
    return found
