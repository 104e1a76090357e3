"""A segment that is not reached by some channel: refused when planning and at the moment of the touch, by whom."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sdr.desk import dialling, steps, touching
from sdr.desk.enrolling import enroll, preview
from sdr.desk.triage import accept
from sdr.models.terms import Channel, Refused
from sdr.store import rows
from sdr.store.queries import playbook
from tests.desk.calls import table
from tests.desks import Desk
from tests.rules.test_segments import HVAC

WORDS = "HVAC owners: they are on a roof all day; a letter first (set by Marta)."


def own_policy(desk: Desk, text: str = HVAC) -> None:
    Path(desk.store.path).with_name("policy.toml").write_text(playbook.packaged("policy.toml") + text, "utf-8")


def owner(desk: Desk, **fields: object) -> int:
    return desk.new_lead(**({"industry": "HVAC", "title": "Owner"} | fields))


def test_no_call_is_planned_nor_rings_and_the_no_says_why_and_by_whom(desk: Desk) -> None:
    own_policy(desk)
    lead, other = owner(desk), desk.new_lead(name="Leo Paz", email="leo@b.example", phone="+34600000002")
    assert desk.store.read(steps.blocked_channels, desk.lead(lead), desk.clock()).result(10) == {"call", "sms"}
    cadence = desk.store.read(playbook.cadence).result(10)[0]
    shown = desk.store.read(preview, lead, cadence, desk.clock()).result(10)
    assert not isinstance(shown, Refused)
    assert "First call" in shown.passed
    desk.act(accept, lead)
    assert desk.lead(lead).next_kind == "mail"
    no = desk.try_(dialling.refuse, lead)
    assert isinstance(no, Refused)
    assert (no.rule, no.reason, no.set_by) == ("segment.hvac-owners", WORDS, "Marta")
    [kept] = table(desk, rows.Event, "event", "kind='gate'")
    assert json.loads(kept.detail)["rule"] == "segment.hvac-owners"
    assert isinstance(desk.try_(touching.touch, lead, "sms", because="I must"), Refused)
    desk.act(accept, other)
    assert desk.lead(other).next_kind == "call"


@pytest.mark.parametrize(
    ("who", "fields"),
    [
        ("source:trade", {}),
        ("country:es", {"country": "ES"}),
        ("region:fl", {"country": "US", "region": "Florida"}),
        ("region:florida", {"country": "US", "region": "Florida"}),
        ("seniority:owner department:sales", {"seniority": "owner", "department": "sales"}),
        ("state:new", {}),
        ("email:ana@", {}),
        ("grade:d company:acme city:madrid campaign:spring", {"grade": "D", "campaign": "Spring"}),
        ("tag:roof", {"tag:roof": True}),
    ],
)
def test_a_segment_is_found_by_what_stands_on_the_row_as_in_the_list(
    desk: Desk, who: str, fields: dict[str, object]
) -> None:
    own_policy(desk, HVAC.replace("industry:hvac title:owner,founder", who).replace('["call", "sms"]', '["linkedin"]'))
    lead = desk.new_lead(**({"source_id": desk.source(name="Trade fair")} | fields))
    found = desk.store.read(touching.ruling, desk.lead(lead), Channel.LINKEDIN, desk.clock()).result(10)
    assert found.refused is not None
    assert found.refused.rule == "segment.hvac-owners"


def test_a_stop_is_planned_and_passed_by_a_typed_reason_a_warning_hinders_nothing(desk: Desk) -> None:
    own_policy(desk, HVAC.replace('"block"', '"stop"').replace('["call", "sms"]', '["linkedin"]'))
    lead = owner(desk)
    assert desk.store.read(steps.blocked_channels, desk.lead(lead), desk.clock()).result(10) == frozenset()
    no = desk.try_(touching.touch, lead, "linkedin")
    assert isinstance(no, Refused)
    assert no.set_by == "Marta"
    desk.act(touching.touch, lead, "linkedin", because="she wrote to me there")
    own_policy(desk, HVAC.replace('"block"', '"warn"').replace('["call", "sms"]', '["letter"]'))
    desk.clock.pass_(hours=5)
    desk.act(touching.touch, lead, "letter")


def test_everybody_of_a_segment_that_is_reached_by_nothing_is_not_enrolled(desk: Desk) -> None:
    own_policy(desk, HVAC.replace('["call", "sms"]', '["all"]'))
    lead = owner(desk)
    cadence = desk.store.read(playbook.cadence).result(10)[0]
    for verb, args in ((accept, ()), (enroll, (cadence,))):
        no = desk.try_(verb, lead, *args)
        assert isinstance(no, Refused)
        assert no.rule == "consent.blocked"


def test_a_mistake_in_the_file_shuts_the_gate_and_names_the_place(desk: Desk) -> None:
    own_policy(desk, HVAC.replace("industry", "industri"))
    no = desk.try_(touching.touch, owner(desk), "linkedin")
    assert isinstance(no, Refused)
    assert no.rule == "policy.unreadable"
    assert "policy.toml cannot be used: the policy's segments 1.who: at character 1, no field" in no.reason
