"""What the file knows of a person, as the gate wants to be told it: the facts of a touch that is meant."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import NamedTuple

from sdr.models.terms import Channel, Confidence, NextKind, at, ms
from sdr.rules.consent import Contact, Permission, Scope, Suppression, Touched
from sdr.rules.phones import Phone, phone
from sdr.rules.places import address_zones, candidate_zones, region_code
from sdr.rules.policy import Policy
from sdr.rules.segments import FIELDS as SEGMENT_FIELDS
from sdr.rules.segments import Traits, traits
from sdr.rules.sender import Sender
from sdr.store import rows
from sdr.store.queries import leads, permissions
from sdr.store.queries.reading import one
from sdr.store.session import Reader

DAY = timedelta(days=1)


class Meant(NamedTuple):
    """The touch that is meant, where it is not to the lead's own number and address by hand: another `number` or
    `address`; `planned`, a step of a drip; `sender`, whose profile a template goes out under."""

    number: str | None = None
    address: str | None = None
    planned: bool = False
    sender: Sender | None = None


BY_HAND = Meant()


def contact_of(db: Reader, lead: rows.Lead, now: datetime, policy: Policy, meant: Meant = BY_HAND) -> Contact:
    """Everything the gate must know of `lead` for the touch that is `meant`."""
    since = ms(now) - policy.rules["cap-person"].numbers["days"] * 86_400_000
    lately = ms(now - DAY - DAY)  # the person's own day may have begun long before ours
    back = ms(now) - policy.rules["bounced-there"].numbers["days"] * 86_400_000
    replied = permissions.replied_at(db, lead.id)
    address = meant.address or lead.email
    return lasting(db, lead, policy, meant)._replace(
        zones=zones_of(db, lead, meant.number),
        touches=tuple(Touched(Channel(one.channel), at(one.at)) for one in permissions.touches(db, lead.id, since)),
        colleagues=tuple(at(one) for one in permissions.colleagues(db, lead, lately)),
        bounces_there=tuple(at(one) for one in permissions.bounces_there(db, lead, back)),
        replied_at=_moment(replied),
        invited=_waits(lead) or replied is not None,
        mailed=permissions.mailed(db, address, ms(now - DAY), policy.rules["bulk-mail"].numbers["warn_at"]),
    )


def invited(db: Reader, lead: rows.Lead) -> bool:
    """Whether they wrote and wait for the answer, or were promised a call: no cap or gap stands against that."""
    return _waits(lead) or permissions.replied_at(db, lead.id) is not None


def _waits(lead: rows.Lead) -> bool:
    return lead.next_kind in (NextKind.REPLY, NextKind.PROMISE, NextKind.MEETING)


def lasting(db: Reader, lead: rows.Lead, policy: Policy, meant: Meant = BY_HAND) -> Contact:
    """The facts that do not change with the hour."""
    listed = json.loads(lead.phones or "[]")
    number = meant.number or lead.phone
    kind = next((one.get("type") for one in listed if one["e164"] == number), lead.phone_type)
    return Contact(
        suppressions=tuple(
            Suppression(one.channel, Scope(one.scope), one.value, at(one.at, lead.zone), one.wording or "")
            for one in leads.suppressions(db, lead, meant.number, meant.address)
        ),
        struck=struck(lead),
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
        traits=traits_of(db, policy, lead),
    )


def traits_of(db: Reader, policy: Policy, lead: rows.Lead) -> Traits:
    """What says which segments a lead is of; nothing is looked up for a policy without any."""
    if not policy.segments:
        return {}
    source = leads.source(db, lead.source_id)
    held: dict[str, tuple[str | None, ...]] = {
        name: (getattr(lead, name),) for name in SEGMENT_FIELDS if name not in ("source", "tag", "region")
    }
    held["source"] = (source.name if source else None,)
    held["tag"] = tuple(json.loads(lead.tags or "[]"))
    held["region"] = (lead.region, region_code(lead.country, lead.region))
    return traits(held)


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


def struck(lead: rows.Lead) -> tuple[str, ...]:
    """The numbers of a lead that turned out wrong."""
    if not lead.phones or '"struck": "' not in lead.phones:
        return ()
    return tuple(one["e164"] for one in json.loads(lead.phones) if one.get("struck"))
