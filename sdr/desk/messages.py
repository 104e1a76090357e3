"""The words of the playbook filled in for one lead: what a text may say of them, and the script of a call.

A text with a hole is never shown as if it were ready: the hole is marked and named.
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap

from sdr.desk import onward
from sdr.models.terms import Channel, at
from sdr.rules.templates import Hole, TemplateFault, TooLong, render
from sdr.store import rows
from sdr.store.queries import leads, playbook, texts
from sdr.store.session import Reader

LINE = 76  # cells of a line, which stands on the narrowest screen


def values_of(db: Reader, lead: rows.Lead, sentence: str = "") -> Mapping[str, str | None]:
    """What a text may say of `lead` and of the rep, by the name of its placeholder; `sentence` is the rep's own."""
    rep, source = playbook.rep(db), leads.source(db, lead.source_id)
    promise = leads.open_promise(db, lead.id)
    when = at(promise.due_at, lead.zone) if promise else None
    return {
        "first_name": lead.first_name,
        "last_name": lead.last_name,
        "name": lead.name,
        "company": lead.company,
        "title": lead.title,
        "city": lead.city,
        "industry": lead.industry,
        "source": source.name if source else None,
        "their_words": lead.said,
        "meeting_at": f"{when:%A} {when.day} {when:%B}, {when:%H:%M}" if when else None,
        "rep_name": rep.name,
        "rep_email": rep.email,
        "rep_phone": rep.phone,
        "personal": sentence,
    }


def lines_of(text: str, width: int = LINE) -> tuple[str, ...]:
    """`text` as lines of at most `width` cells, its own line ends kept."""
    return tuple(part for line in text.strip().split("\n") for part in wrap(line, width) or [""])


def script_of(db: Reader, lead_id: int) -> tuple[str, ...]:
    """The script of a call to this lead, as lines: that of the due call, else the first one."""
    lead = leads.lead(db, lead_id)
    drip = onward.drip_of(db, lead_id) if lead else None
    due = drip.due if drip else None
    key = due.template if due and due.channel is Channel.CALL and due.template else "call-first"
    found = texts.in_force(db, key)
    if lead is None or found is None:
        return ()
    try:
        return lines_of(render(found.text, values_of(db, lead)))
    except (Hole, TemplateFault, TooLong) as fault:
        return (f"not ready: {fault}",)
