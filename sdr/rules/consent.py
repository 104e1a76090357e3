"""The gate every touch passes: may this person be reached on this channel now, and if not, by which rule.

Pure, and monotone: one more suppression never opens what was shut. Not legal advice: what the law asks stands,
dated and with its source, in the `Policy`. An objection to direct marketing (GDPR Art. 21) and a consent withdrawn
are suppressions like any other. There is no backlog of opt-outs that could grow old (the ten business days of
CAN-SPAM and of the TCPA): an opt-out holds from the write that records it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sdr.models.terms import Channel
from sdr.rules import consent_caps, consent_laws
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
from sdr.rules.policy import Policy

_GRAVITY = {level: place for place, level in enumerate(Level)}


def decide(contact: Contact, channel: Channel, now: datetime, policy: Policy) -> Decision:
    """Whether `contact` may be touched on `channel` at `now` (aware) under `policy`."""
    now = now.astimezone(UTC)
    state = region_code(contact.country, contact.region) if contact.region else None
    rules = [_suppressed(held) for held in contact.suppressions if covers(held, contact, channel)]
    rules += consent_laws.lawful_basis(contact, state, policy)
    rules += consent_laws.told_of_it(contact, state, now, policy)
    if channel in (Channel.CALL, Channel.SMS):
        rules += _telephone(contact, channel, state, now, policy)
    if channel in (Channel.EMAIL, Channel.SMS):
        rules += _mail(contact, channel, state, now, policy)
    rules += consent_caps.too_often(contact, channel, now, policy)
    rules += consent_caps.held_back(contact, channel, now, policy)
    if not rules:
        return Decision(Level.ALLOW)
    rules.sort(key=lambda rule: -_GRAVITY[rule.level])  # the gravest first, else as they came
    return Decision(rules[0].level, tuple(rules))


def _telephone(contact: Contact, channel: Channel, state: str | None, now: datetime, policy: Policy) -> Iterator[Rule]:
    if contact.phone and contact.phone in contact.struck:
        yield Rule("number.struck", Level.BLOCK, "This number turned out wrong; use another one.")
    yield from outside_hours(contact, state, now, policy)
    yield from consent_laws.uk_calls(contact, state, now, policy)
    yield from consent_laws.us_lists(contact, state, now, policy)
    if channel is Channel.CALL:
        yield from consent_laws.state_calls(contact, state, now, policy)
        yield from consent_laws.state_refusal(contact, state, now, policy)


def _mail(contact: Contact, channel: Channel, state: str | None, now: datetime, policy: Policy) -> Iterator[Rule]:
    yield from consent_laws.us_mail(contact, channel, state, policy)
    yield from consent_laws.uk_mail(contact, channel, state, now, policy)
    yield from consent_laws.canada(contact, channel, state, now, policy)
    if channel is Channel.EMAIL:
        yield from consent_laws.bulk_mail(contact, policy)


# --- who said no ---------------------------------------------------------------------------------------------------


def covers(held: Suppression, contact: Contact, channel: Channel) -> bool:
    """Whether `held` stands against this `contact` on `channel`. A no to calls is a no to texts too; a no to every
    channel, known by a number or an address of this person, is a no of theirs."""
    texting = channel is Channel.SMS and held.channel == Channel.CALL
    if held.channel not in (EVERY_CHANNEL, channel.value) and not texting:
        return False
    match held.scope:
        case Scope.PERSON:
            return True
        case Scope.NUMBER:
            known = held.value in (contact.phone, *contact.numbers)
            return known and (held.channel == EVERY_CHANNEL or channel in (Channel.CALL, Channel.SMS))
        case Scope.EMAIL:
            return _folded(held.value) in {_folded(one) for one in (contact.email, *contact.addresses) if one}
        case Scope.DOMAIN:
            return any(_within(host, held.value.lower()) for host in _hosts(contact))
        case Scope.ACCOUNT:
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
