"""A write as a value: what a verb decided, before the store has done anything with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any, NamedTuple

from sdr.models.terms import Refused

Fields = Mapping[str, Any]


class Edit(NamedTuple):
    """One entity's change: `new` carries every field, `set` those that change, `drop` none.

    `table` is the table's word. A lead's tags are fields named `tag:NAME` with true or false, so that two
    desks may tag one lead without a conflict.
    """

    table: str
    id: int
    kind: str
    fields: Fields

    @classmethod
    def new(cls, table: str, entity_id: int, **fields: Any) -> Edit:
        """An entity that begins."""
        return cls(table, entity_id, "new", fields)

    @classmethod
    def set(cls, table: str, entity_id: int, **fields: Any) -> Edit:
        """Fields of an entity that take new values; those that do not differ are left out by the store."""
        return cls(table, entity_id, "set", fields)

    @classmethod
    def drop(cls, table: str, entity_id: int) -> Edit:
        """An entity that ends (its history stays in the journal)."""
        return cls(table, entity_id, "drop", {})


class Change(NamedTuple):
    """One act of the rep: one transaction, one step of the journal, one `u`.

    `at` is the time of the act (ms UTC), `summary` the sentence shown and kept, `lead` the lead it is about.
    `kind` is `act`, or `out` for what only notes that something left (undo passes over it).
    `final`, when given, says why the act cannot be taken back and which verb makes up for it. `edits` may be made
    while they are written (an import's are); they are read once. `refused`, when given, is the answer to whoever
    asked: nothing was done, and `edits` (with kind `out`) only keep that it was asked and why not. `begins` says
    beforehand how many leads begin with it, where they are many.
    """

    verb: str
    summary: str
    at: int
    edits: Iterable[Edit]
    lead: int | None = None
    kind: str = "act"
    final: str | None = None
    refused: Refused | None = None
    begins: int = 0


class Applied(NamedTuple):
    """A change that is on disk: its step, and the leads whose rows it touched."""

    step: int
    verb: str
    summary: str
    at: int
    leads: Set[int]
    lead: int | None = None
