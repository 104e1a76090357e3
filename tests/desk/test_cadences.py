"""A drip loaded anew: who is inside keeps the old version or goes to the new one, and what then moves."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sdr.desk.cadences import Effects, dates_from, effects, load_cadence
from sdr.desk.calling import call
from sdr.desk.drip import enroll, pause, skip, touch
from sdr.models.terms import Refused, at, ms
from sdr.store import rows
from sdr.store.queries import cadences, playbook
from tests.desk.calls import table
from tests.desks import Desk, begin, dump

HEAD = 'name = "Short"\nversion = 1\nminimum_gap = "1h"\n'
FIRST = '[[step]]\nname = "One"\nchannel = "linkedin"\ndelay = "0m"\n'
SECOND = '[[step]]\nname = "Two"\nchannel = "linkedin"\ndelay = "2bd"\n'
THIRD = '[[step]]\nname = "Three"\nchannel = "letter"\ndelay = "1bd"\n'
SHORT = HEAD + FIRST + SECOND
LATER = HEAD + FIRST + SECOND.replace("2bd", "4bd") + THIRD


def loaded(desk: Desk, text: str = SHORT) -> int:
    desk.act(load_cadence, text)
    return max(row.id for row in table(desk, rows.Cadence, "cadence"))


def at_second(desk: Desk, cadence_id: int, number: int = 1) -> int:
    """A lead before step two, due on Wednesday at ten in Madrid."""
    lead = desk.new_lead(name=f"P{number}", email=f"p{number}@x{number}.example", phone=f"+346000000{number:02}")
    desk.act(enroll, lead, cadence_id)
    desk.act(touch, lead, None)
    return lead


def version_of(desk: Desk, lead: int) -> int:
    held = [one for one in table(desk, rows.Enrollment, "enrollment") if one.lead_id == lead][-1]
    [row] = [one for one in table(desk, rows.Cadence, "cadence") if one.id == held.cadence_id]
    return row.version


def foreseen(desk: Desk, text: str) -> Effects:
    found = desk.store.read(effects, text, desk.clock()).result(10)
    assert isinstance(found, Effects)
    return found


def test_the_version_counts_by_name_and_one_is_in_force(desk: Desk) -> None:
    loaded(desk)
    loaded(desk, LATER)
    desk.act(load_cadence, LATER.replace("version = 1", "version = 9").replace("4bd", "5bd"))
    own = [one for one in table(desk, rows.Cadence, "cadence") if one.name == "Short"]
    assert [(one.version, one.current) for one in own] == [(1, 0), (2, 0), (9, 1)]
    assert desk.store.read(playbook.cadence, own[1].id).result(10)[1].version == 2


def test_the_drip_a_lead_gets_stays_the_one_loaded_first(desk: Desk) -> None:
    loaded(desk, SHORT.replace('"Short"', '"Aardvark"'))
    loaded(desk, SHORT.replace('"Short"', '"Standard drip"'))
    listed = desk.store.read(playbook.cadences).result(10)
    assert [row.name for row in listed] == ["Standard drip", "Inbound follow-up", "After the fair", "Aardvark"]
    assert desk.store.read(playbook.cadence).result(10)[0] == listed[0].id


def test_those_inside_are_grandfathered(desk: Desk) -> None:
    lead = at_second(desk, loaded(desk))
    before = desk.lead(lead)
    done = desk.act(load_cadence, LATER)
    assert done.summary == "drip “Short” version 2 in force · 1 inside keep theirs"
    assert desk.lead(lead) == before
    assert version_of(desk, lead) == 1


def test_applied_they_keep_their_place_and_the_date_follows_the_new_delay(desk: Desk) -> None:
    lead = at_second(desk, loaded(desk))
    done_at = desk.clock()
    assert at(desk.lead(lead).due_at or 0) == datetime(2026, 3, 4, 9, tzinfo=UTC)
    desk.clock.pass_(hours=5)
    effect = foreseen(desk, LATER)
    assert (effect.inside, effect.versions, effect.cadence.version) == (1, (1,), 2)
    [move] = effect.moves
    before = dump(desk.store, without=("step",))
    applied = desk.act(load_cadence, LATER, apply=True)
    assert applied.summary == "drip “Short” version 2 in force · 1 inside moved to it"
    now = desk.lead(lead)
    assert (now.touch_no, now.touch_of, now.next_note) == (2, 3, "Two")
    assert (
        now.due_at == move.to_at == ms(datetime(2026, 3, 6, 9, tzinfo=UTC))
    )  # four days after the touch, not after now
    assert (move.step, move.to_step, move.due_at) == (2, 2, ms(datetime(2026, 3, 4, 9, tzinfo=UTC)))
    assert version_of(desk, lead) == 2
    assert done_at < desk.clock()
    desk.store.undo().result(10)
    assert dump(desk.store, without=("step",)) == before


def test_a_step_that_is_the_same_keeps_its_date_and_takes_the_new_words(desk: Desk) -> None:
    lead = at_second(desk, loaded(desk))
    before = desk.lead(lead).due_at
    text = HEAD + FIRST.replace("0m", "1h") + SECOND.replace("Two", "Second") + THIRD
    assert foreseen(desk, text).moves == ()
    desk.act(load_cadence, text, apply=True)
    now = desk.lead(lead)
    assert (now.due_at, now.next_note, now.touch_of) == (before, "Second", 3)


def test_a_date_is_never_put_into_the_past(desk: Desk) -> None:
    lead = at_second(desk, loaded(desk))
    now = desk.clock.pass_(days=1)
    desk.act(load_cadence, SHORT.replace("2bd", "1h"), apply=True)
    assert desk.lead(lead).due_at == ms(now)


def test_a_drip_that_became_shorter_ends_and_asks_for_a_verdict(desk: Desk) -> None:
    lead = at_second(desk, loaded(desk))
    [move] = foreseen(desk, HEAD + FIRST).moves
    assert (move.step, move.to_step) == (2, 0)
    desk.act(load_cadence, HEAD + FIRST, apply=True)
    now = desk.lead(lead)
    assert (now.next_kind, now.next_note) == ("triage", "drip finished: verdict?")
    assert table(desk, rows.Enrollment, "enrollment")[-1].state == "finished"


def test_what_outranks_the_drip_and_a_paused_one_are_not_moved(desk: Desk) -> None:
    drip = loaded(desk)
    promised, paused = at_second(desk, drip, 1), at_second(desk, drip, 2)
    desk.act(call, promised, "callback", next_at=datetime(2026, 3, 3, 14, tzinfo=UTC))
    desk.act(pause, paused, None)
    before = {lead: (desk.lead(lead).next_kind, desk.lead(lead).due_at) for lead in (promised, paused)}
    assert foreseen(desk, LATER).moves == ()
    desk.act(load_cadence, LATER, apply=True)
    assert {lead: (desk.lead(lead).next_kind, desk.lead(lead).due_at) for lead in before} == before
    assert version_of(desk, paused) == 2


def test_applying_comes_after_loading_too_but_only_once(desk: Desk) -> None:
    lead = at_second(desk, loaded(desk))
    desk.act(load_cadence, LATER)
    same = desk.try_(load_cadence, LATER)
    assert isinstance(same, Refused)
    assert same.rule == "cadence.same"
    desk.act(load_cadence, LATER, apply=True)
    assert version_of(desk, lead) == 2
    assert len([one for one in table(desk, rows.Cadence, "cadence") if one.name == "Short"]) == 2
    assert isinstance(desk.try_(load_cadence, LATER, apply=True), Refused)


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        (HEAD, "cadence.fault", "it has no steps"),
        (HEAD + FIRST + 'template = "nobody"\n', "cadence.template", "step number 1 (“One”): there is no message text"),
        (HEAD + FIRST + 'variants = ["mail-case", "nobody"]\n', "cadence.template", "“nobody”"),
    ],
)
def test_a_text_at_fault_changes_nothing(desk: Desk, text: str, rule: str, said: str) -> None:
    before = dump(desk.store)
    refused = desk.try_(load_cadence, text, apply=True)
    assert isinstance(refused, Refused)
    assert (refused.rule, said in refused.reason) == (rule, True)
    assert dump(desk.store) == before


def test_who_stands_before_which_step_whatever_the_version(desk: Desk) -> None:
    drip = loaded(desk)
    first = at_second(desk, drip, 1)
    desk.act(load_cadence, LATER)
    current = max(row.id for row in table(desk, rows.Cadence, "cadence"))
    second = at_second(desk, current, 2)
    desk.act(skip, second, "other")
    inside = desk.store.read(cadences.inside, "Short").result(10)
    assert [(one.enrollment.lead_id, one.version, one.step) for one in inside] == [(first, 1, 2), (second, 2, 3)]
    assert cadences.at_steps(inside) == {2: 1, 3: 1}


def test_the_dates_next_door_leave_out_closures_and_the_reps_days_off(desk: Desk) -> None:
    loaded(desk)
    rep = desk.store.read(playbook.rep).result(10)
    begin(desk.store, "absence", rep_id=None, from_day="2026-03-04", to_day="2026-03-05", made_at=0)
    begin(desk.store, "absence", rep_id=rep.id, from_day="2026-03-06", to_day="2026-03-06", made_at=0)
    cadence = desk.store.read(cadences.lines, 0).result(10)[-1].cadence
    found = desk.store.read(dates_from, cadence, desk.clock()).result(10)
    assert [f"{found[number].due_at:%m-%d %H:%M}" for number in (1, 2)] == ["03-02 10:00", "03-09 10:00"]
