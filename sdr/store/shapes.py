"""Rows that begin in great number: where their values go is found out once for all that are of one shape.

A shape is the names of a row's fields, in their order. The values of a row are picked by it for the table and for the
journal without a look at any name, which is most of what a new row costs. The result is what `tables.begun` gives one
by one; a row with tags, or with a name that no column has, is left to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sdr.store import tables
from sdr.store.changes import Edit, Fields

Values = tuple[Any, ...]


class Made(NamedTuple):
    """A row that begins: its values for the columns of its `Rows`, the lead it is about, and what the journal tells
    of it, names in order."""

    id: int
    row: Values
    about: int | None
    told: dict[str, Any]


class Shape:
    """Where the values of rows with these fields go. What is picked from is the values of the fields, then those that
    every row of the table has beside them, its id, nothing, and what is derived."""

    def __init__(self, table: str, names: Sequence[str]) -> None:
        beside = {name: value for name, value in tables.standing(table).items() if name not in names}
        self.standing = tuple(beside.values())
        self._places = {name: place for place, name in enumerate((*names, *beside, "id"))}
        self._nothing = len(self._places)
        self.derives = table in tables.FOUND and "search_key" not in names
        if self.derives:
            self._places["search_key"] = self._nothing + 1
        self.named = self._places.keys()
        self.names = tuple(sorted(self.named - tables.UNTOLD))
        self.told = _picking([self._places[name] for name in self.names])
        self.about = self._places.get("lead_id") if table not in ("lead", "step") else None
        self.row: Callable[[Sequence[Any]], Values] = tuple

    def fit(self, columns: Sequence[str]) -> None:
        """Pick rows for these columns; those that a row does not name stay empty."""
        self.row = _picking([self._places.get(name, self._nothing) for name in columns])


def _picking(places: Sequence[int]) -> Callable[[Sequence[Any]], Values]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: tuple(values[place] for place in places)


class Rows:
    """The rows of one table that begin in one act. `columns` are those that any of them names, in the table's order."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.columns: list[str] = []
        self._shapes: dict[tuple[str, ...], Shape | None] = {}
        self._derived = tables.FOUND.get(table)

    @property
    def into(self) -> str:
        """The table and its columns, as a statement has them."""
        return f"{self.table} ({','.join(self.columns)})"

    def worded(self, made: Iterable[Made]) -> Iterator[int]:
        """The leads that are found by words of these rows."""
        place = self.columns.index("search_key")
        return (one.about for one in made if one.row[place] and one.about is not None)

    def made(self, edits: Iterable[Edit]) -> list[Made]:
        """The rows of `edits`, in their order."""
        shaped = [(edit.id, edit.fields, self._shape(edit.fields)) for edit in edits]
        return [
            self._picked(entity_id, fields, shape) if shape is not None else self._alone(entity_id, fields)
            for entity_id, fields, shape in shaped
        ]

    def _picked(self, entity_id: int, fields: Fields, shape: Shape) -> Made:
        derived = (self._derived(fields),) if shape.derives and self._derived is not None else ()
        values = (*fields.values(), *shape.standing, entity_id, None, *derived)
        about = None if shape.about is None else values[shape.about]
        return Made(entity_id, shape.row(values), about, _told(shape.names, shape.told(values)))

    def _alone(self, entity_id: int, fields: Fields) -> Made:
        row, tags = tables.begun(self.table, entity_id, fields, checked=False)
        told = {name: value for name, value in row.items() if value is not None and name not in tables.UNTOLD} | tags
        about = row.get("lead_id") if self.table not in ("lead", "step") else None
        return Made(entity_id, tuple(map(row.get, self.columns)), about, dict(sorted(told.items())))

    def _shape(self, fields: Fields) -> Shape | None:
        names = tuple(fields)
        if names not in self._shapes:
            self._learn(names)
        return self._shapes[names]

    def _learn(self, names: tuple[str, ...]) -> None:
        known = tables.columns(self.table)
        shape = self._shapes[names] = Shape(self.table, names) if known.keys() >= set(names) else None
        named = shape.named if shape is not None else {*names, *tables.standing(self.table), "id", "tags", "search_key"}
        self.columns = [name for name in known if name in named or name in self.columns]
        for one in self._shapes.values():
            if one is not None:
                one.fit(self.columns)


def _told(names: Sequence[str], values: Values) -> dict[str, Any]:
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}
