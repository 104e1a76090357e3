"""The team's own rules: how often a person and a company are touched, and what a reply or a bounce holds back.

The caps do not hold for whoever wrote to us or was promised a call. Each function says what it has against a touch.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sdr.models.terms import Channel, zone_of
from sdr.rules.contact import Contact, Level, Rule
from sdr.rules.policy import Terms


def channel_a_day(contact: Contact, channel: Channel, now: datetime, terms: Terms) -> Rule | None:
    """So many touches by one channel on a day of the person's."""
    if contact.invited or not contact.touches:
        return None
    cap = terms.numbers.get(f"touches.{channel.value}", terms.numbers["touches.default"])
    begins = _midnight(contact, now)
    done = sum(one.channel is channel and begins <= one.at <= now for one in contact.touches)
    if not _near(done, cap):
        return None
    return _over("cap.channel", terms.level, done, cap, f"by {channel.value} today", _next(contact, begins))


def person(contact: Contact, _channel: Channel, now: datetime, terms: Terms) -> Rule | None:
    """So many touches of one person in so many days."""
    days, cap = terms.numbers["days"], terms.numbers["touches"]
    if contact.invited or not _near(len(contact.touches), cap):
        return None
    length = timedelta(days=days)
    since = now - length
    done = sorted(one.at for one in contact.touches if since < one.at <= now)
    if not _near(len(done), cap):
        return None
    free = done[-cap] + length if 0 < cap <= len(done) else None
    return _over("cap.person", terms.level, len(done), cap, f"of this person in {days} days", free)


def company(contact: Contact, _channel: Channel, now: datetime, terms: Terms) -> Rule | None:
    """So many people of one company a day; whoever was touched today already is not one person more."""
    cap = terms.numbers["people"]
    if contact.invited or not contact.colleagues or not _near(len(contact.colleagues), cap):
        return None
    begins = _midnight(contact, now)
    others = sum(begins <= at <= now for at in contact.colleagues)
    if not _near(others, cap) or any(begins <= one.at <= now for one in contact.touches):
        return None
    return _over("cap.company", terms.level, others, cap, "at this company today", _next(contact, begins))


def _near(done: int, cap: int) -> bool:
    """Whether one more reaches the cap or goes over it; a cap of one is not warned of."""
    return done >= cap or done + 1 == cap > 1


def _over(rule: str, level: str, done: int, cap: int, what: str, until: datetime | None) -> Rule:
    """The one that reaches the cap is warned of; the next is stopped."""
    thing = "person" if rule == "cap.company" else "touch"
    if done >= cap:
        return Rule(rule, Level(level), f"This is {thing} {done + 1} {what}; the cap is {cap}.", until, passes=True)
    return Rule(rule, Level.WARN, f"This is {thing} {cap} {what}: the last one under the cap.", passes=True)


def _midnight(contact: Contact, moment: datetime) -> datetime:
    """When the day of `moment` began where the person is, UTC."""
    zone = zone_of(contact.zones[0]) if contact.zones else UTC
    return datetime.combine(moment.astimezone(zone).date(), time.min, zone).astimezone(UTC)


def _next(contact: Contact, begins: datetime) -> datetime:
    """The midnight after the one at which the day began."""
    return _midnight(contact, begins + timedelta(hours=36))


def replied(contact: Contact, _channel: Channel, _now: datetime, terms: Terms) -> Rule | None:
    """A reply without its answer holds back the drip."""
    if not contact.planned or contact.replied_at is None:
        return None
    reason = f"They wrote on {contact.replied_at:%Y-%m-%d}; answer that before the drip goes on."
    return Rule("replied", Level(terms.level), reason, passes=True)


def bounced(contact: Contact, _channel: Channel, _now: datetime, terms: Terms) -> Rule | None:
    """Mail that came back holds back mail to that address."""
    if not contact.bounced or contact.email not in contact.bounced:
        return None
    return Rule("bounced", Level(terms.level), "Mail to this address came back; use another one (E).")


def bounced_there(contact: Contact, _channel: Channel, now: datetime, terms: Terms) -> Rule | None:
    """Mail that came back from somebody else of the company says that the next one may, too."""
    if not contact.bounces_there:
        return None
    since = now - timedelta(days=terms.numbers["days"])
    last = max((at for at in contact.bounces_there if since < at <= now), default=None)
    if last is None:
        return None
    return Rule("bounced.there", Level(terms.level), f"Mail to this company came back on {last:%Y-%m-%d}.")
