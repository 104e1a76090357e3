"""Sources of leads: what was agreed about them (price, owner, target), so that reports can hold them to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sdr.models.terms import Refused, SourceType, ms
from sdr.rules.hours import CalendarError, Length
from sdr.rules.text import clean
from sdr.store.changes import Change, Edit
from sdr.store.queries import sources
from sdr.store.session import Session

FIELDS = (
    "channel", "programme", "vendor", "type", "cost_minor", "currency", "owner", "department", "target", "starts_on",
    "ends_on", "respond_for",
)  # fmt: skip


def set_source(session: Session, name: str, now: datetime, **fields: Any) -> Change | Refused:
    """Name a source of leads, or change one.

    `cost_minor` is the price of a lead in minor units of `currency` (ISO 4217), `target` the agreed share of its
    leads that qualify (0 to 1), `respond_for` a response clock (`5m`, `1bd`), dates are `YYYY-MM-DD`. A source
    without price or target is kept, and its report says what was never agreed.
    """
    name = clean(name)
    wrong = _wrong(name, fields)
    if wrong is not None:
        return wrong
    if fields.get("currency"):
        fields["currency"] = fields["currency"].upper()
    found = sources.by_name(session, name)
    if found is not None:
        said = ", ".join(field.replace("_minor", "").replace("_", " ") for field in fields) or "as before"
        return Change("source", f"{found.name}: {said}", ms(now), (Edit.set("source", found.id, **fields),))
    edit = Edit.new("source", session.new_id(), name=name, **fields)
    return Change("source", f"source {name} is known now", ms(now), (edit,))


def _wrong(name: str, fields: Mapping[str, Any]) -> Refused | None:
    """The first thing about a source that makes no sense, or None."""
    if not name:
        return Refused("source.name", "a source needs a name")
    unknown = [field for field in fields if field not in FIELDS]
    if unknown:
        return Refused("source.field", f"a source has no “{unknown[0]}”; it has {', '.join(FIELDS)}")
    cost, target = fields.get("cost_minor"), fields.get("target")
    if cost is not None and cost < 0:
        return Refused("source.cost", "a lead cannot cost less than nothing")
    if target is not None and not 0 <= target <= 1:
        return Refused("source.target", "the target is a share of the leads: write 20% or 0.2")
    if not (len(fields.get("currency") or "USD") == 3 and (fields.get("currency") or "USD").isalpha()):
        return Refused("source.currency", "a currency is three letters, like USD or EUR")
    if "type" in fields and fields["type"] not in set(SourceType):
        return Refused("source.type", f"a source is one of {', '.join(SourceType)}")
    return _wrong_time(fields)


def _wrong_time(fields: Mapping[str, Any]) -> Refused | None:
    try:
        if fields.get("respond_for"):
            Length.parse(fields["respond_for"])
        for day in ("starts_on", "ends_on"):
            if fields.get(day):
                date.fromisoformat(fields[day])
    except CalendarError as fault:
        return Refused("source.respond-for", str(fault))
    except ValueError:
        return Refused("source.dates", "a date is written like 2026-03-31")
    return None
