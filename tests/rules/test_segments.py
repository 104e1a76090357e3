"""The team's own rules about segments: whom one covers, what is said of it, and what cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sdr
from sdr.models.terms import Channel
from sdr.rules.consent import Contact, Level, decide
from sdr.rules.filtering import FilterError
from sdr.rules.policy import PolicyFault, read_policy
from sdr.rules.segments import FIELDS, SegmentRule, traits, who

TEXT = (Path(sdr.__file__).parent / "playbook" / "policy.toml").read_text("utf-8")
HVAC = """
[[segments]]
name = "HVAC owners"
who = "industry:hvac title:owner,founder"
channels = ["call", "sms"]
level = "block"
reason = "they are on a roof all day; a letter first."
set_by = "Marta"
"""
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OWNER = traits({"industry": ("HVAC & Heating",), "title": ("Owner",), "tag": ("fair", "VIP"), "state": ("new",)})


@pytest.mark.parametrize(
    ("asked", "covers"),
    [
        ("industry:hvac", True),
        ("INDUSTRY:HvAc", True),
        ("industry:heating", False),  # the field begins with the value, as in the list
        ("industry:pumps,hvac title:owner", True),
        ("industry:hvac -title:owner", False),
        ("-title:clerk", True),
        ("tag:vip", True),
        ("#vip", True),
        ("-tag:vip", False),
        ("city:madrid", False),
        ("-city:madrid", True),
        ("state:new,working", True),
        ("state:nurture", False),
        ('company:"Acme, Inc."', False),
    ],
)
def test_whom_a_segment_covers(asked: str, covers: bool) -> None:
    assert SegmentRule("x", who(asked), frozenset(Channel), "block", "y", "z").covers(OWNER) is covers


@pytest.mark.parametrize("asked", ["", "   ", "hvac owners", "score>50", "due:today", "is:mine", "industri:hvac"])
def test_what_does_not_say_who_somebody_is_is_refused(asked: str) -> None:
    with pytest.raises(FilterError):
        who(asked)


@given(st.sampled_from(FIELDS), st.text(min_size=1, max_size=20), st.text(max_size=20))
def test_who_has_the_very_value_is_covered_and_a_minus_turns_it(field: str, value: str, more: str) -> None:
    try:
        plain, minus = who(f'{field}:"{value}"'), who(f'-{field}:"{value}"')
    except FilterError:
        return
    held = traits({field: (value.replace('"', ""), more)})
    rule = SegmentRule("x", plain, frozenset(Channel), "block", "y", "z")
    assert rule.covers(held) is not rule._replace(terms=minus).covers(held)
    assert not rule.covers({})


def test_it_speaks_on_its_channels_with_the_reason_and_who_set_it() -> None:
    policy = read_policy(TEXT + HVAC)
    somebody = Contact(country="MX", zones=("America/Mexico_City",), traits=OWNER, phone_type="landline")
    evening = NOON.replace(hour=18)
    found = decide(somebody, Channel.CALL, evening, policy)
    assert (found.level, found.rules[0].id, found.rules[0].set_by) == (Level.BLOCK, "segment.hvac-owners", "Marta")
    assert found.rules[0].reason == "HVAC owners: they are on a roof all day; a letter first (set by Marta)."
    assert not found.rules[0].passes
    assert decide(somebody, Channel.LETTER, evening, policy).level is Level.ALLOW
    assert decide(somebody._replace(traits={}), Channel.CALL, evening, policy).level is Level.ALLOW
    off = read_policy(TEXT + HVAC.replace('"block"', '"off"'))
    assert decide(somebody, Channel.CALL, evening, off).level is Level.ALLOW
    every = read_policy(TEXT + HVAC.replace('["call", "sms"]', '["all"]'))
    assert every.segments[0].channels == frozenset(Channel)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("industry:hvac ", "industri:hvac ", "segments 1.who: at character 1, no field is called “industri”: did you"),
        ("title:owner,founder", "score>5", "segments 1.who: score says not who somebody is; there is source, company"),
        ("industry:hvac title:owner,founder", "hvac", "segments 1.who: words without a field say not who"),
        ("industry:hvac title:owner,founder", "-", "segments 1.who: at character 2, a value is missing"),
        ("industry:hvac title:owner,founder", " ", "needs segments 1.who as a text of 1 to 500 characters"),
        ("industry:hvac ", "country:narnia ", "segments 1.who names “NARNIA”, which is no country"),
        ('["call", "sms"]', '["fax"]', "segments 1.channels knows no channel “fax”; there is call"),
        ('["call", "sms"]', "[]", "segments 1.channels is empty; name one, or all"),
        ('["call", "sms"]', '"call"', "needs segments 1.channels as a list"),
        ('level = "block"', 'level = "never"', "segments 1.level is one of off, warn, stop, block, not “never”"),
        ('level = "block"', "", "needs segments 1.level as text"),
        ('set_by = "Marta"', "", "needs segments 1.set_by as text"),
        ('set_by = "Marta"', 'set_by = "\\u202e"', "needs segments 1.set_by as a text of 1 to 500"),
        ('reason = "they', 'why = 1\nreason = "they', "segments 1 knows no “why”; it has name, who"),
        ("[[segments]]", "[segments]", "needs segments as tables: write [[segments]] above each"),
        ("\n[[segments]]", f"{HVAC}\n[[segments]]", "segments 2 has the name “HVAC owners” of another"),
    ],
)
def test_a_mistake_is_a_sentence_that_names_the_place(old: str, new: str, says: str) -> None:
    assert old in HVAC
    with pytest.raises(PolicyFault) as fault:
        read_policy(TEXT + HVAC.replace(old, new, 1))
    assert says in str(fault.value)
    assert "\n" not in str(fault.value)


def test_the_example_of_the_shipped_file_can_be_taken_as_it_is() -> None:
    start = TEXT.index("# [[segments]]")
    example = "\n".join(line[2:] for line in TEXT[start : TEXT.index("\n\n", start)].splitlines())
    [one] = read_policy(f"{TEXT}\n{example}\n").segments
    assert one.covers(OWNER)
