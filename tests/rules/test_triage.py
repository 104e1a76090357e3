"""Triage: the reason lists, the inquiry gate, clocks, bands and the worth of a minute."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.models.terms import OPEN_STATES, Band, LeadState, NextKind, SourceType
from sdr.rules.hours import Length
from sdr.rules.reasons import ReasonError, parse_reasons
from sdr.rules.triage import Segment, band_of, chance, missing_qualifiers, rank, response_target
from tests.rules.playbook_files import text

OWN = parse_reasons(text("reasons"))
ROWS = '[[reject]]\ndigit = 1\nkey = "a"\nlabel = "a"\n[[disqualify]]\ndigit = 1\nkey = "b"\nlabel = "b"\n'
ROWS += '[[returned]]\ndigit = 1\nkey = "c"\nlabel = "c"\n'

segments = st.builds(
    Segment,
    st.sampled_from(["A1", "A2", "B3", "C?", "D3", ""]),
    st.sampled_from(NextKind),
    st.integers(0, 40),
    st.integers(0, 10**9),
    st.integers(0, 100),
    st.just(100) | st.just(0),
    st.none() | st.floats(0.1, 600),
)


def test_three_lists_of_nine():
    for family in (OWN.reject, OWN.disqualify, OWN.returned):
        assert [reason.digit for reason in family] == list(range(1, 10))
    assert OWN.find("reject", "7").key == "wrong-market"
    assert OWN.find("disqualify", "no-budget").label == "no budget this year"
    assert OWN.find("returned", "8").key == "another-ae"
    assert OWN.find("reject", "no-budget") is None


def test_rejections_are_grouped_as_agreed():
    groups = [reason.group for reason in OWN.reject]
    assert groups == ["procedural"] * 3 + ["clerical"] * 3 + ["definitional"] * 3
    assert all(reason.message for reason in OWN.reject + OWN.disqualify)


def test_where_reasons_lead():
    assert {reason.state for reason in OWN.reject} == {LeadState.REJECTED}
    assert [reason.digit for reason in OWN.disqualify if reason.state == LeadState.NURTURE] == [4, 8]
    assert [reason.key for reason in OWN.disqualify if reason.suppress] == ["do-not-contact"]
    assert [reason.key for reason in OWN.returned if reason.needs_note] == ["other"]
    assert {reason.state for reason in OWN.returned} == {LeadState.WORKING}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('key = "a"', 'key = "a"\ngroup = "moral"', 'reject reason "a": "group" must be one of procedural'),
        ('key = "a"', 'key = "a"\nstate = "won"', '"state" must be one of rejected, nurture'),
        ("digit = 1", "digit = 10", '"digit" must be a whole number from 1 to 9'),
        ("[[reject]]", "[[rejects]]", '"rejects" is not a field here'),
        (ROWS[: ROWS.index("[[dis")], "", '"reject" needs one to nine reasons'),
    ],
)
def test_lists_that_cannot_work_are_refused(old, new, says):
    with pytest.raises(ReasonError) as refused:
        parse_reasons(ROWS.replace(old, new, 1))
    assert says in str(refused.value)


def test_a_tenth_reason_has_no_digit():
    ten = "".join(f'[[reject]]\ndigit = 9\nkey = "a{n}"\nlabel = "a"\n' for n in range(9))
    with pytest.raises(ReasonError, match="it has 10"):
        parse_reasons(ROWS + ten)


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"name": "Ana", "email": "ana@acme.example"}, ("company", "title", "phone")),
        ({"company": "  ", "title": "", "phone": None}, ("company", "title", "phone")),
        ({"company": "Acme"}, ()),
        ({"title": "Director"}, ()),
        ({"phone": "+34600000000"}, ()),
        ({}, ("company", "title", "phone")),
    ],
)
def test_a_name_and_an_address_are_an_inquiry(fields, missing):
    assert missing_qualifiers(fields) == missing


@pytest.mark.parametrize(
    ("source_type", "length"), [(SourceType.HAND_RAISER, "5m"), (SourceType.INBOUND, "1h"), (SourceType.LIST, "1bd")]
)
def test_response_clocks(source_type, length):
    assert response_target(source_type) == length
    assert Length.parse(length)


@pytest.mark.parametrize(
    ("kind", "source_type", "state", "running", "expected"),
    [
        ("triage", "hand-raiser", "new", False, Band.HOT),
        ("complete", "hand-raiser", "inquiry", False, Band.HOT),
        ("call", "hand-raiser", "working", True, Band.HOT),
        ("call", "hand-raiser", "working", False, Band.CLOSING),
        ("triage", "inbound", "new", True, Band.NEW),
        ("complete", "list", "inquiry", False, Band.NEW),
        ("triage", None, "new", False, Band.NEW),
        ("promise", "list", "talking", False, Band.PROMISE),
        ("meeting", "list", "qualified", False, Band.PROMISE),
        ("reply", "hand-raiser", "talking", False, Band.REPLY),
        ("returned", "list", "working", False, Band.RETURNED),
        ("handoff", "list", "qualified", False, Band.RETURNED),
        ("call", "list", "working", False, Band.CLOSING),
        ("mail", "list", "working", False, Band.DUE),
        ("letter", "list", "working", False, Band.DUE),
        ("answer", "list", "offered", False, Band.RETURNED),
        ("wake", "list", "nurture", False, Band.DUE),
        ("call", "hand-raiser", "rejected", True, None),
        ("answer", "list", "accepted", False, None),
    ],
)
def test_bands(kind, source_type, state, running, expected):
    source = SourceType(source_type) if source_type else None
    assert band_of(NextKind(kind), source, LeadState(state), clock_running=running) == expected


@given(st.sampled_from(NextKind), st.none() | st.sampled_from(SourceType), st.sampled_from(LeadState), st.booleans())
def test_every_open_lead_stands_in_a_band_and_no_other_does(kind, source_type, state, running):
    assert (band_of(kind, source_type, state, clock_running=running) is not None) == (state in OPEN_STATES)


@given(segments)
def test_a_rank_is_two_digits_and_a_chance_is_never_certain(segment):
    assert 0 <= rank(segment) <= 99
    assert 0 < chance(segment) < 1


@given(segments, segments)
def test_more_worth_a_minute_never_ranks_lower(one, other):
    def minutes(segment):
        return rank(Segment(segment.grade, NextKind.CALL, segment.touch_no, 500_000, segment.qualified, segment.judged))

    if chance(one) <= chance(other):
        assert minutes(one) <= minutes(other)


def test_better_grades_earlier_touches_and_quicker_work_come_first():
    grades = [rank(Segment(grade, NextKind.CALL)) for grade in ("A1", "A2", "A3", "B2", "C2", "D2")]
    assert grades == sorted(grades, reverse=True)
    assert len(set(grades)) == 6
    assert rank(Segment("A2", NextKind.CALL, 1)) > rank(Segment("A2", NextKind.CALL, 6))
    assert rank(Segment("A2", NextKind.EMAIL)) > rank(Segment("A2", NextKind.CALL))
    assert rank(Segment("A2", NextKind.CALL, value=900_000)) > rank(Segment("A2", NextKind.CALL))


def test_our_own_count_is_believed_from_thirty_cases():
    prior = chance(Segment("A2", NextKind.CALL))
    assert chance(Segment("A2", NextKind.CALL, qualified=1, judged=29)) == prior
    assert chance(Segment("A2", NextKind.CALL, qualified=15, judged=30)) == 0.5
    assert chance(Segment("A2", NextKind.CALL, qualified=0, judged=30)) == pytest.approx(1 / 60)
