"""The gate at the desk: the facts of the file put before `sdr.rules.consent.decide`, and what comes of it.

`allowed` is the one function that everything that would touch somebody asks, when planning and again at the moment
of the touch. Its `Ruling` says whether it is refused; `kept` has that no kept as an event. A stop is passed by a
typed reason, which is kept as well (`passed`); a block never is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sdr.desk.facts import BY_HAND, contact_of, lasting, struck, traits_of
from sdr.desk.facts import Meant as Meant
from sdr.models.terms import Channel, Refused, at, ms
from sdr.rules import consent
from sdr.rules.consent import Contact, Decision, Level, Rule
from sdr.rules.places import region_code
from sdr.rules.policy import Policy, PolicyFault, read_policy
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import leads, permissions, playbook
from sdr.store.session import Reader, Session

UNREADABLE = "policy.unreadable"
WISH_CALL, WISH = "consent.call", "consent.blocked"  # somebody said no to calls, to another channel
# The rules of the policy that say something against any later moment, too.
LASTING = ("gdpr-basis", "gdpr-notice", "uk-mail", "uk-calls", "ca-consent", "us-dnc", "state-refusal", "bounced")
SHUT = (Level.STOP, Level.BLOCK)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the gate says of one touch: the decision with its rules, the desk's no (None: it may be done), and what
    it was decided on (`inputs`: what the rules besides the policy's looked at)."""

    decision: Decision
    refused: Refused | None
    channel: Channel
    zones: tuple[str, ...] = ()
    version: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)

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


def joined(found: Ruling, rule: Rule, no: Refused, because: str | None = None, **inputs: Any) -> Ruling:
    """`found` with a rule that is not the policy's; where it shuts, `no` says so, unless `because` passes the stop."""
    passed = rule.level is Level.STOP and bool((because or "").strip())
    refused = found.refused or (no if rule.level in SHUT and not passed else None)
    decision = consent.joined(found.decision, rule)
    return replace(found, decision=decision, refused=refused, inputs={**found.inputs, **inputs})


def shut_channels(db: Reader, lead: rows.Lead, now: datetime) -> frozenset[str]:
    """The channels on which nothing may be planned: blocked by a rule that does not pass with the hour.

    `all` is among them when every one is. Stops are not: a typed reason may pass them when the day has come.
    """
    policy = policy_of(db)
    if isinstance(policy, Refused):
        return frozenset((*(each.value for each in Channel), consent.EVERY_CHANNEL))
    watched = _watched(policy, lead) or _in_segment(db, policy, lead)
    if not (watched or leads.suppressions(db, lead) or struck(lead)):
        return frozenset()  # as for nearly everybody; planning asks it of very many
    contact = lasting(db, lead, policy)
    found = {each.value for each in Channel if _shut_for_good(consent.decide(contact, each, now, policy))}
    return frozenset(found | {consent.EVERY_CHANNEL} if len(found) == len(Channel) else found)


def _watched(policy: Policy, lead: rows.Lead) -> bool:
    """Whether a rule that lasts may block this lead, by where they are."""
    state = region_code(lead.country, lead.region)
    blocking = (policy.rules[name] for name in LASTING if policy.rules[name].level == Level.BLOCK)
    return any(not terms.where or terms.holds_in(lead.country, state) for terms in blocking)


def _in_segment(db: Reader, policy: Policy, lead: rows.Lead) -> bool:
    """Whether a segment that the team does not reach by some channel has this lead."""
    held = traits_of(db, policy, lead)
    return any(one.level == Level.BLOCK and one.covers(held) for one in policy.segments)


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
    return Refused(first.id, first.reason, first.set_by or "the contact policy", hint)


# --- what is kept ----------------------------------------------------------------------------------------------------


def kept(session: Session, lead: rows.Lead, now: datetime, ruling: Ruling, no: Refused) -> Change:
    """A no at the moment of a touch: nothing is done; an event keeps who asked for what, and which rule shut it."""
    edit = _event(session, lead, "gate", now, ruling, no.reason)
    return Change("gate", f"{lead.name}: {no.reason}", ms(now), (edit,), lead.id, kind="out", refused=no)


def shut_out(session: Session, lead_id: int, now: datetime, no: Refused) -> Change | Refused:
    """A no to planning anything: kept as an event where a rule shuts a channel of theirs, and not only an address
    is missing."""
    lead = leads.lead(session, lead_id)
    if lead is None or no.rule != WISH:
        return no
    asked = (allowed(session, lead, each, now) for each in Channel)
    shut = next((one for one in asked if one.refused is not None and _shut_for_good(one.decision)), None)
    return no if shut is None else kept(session, lead, now, shut, no)


def passed(session: Session, lead: rows.Lead, now: datetime, ruling: Ruling, because: str | None) -> Iterator[Edit]:
    """The event of a stop that a typed reason passed; none for a touch that was allowed."""
    if ruling.level is Level.STOP and because:
        yield _event(session, lead, "overridden", now, ruling, because)


def noted(session: Session, lead: rows.Lead, now: datetime, ruling: Ruling) -> Iterator[Edit]:
    """The event of what was done and is told of afterwards, although a rule stood against it."""
    if ruling.level in SHUT:
        yield _event(session, lead, "gate", now, ruling, ruling.decision.rules[0].reason)


def told(session: Session, lead: rows.Lead, now: datetime, ruling: Ruling, because: str | None) -> Iterator[Edit]:
    """The event of what is recorded whatever the gate says: the reason that passed a stop, else the rule against it."""
    if ruling.refused is None:
        yield from passed(session, lead, now, ruling, because)
    else:
        yield from noted(session, lead, now, ruling)


def _event(session: Session, lead: rows.Lead, kind: str, now: datetime, ruling: Ruling, text: str) -> Edit:
    rep = playbook.rep(session)
    held = [rule.id for rule in ruling.decision.rules if rule.level in SHUT]
    local = at(ms(now), ruling.zones[0] if ruling.zones else lead.zone)
    detail = {
        "rule": held[0], "rules": held, "policy": ruling.version, "decision": ruling.level.value,
        "channel": ruling.channel.value, "who": rep.name,
        "inputs": {"zones": list(ruling.zones), "local_time": local.isoformat(timespec="minutes"), **ruling.inputs},
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
