"""One lead by hand: added from a line. What a line means is `one_line`'s, mending a field `mending`'s."""

from __future__ import annotations

from datetime import datetime

from sdr.desk import making
from sdr.desk.accounts import Accounts
from sdr.desk.inquiring import come_in
from sdr.desk.known_here import lead_words
from sdr.desk.making import Setting
from sdr.desk.mending import fill, note_edits, setting_of
from sdr.desk.one_line import Parsed, spoken, understood
from sdr.models.terms import Refused, SourceType, ms
from sdr.rules.told import Told, called, told
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import doubles, sources
from sdr.store.session import Session

__all__ = ["Parsed", "add", "fill", "spoken", "understood"]


def add(session: Session, parsed: Parsed, now: datetime) -> Change | Refused:
    """Keep the lead that a line told. An address that is another lead's is refused, unless it is forced, or unless
    that lead is worked and came in again by itself: then its drip breaks and the response clock begins."""
    setting = setting_of(session, now)
    found = told(parsed.cells, setting.rep.country)
    if parsed.arrived is not None:
        found.values["arrived_at"] = ms(parsed.arrived)
    number = next((reason for word, reason in found.flaws if word in ("phone", "mobile")), None)
    if number is not None:
        return Refused("lead.flaw", f"{number}; write it with its country code, like +34 600 000 000")
    source, begun = _source(session, parsed)
    known = None if parsed.force else _known(session, found, source, begun, setting)
    if known is not None:
        return known
    companies = Accounts(session)
    companies.look_up([found.values])
    fields = making.lead_fields(found.values, setting, source)
    fields["account_id"] = companies.of(found.values)
    lead_id = session.new_id()
    edits = [*begun, *companies.begun(), Edit.new("lead", lead_id, **fields, source_id=source.id if source else None)]
    edits += note_edits(session, lead_id, found, now)
    what = "inquiry" if fields["state"] == "inquiry" else "new lead"
    told_of = ", ".join(word for word in (fields.get("company"), source.name if source else None) if word)
    summary = f"{fields['name']}: {what}" + (f" · {told_of}" if told_of else "")
    return Change("add", summary, ms(now), tuple(edits), lead_id)


def _known(
    session: Session, found: Told, source: rows.Source | None, begun: list[Edit], setting: Setting
) -> Change | Refused | None:
    """What comes of an address that is here already: an inquiry, when its lead is worked and came by itself."""
    addresses = [found.values[word] for word in ("email", "email_2") if word in found.values]
    for lead_id in doubles.by_address(session, addresses).values():
        if (asked := come_in(session, lead_id, source, found, setting)) is not None:
            return asked._replace(edits=(*begun, *asked.edits))
        reason = f"{called(found.values)} exists: {lead_words(session, lead_id, setting.now)}"
        return Refused("lead.exists", reason, hint="add it again with --force to keep a second one")
    return None


def _source(session: Session, parsed: Parsed) -> tuple[rows.Source | None, list[Edit]]:
    """The source that a line named, begun when it is new: somebody wrote in or was met, so its type is inbound."""
    name = told({"source": parsed.source}).values.get("source") if parsed.source else None
    if name is None:
        return None, []
    known = sources.by_name(session, name)
    if known is not None:
        return known, []
    fields = {"name": name, "channel": parsed.channel, "type": SourceType.INBOUND.value}
    begun = rows.Source(session.new_id(), name, parsed.channel, None, None, fields["type"] or "", *[None] * 8)  # type: ignore[arg-type]
    return begun, [Edit.new("source", begun.id, **fields)]
