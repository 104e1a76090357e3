"""What a call needs before it rings, and what is written when it has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from sdr.desk import calling, dialling, handing_off, messages, pairing
from sdr.desk.steps import calendar_of
from sdr.models.terms import Refused
from sdr.rules.calendar import Calendar
from sdr.screens.call_values import CallEnded
from sdr.store.changes import Change
from sdr.store.queries import leads, playbook
from sdr.store.session import Reader, Session


class Ready(NamedTuple):
    """What a call needs before it rings. `stopped`: what is refused is passed by a typed reason."""

    card: leads.Card
    cal: Calendar
    refused: Refused | None
    stopped: bool
    script: tuple[str, ...]
    mails: Mapping[str, tuple[str, ...]]


def ready(db: Reader, lead_id: int, now: datetime, because: str | None = None) -> Ready | None:
    """The card, the days for it, whether it may ring, the script, and the mails that may go with how it ends.

    `because` is the typed reason that passes a stop.
    """
    card = leads.card(db, lead_id)
    if card is None:
        return None
    refused = dialling.dial(db, lead_id, now, because)
    stopped = refused is not None and dialling.passable(db, lead_id, now)
    keys = {one.mail for one in (*playbook.outcomes().ring, *playbook.outcomes().wrap) if one.mail}
    mails = pairing.proposed(db, lead_id, sorted(keys), now) if refused is None else {}
    cal = calendar_of(card.lead, now, db)
    return Ready(card, cal, refused, stopped, messages.script_of(db, lead_id), mails)


def story_of(
    ended: CallEnded, now: datetime, because: str | None = None
) -> Callable[[Session], Iterator[Change | Refused]]:
    """The call, and the handoff right after it when it was asked for: one transaction, each a step of its own."""

    def story(session: Session) -> Iterator[Change | Refused]:
        done = calling.call(session, ended.lead_id, ended.outcome, now, **ended.noted(), because=because)
        yield done
        if ended.hand_off and isinstance(done, Change):
            yield handing_off.hand_off(session, ended.lead_id, now, meeting_at=ended.meeting_at)

    return story
