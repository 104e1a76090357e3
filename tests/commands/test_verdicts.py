"""The verdicts and touches: what the answer says, what a refusal says, and that nothing is half done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.commands.conftest import QUALIFYING, VERDICT, Sdr, Stocked
from tests.desks import Desk, begin

# A command on a new lead, the state it leaves, and the kind of its next step (None: closed).
DONE = [
    (("accept",), "working", "call"),
    (("reject", "1"), "rejected", None),
    (("reject", "duplicate"), "rejected", None),
    (("nurture", "--until", "5"), "nurture", "wake"),
    (("nurture", "--until", "2026-06-01"), "nurture", "wake"),
    (("snooze", "tomorrow"), "new", "triage"),
    (("snooze", "2"), "new", "triage"),
    (("snooze", "+3bd"), "new", "triage"),
    (("note", "leaks", "at", "three", "sites"), "new", "triage"),
    (("note", "leaks", "--said"), "new", "triage"),
    (("answer", "budget=yes"), "new", "triage"),
    (("answer", "budget=1", "decides=2"), "new", "triage"),
    (("call", "no-answer", "--note", "rang long", "--seconds", "20"), "working", "call"),
    (("call", "callback", "--next", "2026-03-03T15:00"), "talking", "promise"),
    (("call", "not-now", "--next", "2026-06-02"), "nurture", "wake"),
    (("call", "not-a-fit", "--reason", "no-need"), "disqualified", None),
    (("call", "referral", "--name", "Ben Okafor"), "talking", "call"),
    (("call", "do-not-contact"), "disqualified", None),
    (("touch", "email", "--text", "hello"), "new", "triage"),
    (("touch", "letter", "--cost", "4.50", "--outcome", "sent"), "new", "triage"),
    (("reply", "interested", "--note", "call me"), "talking", "reply"),
    (("reply", "unsubscribe"), "new", "triage"),
]


@pytest.mark.parametrize(("words", "state", "kind"), DONE, ids=[" ".join(case[0]) for case in DONE])
def test_a_verdict_says_what_it_did(sdr: Sdr, stocked: Stocked, words: tuple[str, ...], state: str, kind: str) -> None:
    word, *rest = words
    ran = sdr(word, stocked.ana, *rest, "--json")
    assert ran.code == 0, ran.err
    assert ran.json.keys() >= VERDICT
    assert (ran.json["lead"], ran.json["state"], ran.json["refused"]) == (stocked.ana, state, None)
    assert "Ana Ruiz" in ran.json["summary"]
    step = ran.json["next_step"]
    assert (step and step["kind"]) == kind
    if step:
        assert datetime.fromisoformat(step["due_at"]) == datetime.fromisoformat(step["local_time"])


@pytest.mark.parametrize(("words", "state", "kind"), DONE[:3] + DONE[12:16])
def test_undo_takes_any_verdict_back(sdr: Sdr, stocked: Stocked, words: tuple[str, ...], state: str, kind: str) -> None:
    before = sdr("show", stocked.ana, "--json").json
    word, *rest = words
    assert sdr(word, stocked.ana, *rest).code == 0
    assert sdr("undo").code == 0
    after = sdr("show", stocked.ana, "--json").json
    assert {**after, "timeline": 0} == {**before, "timeline": 0}


def test_disqualify_after_contact(sdr: Sdr, stocked: Stocked) -> None:
    sdr("accept", stocked.ana)
    ran = sdr("disqualify", stocked.ana, "no-need", "--json")
    assert (ran.code, ran.json["state"]) == (0, "disqualified")


def test_skip_leaves_the_due_step_out(sdr: Sdr, stocked: Stocked) -> None:
    sdr("accept", stocked.ana)
    ran = sdr("skip", stocked.ana, "2", "--json")
    assert (ran.code, ran.json["refused"]) == (0, None)
    assert "skipped" in ran.json["summary"]


def test_answers_come_with_the_score(sdr: Sdr, stocked: Stocked) -> None:
    ran = sdr("answer", stocked.ana, *QUALIFYING, "--json")
    assert ran.json["score"]["verdict"] == "qualified"
    assert ran.json["score"]["total"] == 84


def test_a_qualified_call_with_its_answers(sdr: Sdr, stocked: Stocked) -> None:
    answers = [word for answer in QUALIFYING for word in ("--answer", answer)]
    ran = sdr("call", stocked.ana, "qualified", *answers, "--json")
    assert (ran.code, ran.json["state"], ran.json["next_step"]["kind"]) == (0, "qualified", "handoff")


def test_what_was_noted_of_a_call_is_kept(sdr: Sdr, stocked: Stocked) -> None:
    sdr("call", stocked.ana, "no-answer", "--seconds", "21", "--note", "rang long", "--said", "later")
    edits = sdr("history", stocked.ana, "--limit", "1", "--json").json[0]["edits"]
    told = {(edit["entity"], key): value for edit in edits for key, value in edit["fields"].items()}
    assert told["call", "seconds"] == 21
    assert {edit["fields"]["text"] for edit in edits if edit["entity"] == "event"} == {"rang long", "later"}


REFUSED = [
    (("disqualify", "no-need"), "triage.no-contact"),
    (("call", "qualified"), "rubric.must-haves"),
    (("call", "not-a-fit"), "call.reason"),
    (("call", "callback", "--next", "2026-03-01T09:00:00+01:00"), "date.past"),
    (("snooze", "2026-03-01T09:00"), "date.past"),
    (("nurture", "--until", "2020-01-01T00:00Z"), "date.past"),
    (("give", "Ana"), "give.same"),
    (("note", " "), "note.empty"),
    (("touch", "call"), "touch.call"),
    (("skip", "1"), "touch.none"),
]


@pytest.mark.parametrize(("words", "rule"), REFUSED, ids=[" ".join(case[0]) for case in REFUSED])
def test_a_refusal_names_its_rule_and_changes_nothing(
    sdr: Sdr, stocked: Stocked, words: tuple[str, ...], rule: str
) -> None:
    steps = len(sdr("history", "--json").json)
    word, *rest = words
    ran = sdr(word, stocked.ana, *rest, "--json")
    assert ran.code == 1
    assert ran.json["refused"].keys() == {"rule", "reason", "set_by"}
    assert ran.json["refused"]["rule"] == rule
    assert ran.json["error"]["code"] == rule
    assert ran.json["error"]["message"]
    assert (ran.json["state"], ran.json["summary"]) == ("new", None)
    assert ran.err.count("\n") == 1
    assert rule in ran.err
    assert len(sdr("history", "--json").json) == steps


NONSENSE = [
    (("reject", "99"), "duplicate"),
    (("disqualify", "because"), "no-need"),
    (("snooze", "sometime"), "tomorrow"),
    (("snooze", "8"), "tomorrow"),
    (("snooze", "03/04"), "tomorrow"),
    (("snooze", "tomorrow", "--zone", "Mars/Base"), "Europe/Madrid"),
    (("nurture",), "--until"),
    (("give", "Zed"), "Ana"),
    (("answer", "budget"), "key=value"),
    (("answer", "colour=red"), "budget"),
    (("answer", "budget=9"), "not-fixed"),
    (("call", "1"), "no-answer"),
    (("call", "not-a-fit", "--reason", "x"), "no-need"),
    (("call", "no-answer", "--seconds", "-1"), "--seconds"),
    (("touch", "fax"), "linkedin"),
    (("touch", "letter", "--cost", "much"), "4.50"),
    (("reply", "maybe"), "unsubscribe"),
    (("skip", "because"), "no-address"),
]


@pytest.mark.parametrize(("words", "named"), NONSENSE, ids=[" ".join(case[0]) for case in NONSENSE])
def test_words_that_mean_nothing_end_in_exit_2_with_those_that_do(
    sdr: Sdr, stocked: Stocked, words: tuple[str, ...], named: str
) -> None:
    word, *rest = words
    ran = sdr(word, stocked.ana, *rest, "--json")
    assert ran.code == 2
    assert ran.json.keys() == {"error"}
    assert ran.json["error"].keys() == {"code", "message", "hint"}
    assert named in ran.err


@pytest.mark.parametrize(
    ("when", "local"),
    [
        ("2026-03-04T15:00", "2026-03-04T15:00:00+01:00"),
        ("2026-03-04 15:00", "2026-03-04T15:00:00+01:00"),
        ("2026-03-04T15:00-05:00", "2026-03-05T09:00:00+01:00"),  # 21:00 there: the next opening
        ("tomorrow 3pm", "2026-03-03T15:00:00+01:00"),
        ("2026-03-07", "2026-03-09T09:00:00+01:00"),
        ("2", "2026-03-03T09:40:00+01:00"),
    ],
)
def test_times_as_they_are_typed(sdr: Sdr, stocked: Stocked, when: str, local: str) -> None:
    assert sdr("snooze", stocked.bo, when, "--json").json["next_step"]["local_time"] == local


@pytest.mark.parametrize(
    ("when", "local"),
    [("2", "2026-03-03T09:40:00-05:00"), ("tomorrow 3pm", "2026-03-03T15:00:00-05:00"),
     ("2026-03-03T16:00", "2026-03-03T10:00:00-05:00")],
)  # fmt: skip
def test_phrases_are_of_the_prospects_day_and_exact_times_of_the_reps(
    sdr: Sdr, filling: Callable[[], Desk], when: str, local: str
) -> None:
    desk = filling()
    lead = desk.new_lead(country="US", city="Boston", zone="America/New_York")
    desk.store.close()
    assert sdr("snooze", str(lead), when, "--json").json["next_step"]["local_time"] == local


def test_a_time_without_offset_is_read_in_the_zone_given(sdr: Sdr, stocked: Stocked) -> None:
    step = sdr("snooze", stocked.ana, "2026-03-04T15:00", "--zone", "Europe/London", "--json").json["next_step"]
    assert step["local_time"] == "2026-03-04T16:00:00+01:00"


def test_text_of_a_lead_cannot_act_on_the_terminal(sdr: Sdr, stocked: Stocked) -> None:
    assert sdr("note", stocked.ana, "\x1b]52;c;aGk=\x07 \x1b[31mred").code == 0
    edits = sdr("history", stocked.ana, "--limit", "1", "--json").json[0]["edits"]
    assert edits[0]["fields"]["text"] == "red"


def test_a_return_date_and_a_stand_in_are_read_from_the_note(sdr: Sdr, stocked: Stocked) -> None:
    text = "back on 12 March; please contact Bo Lind, bo@acme.example"
    ran = sdr("reply", stocked.ana, "out-of-office", "--note", text, "--json")
    assert ran.code == 0
    assert "back Thu 12 Mar" in ran.json["summary"]
    assert ran.json["next_step"]["due_at"].startswith("2026-03-12T09:00")
    assert sdr("show", "bo@acme.example", "--json").json["name"] == "Bo Lind"
    assert sdr("undo").code == 0
    assert sdr("show", "bo@acme.example").code == 2


def test_an_unsubscribe_reaches_as_far_as_it_was_meant(sdr: Sdr, stocked: Stocked) -> None:
    ran = sdr("reply", stocked.ana, "unsubscribe", "--scope", "domain", "--json")
    assert (ran.code, "nobody at acme.example is mailed" in ran.json["summary"]) == (0, True)
    assert sdr("reply", stocked.bo, "interested", "--scope", "domain").code == 1
    assert sdr("reply", stocked.bo, "unsubscribe", "--scope", "street").code == 2


def test_a_voicemail_goes_with_its_mail(sdr: Sdr, stocked: Stocked) -> None:
    ran = sdr("call", stocked.ana, "voicemail", "--mail", "--json")
    assert (ran.code, ran.json["summary"].endswith("mail in the outbox")) == (0, True)
    assert sdr("undo").code == 0
    assert sdr("outbox", "--json").json["files"] == []


def test_a_lead_typed_in_again_is_an_inquiry(sdr: Sdr, stocked: Stocked) -> None:
    line = "Ana Ruiz, ana@acme.example, show:Hannover"
    assert sdr("add", line).code == 1  # not worked yet: it is here already
    sdr("accept", stocked.ana)
    ran = sdr("add", line, "--json")
    assert ran.code == 0
    assert ran.json["id"] == stocked.ana
    queue = sdr("queue", "--json").json
    assert (queue[0]["lead"], queue[0]["band"]) == (stocked.ana, 0)


def test_a_phrase_means_no_day_on_which_nobody_works_here(sdr: Sdr, filling: Callable[[], Desk]) -> None:
    desk = filling()
    lead = str(desk.new_lead())
    begin(desk.store, "absence", rep_id=None, from_day="2026-03-03", to_day="2026-03-03", made_at=0)
    desk.store.close()
    assert sdr("accept", lead).code == 0
    told = sdr("call", lead, "callback", "--next", "tomorrow", "--json")
    assert told.json["next_step"]["due_at"].startswith("2026-03-04T")


def test_accepting_a_second_record_of_somebody_in_a_drip_names_the_first(sdr: Sdr, stocked: Stocked) -> None:
    sdr("accept", stocked.ana)
    mail = sdr("show", stocked.ana, "--json").json["email"]
    other = sdr("add", f"A. Ruiz, Acme, buyer, {mail}", "--force", "--json").json["id"]
    ran = sdr("accept", other, "--json")
    assert ran.code == 1
    assert ran.json["error"]["code"] == "drip.elsewhere"
    assert ran.json["error"]["message"].startswith("same address as “Ana Ruiz”")
    assert ran.json["error"]["hint"] == f"sdr merge {stocked.ana} {other}"
