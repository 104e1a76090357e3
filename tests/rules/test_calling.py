"""Outcomes, replies and skips: the playbook's rows against the designs, and rows that are refused."""

import pytest

from sdr.models.terms import OPEN_STATES, LeadState, NextKind
from sdr.rules.calling import OutcomeError, parse_outcomes
from sdr.rules.reasons import parse_reasons
from tests.rules.playbook_files import text

OWN = parse_outcomes(text("outcomes"))
EVERY = (*OWN.ring, *OWN.wrap, *OWN.replies)
ONE = """
[[outcome]]
key = "no-answer"
phase = "ring"
digit = 1
label = "no answer"
contact = "attempt"
state = "working"
drip = "keep"
next = "other-half"
next_kind = "call"
word = "no answer"
"""


def test_keys_and_digits_are_those_of_the_screens():
    assert [(row.digit, row.key) for row in OWN.ring] == [
        (1, "no-answer"), (2, "voicemail"), (3, "gatekeeper"), (4, "busy"), (8, "wrong-number"), (9, "do-not-call"),
    ]  # fmt: skip
    assert [row.key for row in OWN.wrap] == [
        "interested", "callback", "referral", "wrong-person", "not-now", "not-a-fit", "qualified", "hung-up",
        "do-not-contact",
    ]  # fmt: skip
    assert [row.digit for row in OWN.wrap] == list(range(1, 10))
    assert [row.key for row in OWN.replies] == [
        "interested", "question", "not-now", "no", "out-of-office", "unsubscribe", "someone-else", "bounce",
    ]  # fmt: skip
    assert [skip.digit for skip in OWN.skips] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("key", "state", "drip", "following", "kind"),
    [
        ("no-answer", "working", "keep", "other-half", "call"),
        ("voicemail", "working", "keep", "two-business-days", "call"),
        ("gatekeeper", "working", "keep", "edge", "call"),
        ("busy", "working", "keep", "two-hours", "call"),
        ("callback", "talking", "pause", "promise", "promise"),
        ("not-now", "nurture", "stop", "preset", "wake"),
        ("not-a-fit", "disqualified", "stop", "none", None),
        ("qualified", "qualified", "stop", "now", "handoff"),
        ("do-not-contact", "disqualified", "stop", "none", None),
    ],
)
def test_what_an_outcome_does(key, state, drip, following, kind):
    row = OWN.by_key(key)
    assert (row.state, row.drip, row.next, row.next_kind) == (state, drip, following, kind)


def test_outcomes_are_found_by_phase_and_digit():
    assert OWN.by_digit("ring", 1).key == "no-answer"
    assert OWN.by_digit("wrap", 1).key == "interested"
    assert OWN.by_digit("ring", 5) is None
    assert OWN.by_key("interest") is None
    assert OWN.reply("5") is OWN.reply("out-of-office")
    assert OWN.reply("0") is None
    assert OWN.skip("other").digit == 6


def test_only_what_leaves_the_building_or_is_final_asks_for_enter():
    assert {row.key for row in EVERY if row.needs_confirm} == {
        "do-not-call", "do-not-contact", "qualified", "unsubscribe",
    }  # fmt: skip


def test_every_suppression_is_confirmed():
    assert {row.key: row.suppress for row in EVERY if row.suppress} == {
        "do-not-call": "call", "do-not-contact": "all", "unsubscribe": "email",
    }  # fmt: skip
    assert all(row.needs_confirm for row in EVERY if row.suppress)


def test_nobody_has_to_type_a_note():
    assert not any(row.needs_note for row in (*OWN.ring, *OWN.wrap))


def test_every_open_lead_keeps_a_next_step():
    for row in EVERY:
        if row.state in OPEN_STATES:
            assert isinstance(row.next_kind, NextKind)
            assert row.next != "none"


def test_reasons_and_mails_exist():
    reasons = {reason.key for reason in parse_reasons(text("reasons")).disqualify}
    assert {row.reason for row in EVERY if row.reason} <= reasons
    mails = {row.mail for row in (*OWN.ring, *OWN.wrap) if row.mail}
    assert all(f'key = "{mail}"' in text("templates") for mail in mails)
    assert mails == {"after-voicemail", "value"}


def test_an_absence_or_a_bounce_is_no_answer_of_theirs():
    assert {row.key for row in OWN.replies if not row.answers} == {"out-of-office", "bounce"}


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("no-answer", "new", "working"),
        ("no-answer", "talking", "talking"),
        ("no-answer", "nurture", "working"),
        ("no-answer", "offered", "offered"),
        ("interested", "working", "talking"),
        ("interested", "nurture", "talking"),
        ("interested", "qualified", "qualified"),
        ("qualified", "working", "qualified"),
        ("not-now", "talking", "nurture"),
        ("not-a-fit", "talking", "disqualified"),
    ],
)
def test_an_outcome_never_sends_a_lead_back(key, before, after):
    assert OWN.by_key(key).state_after(LeadState(before)) == after


def test_a_bounce_leaves_the_state_alone():
    assert all(OWN.reply("bounce").state_after(state) == state for state in LeadState)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('next = "other-half"', 'next = "none"', 'outcome "no-answer": it leaves the lead working without a next step'),
        ('next_kind = "call"', "", "without a next step"),
        ('state = "working"', 'state = "rejected"', "it closes the lead as rejected"),
        ('state = "working"', 'state = "lukewarm"', '"state" must be one of inquiry'),
        ('next = "other-half"\nnext_kind = "call"', 'next = "none"', "without a next step"),
        ('state = "working"\ndrip = "keep"\nnext = "other-half"\nnext_kind = "call"',
         'state = "disqualified"\ndrip = "stop"\nnext = "none"', "it disqualifies without a reason"),
        ('drip = "keep"', 'drip = "drop"', '"drip" must be one of keep, pause, stop'),
        ('contact = "attempt"', 'contact = "maybe"', '"contact" must be one of attempt'),
        ("digit = 1", "digit = 0", '"digit" must be a whole number from 1 to 9'),
        ('word = "no answer"', 'word = "no answer"\nwrod = "x"', '"wrod" is not a field here'),
        (ONE, ONE + ONE, 'the key "no-answer" is taken'),
        (ONE, ONE + ONE.replace('key = "no', 'key = "yes'), 'outcome "yes-answer": the digit "1" is taken'),
    ],
)  # fmt: skip
def test_rows_that_cannot_work_are_refused(old, new, says):
    assert old in ONE
    with pytest.raises(OutcomeError) as refused:
        parse_outcomes(ONE.replace(old, new, 1))
    assert says in str(refused.value)


def test_ring_and_wrap_may_share_a_digit():
    both = parse_outcomes(ONE + ONE.replace('"ring"', '"wrap"').replace('"no-answer"', '"hung-up"'))
    assert (both.ring[0].digit, both.wrap[0].digit) == (1, 1)
