"""Which rows of a file are people we work already who raise a hand again, and through which source.

Only files and rows whose source brings hands (not lists) are asked about; a team's past is no inquiry.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from sdr.desk import inquiring
from sdr.models.terms import SourceType
from sdr.store import rows
from sdr.store.queries import inquiries, sources
from sdr.store.queries.inquiries import Raised

Look = Callable[..., Any]  # runs a query of the store wherever it may be run


@dataclass(slots=True)
class Arrivals:
    """What a file says of its sources: its own name and type, and whether it tells the past."""

    look: Look
    source: str | None
    type: str | None
    history: bool = False
    _known: dict[str, rows.Source | None] = field(default_factory=dict)

    def through(self, values: dict[str, Any]) -> tuple[int | None, str] | None:
        """The source of a row (its id, None when it is new, and its name) if it brings hands; else None."""
        name = self.source or values.get("source")
        if self.history or name is None:
            return None
        found = self._source(name)
        said = self.type if self.source and name.casefold() == self.source.casefold() else None
        kind = said or (found.type if found else SourceType.LIST.value)
        return (found.id if found else None, found.name if found else name) if kind in inquiring.HANDS else None

    def _source(self, name: str) -> rows.Source | None:
        key = name.casefold()
        if key not in self._known:
            self._known[key] = self.look(sources.by_name, name)
        return self._known[key]

    def raised(self, leads: Collection[int], values: Collection[dict[str, Any]]) -> tuple[Raised, ...]:
        """The hands these leads raised before; nothing is asked for when no row brings one."""
        if not leads or all(self.through(one) is None for one in values):
            return ()
        found: tuple[Raised, ...] = self.look(inquiries.raised, leads)
        return found

    def inquires(
        self, lead: rows.Lead, values: dict[str, Any], raised: Collection[Raised], notes: Collection[tuple[int, str]]
    ) -> bool:
        """Whether this row is `lead` asking again. `raised` and `notes` (lead, text) are what is kept already."""
        through = self.through(values)
        if through is None or lead.state not in inquiring.WORKED:
            return False
        wrote = any((lead.id, text) not in notes for text in values.get("notes", ()))
        return inquiring.is_new(lead, through, values.get("arrived_at"), raised, wrote=wrote)
