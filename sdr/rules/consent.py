"""The gate every touch passes: may this person be reached on this channel now, and if not, by which rule.

Pure, and monotone: one more suppression never opens what was shut. What it decides so far are suppressions,
struck numbers and calling hours; lawful bases, do-not-call lists and frequency caps need facts that a `Contact`
does not hold yet. Not legal advice: the hours are the dated `Policy`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sdr.models.terms import Channel, zone_of
from sdr.rules.places import region_code
from sdr.rules.policy import CallingHours, Policy

EVERY_CHANNEL = "all"  # the channel of a suppression that means all of them


class Level(StrEnum):
    """How a touch is answered, mildest first: `STOP` needs a typed reason, `BLOCK` has no way round."""

    ALLOW = "allow"
    WARN = "warn"
    STOP = "stop"
    BLOCK = "block"


class Scope(StrEnum):
    """Whom a suppression covers."""

    PERSON = "person"
    NUMBER = "number"
    DOMAIN = "domain"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Suppression:
    """A wish not to be contacted. `value` is the E.164 number, the domain or the account id of its `scope`;
    for a person whatever the store found them by."""

    channel: str  # a Channel's value, or EVERY_CHANNEL
    scope: Scope
    value: str
    at: datetime
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """What the gate must know of a person. `zones` are all they may be in (`places.candidate_zones`);
    `suppressions` all that may concern them; `struck` numbers turned out wrong."""

    suppressions: tuple[Suppression, ...] = ()
    struck: tuple[str, ...] = ()
    phone: str | None = None
    phone_type: str | None = None
    country: str | None = None
    region: str | None = None
    zones: tuple[str, ...] = ()
    email: str | None = None
    domain: str | None = None
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule that speaks against the touch, as a sentence; `until` is when it ends, None when it does not."""

    id: str
    level: Level
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The gravest level of all `rules`; no rules is an allowed touch."""

    level: Level
    rules: tuple[Rule, ...] = ()


def decide(contact: Contact, channel: Channel, now: datetime, policy: Policy) -> Decision:
    """Whether `contact` may be touched on `channel` at `now` (aware) under `policy`."""
    rules = [_suppressed(held) for held in contact.suppressions if covers(held, contact, channel)]
    if channel in (Channel.CALL, Channel.SMS):
        if contact.phone and contact.phone in contact.struck:
            rules.append(Rule("number.struck", Level.BLOCK, "This number turned out wrong; use another one."))
        rules += _outside_hours(contact, now, policy)
    order = list(Level)
    gravest = max((rule.level for rule in rules), key=order.index, default=Level.ALLOW)
    return Decision(gravest, tuple(rules))


def covers(held: Suppression, contact: Contact, channel: Channel) -> bool:
    """Whether `held` stands against this `contact` on `channel`. A no to calls is a no to texts too."""
    texting = channel is Channel.SMS and held.channel == Channel.CALL
    if held.channel not in (EVERY_CHANNEL, channel.value) and not texting:
        return False
    match held.scope:
        case Scope.PERSON:
            return True
        case Scope.NUMBER:
            return channel in (Channel.CALL, Channel.SMS) and held.value == contact.phone
        case Scope.DOMAIN:
            return any(_within(host, held.value.lower()) for host in _hosts(contact))
        case Scope.ACCOUNT:
            return held.value == str(contact.account_id)


def _hosts(contact: Contact) -> tuple[str, ...]:
    mail = (contact.email or "").rpartition("@")[2]
    return tuple(host.lower() for host in (mail, contact.domain) if host)


def _within(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)


def _suppressed(held: Suppression) -> Rule:
    means = "on any channel" if held.channel == EVERY_CHANNEL else f"by {held.channel}"
    whose = {Scope.PERSON: "This person", Scope.NUMBER: "This number"}.get(held.scope, f"The whole {held.scope}")
    said = f": “{held.wording}”" if held.wording else ""
    return Rule(
        f"suppressed.{held.scope}",
        Level.BLOCK,
        f"{whose} is not to be contacted {means}, since {held.at:%Y-%m-%d}{said}.",
    )


def _windows(contact: Contact, policy: Policy) -> list[tuple[str, CallingHours]]:
    """(zone, hours) pairs that must all be open: the strictest wins."""
    unplaced = policy.unplaced
    if unplaced and contact.country in unplaced.countries and len(contact.zones) > unplaced.more_than:
        return [(unplaced.zone, unplaced.hours)]
    state = region_code(contact.country, contact.region)
    hours = policy.calling_hours(contact.country, state)
    return [(zone, each) for zone in contact.zones for each in hours]


def _outside_hours(contact: Contact, now: datetime, policy: Policy) -> list[Rule]:
    level = Level.STOP if contact.phone_type == "landline" else Level.BLOCK
    windows = _windows(contact, policy)
    if not windows:
        return [Rule("hours.unknown", level, "Nothing says what time it is there: fill in a country or a zone.")]
    shut = [(zone, hours) for zone, hours in windows if not _open(now, zone, hours)]
    if not shut:
        return []
    zone, hours = shut[0]
    local = now.astimezone(zone_of(zone))
    reason = f"It is {local:%H:%M} in {zone}; calls are allowed from {hours.opens:%H:%M} to {hours.closes:%H:%M}."
    return [Rule("hours.closed", level, reason, _next_open(now, windows))]


def _open(moment: datetime, zone: str, hours: CallingHours) -> bool:
    return hours.opens <= moment.astimezone(zone_of(zone)).time() < hours.closes


def _opening(moment: datetime, zone: str, hours: CallingHours) -> datetime:
    """The next opening after a `moment` that is outside `hours`, UTC."""
    local = moment.astimezone(zone_of(zone))
    day = local.date() + timedelta(days=local.time() >= hours.opens)
    return datetime.combine(day, hours.opens, zone_of(zone)).astimezone(UTC)


def _next_open(now: datetime, windows: list[tuple[str, CallingHours]]) -> datetime | None:
    """The first instant from `now` when every window is open; None when within a week there is none."""
    moment = now.astimezone(UTC)
    while moment < now + timedelta(days=7):
        shut = [_opening(moment, *window) for window in windows if not _open(moment, *window)]
        if not shut:
            return moment
        moment = max(shut)
    return None
