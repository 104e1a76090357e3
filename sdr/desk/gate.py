"""The gate at the desk: the facts of the file put before `sdr.rules.consent.decide`, and what comes of it.

`allowed` is the one function that everything that would touch somebody asks, when planning and again at the moment
of the touch. Its `Ruling` says whether it is refused; `kept` has that no kept as an event. A stop is passed by a
typed reason, which is kept as well (`passed`); a block never is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from sdr.models.terms import Channel, Confidence, NextKind, Refused, at, ms
from sdr.rules import consent
from sdr.rules.consent import Contact, Decision, Level, Permission, Rule, Scope, Suppression, Touched
from sdr.rules.phones import Phone, phone
from sdr.rules.places import address_zones, candidate_zones, region_code
from sdr.rules.policy import Policy, PolicyFault, read_policy
from sdr.rules.sender import Sender
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import leads, permissions, playbook
from sdr.store.queries.reading import one
from sdr.store.session import Reader, Session

UNREADABLE = "policy.unreadable"
WISH_CALL, WISH = "consent.call", "consent.blocked"  # somebody said no to calls, to another channel
DAY = timedelta(days=1)
# The rules of the policy that say something against any later moment, too.
LASTING = ("gdpr-basis", "gdpr-notice", "uk-mail", "uk-calls", "ca-consent", "us-dnc", "state-refusal", "bounced")
SHUT = (Level.STOP, Level.BLOCK)


@dataclass(frozen=True, slots=True)
class Meant:
    """The touch that is meant, where it is not to the lead's own number and address by hand: another `number` or
    `address`; `planned`, a step of a drip; `sender`, whose profile a template goes out under."""

    number: str | None = None
    address: str | None = None
    planned: bool = False
    sender: Sender | None = None


BY_HAND = Meant()


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the gate says of one touch: the decision with its rules, the desk's no (None: it may be done), and what
    it was decided on."""

    decision: Decision
    refused: Refused | None
    channel: Channel
    zones: tuple[str, ...] = ()
    version: str | None = None

    @property
    def level(self) -> Level:
        """The gravest level of the rules."""
        return self.decision.level


def allowed(
    db: Reader, lead: rows.Lead, channel: Channel, now: datetime, meant: Meant = BY_HAND, because: str | None = None
) -> Ruling:
    """Whether `lead` may be touched on `channel` at `now`, with every rule that speaks against it.

    `because` is the typed reason that passes a stop.
    """
    policy = policy_of(db)
    if isinstance(policy, Refused):
        return Ruling(Decision(Level.BLOCK, (Rule(UNREADABLE, Level.BLOCK, policy.reason),)), policy, channel)
    contact = contact_of(db, lead, now, policy, meant)
    found = consent.decide(contact, channel, now, policy)
    no = _refusal(contact, channel, found, because)
    return Ruling(found, no, channel, contact.zones, policy.version)


def shut_channels(db: Reader, lead: rows.Lead, now: datetime) -> frozenset[str]:
    """The channels on which nothing may be planned: blocked by a rule that does not pass with the hour.

    `all` is among them when every one is. Stops are not: a typed reason may pass them when the day has come.
    """
    policy = policy_of(db)
    if isinstance(policy, Refused):
        return frozenset((*(each.value for each in Channel), consent.EVERY_CHANNEL))
    if not (leads.suppressions(db, lead) or _struck(lead) or _watched(policy, lead)):
        return frozenset()  # as for nearly everybody; planning asks it of very many
    contact = _lasting(db, lead, policy)
    found = {each.value for each in Channel if _shut_for_good(consent.decide(contact, each, now, policy))}
    return frozenset(found | {consent.EVERY_CHANNEL} if len(found) == len(Channel) else found)


def _watched(policy: Policy, lead: rows.Lead) -> bool:
    """Whether a rule that lasts may block this lead, by where they are."""
    state = region_code(lead.country, lead.region)
    blocking = (policy.rules[name] for name in LASTING if policy.rules[name].level == Level.BLOCK)
    return any(not terms.where or terms.holds_in(lead.country, state) for terms in blocking)


def _struck(lead: rows.Lead) -> tuple[str, ...]:
    """The numbers of a lead that turned out wrong."""
    if not lead.phones or '"struck": "' not in lead.phones:
        return ()
    return tuple(one["e164"] for one in json.loads(lead.phones) if one.get("struck"))


