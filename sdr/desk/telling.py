"""Who is to be told that we have their data, in time: the task that GDPR Art. 14(3) asks for, by the team's policy.

The gate only warns when such a person is touched; here everybody whose month runs out is found, touched or not. What
tells them is the rep's to choose; that they were told is noted, for one, for the marked, or for a whole source.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sdr.desk import gate, permissions
from sdr.models.terms import Refused, at, ms
from sdr.store.changes import Change
from sdr.store.queries import day
from sdr.store.queries.day import Left
from sdr.store.session import Reader, Session

RULE = "gdpr-notice"
LOOK_BACK = timedelta(days=60)  # who came earlier is long overdue: the gate's stop says so, not a list


def untold(db: Reader, now: datetime) -> Left:
    """Those who must be told soon, or are late to be told; none where the policy cannot be used or does not ask."""
    policy = gate.policy_of(db)
    if isinstance(policy, Refused):
        return day.NOTHING
    terms = policy.rules[RULE]
    if terms.level == "off":
        return day.NOTHING
    warned = ms(now - timedelta(days=terms.numbers["warn_days"]))
    within = timedelta(days=terms.numbers["days"]) // timedelta(milliseconds=1)
    return day.untold(db, terms.where, ms(now - LOOK_BACK), warned, within)


def reminder(found: Left, zone: str) -> tuple[str, str]:
    """How the rep hears of them when the desk opens: words, and their look."""
    due = at(found.first[0].at, zone)
    people = "1 person is" if len(found.ids) == 1 else f"{len(found.ids):,} people are"
    return f"{people} to be told that we have their data, the first by {due.day} {due:%b}: g x", "soon"


def told(session: Session, lead_id: int, now: datetime) -> Change | Refused:
    """They were told, now."""
    return permissions.permit(session, lead_id, now, informed_at=now)
