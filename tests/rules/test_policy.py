"""The policy file: what ships can be read, and a fault in it is a sentence that names the key."""

from __future__ import annotations

from pathlib import Path

import pytest

import sdr
from sdr.models.terms import Channel
from sdr.rules.policy import LEVELS, PolicyFault, read_policy

TEXT = (Path(sdr.__file__).parent / "playbook" / "policy.toml").read_text("utf-8")


def test_what_ships_is_dated_and_names_the_source_of_every_rule() -> None:
    policy = read_policy(TEXT)
    assert str(policy.as_of) in policy.version
    assert all(terms.source and terms.level in LEVELS for terms in policy.rules.values())
    assert policy.rules["ca-consent"].level == policy.rules["us-mail"].level == "block"
    assert {name for name, terms in policy.rules.items() if terms.level == "warn"} == {
        "gdpr-basis", "gdpr-notice", "uk-mail", "uk-calls", "us-dnc", "bulk-mail", "bounced-there",
    }  # fmt: skip
    assert len(policy.rules["gdpr-basis"].where) == 31  # the thirty of the EEA and the United Kingdom
    assert policy.rules["cap-channel"].numbers == {"touches.default": 1, "touches.call": 3}
    assert policy.rules["ca-consent"].channels == {Channel.EMAIL, Channel.SMS}


@pytest.mark.parametrize(
    ("level", "unknown", "country", "state", "holds"),
    [
        ("stop", True, "US", "FL", True),
        ("stop", True, "US", "NY", False),
        ("stop", True, "US", None, True),
        ("stop", False, "US", None, False),
        ("stop", True, "GB", None, True),
        ("stop", True, "DE", None, False),
        ("stop", True, None, None, False),
        ("off", True, "GB", None, False),
    ],
)
def test_where_a_rule_holds(level: str, unknown: bool, country: str | None, state: str | None, holds: bool) -> None:
    old = 'level = "block"\nsource = "Florida'
    text = TEXT.replace(old, old.replace("block", level)).replace('["US-FL", "US-OK"]', '["US-FL", "GB"]')
    terms = read_policy(text if unknown else text.replace("unknown_state = true", "")).rules["state-calls"]
    assert terms.holds_in(country, state) is holds


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("version =", "versions =", "needs version as text"),
        ("as_of = 2026-03-01", 'as_of = "soon"', "needs as_of as a date"),
        ("[hours.default]", "[hours.somewhere]", "needs [hours.default]"),
        ("from = 09:00:00", "from = 9", "needs hours.default.from as a time"),
        ("from = 09:00:00", "from = 21:00:00", "hours.default must open before it closes"),
        ("more_than = 3", "", "needs unplaced.more_than as a whole number"),
        ("[hours.default]", "[hours.default", "is not TOML"),
        ("[hours.US-FL]", "[hours.US-XX]", "hours.US-XX names “US-XX”, which is no state of US"),
        ("[hours.US]", "[hours.Narnia]", "hours.Narnia names “Narnia”, which is no country"),
        ("[groups]", "[group]", "needs groups as a table"),
        ('eea = ["AT", ', "eea = [7, ", "needs groups.eea as a list of texts"),
        ('"AT", ', '"QQ", ', "rules.gdpr-basis.where names “QQ”"),
        ('where = ["CA"]', 'where = ["Canada"]', "rules.ca-consent.where names “Canada”"),
        ('where = ["US-WA"]', 'where = "US-WA"', "needs rules.state-refusal.where as a list"),
        ('["email", "sms"]', '["email", "fax"]', "rules.uk-mail knows no channel “fax”; there is call, email"),
        ("call = 3 }", "phone = 3 }", "rules.cap-channel.touches knows no channel “phone”"),
        ("{ default = 1, ", "{ ", "needs rules.cap-channel.touches.default as a whole number"),
        ("touches = 8", "touches = -1", "rules.cap-person.touches as a whole number, not below 0"),
        ("express = 0", "express = true", "rules.ca-consent.kinds.express as a whole number"),
        ("warn_days = 25", "", "needs rules.gdpr-notice.warn_days as a whole number"),
        ("[rules.replied]", "[rules.answered]", "knows no rules.answered; it knows us-mail"),
        ('[rules.replied]\nlevel = "stop"', '[rules.replied]\nlevel = "halt"', "rules.replied.level is one of off"),
    ],
)  # fmt: skip
def test_a_faulty_policy_is_refused_by_name(old: str, new: str, says: str) -> None:
    assert old in TEXT
    with pytest.raises(PolicyFault) as fault:
        read_policy(TEXT.replace(old, new, 1))
    assert says in str(fault.value)


def test_a_rule_left_out_is_missed() -> None:
    start = TEXT.index("[rules.bounced]")
    with pytest.raises(PolicyFault, match=r"needs rules\.bounced as a table"):
        read_policy(TEXT[:start] + TEXT[TEXT.index("[rules.bounced-there]") :])
