"""Every row of the contact policy as cases: a contact, a channel, a moment, and the rules that speak with their level.

`TEAM` is the shipped policy with every law at its full level, as a team has it whose lists carry the facts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import sdr
from sdr.models.terms import Channel
from sdr.rules.consent import EVERY_CHANNEL, Contact, Level, Permission, Scope, Suppression, Touched, decide
from sdr.rules.policy import Policy, Terms, read_policy
from sdr.rules.sender import Sender

TEXT = (Path(sdr.__file__).parent / "playbook" / "policy.toml").read_text("utf-8")
SHIPPED = read_policy(TEXT)
RAISED = ("gdpr-basis", "gdpr-notice", "uk-mail", "uk-calls", "us-dnc")


def at_level(policy: Policy, level: str, *names: str) -> Policy:
    """`policy` with these rules at `level`."""
    changed: dict[str, Terms] = {name: replace(policy.rules[name], level=level) for name in names}
    return replace(policy, rules={**policy.rules, **changed})


TEAM = at_level(SHIPPED, "stop", *RAISED)
NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)  # a Monday: 18:00 in Madrid, 17:00 in London, 12:00 in New York
CALL, SMS, EMAIL, LINKEDIN, LETTER = Channel.CALL, Channel.SMS, Channel.EMAIL, Channel.LINKEDIN, Channel.LETTER
ALL = tuple(Channel)
LAWFUL = Permission(basis="legitimate-interest", informed_at=NOW, obtained_at=NOW)
ES = Contact(
    country="ES", zones=("Europe/Madrid",), phone="+34600000000", phone_type="mobile", email="a@x.es", account_id=7,
    permission=LAWFUL,
)  # fmt: skip
UK = Contact(
    country="GB", zones=("Europe/London",), phone="+442071234567", phone_type="landline", email="a@x.uk",
    permission=LAWFUL._replace(subscriber="corporate", listed_at=NOW),
)  # fmt: skip
CA = Contact(
    country="CA", region="ON", zones=("America/Toronto",), phone="+14165550100", email="a@x.ca",
    permission=Permission(consent="express", consent_evidence="form of 1 March", consent_at=NOW),
)  # fmt: skip
US = Contact(
    country="US", region="NY", zones=("America/New_York",), phone="+12125550100", phone_type="mobile", email="a@x.us",
    permission=Permission(listed_at=NOW),
)  # fmt: skip
FL, WA = US._replace(region="FL"), US._replace(region="Washington", zones=("America/Los_Angeles",))
BLOCK, STOP, WARN = Level.BLOCK, Level.STOP, Level.WARN
Said = dict[str, Level]


def ago(**length: float) -> datetime:
    return NOW - timedelta(**length)


def with_(contact: Contact, **facts: object) -> Contact:
    """`contact` with other facts of its permission."""
    return contact._replace(permission=contact.permission._replace(**facts))  # type: ignore[arg-type]


def no(channel: str, scope: Scope, value: str = "") -> Suppression:
    return Suppression(channel, scope, value, ago(days=9))


def touched(contact: Contact, channel: Channel, *hours: float) -> Contact:
    return contact._replace(touches=tuple(Touched(channel, ago(hours=one)) for one in hours))


@dataclass(frozen=True)
class Case:
    """A contact, and what is said on some channels; on all others nothing is, which is checked too."""

    row: str
    contact: Contact
    said: dict[tuple[Channel, ...], Said]
    now: datetime = NOW
    policy: Policy = TEAM


CASES = [
    # --- nothing to say
    Case("nothing", ES, {}),
    Case("nothing", UK, {}),
    Case("nothing", CA, {}),
    Case("nothing", US, {}),
    # --- opt-out, any law; GDPR Art. 21; consent withdrawn
    *(
        Case("opt-out", ES._replace(suppressions=(no(channel, Scope.PERSON),)), {hit: {"suppressed.person": BLOCK}})
        for channel, hit in (("email", (EMAIL,)), ("call", (CALL, SMS)), ("sms", (SMS,)), ("linkedin", (LINKEDIN,)),
                             ("letter", (LETTER,)), (EVERY_CHANNEL, ALL))
    ),
    Case("opt-out", ES._replace(suppressions=(no("call", Scope.NUMBER, "+34600000000"),)),
         {(CALL, SMS): {"suppressed.number": BLOCK}}),
    Case("opt-out", ES._replace(suppressions=(no("email", Scope.EMAIL, "A@x.es"),)),
         {(EMAIL,): {"suppressed.email": BLOCK}}),
    Case("opt-out", ES._replace(suppressions=(no("email", Scope.DOMAIN, "x.es"),)),
         {(EMAIL,): {"suppressed.domain": BLOCK}}),
    Case("opt-out", ES._replace(suppressions=(no("all", Scope.ACCOUNT, "7"),)), {ALL: {"suppressed.account": BLOCK}}),
    Case("opt-out", ES._replace(suppressions=(no("all", Scope.ACCOUNT, "8"), no("email", Scope.DOMAIN, "y.es"))), {}),
    Case("struck", ES._replace(struck=("+34600000000",)), {(CALL, SMS): {"number.struck": BLOCK}}),
    # --- CAN-SPAM: postal address and opt-out line of the profile, where a template goes out
    Case("can-spam", US._replace(sender=Sender()), {(EMAIL,): {"us.mail": BLOCK}}),
    Case("can-spam", US._replace(sender=Sender(address=("1 Main St",), opt_out=" ")), {(EMAIL,): {"us.mail": BLOCK}}),
    Case("can-spam", US._replace(sender=Sender(address=("1 Main St",))), {}),
    Case("can-spam", ES._replace(sender=Sender()), {}),
    # --- bulk senders
    Case("bulk", ES._replace(mailed=4499), {}),
    Case("bulk", ES._replace(mailed=4500), {(EMAIL,): {"mail.bulk": WARN}}),
    Case("bulk", ES._replace(mailed=9999), {}, policy=at_level(TEAM, "off", "bulk-mail")),
    # --- GDPR: lawful basis
    Case("basis", with_(ES, basis=None), {ALL: {"gdpr.basis": STOP}}),
    Case("basis", with_(UK, basis=""), {ALL: {"gdpr.basis": STOP}}),
    Case("basis", with_(ES, basis=None), {ALL: {"gdpr.basis": WARN}}, policy=SHIPPED),
    Case("basis", with_(ES, basis=None), {}, policy=at_level(TEAM, "off", "gdpr-basis")),
    Case("basis", with_(CA, basis=None), {}),
    # --- GDPR Art. 14: told of it within a month
    Case("notice", with_(ES, informed_at=None, obtained_at=ago(days=24, hours=23)), {}),
    Case("notice", with_(ES, informed_at=None, obtained_at=ago(days=25)), {ALL: {"gdpr.notice": WARN}}),
    Case("notice", with_(ES, informed_at=None, obtained_at=ago(days=29, hours=23)), {ALL: {"gdpr.notice": WARN}}),
    Case("notice", with_(ES, informed_at=None, obtained_at=ago(days=30)), {ALL: {"gdpr.notice": STOP}}),
    Case("notice", with_(ES, informed_at=None, obtained_at=ago(days=30)), {ALL: {"gdpr.notice": WARN}}, policy=SHIPPED),
    Case("notice", with_(ES, informed_at=ago(days=1), obtained_at=ago(days=90)), {}),
    Case("notice", with_(ES, informed_at=None, obtained_at=None), {}),
    Case("notice", with_(US, informed_at=None, obtained_at=ago(days=90)), {}),
    # --- PECR: mail
    *(
        Case("uk-mail", with_(UK, subscriber=who), {(EMAIL, SMS): {"uk.mail": STOP}})
        for who in (None, "individual", "sole-trader", "partnership")
    ),
    Case("uk-mail", with_(UK, subscriber=None, consent="express", consent_at=NOW), {}),
    Case("uk-mail", with_(UK, subscriber=None, consent="express"), {(EMAIL, SMS): {"uk.mail": STOP}}),
    Case("uk-mail", with_(UK, subscriber=None, consent="express", consent_at=ago(days=9), consent_until=ago(days=1)),
         {(EMAIL, SMS): {"uk.mail": STOP}}),
    Case("uk-mail", with_(UK, subscriber=None, consent="express", consent_at=NOW, consent_until=ago(days=-1)), {}),
    Case("uk-mail", with_(UK, subscriber=None), {(EMAIL, SMS): {"uk.mail": WARN}}, policy=SHIPPED),
    Case("uk-mail", with_(ES, subscriber=None), {}),
    # --- PECR: TPS and CTPS
    Case("uk-calls", with_(UK, listed_at=None), {(CALL, SMS): {"uk.calls": STOP}}),
    Case("uk-calls", with_(UK, listed_at=ago(days=28)), {}),
    Case("uk-calls", with_(UK, listed_at=ago(days=28, seconds=1)), {(CALL, SMS): {"uk.calls": STOP}}),
    Case("uk-calls", with_(UK, listed_at=None), {(CALL, SMS): {"uk.calls": WARN}}, policy=SHIPPED),
    # --- CASL
    *(
        Case("casl", with_(CA, **facts), {(EMAIL, SMS): {"ca.consent": BLOCK}}, policy=policy)
        for policy in (TEAM, SHIPPED)
        for facts in (
            {"consent": None}, {"consent": "by-post"}, {"consent_evidence": None}, {"consent_evidence": ""},
            {"consent_at": None}, {"consent_until": NOW},
            {"consent": "implied-business", "consent_at": ago(days=730)},
            {"consent": "implied-inquiry", "consent_at": ago(days=183)},
            {"consent": "implied-inquiry", "consent_at": ago(days=9), "consent_until": ago(days=1)},
        )
    ),
    Case("casl", with_(CA, consent_at=ago(days=9000)), {}),
    Case("casl", with_(CA, consent="implied-business", consent_at=ago(days=729)), {}),
    Case("casl", with_(CA, consent="implied-inquiry", consent_at=ago(days=182)), {}),
    Case("casl", with_(CA, consent="implied-publication", consent_at=ago(days=9000)), {}),
    Case("casl", with_(US, consent=None), {}),
    # --- calling hours, strictest state, every candidate zone, unplaced numbers
    Case("hours", ES, {(CALL, SMS): {"hours.closed": BLOCK}}, now=NOW.replace(hour=19)),
    Case("hours", ES._replace(phone_type="landline"), {(CALL, SMS): {"hours.closed": STOP}}, now=NOW.replace(hour=19)),
    Case("hours", FL._replace(zones=("America/New_York", "America/Chicago")),
         {(CALL, SMS): {"hours.closed": BLOCK}}, now=NOW.replace(hour=13, minute=30)),
    Case("hours", US._replace(zones=("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")),
         {(CALL, SMS): {"hours.closed": BLOCK}}, now=NOW.replace(hour=15)),
    Case("hours", ES._replace(zones=()), {(CALL, SMS): {"hours.unknown": BLOCK}}),
    # --- states: calls a day
    *(
        Case("state-calls", touched(place, CALL, *(1, 2, 3, 23.9)[:done]),
             {(CALL,): {"state.calls": level, **capped}} if level else {}, policy=policy)
        for policy, more in ((at_level(TEAM, "off", "cap-channel"), False), (TEAM, True))
        for place in (FL, US._replace(region="Oklahoma", zones=("America/Chicago",)))
        for done, level in ((1, None), (2, WARN), (3, BLOCK), (4, BLOCK))
        for capped in ([{"cap.channel": WARN} if done == 2 else {"cap.channel": STOP}] if more else [{}])
    ),
    Case("state-calls", touched(FL, CALL, 1, 2, 24), {(CALL,): {"state.calls": WARN, "cap.channel": WARN}}),
    Case("state-calls", touched(FL, EMAIL, 25, 25, 25), {}),
    Case("state-calls", touched(US._replace(region=None, zones=("America/Chicago",)), CALL, 1, 2, 3),
         {(CALL,): {"state.calls": BLOCK, "cap.channel": STOP}}),
    # --- states: a year after a refusal
    Case("refusal", WA._replace(refused_at=ago(days=1)), {(CALL,): {"state.refusal": BLOCK}}),
    Case("refusal", WA._replace(refused_at=ago(days=364)), {(CALL,): {"state.refusal": BLOCK}}),
    Case("refusal", WA._replace(refused_at=ago(days=365)), {}),
    Case("refusal", WA._replace(refused_at=ago(days=-1)), {}),
    Case("refusal", US._replace(refused_at=ago(days=1)), {}),
    # --- the national do-not-call list
    *(
        Case("dnc", with_(US._replace(phone_type=kind), listed_at=listed), said)
        for kind in ("mobile", None, "mobile or landline")
        for listed, said in ((None, {(CALL, SMS): {"us.dnc": STOP}}), (ago(days=31), {}),
                             (ago(days=31, seconds=1), {(CALL, SMS): {"us.dnc": STOP}}))
    ),
    Case("dnc", with_(US._replace(phone_type="landline"), listed_at=None), {}),
    Case("dnc", with_(US, listed_at=None), {(CALL, SMS): {"us.dnc": WARN}}, policy=SHIPPED),
    # --- frequency caps
    Case("cap", touched(ES, EMAIL, 1), {(EMAIL,): {"cap.channel": STOP}}),
    Case("cap", touched(ES, EMAIL, 18.5), {}),  # yesterday, where the person is
    Case("cap", touched(ES, EMAIL, -1), {}),
    Case("cap", touched(ES, CALL, 1), {}),
    Case("cap", touched(ES, CALL, 1, 2), {(CALL,): {"cap.channel": WARN}}),
    Case("cap", touched(ES, CALL, 1, 2, 3), {(CALL,): {"cap.channel": STOP}}),
    Case("cap", touched(ES, EMAIL, 1)._replace(invited=True), {}),
    Case("cap", touched(ES, EMAIL, 1), {}, policy=at_level(TEAM, "off", "cap-channel")),
    Case("cap", touched(ES._replace(zones=()), EMAIL, 16.5),
         {(EMAIL,): {"cap.channel": STOP}, (CALL, SMS): {"hours.unknown": BLOCK}}),
    Case("cap", touched(ES, LETTER, *(24 * day for day in range(1, 7))), {}),
    Case("cap", touched(ES, LETTER, *(24 * day for day in range(1, 8))), {ALL: {"cap.person": WARN}}),
    Case("cap", touched(ES, LETTER, *(24 * day for day in range(1, 9))), {ALL: {"cap.person": STOP}}),
    Case("cap", touched(ES, LETTER, *(24 * day for day in range(1, 8)), 720), {ALL: {"cap.person": WARN}}),
    Case("cap", touched(ES, LETTER, *(24 * day for day in range(1, 7)), 720), {}),
    Case("cap", ES._replace(colleagues=(ago(hours=1),)), {}),
    Case("cap", ES._replace(colleagues=(ago(hours=1),) * 2), {ALL: {"cap.company": WARN}}),
    Case("cap", ES._replace(colleagues=(ago(hours=1),) * 3), {ALL: {"cap.company": STOP}}),
    Case("cap", ES._replace(colleagues=(ago(hours=20),) * 3), {}),
    Case("cap", touched(ES, LETTER, 1)._replace(colleagues=(ago(hours=1),) * 3), {(LETTER,): {"cap.channel": STOP}}),
    # --- replies and bounces
    Case("pause", ES._replace(replied_at=ago(hours=1), planned=True), {ALL: {"replied": STOP}}),
    Case("pause", ES._replace(replied_at=ago(hours=1)), {}),
    Case("pause", ES._replace(planned=True), {}),
    Case("pause", ES._replace(replied_at=NOW, planned=True), {}, policy=at_level(TEAM, "off", "replied")),
    Case("pause", ES._replace(bounced=("a@x.es",)), {(EMAIL,): {"bounced": STOP}}),
    Case("pause", ES._replace(bounced=("b@x.es",)), {}),
    Case("pause", ES._replace(bounced=("a@x.es",)), {}, policy=at_level(TEAM, "off", "bounced")),
    Case("pause", ES._replace(bounces_there=(ago(days=29),)), {(EMAIL,): {"bounced.there": WARN}}),
    Case("pause", ES._replace(bounces_there=(ago(days=30),)), {}),
    Case("pause", ES._replace(bounces_there=(NOW,)), {}, policy=at_level(TEAM, "off", "bounced-there")),
]  # fmt: skip
EVERY = [(case, channel) for case in CASES for channel in Channel]


@pytest.mark.parametrize("case", CASES, ids=[f"{one.row}-{place}" for place, one in enumerate(CASES)])
def test_a_row_of_the_policy(case: Case) -> None:
    for channel in Channel:
        expected = {rule: level for channels, said in case.said.items() if channel in channels
                    for rule, level in said.items()}  # fmt: skip
        found = decide(case.contact, channel, case.now, case.policy)
        assert {rule.id: rule.level for rule in found.rules} == expected, channel
        gravest = max(expected.values(), key=list(Level).index, default=Level.ALLOW)
        assert found.level is gravest
        assert not found.rules or found.rules[0].level is gravest


def test_every_rule_there_is_was_heard_and_there_are_enough_cases() -> None:
    heard = {rule for case in CASES for said in case.said.values() for rule in said}
    written = set()
    for name in ("consent", "consent_hours", "consent_laws", "consent_caps"):
        text = (Path(sdr.__file__).parent / "rules" / f"{name}.py").read_text("utf-8")
        written |= set(re.findall(r'(?:Rule\(|contact, |_over\()\s*"([a-z.]+)"', text))
    assert written | {f"suppressed.{scope.value}" for scope in Scope} == heard
    assert len(EVERY) >= 500


def test_a_reason_says_what_why_and_until_when() -> None:
    said = {
        rule.id: (rule.reason, rule.until)
        for contact, channel in (
            (with_(CA, consent="implied-inquiry", consent_at=ago(days=200)), EMAIL),
            (touched(FL, CALL, 1, 2, 3), CALL),
            (WA._replace(refused_at=ago(days=1)), CALL),
            (with_(ES, informed_at=None, obtained_at=ago(days=26)), LETTER),
            (touched(ES, LETTER, *(24 * day for day in range(1, 9))), LETTER),
        )
        for rule in decide(contact, channel, NOW, TEAM).rules
    }
    assert said["ca.consent"] == ("Canada: the consent (implied-inquiry) expired on 2026-02-13.", None)
    assert said["state.calls"] == ("This is call 4 within 24 hours; the law there allows 3.", ago(hours=-21))
    assert said["state.refusal"] == ("They refused on 2026-03-01; nobody calls them before 2027-03-01.", ago(days=-364))
    assert said["gdpr.notice"][0] == (
        "Their data was obtained on 2026-02-04 and they were not told of it; tell them by 2026-03-06, or delete it."
    )
    assert said["cap.person"] == ("This is touch 9 of this person in 30 days; the cap is 8.", ago(days=-22))
    assert said["cap.channel"][1] == datetime(2026, 3, 3, 0, tzinfo=ZoneInfo("America/New_York"))


def test_what_lasts_and_what_passes() -> None:
    """Planning looks only at what says something against any later moment too."""
    passing = {
        rule.id: rule.passes
        for case in CASES
        for channel in Channel
        for rule in decide(case.contact, channel, case.now, case.policy).rules
    }
    assert {rule for rule, passes in passing.items() if passes} == {
        "hours.closed", "hours.unknown", "mail.bulk", "state.calls", "cap.channel", "cap.person", "cap.company",
        "replied",
    }  # fmt: skip
