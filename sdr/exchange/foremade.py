"""What a row becomes if it begins a lead, worked out where it is read: beside whoever writes, on every processor.

Nothing here is decided: a row that joins somebody, or whose source turns out to be another, is made when it is
written, from the same functions. A team's past is always made then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sdr.desk.making import Setting, lead_fields
from sdr.desk.steps import Fields
from sdr.models.terms import SourceType
from sdr.store import rows
from sdr.store.tables import key_of_lead

Values = dict[str, Any]
Made = tuple[Fields, Values]  # the lead's columns; what its company, its notes and its wishes are told by
BESIDE = ("domain", "firm", "company", "website", "industry", "employees", "country", "notes", "source")


def coming(found: rows.Source | None, name: str, said: Mapping[str, Any]) -> rows.Source:
    """The source called `name` once this file is in: what is known of it, and what is `said` of it now."""
    if found is None:
        empty = dict.fromkeys(rows.Source._fields)
        return rows.Source(**{**empty, "name": name, "type": SourceType.LIST.value, "currency": "USD", **said})
    return found._replace(**said)


@dataclass(slots=True)
class Maker:
    """Makes leads of rows. `own` is the source of the whole file, `known` those there are, by name in small letters."""

    setting: Setting
    own: rows.Source | None
    known: Mapping[str, rows.Source]
    _found: dict[str, rows.Source] = field(default_factory=dict)

    def source_of(self, values: Mapping[str, Any]) -> rows.Source | None:
        """The source a row comes through, as far as it can be told before anything is written."""
        if self.own is not None or "source" not in values:
            return self.own
        name: str = values["source"]
        if (found := self._found.get(name)) is None:
            found = self._found[name] = coming(self.known.get(name.strip().casefold()), name, {})
        return found

    def made(self, values: Values) -> Made:
        """The lead of a row that is not rejected."""
        fields = lead_fields(values, self.setting, self.source_of(values))
        fields["search_key"] = key_of_lead(fields)
        if "do_not_call" in values or "do_not_email" in values:
            return fields, values
        return fields, {word: values[word] for word in BESIDE if word in values}


def alike(one: rows.Source | None, other: rows.Source | None) -> bool:
    """Whether a lead is the same whichever of the two it comes through."""
    return (one and (one.type, one.respond_for)) == (other and (other.type, other.respond_for))
