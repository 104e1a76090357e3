"""The words that go with a step: the message text or call script of the playbook, filled in for one lead.

A text with a hole is never shown as if it were ready: the line says which field is empty.
"""

from __future__ import annotations

from textwrap import wrap

from sdr.desk import onward
from sdr.models.terms import Channel
from sdr.rules.text import Hole, TooLong, UnknownField, render
from sdr.store import rows
from sdr.store.queries import leads, playbook
from sdr.store.session import Reader

LINE = 76  # cells of a line, which stands on the narrowest screen


def filled(db: Reader, lead: rows.Lead, key: str) -> tuple[str, ...]:
    """The text under `key` for `lead` as lines, its subject first; empty when the playbook has no such text."""
    found = playbook.template(db, key)
    if found is None:
        return ()
    fields = {
        "first_name": lead.first_name,
        "last_name": lead.last_name,
        "company": lead.company,
        "title": lead.title,
        "rep_name": playbook.rep(db).name,
    }
    try:
        subject = render(found.subject, fields) if found.subject else None
        text = render(found.text, fields)
    except (Hole, UnknownField, TooLong) as fault:
        return (f"not ready: {fault}",)
    head = [f"subject: {subject}", ""] if subject else []
    return (*head, *(part for line in text.strip().split("\n") for part in wrap(line, LINE) or [""]))


def text_of(db: Reader, lead_id: int) -> tuple[str, ...]:
    """What goes with the due touch of a lead's drip: its message, or the script of its call; else nothing."""
    lead = leads.lead(db, lead_id)
    drip = onward.drip_of(db, lead_id) if lead else None
    due = drip.due if drip else None
    if lead is None or due is None or due.template is None or not onward.is_due(lead, drip):
        return ()
    return filled(db, lead, due.template)


def script_of(db: Reader, lead_id: int) -> tuple[str, ...]:
    """The script of a call to this lead: that of the due call, else the first one."""
    lead = leads.lead(db, lead_id)
    drip = onward.drip_of(db, lead_id) if lead else None
    due = drip.due if drip else None
    key = due.template if due and due.channel is Channel.CALL and due.template else "call-first"
    return filled(db, lead, key) if lead else ()
