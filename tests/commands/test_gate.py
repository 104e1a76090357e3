"""`sdr gate`, `permission`, `opt-out`, `lift`, and a stop that `sdr touch --because` passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Sdr
from tests.rules.test_segments import HVAC

LINE = "Ana Ruiz, Acme Pumps, ana@acme.example, +34 600 00 00 01"


@pytest.fixture
def ana(sdr: Sdr) -> Sdr:
    assert sdr("add", LINE).code == 0
    return sdr


def test_the_gate_says_level_rules_and_until_when(ana: Sdr) -> None:
    found = ana("gate", "ana", "call", "--at", "2026-03-02T22:30", "--json").json
    assert (found["level"], found["channel"], found["at"]) == ("block", "call", "2026-03-02T22:30:00+01:00")
    assert found["rules"][0] == {
        "id": "hours.closed", "level": "block", "until": "2026-03-03T09:00:00+01:00", "set_by": None,
        "reason": "It is 22:30 in Europe/Madrid; calls are allowed from 09:00 to 20:00.",
    }  # fmt: skip
    assert ana("gate", "ana", "call", "--json").json["level"] == "warn"
    ran = ana("gate", "ana", "email")
    assert ran.out.splitlines() == [
        "warn: email to Ana Ruiz",
        "  warn  gdpr.basis: No lawful basis is noted for this person or their list; note one.",
    ]
    assert ana("permission", "ana", "basis=legitimate-interest", "basis_note=met at the fair").code == 0
    assert ana("gate", "ana", "email").out == "allow: email to Ana Ruiz\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("gate", "ana", "fax"), "“fax” is no channel; there is call, email"),
        (("gate", "nobody", "call"), "no lead matches “nobody”"),
        (("gate", "ana", "call", "--at", "yesteryear"), "is not a time to come"),
        (("permission", "ana", "colour=red"), "“colour” is no fact; there is basis"),
        (("permission", "ana", "informed_at=soon"), "“soon” is not a day"),
        (("opt-out", "ana", "fax"), "“fax” is no channel; there is all, call"),
        (("opt-out", "ana", "email", "--for", "planet"), "“planet” is no scope"),
        (("lift", "ana", "fax", "--note", "x"), "“fax” is no channel"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(ana: Sdr, words: tuple[str, ...], says: str) -> None:
    ran = ana(*words)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_wish_is_written_down_shown_and_lifted_with_a_note(ana: Sdr) -> None:
    assert ana("opt-out", "ana", "email", "--said", "no more").out == "Ana Ruiz: never again by email\n"
    found = ana("gate", "ana", "email", "--json").json
    assert (found["level"], [one["id"] for one in found["rules"][:2]]) == (
        "block", ["suppressed.person", "suppressed.email"],
    )  # fmt: skip
    no = ana("touch", "ana", "email", "--because", "I want to", "--json")
    assert (no.code, no.json["refused"]["rule"]) == (1, "consent.blocked")
    assert ana("undo").out.endswith("the wish stays, sdr lift takes it back\n")
    assert ana("gate", "ana", "email", "--json").json["level"] == "block"
    assert ana("lift", "ana", "email", "--note", "").code == 1
    assert "lifted no email (person" in ana("lift", "ana", "email", "--note", "she wrote again").out
    assert ana("gate", "ana", "email", "--json").json["level"] == "warn"


def test_a_stop_needs_a_typed_reason(ana: Sdr) -> None:
    assert ana("touch", "ana", "linkedin").code == 0
    no = ana("touch", "ana", "linkedin")
    assert no.code == 1
    assert "This is touch 2 by linkedin today; the cap is 1. [cap.channel; set by the contact policy]" in no.err
    assert "--because" in no.err
    assert ana("touch", "ana", "linkedin", "--because", "she asked again").code == 0


def test_the_gap_after_another_touch_is_shown_and_passed_by_a_reason(ana: Sdr) -> None:
    assert ana("touch", "ana", "linkedin").code == 0
    found = ana("gate", "ana", "email", "--json").json
    assert found["level"] == "stop"
    [gap] = [one for one in found["rules"] if one["id"] == "drip.gap"]
    assert gap["until"] == "2026-03-02T14:00:00+01:00"
    ran = ana("touch", "ana", "email")
    assert (ran.code, "was touched" in ran.err) == (1, True)
    assert ana("touch", "ana", "email", "--because", "she asked").code == 0
    assert ana("call", "ana", "no-answer", "--because", "she asked").code == 0


def test_a_segment_is_refused_with_the_reason_and_who_set_it(ana: Sdr, home: Path) -> None:
    from sdr.store.queries.playbook import packaged

    text = packaged("policy.toml") + HVAC.replace("industry:hvac title:owner,founder", "company:acme")
    next(home.rglob("*.db")).with_name("policy.toml").write_text(text, "utf-8")
    found = ana("gate", "ana", "call", "--json").json
    assert (found["level"], found["rules"][0]["id"], found["rules"][0]["set_by"]) == (
        "block", "segment.hvac-owners", "Marta",
    )  # fmt: skip
    assert "roof all day; a letter first (set by Marta)." in ana("gate", "ana", "call").out
    assert [one["name"] for one in ana("queue", "--filter", "company:acme -industry:hvac", "--json").json] == [
        "Ana Ruiz"
    ]


def test_a_mail_to_the_united_states_asks_for_the_senders_postal_address(ana: Sdr, home: Path) -> None:
    assert ana("add", "Bo Lind, Lind Inc, bo@lind.example, +1 212 555 01 00, country:US, region:NY").code == 0
    found = ana("gate", "bo", "email", "--json").json
    assert (found["level"], found["rules"][0]["id"]) == ("block", "us.mail")
    assert "set it under [mail] in config.toml" in ana("gate", "bo", "email").out
    assert "us.mail" not in [one["id"] for one in ana("gate", "bo", "linkedin", "--json").json["rules"]]
    (home / "config.toml").write_text('[mail]\npostal_address = "1 Main St, New York"\n', "utf-8")
    assert "us.mail" not in [one["id"] for one in ana("gate", "bo", "email", "--json").json["rules"]]


def test_a_permission_for_a_whole_source(ana: Sdr) -> None:
    assert ana("source", "set", "fair", "type=list").code == 0
    ran = ana("permission", "fair", "--source", "basis=consent", "listed_at=2026-03-01", "--json")
    assert ran.json == {"summary": "leads of fair: basis consent, listed at 2026-03-01", "refused": None}
    assert ana("permission", "fair", "--source", "basis=").out == "leads of fair: no basis\n"
    no = ana("permission", "nowhere", "--source", "basis=consent", "--json")
    assert (no.code, no.json["refused"]["rule"]) == (1, "source.unknown")


def test_a_note_with_a_card_number_says_so(ana: Sdr) -> None:
    said = ana("note", "ana", "pays with 4111 1111 1111 1111").out
    assert said == ("Ana Ruiz: note kept · this looks like a card number; take it out, a note is no place for it\n")


def test_a_policy_file_that_cannot_be_read_is_named(ana: Sdr, home: Path) -> None:
    path = home / "policy.toml"
    path.write_text("version = 7\n", "utf-8")
    found = ana("gate", "ana", "email", "--json").json
    assert (found["level"], found["rules"][0]["id"]) == ("block", "policy.unreadable")
    assert (
        found["rules"][0]["reason"]
        == f"{path} cannot be used: the policy needs hours as a table; mend it, or take it away"
    )
