"""The gate: suppressions, struck numbers, and calling hours in every zone the person may be in.

The rules that have a level are off here, so that these stand alone; `test_consent_rules` has them.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sdr
from sdr.models.terms import Channel
from sdr.rules.consent import EVERY_CHANNEL, Contact, Decision, Level, Scope, Suppression, decide
from sdr.rules.policy import read_policy

TEXT = (Path(sdr.__file__).parent / "playbook" / "policy.toml").read_text("utf-8")
SHIPPED = read_policy(TEXT)
POLICY = replace(SHIPPED, rules={name: replace(terms, level="off") for name, terms in SHIPPED.rules.items()})
NEW_YORK, CHICAGO, MADRID = "America/New_York", "America/Chicago", "Europe/Madrid"
ANA = Contact(
    phone="+34600000000",
    phone_type="mobile",
    country="ES",
    zones=(MADRID,),
    email="ana@mail.acme.example",
    domain="acme.example",
    account_id=7,
    numbers=("+34600000000", "+34600000002"),
    addresses=("ana@mail.acme.example", "ana@home.example"),
)
US = Contact(phone="+12125550100", phone_type="mobile or landline", country="US", zones=(NEW_YORK,))
SAID = datetime(2026, 2, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo(MADRID))


def held(channel: str, scope: Scope, value: str = "") -> Suppression:
    return Suppression(channel, scope, value, SAID, "take me off your list")


def at(zone: str, hour: int, minute: int = 0, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo(zone))


def ids(found: Decision) -> list[str]:
    return [rule.id for rule in found.rules]


@pytest.mark.parametrize(
    ("suppression", "blocked"),
    [
        (held("email", Scope.PERSON), {Channel.EMAIL}),
        (held("call", Scope.PERSON), {Channel.CALL, Channel.SMS}),
        (held("sms", Scope.PERSON), {Channel.SMS}),
        (held(EVERY_CHANNEL, Scope.PERSON), set(Channel)),
        (held("call", Scope.NUMBER, "+34600000000"), {Channel.CALL, Channel.SMS}),
        (held(EVERY_CHANNEL, Scope.NUMBER, "+34600000000"), set(Channel)),
        (held("call", Scope.NUMBER, "+34600000002"), {Channel.CALL, Channel.SMS}),
        (held("email", Scope.NUMBER, "+34600000000"), set()),
        (held("email", Scope.EMAIL, "ANA@mail.acme.example"), {Channel.EMAIL}),
        (held(EVERY_CHANNEL, Scope.EMAIL, "ana@home.example"), set(Channel)),
        (held("email", Scope.EMAIL, "ben@mail.acme.example"), set()),
        (held("email", Scope.DOMAIN, "home.example"), {Channel.EMAIL}),
        (held("call", Scope.NUMBER, "+34600000001"), set()),
        (held("email", Scope.DOMAIN, "acme.example"), {Channel.EMAIL}),
        (held("email", Scope.DOMAIN, "ACME.example"), {Channel.EMAIL}),
        (held("email", Scope.DOMAIN, "mail.acme.example"), {Channel.EMAIL}),
        (held("email", Scope.DOMAIN, "me.example"), set()),
        (held(EVERY_CHANNEL, Scope.ACCOUNT, "7"), set(Channel)),
        (held(EVERY_CHANNEL, Scope.ACCOUNT, "8"), set()),
        (held("letter", Scope.ACCOUNT, "7"), {Channel.LETTER}),
    ],
)
def test_a_suppression_blocks_its_channels_and_no_others(suppression: Suppression, blocked: set[Channel]) -> None:
    contact = ANA._replace(suppressions=(suppression,))
    found = {channel for channel in Channel if decide(contact, channel, NOON, POLICY).level is Level.BLOCK}
    assert found == blocked


def test_a_suppression_says_when_and_in_whose_words() -> None:
    contact = ANA._replace(suppressions=(held("email", Scope.DOMAIN, "acme.example"),))
    (rule,) = decide(contact, Channel.EMAIL, NOON, POLICY).rules
    assert rule.id == "suppressed.domain"
    assert rule.until is None
    assert rule.reason == (
        "The whole domain is not to be contacted by email, since 2026-02-01: “take me off your list”."
    )


def test_a_struck_number_is_not_dialled_but_mail_goes_on() -> None:
    contact = ANA._replace(struck=("+34600000000",))
    assert ids(decide(contact, Channel.CALL, NOON, POLICY)) == ["number.struck"]
    assert decide(contact, Channel.CALL, NOON, POLICY).level is Level.BLOCK
    assert decide(contact, Channel.EMAIL, NOON, POLICY) == Decision(Level.ALLOW)
    assert decide(contact._replace(phone="+34600000009"), Channel.CALL, NOON, POLICY).level is Level.ALLOW


@pytest.mark.parametrize(
    ("contact", "now", "level"),
    [
        (ANA, at(MADRID, 8, 59), Level.BLOCK),
        (ANA, at(MADRID, 9), Level.ALLOW),
        (ANA, at(MADRID, 19, 59), Level.ALLOW),
        (ANA, at(MADRID, 20), Level.BLOCK),
        (ANA._replace(phone_type="landline"), at(MADRID, 20), Level.STOP),
        (ANA._replace(phone_type=None), at(MADRID, 20), Level.BLOCK),
        (US, at(NEW_YORK, 8, 30), Level.BLOCK),  # the state is not known
        (US._replace(region="NY"), at(NEW_YORK, 8), Level.ALLOW),
        (US._replace(region="NY"), at(NEW_YORK, 7, 59), Level.BLOCK),
        (US._replace(region="New York"), at(NEW_YORK, 20, 59), Level.ALLOW),
        (US._replace(region="NY"), at(NEW_YORK, 21), Level.BLOCK),
        (US._replace(region="Florida"), at(NEW_YORK, 19, 59), Level.ALLOW),
        (US._replace(region="FL"), at(NEW_YORK, 20), Level.BLOCK),
        (US._replace(region="OK", zones=(CHICAGO,)), at(CHICAGO, 20), Level.BLOCK),
        (US._replace(region="WA", zones=("America/Los_Angeles",)), at("America/Los_Angeles", 20), Level.BLOCK),
        (US._replace(region="FL", zones=(NEW_YORK, CHICAGO)), at(NEW_YORK, 8, 30), Level.BLOCK),
        (US._replace(region="FL", zones=(NEW_YORK, CHICAGO)), at(NEW_YORK, 9), Level.ALLOW),
        (ANA._replace(zones=()), NOON, Level.BLOCK),
    ],
)
def test_calling_hours(contact: Contact, now: datetime, level: Level) -> None:
    assert decide(contact, Channel.CALL, now, POLICY).level is level
    assert decide(contact, Channel.SMS, now, POLICY).level is level
    assert decide(contact, Channel.EMAIL, now, POLICY).level is Level.ALLOW


def test_closed_hours_name_the_local_time_and_the_next_opening() -> None:
    (rule,) = decide(ANA, Channel.CALL, at(MADRID, 20, 15), POLICY).rules
    assert rule.id == "hours.closed"
    assert rule.reason == "It is 20:15 in Europe/Madrid; calls are allowed from 09:00 to 20:00."
    assert rule.until == at(MADRID, 9, day=3)


def test_the_next_opening_waits_for_every_zone_and_for_the_clock_change() -> None:
    both = US._replace(region="FL", zones=(NEW_YORK, CHICAGO))
    (rule,) = decide(both, Channel.CALL, at(NEW_YORK, 19, 30, day=7).replace(hour=20), POLICY).rules
    assert rule.until == at(CHICAGO, 8, day=8)  # 8 March 2026: clocks went forward in the night


def test_zones_that_never_open_together_have_no_next_time() -> None:
    apart = ANA._replace(zones=("Pacific/Auckland", MADRID))
    found = decide(apart, Channel.CALL, NOON, POLICY)
    assert found.level is Level.BLOCK
    assert found.rules[0].until is None


def test_a_toll_free_number_is_called_only_by_the_eastern_afternoon() -> None:
    zones = (NEW_YORK, CHICAGO, "America/Denver", "America/Los_Angeles")
    contact = US._replace(zones=zones)
    assert decide(contact, Channel.CALL, at(NEW_YORK, 10, 59), POLICY).level is Level.BLOCK
    assert decide(contact, Channel.CALL, at(NEW_YORK, 11), POLICY).level is Level.ALLOW
    assert decide(US._replace(zones=zones[:3]), Channel.CALL, at(NEW_YORK, 11), POLICY).level is Level.ALLOW
    three = US._replace(zones=(NEW_YORK, CHICAGO, "America/Winnipeg"))
    assert decide(three, Channel.CALL, at(NEW_YORK, 10), POLICY).level is Level.ALLOW


SUPPRESSIONS = st.builds(
    Suppression,
    channel=st.sampled_from([EVERY_CHANNEL, *Channel]),
    scope=st.sampled_from(Scope),
    value=st.sampled_from(["", "7", "acme.example", "+34600000000", "+1"]),
    at=st.just(SAID),
    wording=st.text(max_size=10),
)
CONTACTS = st.builds(
    lambda **known: Contact(**known),  # what is not given here stays unknown
    suppressions=st.lists(SUPPRESSIONS, max_size=3).map(tuple),
    struck=st.sampled_from([(), ("+34600000000",)]),
    phone=st.sampled_from([None, "+34600000000", "+1"]),
    phone_type=st.sampled_from([None, "mobile", "landline", "mobile or landline"]),
    country=st.sampled_from([None, "ES", "US"]),
    region=st.sampled_from([None, "FL", "New York", "nowhere"]),
    zones=st.lists(st.sampled_from([NEW_YORK, CHICAGO, MADRID, "Asia/Kolkata"]), unique=True).map(tuple),
    email=st.sampled_from([None, "ana@acme.example"]),
    numbers=st.sampled_from([(), ("+34600000000", "+1")]),
    addresses=st.sampled_from([(), ("ana@acme.example", "a@b.example")]),
    account_id=st.sampled_from([None, 7]),
)
MOMENTS = st.integers(0, 400 * 24 * 4).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * n))


@given(CONTACTS, SUPPRESSIONS, st.sampled_from(Channel), MOMENTS)
def test_one_more_suppression_never_opens_anything(
    contact: Contact, more: Suppression, channel: Channel, now: datetime
) -> None:
    order = list(Level)
    before = decide(contact, channel, now, POLICY)
    for added in ((more, *contact.suppressions), (*contact.suppressions, more)):  # whichever came first
        after = decide(contact._replace(suppressions=added), channel, now, POLICY)
        assert order.index(after.level) >= order.index(before.level)
        assert set(before.rules) <= set(after.rules)


@given(CONTACTS, st.sampled_from(Channel), MOMENTS)
def test_one_more_zone_never_opens_hours_and_until_is_open(contact: Contact, channel: Channel, now: datetime) -> None:
    contact = contact._replace(suppressions=(), struck=(), zones=contact.zones[:3])
    found = decide(contact, channel, now, POLICY)
    if contact.zones and len(contact.zones) < 3 and found.level is not Level.ALLOW:
        wider = contact._replace(zones=(*contact.zones, "Asia/Tokyo"))
        assert decide(wider, channel, now, POLICY).level is found.level
    for rule in found.rules:
        if rule.until:
            assert rule.until > now
            assert decide(contact, channel, rule.until, POLICY).level is Level.ALLOW
            assert decide(contact, channel, rule.until - timedelta(seconds=1), POLICY).level is not Level.ALLOW
