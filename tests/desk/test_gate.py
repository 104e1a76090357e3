"""The gate at the desk: which facts of the file it is told, what a no leaves behind, and what passes a stop."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sdr.desk import dialling, drip, gate, permissions, steps, touching, wishes
from sdr.desk.calling import call
from sdr.desk.facts import zones_of
from sdr.desk.merging import merge
from sdr.desk.replies import reply
from sdr.desk.triage import accept
from sdr.models.terms import Channel, Refused, ms
from sdr.rules.consent import Level
from sdr.rules.sender import Sender
from sdr.store import rows
from sdr.store.queries import leads, playbook
from sdr.store.queries import permissions as facts
from tests.desk.calls import assert_journal_holds, table
from tests.desks import MONDAY, Desk, begin

EMAIL, CALL, LINKEDIN = Channel.EMAIL, Channel.CALL, Channel.LINKEDIN


def ruling(desk: Desk, lead: int, channel: Channel, now: datetime | None = None, **meant: object) -> gate.Ruling:
    return desk.store.read(
        gate.allowed,
        desk.lead(lead),
        channel,
        now or desk.clock(),
        gate.Meant(**meant),  # type: ignore[arg-type]
    ).result(10)


def levels(found: gate.Ruling) -> dict[str, str]:
    return {rule.id: rule.level.value for rule in found.decision.rules}


def touched(desk: Desk, lead: int, channel: str, *hours: float, outcome: str = "done", skipped: int = 0) -> None:
    for one in hours:
        at = ms(desk.clock() - timedelta(hours=one))
        touch = begin(desk.store, "touch", lead_id=lead, channel=channel, at=at, outcome=outcome, skipped=skipped)
        if channel == "call":
            begin(desk.store, "call", touch_id=touch, lead_id=lead, outcome=outcome, contact="attempt", at=at)


def events(desk: Desk, kind: str) -> tuple[rows.Event, ...]:
    return table(desk, rows.Event, "event", f"kind='{kind}'")


# --- the facts -----------------------------------------------------------------------------------------------------


def test_a_stranger_in_hours_is_allowed_with_what_is_to_be_noted(desk: Desk) -> None:
    found = ruling(desk, desk.new_lead(), CALL)
    assert (found.level, found.refused, found.zones) == (Level.WARN, None, ("Europe/Madrid",))
    assert levels(found) == {"gdpr.basis": "warn"}
    assert found.version == "2026-03-01.2"


def test_the_past_of_the_lead_and_its_company_counts(desk: Desk) -> None:
    account = begin(desk.store, "account", name="Acme", name_key="acme", domain="acme.example")
    lead = desk.new_lead(account_id=account)
    touched(desk, lead, "linkedin", 3)
    touched(desk, lead, "email", 2, skipped=1)  # left out: none
    assert levels(ruling(desk, lead, LINKEDIN)) == {"cap.channel": "stop", "gdpr.basis": "warn"}
    assert "cap.channel" not in levels(ruling(desk, lead, EMAIL))
    other = desk.new_lead(account_id=account, email="b@acme.example")
    for n in range(2):
        touched(desk, desk.new_lead(account_id=account, email=f"{n}@acme.example"), "email", 1)
    assert levels(ruling(desk, other, EMAIL))["cap.company"] == "stop"
    assert "cap.company" not in levels(ruling(desk, desk.new_lead(email="x@y.example"), EMAIL))
    touched(desk, lead, "letter", *(24 * day for day in range(1, 9)))
    assert levels(ruling(desk, lead, EMAIL))["cap.person"] == "stop"


def test_who_wrote_or_was_promised_a_call_is_not_capped_but_their_drip_waits(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(touching.touch, lead, "email")
    assert levels(ruling(desk, lead, EMAIL))["cap.channel"] == "stop"
    desk.clock.pass_(minutes=5)
    desk.act(reply, lead, "question", text="how much?")
    assert "cap.channel" not in levels(ruling(desk, lead, EMAIL))
    assert levels(ruling(desk, lead, EMAIL, planned=True))["replied"] == "stop"
    desk.clock.pass_(minutes=5)
    desk.act(touching.touch, lead, "email")
    assert "replied" not in levels(ruling(desk, lead, EMAIL, planned=True))
    promised = desk.new_lead(phone="+34600000009", email="p@y.example")
    for _ in range(3):
        desk.act(call, promised, "busy")
    assert levels(ruling(desk, promised, CALL))["cap.channel"] == "stop"
    desk.act(call, promised, "callback", next_at=desk.clock() + timedelta(hours=1))
    assert "cap.channel" not in levels(ruling(desk, promised, CALL))


def test_mail_that_came_back_holds_back_that_address_and_is_said_of_the_company(desk: Desk) -> None:
    account = begin(desk.store, "account", name="Acme", name_key="acme")
    lead = desk.new_lead(account_id=account, email_2="ana@home.example")
    other = desk.new_lead(account_id=account, email="ben@acme.example", phone="+34600000002")
    desk.act(reply, lead, "bounce")
    assert "bounced" not in levels(ruling(desk, lead, EMAIL))
    assert levels(ruling(desk, lead, EMAIL, address="ana@acme.example"))["bounced"] == "stop"
    assert levels(ruling(desk, other, EMAIL))["bounced.there"] == "warn"
    assert "bounced.there" not in levels(ruling(desk, other, CALL))


def test_calls_of_a_day_and_a_refusal_count_by_state(desk: Desk) -> None:
    florida = {"country": "US", "region": "FL", "city": "Miami", "zone": "America/New_York"}
    desk.clock.now = datetime(2026, 3, 3, 12, tzinfo=ZoneInfo("America/New_York"))
    lead = desk.new_lead(phone="+13055550100", **florida)
    touched(desk, lead, "call", 1, 2, 20)
    assert levels(ruling(desk, lead, CALL))["state.calls"] == "block"
    assert isinstance(desk.store.read(dialling.dial, lead, desk.clock()).result(10), Refused)
    west = desk.new_lead(country="US", region="WA", city="Seattle", zone="America/Los_Angeles", phone="+12065550100")
    touched(desk, west, "call", 24 * 30, outcome="hung-up")
    found = ruling(desk, west, CALL)
    assert (found.level, found.decision.rules[0].id) == (Level.BLOCK, "state.refusal")
    assert found.decision.rules[0].until == desk.clock() + timedelta(days=335)
    assert desk.store.read(steps.blocked_channels, desk.lead(west), desk.clock()).result(10) == {"call"}


@pytest.mark.parametrize(
    ("fields", "zones"),
    [
        ({}, ("Europe/Madrid",)),  # the number may ring there: it adds nothing
        ({"phone": "+12125550100"}, ("Europe/Madrid", "America/New_York")),
        ({"phone": "+12125550100", "zone_from": "explicit"}, ("Europe/Madrid",)),
        ({"phone": "", "zone_from": "rep", "country": None, "city": None}, ("Europe/Madrid",)),
        ({"phone": "+819012345678", "zone_from": "rep", "country": None, "city": None}, ("Asia/Tokyo",)),
        ({"country": "US", "region": "TN", "city": None, "phone": "", "zone": "America/Chicago"},
         ("America/Chicago", "America/New_York")),
    ],
)  # fmt: skip
def test_every_zone_the_call_may_ring_in(desk: Desk, fields: dict[str, object], zones: tuple[str, ...]) -> None:
    assert desk.store.read(zones_of, desk.lead(desk.new_lead(**fields))).result(10) == zones


def test_the_companys_address_is_one_more_place(desk: Desk) -> None:
    account = begin(desk.store, "account", name="Acme", name_key="acme", country="JP")
    lead = desk.new_lead(account_id=account)
    assert desk.store.read(zones_of, desk.lead(lead)).result(10) == ("Europe/Madrid", "Asia/Tokyo")
    assert levels(ruling(desk, lead, CALL)) == {"gdpr.basis": "warn"}  # 10:00 and 18:00
    assert levels(ruling(desk, lead, CALL, MONDAY + timedelta(hours=3)))["hours.closed"] == "block"


def test_a_number_that_is_meant_is_the_one_that_is_looked_at(desk: Desk) -> None:
    listed = [{"e164": one, "type": kind, "raw": one, "struck": None}
              for one, kind in (("+34600000001", "mobile"), ("+34910000001", "landline"))]  # fmt: skip
    lead = desk.new_lead(phones=json.dumps(listed))
    night = MONDAY.replace(hour=21)
    assert levels(ruling(desk, lead, CALL, night))["hours.closed"] == "block"
    assert levels(ruling(desk, lead, CALL, night, number="+34910000001"))["hours.closed"] == "stop"
    begin(desk.store, "suppression", channel="call", scope="number", value="+34911111111", at=ms(MONDAY))
    assert levels(ruling(desk, lead, CALL, number="+34911111111"))["suppressed.number"] == "block"


def test_the_days_mails_to_one_domain_are_counted_when_there_are_many(desk: Desk) -> None:
    lead, other = desk.new_lead(), desk.new_lead(email="b@other.example")
    touched(desk, lead, "email", 1, 2, 30)
    touched(desk, other, "email", 1)
    since = ms(desk.clock() - timedelta(hours=24))
    assert desk.store.read(facts.mailed, "c@ACME.example", since, 3).result(10) == 2
    assert desk.store.read(facts.mailed, "c@acme.example", since, 4).result(10) == 0
    assert desk.store.read(facts.mailed, None, since, 0).result(10) == 0


# --- wishes, found by whatever names the person ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "value", "channel", "hit"),
    [
        ("number", "+34600000001", "call", True),
        ("number", "+34600000002", "call", True),
        ("number", "+34600000003", "call", False),  # struck: somebody else's
        ("email", "ana@acme.example", "email", True),
        ("email", "ana@home.example", "email", True),
        ("domain", "acme.example", "email", True),
        ("domain", "example", "email", True),
        ("domain", "pumps.example", "email", True),  # the company's
        ("domain", "cme.example", "email", False),
        ("account", "ACCOUNT", "letter", True),
    ],
)
def test_a_wish_is_found_by_what_it_names(desk: Desk, scope: str, value: str, channel: str, hit: bool) -> None:
    account = begin(desk.store, "account", name="Acme", name_key="acme", domain="pumps.example")
    listed = [{"e164": f"+3460000000{n}", "type": "mobile", "raw": "", "struck": None if n < 3 else "2026-01-01"}
              for n in (1, 2, 3)]  # fmt: skip
    lead = desk.new_lead(
        phones=json.dumps(listed), email="ana@acme.example", email_2="ana@home.example", account_id=account
    )
    value = str(account) if value == "ACCOUNT" else value
    begin(desk.store, "suppression", channel=channel, scope=scope, value=value, at=ms(MONDAY), wording="stop")
    found = ruling(desk, lead, Channel(channel))
    assert (f"suppressed.{scope}" in levels(found)) is hit
    assert (found.refused is not None) is hit
    shut = desk.store.read(steps.blocked_channels, desk.lead(lead), desk.clock()).result(10)
    assert (channel in shut) is hit


def test_a_no_to_everything_shuts_every_channel_for_planning(desk: Desk) -> None:
    lead = desk.new_lead()
    assert desk.store.read(steps.blocked_channels, desk.lead(lead), desk.clock()).result(10) == frozenset()
    begin(desk.store, "suppression", lead_id=lead, channel="all", scope="person", value=str(lead), at=ms(MONDAY))
    assert desk.store.read(steps.blocked_channels, desk.lead(lead), desk.clock()).result(10) == {"all", *Channel}


def test_canada_is_not_planned_by_mail_without_consent(desk: Desk) -> None:
    lead = desk.new_lead(country="CA", city="Toronto", zone="America/Toronto", phone="+14165550100")
    assert desk.store.read(steps.blocked_channels, desk.lead(lead), desk.clock()).result(10) == {"email", "sms"}
    desk.act(permissions.permit, lead, consent="express", consent_evidence="form", consent_at=desk.clock())
    assert desk.store.read(steps.blocked_channels, desk.lead(lead), desk.clock()).result(10) == frozenset()
    desk.act(accept, lead)
    assert desk.lead(lead).next_kind == "call"


def test_what_planning_asks_is_served_by_indexes(desk: Desk) -> None:
    lead = desk.lead(desk.new_lead())
    asked: list[tuple[str, object]] = []

    class Listening:
        def execute(self, sql: str, args: object = (), /) -> object:
            asked.append((sql, args))
            return self.db.execute(sql, args)

    def look(db: object) -> list[str]:
        heard = Listening()
        heard.db = db  # type: ignore[attr-defined]
        gate.allowed(heard, lead, EMAIL, MONDAY)  # type: ignore[arg-type]
        gate.shut_channels(heard, lead, MONDAY)  # type: ignore[arg-type]
        plans = (heard.db.execute(f"EXPLAIN QUERY PLAN {sql}", args).fetchall() for sql, args in asked)  # type: ignore
        return [step[3] for plan in plans for step in plan]

    plan = desk.store.read(look).result(10)
    big = ("lead", "touch", "call", "event", "suppression", "permission")
    scans = [step for step in plan if step.startswith("SCAN") and step.split()[1] in big]
    assert scans == []
    assert not any("suppression_value (scope=?)" in step for step in plan)  # all of a scope


# --- what a no leaves behind -----------------------------------------------------------------------------------------


def test_a_no_at_the_moment_of_a_touch_is_an_event_with_its_inputs(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(wishes.opt_out, lead, "linkedin", wording="no more")
    before = desk.lead(lead)
    no = desk.try_(touching.touch, lead, "linkedin")
    assert isinstance(no, Refused)
    assert (no.rule, no.reason, no.set_by) == (
        "consent.blocked", "linkedin blocked: asked on 2 Mar 2026 (“no more”)", "the prospect",
    )  # fmt: skip
    (kept,) = events(desk, "gate")
    assert kept.text == no.reason
    assert json.loads(kept.detail or "") == {
        "rule": "suppressed.person", "rules": ["suppressed.person"], "policy": "2026-03-01.2", "decision": "block",
        "channel": "linkedin", "who": "Ana",
        "inputs": {"zones": ["Europe/Madrid"], "local_time": "2026-03-02T10:00+01:00"},
    }  # fmt: skip
    assert table(desk, rows.Touch, "touch") == ()
    assert desk.lead(lead) == before
    assert_journal_holds(desk)


def test_a_block_is_not_passed_by_a_reason_and_a_stop_is(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(touching.touch, lead, "linkedin")
    for because in (None, "", "  "):
        no = desk.try_(touching.touch, lead, "linkedin", because=because)
        assert isinstance(no, Refused)
        assert (no.rule, no.set_by) == ("cap.channel", "the contact policy")
        assert "--because" in no.hint
    desk.act(touching.touch, lead, "linkedin", because="she asked for the link again")
    (passed,) = events(desk, "overridden")
    assert passed.text == "she asked for the link again"
    assert json.loads(passed.detail or "")["rule"] == "cap.channel"
    assert len(table(desk, rows.Touch, "touch")) == 2
    desk.store.undo().result(10)  # the reason goes with the touch it was for
    assert (len(table(desk, rows.Touch, "touch")), events(desk, "overridden")) == (1, ())
    desk.act(wishes.opt_out, lead, "linkedin")
    assert isinstance(desk.try_(touching.touch, lead, "linkedin", because="I want to"), Refused)
    assert len(table(desk, rows.Touch, "touch")) == 1


def test_a_reason_where_none_is_needed_is_not_kept(desk: Desk) -> None:
    desk.act(touching.touch, desk.new_lead(), "linkedin", because="just so")
    assert events(desk, "overridden") == ()


def test_a_dial_that_may_not_be_is_kept_and_a_call_told_of_afterwards_is_marked(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.clock.now = MONDAY.replace(hour=21)
    no = desk.try_(dialling.refuse, lead)
    assert isinstance(no, Refused)
    assert no.rule == "hours.closed"
    assert [one.text for one in events(desk, "gate")] == [no.reason]
    desk.act(call, lead, "no-answer")
    marked = events(desk, "gate")
    assert len(marked) == 2
    assert json.loads(marked[-1].detail or "")["rules"] == ["hours.closed"]
    desk.clock.now = MONDAY.replace(hour=9) + timedelta(days=1)
    allowed = desk.try_(dialling.refuse, lead)
    assert isinstance(allowed, Refused)
    assert allowed.rule == "call.allowed"
    assert desk.store.read(dialling.dial, desk.new_lead(phone=""), desk.clock()).result(10).rule == "call.no-number"


def test_a_stop_on_a_dial_is_passed_by_a_reason(desk: Desk) -> None:
    phone = "+34910000001"
    listed = json.dumps([{"e164": phone, "type": "landline", "raw": phone, "struck": None}])
    lead = desk.new_lead(phone=phone, phone_type="landline", phones=listed)
    night = MONDAY.replace(hour=21)
    assert desk.store.read(dialling.dial, lead, night).result(10).rule == "hours.closed"
    assert desk.store.read(dialling.dial, lead, night, "they asked for nine at night").result(10) is None


def test_a_template_needs_the_senders_address_in_the_united_states(desk: Desk) -> None:
    lead = desk.new_lead(country="US", region="NY", city="New York", zone="America/New_York", phone="+12125550100")
    assert "us.mail" not in levels(ruling(desk, lead, EMAIL))
    assert levels(ruling(desk, lead, EMAIL, sender=Sender()))["us.mail"] == "block"
    assert "us.mail" not in levels(ruling(desk, lead, EMAIL, sender=Sender(address=("1 Main St",))))


# --- the team's own policy -------------------------------------------------------------------------------------------


def own_policy(desk: Desk, text: str) -> Path:
    path = Path(desk.store.path).with_name("policy.toml")
    path.write_text(text, "utf-8")
    return path


def test_a_teams_own_policy_beside_the_file_is_the_one_that_holds(desk: Desk) -> None:
    lead, shipped = desk.new_lead(), playbook.packaged("policy.toml")
    raised = shipped.replace('[rules.gdpr-basis]\nlevel = "warn"', '[rules.gdpr-basis]\nlevel = "stop"')
    own_policy(desk, raised.replace('version = "2026-03-01.2"', 'version = "ours 3"'))
    found = ruling(desk, lead, LINKEDIN)
    assert (found.level, found.version) == (Level.STOP, "ours 3")
    no = desk.try_(touching.touch, lead, "linkedin")
    assert isinstance(no, Refused)
    assert no.rule == "gdpr.basis"
    desk.act(permissions.permit, lead, basis="consent")
    desk.act(touching.touch, lead, "linkedin")


@pytest.mark.parametrize("text", ["version = ", "version = 7", "\x00"])
def test_a_policy_that_cannot_be_read_shuts_the_gate_and_is_named(desk: Desk, text: str) -> None:
    lead, path = desk.new_lead(), own_policy(desk, text)
    for verb, args in ((touching.touch, ("linkedin",)), (call, ("no-answer",))):
        no = desk.try_(verb, lead, *args)
        assert isinstance(no, Refused)
        assert no.rule == "policy.unreadable"
        assert str(path) in no.reason
        assert no.reason.endswith("mend it, or take it away")
    assert desk.store.read(steps.blocked_channels, desk.lead(lead), desk.clock()).result(10) == {"all", *Channel}
    path.unlink()
    desk.act(touching.touch, lead, "linkedin")


def test_a_policy_that_is_no_text_shuts_the_gate(desk: Desk) -> None:
    path = own_policy(desk, "")
    path.write_bytes(b"\xff\xfe\x00")
    found = ruling(desk, desk.new_lead(), EMAIL)
    assert found.refused is not None
    assert found.refused.reason == f"{path} cannot be used: it cannot be read; mend it, or take it away"


# --- planning --------------------------------------------------------------------------------------------------------


def test_a_drip_passes_over_what_the_gate_shuts_and_the_end_asks(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(wishes.opt_out, lead, "call")
    desk.act(accept, lead)
    assert desk.lead(lead).next_kind == "mail"
    desk.act(wishes.opt_out, lead, "email")
    assert desk.lead(lead).next_kind == "linkedin"
    held = desk.store.read(leads.enrollment, lead).result(10)
    assert held is not None
    desk.act(drip.stop, lead)
    desk.act(wishes.opt_out, lead, "linkedin")
    cadence = desk.store.read(playbook.cadence).result(10)[0]
    no = desk.try_(drip.enroll, lead, cadence)
    assert isinstance(no, Refused)
    assert no.rule == "consent.blocked"


def test_wishes_of_both_stand_after_a_merge_in_any_order_and_after_it_is_undone(desk: Desk) -> None:
    for order in (0, 1):
        one, other = (
            desk.new_lead(name=f"A{order}"),
            desk.new_lead(name=f"B{order}", email=f"{order}@b.example", phone=""),
        )
        desk.act(wishes.opt_out, other, "letter")
        desk.act(wishes.opt_out, one, "sms")
        desk.act(merge, *((one, other) if order else (other, one)))
        for lead in (one, other):
            assert "suppressed.person" in levels(ruling(desk, lead, Channel.LETTER))
            assert "suppressed.person" in levels(ruling(desk, lead, Channel.SMS))
        desk.store.undo().result(10)
        assert "suppressed.person" in levels(ruling(desk, other, Channel.LETTER))
        assert "suppressed.person" not in levels(ruling(desk, one, Channel.LETTER))
    assert_journal_holds(desk)
