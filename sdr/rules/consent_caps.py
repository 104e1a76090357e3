"""The team's own rules: how often a person and a company are touched, and what a reply or a bounce holds back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from sdr.models.terms import Channel, zone_of
from sdr.rules.contact import Contact, Level, Rule
from sdr.rules.policy import Policy


def too_often(contact: Contact, channel: Channel, now: datetime, policy: Policy) -> Iterator[Rule]:
    """Caps per channel a day, per person and per company; none for who wrote to us or was promised a call."""
    if contact.invited or not (contact.touches or contact.colleagues):
        return
    begins = _midnight(contact, now)
    tomorrow = _midnight(contact, begins + timedelta(hours=36))
    yield from _channel_a_day(contact, channel, now, begins, tomorrow, policy)
    yield from _person(contact, now, policy)
    yield from _company(contact, now, begins, tomorrow, policy)


def _channel_a_day(
    contact: Contact, channel: Channel, now: datetime, begins: datetime, tomorrow: datetime, policy: Policy
) -> Iterator[Rule]:
    terms = policy.rules["cap-channel"]
    cap = terms.numbers.get(f"touches.{channel.value}", terms.numbers["touches.default"])
    done = sum(one.channel is channel and begins <= one.at <= now for one in contact.touches)
    yield from _over("cap.channel", terms.level, done, cap, f"by {channel.value} today", tomorrow)


def _person(contact: Contact, now: datetime, policy: Policy) -> Iterator[Rule]:
    terms = policy.rules["cap-person"]
    days, cap = terms.numbers["days"], terms.numbers["touches"]
    length = timedelta(days=days)
    done = sorted(one.at for one in contact.touches if now - length < one.at <= now)
    free = done[-cap] + length if 0 < cap <= len(done) else None
    yield from _over("cap.person", terms.level, len(done), cap, f"of this person in {days} days", free)


def _company(contact: Contact, now: datetime, begins: datetime, tomorrow: datetime, policy: Policy) -> Iterator[Rule]:
    """Whoever was touched today already is not one person more."""
    terms = policy.rules["cap-company"]
    if any(begins <= one.at <= now for one in contact.touches):
        return
    others = sum(begins <= at <= now for at in contact.colleagues)
    yield from _over("cap.company", terms.level, others, terms.numbers["people"], "at this company today", tomorrow)


def _over(rule: str, level: str, done: int, cap: int, what: str, until: datetime | None) -> Iterator[Rule]:
    """The one that reaches the cap is warned of, unless the cap is one; the next is stopped."""
    if level == "off":
        return
    thing = "person" if rule == "cap.company" else "touch"
    if done >= cap:
        yield Rule(rule, Level(level), f"This is {thing} {done + 1} {what}; the cap is {cap}.", until, passes=True)
    elif done + 1 == cap > 1:
        yield Rule(rule, Level.WARN, f"This is {thing} {cap} {what}: the last one under the cap.", passes=True)


def _midnight(contact: Contact, moment: datetime) -> datetime:
    """When the day of `moment` began where the person is, UTC."""
    zone = zone_of(contact.zones[0]) if contact.zones else UTC
    return datetime.combine(moment.astimezone(zone).date(), time.min, zone).astimezone(UTC)


def held_back(contact: Contact, channel: Channel, now: datetime, policy: Policy) -> Iterator[Rule]:
    """A reply without its answer holds back the drip; mail that came back holds back mail."""
    terms = policy.rules["replied"]
    if contact.planned and contact.replied_at is not None and terms.level != "off":
        reason = f"They wrote on {contact.replied_at:%Y-%m-%d}; answer that before the drip goes on."
        yield Rule("replied", Level(terms.level), reason, passes=True)
    if channel is not Channel.EMAIL:
        return
    terms = policy.rules["bounced"]
    if contact.email and contact.email in contact.bounced and terms.level != "off":
        yield Rule("bounced", Level(terms.level), "Mail to this address came back; use another one (E).")
    terms = policy.rules["bounced-there"]
    if terms.level != "off":
        since = now - timedelta(days=terms.numbers["days"])
        if there := [at for at in contact.bounces_there if since < at <= now]:
            last = max(there)
            yield Rule("bounced.there", Level(terms.level), f"Mail to this company came back on {last:%Y-%m-%d}.")