def _shut_for_good(found: Decision) -> bool:
    return any(rule.level is Level.BLOCK and not rule.passes for rule in found.rules)


def _refusal(contact: Contact, channel: Channel, found: Decision, because: str | None) -> Refused | None:
    if found.level not in SHUT or (found.level is Level.STOP and (because or "").strip()):
        return None
    for held in contact.suppressions:
        if consent.covers(held, contact, channel):
            said = f" (“{held.wording}”)" if held.wording else ""
            rule = WISH_CALL if channel is Channel.CALL else WISH
            reason = f"{channel.value} blocked: asked on {held.at.day} {held.at:%b %Y}{said}"
            return Refused(rule, reason, "the prospect", "" if channel is Channel.CALL else "s skips the step")
    first = found.rules[0]
    hint = "a typed reason passes it: sdr touch … --because" if found.level is Level.STOP else ""
    return Refused(first.id, first.reason, "the contact policy", hint)


# --- what is kept ----------------------------------------------------------------------------------------------------


def kept(session: Session, lead: rows.Lead, now: datetime, ruling: Ruling, no: Refused) -> Change:
    """A no at the moment of a touch: nothing is done; an event keeps who asked for what, and which rule shut it."""
    edit = _event(session, lead, "gate", now, ruling, no.reason)
    return Change("gate", f"{lead.name}: {no.reason}", ms(now), (edit,), lead.id, kind="out", refused=no)


def passed(session: Session, lead: rows.Lead, now: datetime, ruling: Ruling, because: str | None) -> Iterator[Edit]:
    """The event of a stop that a typed reason passed; none for a touch that was allowed."""
    if ruling.level is Level.STOP and because:
        yield _event(session, lead, "overridden", now, ruling, because)


def noted(session: Session, lead: rows.Lead, now: datetime, ruling: Ruling) -> Iterator[Edit]:
    """The event of what was done and is told of afterwards, although a rule stood against it."""
    if ruling.level in SHUT:
        yield _event(session, lead, "gate", now, ruling, ruling.decision.rules[0].reason)


def _event(session: Session, lead: rows.Lead, kind: str, now: datetime, ruling: Ruling, text: str) -> Edit:
    rep = playbook.rep(session)
    held = [rule.id for rule in ruling.decision.rules if rule.level in SHUT]
    local = at(ms(now), ruling.zones[0] if ruling.zones else lead.zone)
    detail = {
        "rule": held[0], "rules": held, "policy": ruling.version, "decision": ruling.level.value,
        "channel": ruling.channel.value, "who": rep.name,
        "inputs": {"zones": list(ruling.zones), "local_time": local.isoformat(timespec="minutes")},
    }  # fmt: skip
    return Edit.new(
        "event", session.new_id(), lead_id=lead.id, kind=kind, at=ms(now), text=text, rep_id=rep.id,
        detail=json.dumps(detail, ensure_ascii=False),
    )  # fmt: skip


# --- the policy ------------------------------------------------------------------------------------------------------


def policy_of(db: Reader) -> Policy | Refused:
    """The policy in force: the team's own beside the desk's file, else the one the desk ships with.

    A file that cannot be used shuts the gate; the refusal names it.
    """
    path = permissions.policy_file(db)
    try:
        if path is None or not path.exists():
            return _shipped()
        return _policy(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, PolicyFault) as fault:
        said = str(fault) if isinstance(fault, PolicyFault) else "it cannot be read"
        return Refused(UNREADABLE, f"{path} cannot be used: {said}; mend it, or take it away")


@lru_cache(maxsize=1)
def _shipped() -> Policy:
    return read_policy(playbook.packaged("policy.toml"))


@lru_cache(maxsize=4)
def _policy(text: str) -> Policy:
    return read_policy(text)


# --- the facts -------------------------------------------------------------------------------------------------------


