"""The mail that goes with a call: after a voicemail the same in writing, after a talk what was promised.

It stands beside the drip and moves nothing. It is made in the very act that records the call, so that one `u` takes
both back; when it cannot be made, the call is recorded without it, and says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sdr.desk import composing, gate
from sdr.desk.composing import Made
from sdr.desk.messages import lines_of, values_of
from sdr.models.terms import Channel, Refused, ms
from sdr.rules.cadence import Step
from sdr.rules.hours import Length
from sdr.rules.templates import pieces
from sdr.store import rows
from sdr.store.changes import Edit
from sdr.store.queries import leads, playbook, texts
from sdr.store.session import Session


class Paired(NamedTuple):
    """What became of the mail: its edits and the words for the last line."""

    edits: tuple[Edit, ...]
    words: str


NO_MAIL = Paired((), "")


def paired(session: Session, lead: rows.Lead, key: str, now: datetime) -> Paired:
    """The mail with the text `key`, waiting in the outbox, and its touch; or the words that say why not."""
    asked = gate.allowed(session, lead, Channel.EMAIL, now)
    made = _unreachable(lead) or asked.refused or _written(session, lead, key, now)
    if isinstance(made, Refused):
        kept = gate.noted(session, lead, now, asked) if made is asked.refused else ()
        return Paired(tuple(kept), f" · no mail: {made.reason}")
    return Paired(tuple(_edits(session, lead, made, key, now)), " · mail in the outbox")


def proposed(db: Any, lead_id: int, keys: Iterable[str], now: datetime) -> dict[str, tuple[str, ...]]:
    """Each of these mails as it would go, subject first; those that could not are left out, and never asked about."""
    session, lead = Session(db, 0, 0), leads.lead(db, lead_id)
    if lead is None or _unreachable(lead) or gate.allowed(db, lead, Channel.EMAIL, now).refused is not None:
        return {}
    values, found = values_of(db, lead), {}
    for key in keys:
        text = texts.in_force(db, key)
        if text is not None and not isinstance(_written(session, lead, key, now), Refused):
            parts = (text.subject or "", text.text)
            subject, body = ("".join(piece.text for piece in pieces(part, values)) for part in parts)
            found[key] = (f"subject: {subject}", "", *lines_of(body))
    return found


def _unreachable(lead: rows.Lead) -> Refused | None:
    if lead.email is None:
        return Refused("touch.unreachable", f"{lead.name} has no e-mail address; fill it in (E)")
    return None


def _written(session: Session, lead: rows.Lead, key: str, now: datetime) -> Made | Refused:
    made = composing.made(session, lead, None, _step(key), now)
    return made if made is not None else Refused("text.unknown", f"there is no text “{key}”; g m shows those there are")


def _step(key: str) -> Step:
    """A step of no drip: this text, by mail, at once."""
    return Step(0, key, Channel.EMAIL, Length(0, "m"), None, blocking=False, personal=False, template=key)


def _edits(session: Session, lead: rows.Lead, made: Made, key: str, now: datetime) -> Iterator[Edit]:
    yield made.edit
    fields = {"template": key, **made.touch}
    yield Edit.new(
        "touch", session.new_id(), lead_id=lead.id, channel=Channel.EMAIL.value, at=ms(now), outcome="done", human=0,
        rep_id=playbook.rep(session).id, **fields,
    )  # fmt: skip
