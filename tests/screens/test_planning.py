"""Planning as a rep drives it, by keys alone: dates before enrolling, many at once, pauses, catching up, time off."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from sdr.models.terms import at, ms
from sdr.store import rows
from sdr.store.changes import Edit
from sdr.store.queries import playbook
from tests.desk.calls import table
from tests.desk.test_enrolling import VALVES, calls_a_day, days_of, loaded, people
from tests.desks import Desk, begin, dump, write
from tests.screens.desk_app import driving

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])


def live(desk: Desk) -> list[tuple[str, int]]:
    return [(one.state, one.step_no) for one in table(desk, rows.Enrollment, "enrollment", "state<>'stopped'")]


@SIZES
async def test_l_and_a_digit_show_every_real_date_and_enter_enrols(desk: Desk, size: tuple[int, int]) -> None:
    lead = desk.new_lead()
    async with driving(desk, size) as driven:
        await driven.press("l", "1")
        text = driven.text()
        assert "“Standard drip” for Ana Ruiz · times in Madrid" in text
        for line in ("1 10:00", "First call", "2 Tue 10:00", "Mail: why I called", "8 Fri 20 Mar 13:30",
                     "Mail: shall I close your file?", "Enter: enrol Ana Ruiz"):  # fmt: skip
            assert line in text, text
        assert live(desk) == []
        await driven.press("enter")
        assert live(desk) == [("active", 0)]
        assert "in “Standard drip” · next call now" in driven.text()
        await driven.press("u")
    assert live(desk) == []
    assert desk.lead(lead).state == "new"


async def test_the_digits_in_one_burst_are_answers(desk: Desk) -> None:
    desk.new_lead()
    async with driving(desk) as driven:
        await driven.burst("l", "1", "enter")
        await driven.settle()
        assert driven.place == "QueueScreen"
    assert live(desk) == [("active", 0)]


async def test_a_digit_begins_at_that_step_and_escape_leaves_it(desk: Desk) -> None:
    desk.new_lead()
    async with driving(desk) as driven:
        await driven.press("l", "1", "4")
        assert "First call" not in driven.text()
        assert "4 10:00" not in driven.text()
        await driven.press("escape")
        assert live(desk) == []
        await driven.press("l", "1", "4", "enter")
    assert live(desk) == [("active", 3)]


async def test_what_is_refused_is_said_and_nothing_is_asked(desk: Desk) -> None:
    lead = desk.new_lead()
    valves = loaded(desk, VALVES)
    from sdr.desk.enrolling import enroll

    desk.act(enroll, lead, desk.store.read(playbook.cadence).result(10)[0])
    digits = [one.id for one in desk.store.read(playbook.cadences).result(10)]
    async with driving(desk) as driven:
        await driven.press("l", str(digits.index(valves) + 1))
        assert "another product line" in driven.text()
        assert live(desk) == [("active", 0)]
        await driven.press("P", "2")
        assert "drip stopped" in driven.text()


async def test_a_colleague_in_talks_wants_enter_twice(desk: Desk) -> None:
    account = begin(desk.store, "account", name="Acme Pumps", name_key="acme pumps")
    desk.new_lead(name="Bo Diaz", email="bo@acme.example", account_id=account, state="offered", next_kind="answer",
                  queue_band=3, due_at=ms(datetime(2026, 4, 1, tzinfo=UTC)))  # fmt: skip
    desk.new_lead(account_id=account)
    async with driving(desk) as driven:
        await driven.press("l", "1")
        assert "Bo Diaz of Acme Pumps is offered to an account executive" in driven.text()
        await driven.press("enter")
        assert "enrol all the same" in driven.text()
        assert live(desk) == []
        await driven.press("escape", "l", "1", "enter", "enter")
    assert live(desk) == [("active", 0)]


async def test_many_show_how_many_begin_on_which_day_and_who_is_refused(desk: Desk) -> None:
    calls_a_day(desk, 2)
    people(desk, 5)
    desk.new_lead(name="Off Ered", state="offered", next_kind="answer", queue_band=5)
    async with driving(desk) as driven:
        await driven.press("X", "l", "1")
        text = driven.text()
        for line in ("Mon 2 Mar  2 first touches", "Tue 3 Mar  2 first touches", "Wed 4 Mar  1 first touch",
                     "Off Ered: Off Ered is with the account executive", "enrol 5 of 6 into"):  # fmt: skip
            assert line in text, text
        assert live(desk) == []
        await driven.press("enter")
        assert len(live(desk)) == 5
        assert "5 leads, 1 refused" in driven.text()
        assert "marked" not in driven.text()
        await driven.press("u")
    assert live(desk) == []


async def test_p_pauses_one_and_more_is_behind_capital_p(desk: Desk) -> None:
    from sdr.desk.enrolling import enroll_many

    desk.act(enroll_many, people(desk, 3), desk.store.read(playbook.cadence).result(10)[0])
    async with driving(desk) as driven:
        await driven.press("P")
        assert "all of mine wait until a date" in driven.text()
        await driven.press("3", "3")
        assert "3 drips paused until Tue 10 Mar" in driven.text()
        assert {state for state, _step in live(desk)} == {"paused"}
        await driven.press("P", "4")
        assert "3 drips go on" in driven.text()
        await driven.press("P", "1", "2")
    assert sorted(state for state, _step in live(desk)) == ["active", "active", "paused"]


@SIZES
async def test_thirty_overdue_in_five_keys(desk: Desk, size: tuple[int, int]) -> None:
    from sdr.desk.enrolling import enroll_many

    calls_a_day(desk, 500)
    found = people(desk, 30)
    desk.act(enroll_many, found, desk.store.read(playbook.cadence).result(10)[0])
    calls_a_day(desk, 10)
    desk.clock.now = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)
    before = dump(desk.store)
    async with driving(desk, size) as driven:
        await driven.press("shift+tab")  # the split of what is overdue
        await driven.press("X", "z", "8")
        text = driven.text()
        for line in ("Thu 12 Mar  10 touches · 40 of 40 min", "Mon 16 Mar  10 touches", "30 to new days, 0 dropped"):
            assert line in text, text
        assert dump(desk.store) == before
        await driven.press("enter")
        assert "caught up: 30 touches over 3 days until Mon 16 Mar" in driven.text()
        assert days_of(desk) == {date(2026, 3, 12): 10, date(2026, 3, 13): 10, date(2026, 3, 16): 10}
        await driven.press("u")
    assert dump(desk.store) == before


async def test_capital_z_catches_up_with_all_that_is_overdue_or_says_there_is_nothing(desk: Desk) -> None:
    from sdr.desk.enrolling import enroll

    lead = desk.new_lead()
    async with driving(desk) as driven:
        await driven.press("Z")
        assert "nothing to catch up: nothing is overdue" in driven.text()
        desk.act(enroll, lead, desk.store.read(playbook.cadence).result(10)[0], at_step=2)
        desk.clock.now = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)
        await driven.press("Z")
        assert "dropped: Ana Ruiz, Mail: why I called: its next step has come due as well" in driven.text()
        await driven.press("enter")
    assert desk.lead(lead).next_note == "LinkedIn: connect"


@SIZES
async def test_time_off_from_to_and_nobody_covers(desk: Desk, size: tuple[int, int]) -> None:
    from sdr.desk.calling import call
    from sdr.desk.enrolling import enroll, enroll_many

    cadence = desk.store.read(playbook.cadence).result(10)[0]
    desk.act(enroll_many, people(desk, 3), cadence)
    lead = desk.new_lead()
    desk.act(enroll, lead, cadence)
    desk.act(call, lead, "callback", next_at=datetime(2026, 3, 4, 14, tzinfo=UTC))
    async with driving(desk, size) as driven:
        await driven.press("T")
        assert "tomorrow Tue 3 Mar" in driven.text()
        await driven.press("1", "2")
        assert "who does what is due meanwhile?" in driven.text()
        await driven.press("1")
        assert "away Mon 2 Mar to Fri 6 Mar, back Mon 9 Mar: 3 touches moved behind it" in driven.text()
        assert "promised: Ana Ruiz Wed 15:00; it stays, give it away (w)" in driven.text()
        assert table(desk, rows.Absence, "absence") == ()
        await driven.press("enter")
        [held] = table(desk, rows.Absence, "absence")
        assert (held.from_day, held.to_day, held.cover_id) == ("2026-03-02", "2026-03-06", None)
        await driven.press("T")
        assert "call off Mon 2 Mar to Fri 6 Mar" in driven.text()
        await driven.press("0", "enter")
        assert "time off called off" in driven.text()
    assert table(desk, rows.Absence, "absence") == ()


async def test_time_off_typed_with_a_colleague_and_back_at_the_next_start(desk: Desk) -> None:
    from sdr.desk.enrolling import enroll_many

    bea = begin(desk.store, "rep", name="Bea", zone="Europe/Madrid", hours="mon-fri 09:00-17:00")
    found = people(desk, 2)
    desk.act(enroll_many, found, desk.store.read(playbook.cadence).result(10)[0])
    mine = desk.lead(found[0]).owner_id
    async with driving(desk) as driven:
        await driven.press("colon", *"pto", "enter")
        await driven.press("9", *"2026-03-02", "enter")
        await driven.press("9", *"soon", "enter")
        assert "not a day" in driven.text()
        await driven.press(*["backspace"] * 4, *"2026-03-03", "enter", "2")
        assert "2 leads with Bea meanwhile" in driven.text()
        await driven.press("enter")
    assert {desk.lead(lead).owner_id for lead in found} == {bea}
    desk.clock.now = datetime(2026, 3, 4, 8, tzinfo=UTC)
    async with driving(desk) as driven:
        assert "back: 2 leads given back" in driven.text()
    assert {desk.lead(lead).owner_id for lead in found} == {mine}
    assert {at(desk.lead(lead).due_at or 0).day for lead in found} == {4}


async def test_a_key_typed_while_it_looks_is_not_another_verb(desk: Desk) -> None:
    people(desk, 3)
    async with driving(desk) as driven:
        await driven.burst("X", "l", "1", "a", "n")
        await driven.settle()
        assert "enrol 3 of 3" in driven.text()
        await driven.press("escape")
    assert live(desk) == []
    assert {one.state for one in table(desk, rows.Lead, "lead")} == {"new"}


async def test_esc_while_it_looks_shows_nothing_later(desk: Desk) -> None:
    people(desk, 3)
    async with driving(desk) as driven:
        await driven.burst("X", "l", "1", "escape")
        await driven.settle()
        assert "enrol 3" not in driven.text()


async def test_a_hostile_name_stays_on_its_line(desk: Desk) -> None:
    lead = desk.new_lead(name="[red]x[/] \x1b[31m" + "田" * 60)
    write(desk.store, Edit.set("lead", lead, city="[/]\u202e"))
    async with driving(desk) as driven:
        await driven.press("l", "1")
        assert all(len(line) <= 80 for line in driven.lines())
        assert "First call" in driven.text()
        assert "\x1b" not in driven.text()