def contact_of(db: Reader, lead: rows.Lead, now: datetime, policy: Policy, meant: Meant = BY_HAND) -> Contact:
    """Everything the gate must know of `lead` for the touch that is `meant`."""
    since = ms(now) - policy.rules["cap-person"].numbers["days"] * 86_400_000
    lately = ms(now - DAY - DAY)  # the person's own day may have begun long before ours
    back = ms(now) - policy.rules["bounced-there"].numbers["days"] * 86_400_000
    replied = permissions.replied_at(db, lead.id)
    address = meant.address or lead.email
    return replace(
        _lasting(db, lead, policy, meant),
        zones=zones_of(db, lead, meant.number),
        touches=tuple(Touched(Channel(one.channel), at(one.at)) for one in permissions.touches(db, lead.id, since)),
        colleagues=tuple(at(one) for one in permissions.colleagues(db, lead, lately)),
        bounces_there=tuple(at(one) for one in permissions.bounces_there(db, lead, back)),
        replied_at=_moment(replied),
        invited=replied is not None or lead.next_kind in (NextKind.REPLY, NextKind.PROMISE, NextKind.MEETING),
        mailed=permissions.mailed(db, address, ms(now - DAY), policy.rules["bulk-mail"].numbers["warn_at"]),
    )


def _lasting(db: Reader, lead: rows.Lead, policy: Policy, meant: Meant = BY_HAND) -> Contact:
    """The facts that do not change with the hour."""
    listed = json.loads(lead.phones or "[]")
    number = meant.number or lead.phone
    kind = next((one.get("type") for one in listed if one["e164"] == number), lead.phone_type)
    return Contact(
        suppressions=tuple(
            Suppression(one.channel, Scope(one.scope), one.value, at(one.at, lead.zone), one.wording or "")
            for one in leads.suppressions(db, lead, meant.number, meant.address)
        ),
        struck=_struck(lead),
        phone=number,
        phone_type=kind,
        country=lead.country,
        region=lead.region,
        zones=(lead.zone,),
        email=meant.address or lead.email,
        domain=_domain(db, lead),
        account_id=lead.account_id,
        numbers=tuple(one["e164"] for one in listed if not one.get("struck")),
        addresses=tuple(one for one in (lead.email, lead.email_2) if one),
        permission=permission_of(db, lead),
        bounced=permissions.bounced(db, lead.id),
        refused_at=_moment(permissions.refused_at(db, lead.id, policy.rules["state-refusal"].words)),
        planned=meant.planned,
        sender=meant.sender,
    )


def permission_of(db: Reader, lead: rows.Lead) -> Permission:
    """What is noted of a lead and its list. Data of a list counts as obtained when the lead came, unless said."""
    held = permissions.in_force(db, lead)
    source = leads.source(db, lead.source_id)
    listed = source is not None and source.type == "list"
    obtained = held.obtained_at if held and held.obtained_at else lead.arrived_at if listed else None
    if held is None:
        return Permission(obtained_at=_moment(obtained))
    return Permission(
        basis=held.basis,
        consent=held.consent,
        consent_evidence=held.consent_evidence,
        consent_at=_moment(held.consent_at),
        consent_until=_moment(held.consent_until),
        subscriber=held.subscriber,
        obtained_at=_moment(obtained),
        informed_at=_moment(held.informed_at),
        listed_at=_moment(held.listed_at),
    )


def zones_of(db: Reader, lead: rows.Lead, number: str | None = None) -> tuple[str, ...]:
    """Every zone the called party may be in, the lead's own first: address, company address and number together.

    A zone that somebody named is where they are; a number that may ring where the address is adds nothing to it.
    """
    if lead.zone_from == Confidence.EXPLICIT:
        return (lead.zone,)
    account = one(db, rows.Account, "SELECT * FROM account WHERE id=?", (lead.account_id,))
    dialled = number or lead.phone
    told = phone(dialled, None) if dialled else None
    spoken = told.zones if isinstance(told, Phone) else ()
    address = address_zones(lead.country, lead.region, lead.city)
    if not set(spoken).isdisjoint(address):
        spoken = ()
    found = candidate_zones(lead.country, lead.region, lead.city, spoken, account.country if account else None)
    known = () if lead.zone_from == Confidence.REP and found else (lead.zone,)  # a guess counts when nothing else does
    return tuple(dict.fromkeys((*known, *found)))


def _domain(db: Reader, lead: rows.Lead) -> str | None:
    account = one(db, rows.Account, "SELECT * FROM account WHERE id=?", (lead.account_id,))
    return account.domain if account else None


def _moment(stored: int | None) -> datetime | None:
    return None if stored is None else at(stored)
