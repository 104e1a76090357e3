"""Where a message goes, from when it may leave, and which mail it answers."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote

from sdr.desk import steps
from sdr.models.terms import Channel, ms
from sdr.rules.cadence import POST, Step
from sdr.rules.calendar import next_open
from sdr.rules.postal import Place
from sdr.rules.text import clean
from sdr.store import rows
from sdr.store.queries import texts
from sdr.store.session import Reader

_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def window_of(db: Reader, lead: rows.Lead, step: Step, now: datetime) -> datetime | None:
    """From when the message may leave: the next hour of the step's window. What is posted has no hour."""
    if step.channel in POST:
        return None
    return next_open(steps.calendar_of(lead, now, db).within(step.window), now)


def address_of(db: Reader, lead: rows.Lead, channel: Channel) -> str:
    """Where a message on `channel` goes; for post the lines the rep wrote last, else what is known of them.

    Without a link to a profile, LinkedIn is asked for the person by name.
    """
    if channel in POST:
        town = Place(lead.city, lead.postcode, lead.region, lead.country).town
        return texts.last_post(db, lead.id) or "\n".join(part for part in (clean(lead.street or ""), town) if part)
    if channel is Channel.LINKEDIN:
        asked = quote(clean(f"{lead.name} {lead.company or ''}"))
        return lead.linkedin or f"https://www.linkedin.com/search/results/people/?keywords={asked}"
    return (lead.phone if channel is Channel.SMS else lead.email) or ""


def thread_of(before: rows.Message | None) -> str | None:
    """The mails this one answers, oldest first, as a References header has them (RFC 5322, 3.6.4)."""
    if before is None or before.mail_id is None:
        return None
    return " ".join(part for part in (before.reply_to, before.mail_id) if part)


def mail_id_of(message_id: int, rep: rows.Rep, now: datetime) -> str:
    host = _HOST.fullmatch((rep.email or "").rpartition("@")[2])
    return f"<{message_id:x}.{ms(now):x}.sdr@{host[0] if host else 'desk.invalid'}>"
