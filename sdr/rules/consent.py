"""The gate every touch passes: may this person be reached on this channel now, and if not, by which rule.

Pure, and monotone: one more suppression never opens what was shut. Not legal advice: what the law asks stands,
dated and with its source, in the `Policy`. An objection to direct marketing (GDPR Art. 21) and a consent withdrawn
are suppressions like any other. There is no backlog of opt-outs that could grow old (the ten business days of
CAN-SPAM and of the TCPA): an opt-out holds from the write that records it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from sdr.models.terms import Channel
from sdr.rules import consent_caps as caps
from sdr.rules import consent_laws as laws
from sdr.rules.consent_hours import outside_hours
from sdr.rules.contact import EVERY_CHANNEL as EVERY_CHANNEL
from sdr.rules.contact import Contact as Contact
from sdr.rules.contact import Decision as Decision
from sdr.rules.contact import Level as Level
from sdr.rules.contact import Permission as Permission
from sdr.rules.contact import Rule as Rule
from sdr.rules.contact import Scope as Scope
from sdr.rules.contact import Suppression as Suppression
from sdr.rules.contact import Touched as Touched
from sdr.rules.places import region_code
from sdr.rules.policy import OFF, CallingHours, Policy, Terms
from sdr.rules.segments import SegmentRule

Check = Callable[[Contact, Channel, datetime, Terms], Rule | None]

_GRAVITY = {level: -place for place, level in enumerate(Level)}
_ANY = frozenset(Channel)
_SPOKEN, _CALLED = frozenset({Channel.CALL, Channel.SMS}), frozenset({Channel.CALL})
_WRITTEN, _MAILED = frozenset({Channel.EMAIL, Channel.SMS}), frozenset({Channel.EMAIL})

# The rules of the policy by name: the channels that their law is about, and what says whether it is kept.
_CHECKS: dict[str, tuple[frozenset[Channel], Check]] = {
    "us-mail": (_MAILED, laws.us_mail),
    "bulk-mail": (_MAILED, laws.bulk_mail),
    "gdpr-basis": (_ANY, laws.lawful_basis),
    "gdpr-notice": (_ANY, laws.told_of_it),
    "uk-mail": (_WRITTEN, laws.uk_mail),
    "uk-calls": (_SPOKEN, laws.uk_calls),
    "ca-consent": (_WRITTEN, laws.canada),
    "us-dnc": (_SPOKEN, laws.us_lists),
    "state-calls": (_CALLED, laws.state_calls),
    "state-refusal": (_CALLED, laws.state_refusal),
    "cap-channel": (_ANY, caps.channel_a_day),
    "cap-person": (_ANY, caps.person),
    "cap-company": (_ANY, caps.company),
    "replied": (_ANY, caps.replied),
    "bounced": (_MAILED, caps.bounced),
    "bounced-there": (_MAILED, caps.bounced_there),
}


def decide(contact: Contact, channel: Channel, now: datetime, policy: Policy) -> Decision:
    """Whether `contact` may be touched on `channel` at `now` (aware) under `policy`."""
    now = now if now.tzinfo is UTC else now.astimezone(UTC)
    there = _there(policy, contact.country, contact.region, channel)
    rules = [_suppressed(held) for held in contact.suppressions if covers(held, contact, channel)]
    if channel in _SPOKEN:
        if contact.phone and contact.phone in contact.struck:
            rules.append(Rule("number.struck", Level.BLOCK, "This number turned out wrong; use another one."))
        if (closed := outside_hours(contact, now, there.hours, policy.unplaced)) is not None:
            rules.append(closed)
    for check, terms in there.checks:
        if (rule := check(contact, channel, now, terms)) is not None:
            rules.append(rule)
    for segment in there.segments:
        if segment.covers(contact.traits):
            rules.append(Rule(segment.id, Level(segment.level), segment.sentence, set_by=segment.set_by))
    if not rules:
        return _ALLOWED
    if len(rules) > 1:
        rules.sort(key=lambda rule: _GRAVITY[rule.level])  # the gravest first, else as they came
    return Decision(rules[0].level, tuple(rules))


_ALLOWED = Decision(Level.ALLOW)


def joined(found: Decision, rule: Rule) -> Decision:
    """The decision with one rule more against the touch, the gravest first."""
    rules = sorted((*found.rules, rule), key=lambda one: _GRAVITY[one.level])
    return Decision(rules[0].level, tuple(rules))


class _There(NamedTuple):
    """What holds at a place for a channel: its calling hours, the rules to be asked, and the team's about segments."""

    hours: tuple[CallingHours, ...]
    checks: tuple[tuple[Check, Terms], ...]
    segments: tuple[SegmentRule, ...]


@lru_cache(maxsize=4096)
def _there(policy: Policy, country: str | None, region: str | None, channel: Channel) -> _There:
    state = region_code(country, region)
    found = []
    for name, (channels, check) in _CHECKS.items():
        terms = policy.rules[name]
        if channel in (terms.channels or channels) and terms.holds_in(country, state):
            found.append((check, terms))
    asked = tuple(one for one in policy.segments if channel in one.channels and one.level != OFF)
    return _There(policy.calling_hours(country, state), tuple(found), asked)


# --- who said no ---------------------------------------------------------------------------------------------------


def covers(held: Suppression, contact: Contact, channel: Channel) -> bool:
    """Whether `held` stands against this `contact` on `channel`. A no to calls is a no to texts too; a no to every
    channel, known by a number or an address of this person, is a no of theirs."""
    texting = channel is Channel.SMS and held.channel == Channel.CALL
    if held.channel != channel and held.channel != EVERY_CHANNEL and not texting:
        return False
    match held.scope:
        case Scope.PERSON:
            return True
        case Scope.NUMBER:
            known = held.value in (contact.phone, *contact.numbers)
            return known and (held.channel == EVERY_CHANNEL or channel in _SPOKEN)
        case Scope.EMAIL:
            return _folded(held.value) in {_folded(one) for one in (contact.email, *contact.addresses) if one}
        case Scope.DOMAIN:
            return any(_within(host, held.value.lower()) for host in _hosts(contact))
        case _:
            return held.value == str(contact.account_id)


def _folded(address: str) -> str:
    return address.strip().lower()


def _hosts(contact: Contact) -> tuple[str, ...]:
    mail = ((one or "").rpartition("@")[2] for one in (contact.email, *contact.addresses))
    return tuple(host.lower() for host in (*mail, contact.domain) if host)


def _within(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)


def _suppressed(held: Suppression) -> Rule:
    means = "on any channel" if held.channel == EVERY_CHANNEL else f"by {held.channel}"
    names = {Scope.PERSON: "This person", Scope.NUMBER: "This number", Scope.EMAIL: "This address"}
    whose = names.get(held.scope, f"The whole {held.scope}")
    said = f": “{held.wording}”" if held.wording else ""
    return Rule(
        f"suppressed.{held.scope}",
        Level.BLOCK,
        f"{whose} is not to be contacted {means}, since {held.at:%Y-%m-%d}{said}.",
    )
