"""What the gate is told of a person and what it answers: plain values. All times are aware.

`Contact` holds facts as the desk has them; what follows from them is `sdr.rules.consent`'s alone.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from sdr.models.terms import Channel
from sdr.rules.segments import Traits
from sdr.rules.sender import Sender

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
    EMAIL = "email"
    DOMAIN = "domain"
    ACCOUNT = "account"


class Suppression(NamedTuple):
    """A wish not to be contacted. `value` is the E.164 number, the address, the domain or the account id of its
    `scope`; for a person whatever the store found them by."""

    channel: str  # a Channel's value, or EVERY_CHANNEL
    scope: Scope
    value: str
    at: datetime
    wording: str = ""


class Permission(NamedTuple):
    """What makes contact lawful: the basis; the consent with its evidence and dates; the kind of subscriber; when
    the data was obtained, the person told of it, and the number last held against the do-not-call lists."""

    basis: str | None = None
    consent: str | None = None
    consent_evidence: str | None = None
    consent_at: datetime | None = None
    consent_until: datetime | None = None
    subscriber: str | None = None
    obtained_at: datetime | None = None
    informed_at: datetime | None = None
    listed_at: datetime | None = None


class Touched(NamedTuple):
    """A touch that was done."""

    channel: Channel
    at: datetime


class Contact(NamedTuple):
    """What the gate must know of a person, and of the touch that is meant.

    `zones` are all they may be in (`places.candidate_zones`); `suppressions` all that may concern them; `struck`
    numbers turned out wrong, `bounced` addresses came back, `numbers` and `addresses` are all they have (the ones
    meant are `phone` and `email`). `touches` are those of the last weeks, `colleagues` the last touch of each
    other person of the company, `bounces_there` when mail to one of these came back. `refused_at` is when they
    refused on the telephone, `replied_at` when they wrote and had no answer yet; `invited`: they wrote to us or
    were promised a call. `mailed` counts the mails to this mail domain within 24 hours. `planned`: a step of a drip
    is meant, not the rep's own answer. `sender` is whose profile a template goes out under, None without one.
    `traits` say which segments they are of.
    """

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
    numbers: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    permission: Permission = Permission()
    touches: tuple[Touched, ...] = ()
    colleagues: tuple[datetime, ...] = ()
    bounced: tuple[str, ...] = ()
    bounces_there: tuple[datetime, ...] = ()
    refused_at: datetime | None = None
    replied_at: datetime | None = None
    invited: bool = False
    mailed: int = 0
    planned: bool = False
    sender: Sender | None = None
    traits: Traits = MappingProxyType({})


class Rule(NamedTuple):
    """One rule that speaks against the touch, as a sentence; `until` is when it ends, None when it does not.

    A rule that `passes` is about this moment (hours, caps) and says nothing against a later one. `set_by` is who made
    it, where that is not the law or the shipped policy.
    """

    id: str
    level: Level
    reason: str
    until: datetime | None = None
    passes: bool = False
    set_by: str = ""


class Decision(NamedTuple):
    """The gravest level of all `rules`; no rules is an allowed touch."""

    level: Level
    rules: tuple[Rule, ...] = ()
