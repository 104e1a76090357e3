"""Rows that begin in great number: made without a look at any single name, which is most of what a new row costs.

A row is the empty row of its table with its fields put over it; what is left of it without what is nothing is what
the journal tells. The result is what `tables.begun` gives one by one; a row with tags, or with a name that no column
has, is left to that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from sdr.store import tables
from sdr.store.changes import Edit

Row = dict[str, Any]


class Made(NamedTuple):
    """A row that begins: its values for the columns of its `Rows`, the lead it is about, and what the journal tells
    of it, names in order."""

    id: int
    row: tuple[Any, ...]
    about: int | None
    told: Row


class Rows:
    """The rows of one table that begin in one act. `columns` are those that any of them names, in the order in which
    the journal tells of them."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.columns: list[str] = []
        self._empty: Row = {}  # a row of which nothing is told
        self._standing, self._derived = tables.standing(table), tables.FOUND.get(table)

    @property
    def into(self) -> str:
        """The table and its columns, as a statement has them."""
        return f"{self.table} ({','.join(self.columns)})"

    def worded(self, made: Iterable[Made]) -> Iterator[int]:
        """The leads that are found by words of these rows."""
        place = self.columns.index("search_key")
        return (one.about for one in made if one.row[place] and one.about is not None)

    def made(self, edits: Sequence[Edit]) -> list[Made]:
        """The rows of `edits`, in their order."""
        rows = self._over(edits)
        if any(len(row) > len(self._empty) for row in rows):
            self._learn(edits)
            rows = self._over(edits)
        return [
            self._made(edit, row) if len(row) == len(self._empty) else self._alone(edit)
            for edit, row in zip(edits, rows, strict=True)
        ]

    def _over(self, edits: Sequence[Edit]) -> list[Row]:
        return [{**self._empty, **edit.fields, "id": edit.id} for edit in edits]

    def _made(self, edit: Edit, row: Row) -> Made:
        if self._derived is not None and "search_key" not in edit.fields:
            row["search_key"] = self._derived(edit.fields)
        return Made(edit.id, tuple(row.values()), self._about(row), _told(row))

    def _alone(self, edit: Edit) -> Made:
        row, tags = tables.begun(self.table, edit.id, edit.fields, checked=False)
        values = tuple(map(row.get, self.columns))
        return Made(edit.id, values, self._about(row), dict(sorted((_told(row) | tags).items())))

    def _about(self, row: Row) -> int | None:
        return row.get("lead_id") if self.table not in ("lead", "step") else None

    def _learn(self, edits: Sequence[Edit]) -> None:
        """Make room for the columns that these have."""
        named = {"id", *self.columns, *self._standing, *chain.from_iterable(edit.fields for edit in edits)}
        known = tables.columns(self.table)
        if named - known.keys():
            named.add("tags")
        if self._derived is not None:
            named.add("search_key")
        self.columns = sorted(named & known.keys())
        self._empty = {name: self._standing.get(name) for name in self.columns}


def _told(row: Row) -> Row:
    """What the journal tells of `row`, which is cut down to it: every value but those that are computed or nothing."""
    for name in [name for name, value in row.items() if value is None or name in tables.UNTOLD]:
        del row[name]
    return row
