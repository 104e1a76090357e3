"""One lead's history on screen: what happened, what was said, what changed, and the verbs that act on it."""

import pytest

from sdr.desk import triage
from tests.desks import Desk
from tests.screens.desk_app import Driven, driving


@pytest.fixture
def lead(desk: Desk) -> int:
    """A lead with a past: accepted, a note, an answer, and a snooze that was taken back."""
    made = desk.new_lead(source_id=desk.source())
    desk.clock.pass_(minutes=5)
    desk.act(triage.accept, made)
    desk.clock.pass_(hours=2)
    desk.act(triage.note, made, "wants a price [bold]today[/]\nand asked twice")
    desk.act(triage.answer, made, {"budget": "yes"})
    desk.clock.pass_(hours=1)
    desk.act(triage.snooze, made, desk.clock.pass_(hours=24))
    desk.store.undo().result(10)
    return made


def entries(driven: Driven) -> list[str]:
    """The lines of the timeline, from its first."""
    lines = driven.lines()
    rules = [n for n, line in enumerate(lines) if line.startswith(" ───")]
    return [line[3:79].rstrip() for line in lines[rules[1] + 1 : rules[2]]]


async def test_newest_first_with_what_was_said_and_what_was_taken_back(desk: Desk, lead: int) -> None:
    async with driving(desk) as driven:
        driven.app.open_place("history", lead=lead)
        await driven.settle()
        assert driven.lines()[0].split() == [
            "history",
            "Ana",
            "Ruiz",
            "·",
            "Acme",
            "Pumps",
            "5",
            "acts",
            "·",
            "1",
            "taken",
            "back",
        ]
        told = entries(driven)
        assert "taken back" in told[0]
        assert "snoozed" in told[0]
        assert "budget yes · score 20" in told[1]
        assert "note kept" in told[2]
        assert told[3:5] == ["    wants a price [bold]today[/]", "    and asked twice"]
        assert "accepted" in told[5]
        assert "1 d  ana" in told[5]


async def test_enter_opens_what_an_act_changed_and_closes_it(desk: Desk, lead: int) -> None:
    async with driving(desk) as driven:
        driven.app.open_place("history", lead=lead)
        await driven.settle()
        await driven.press("j", "enter")
        told = " ".join(entries(driven))
        assert "new answer" in told
        assert "criterion budget, level yes" in " ".join(told.split())
        assert "0 → 20" in told
        await driven.press("enter")
        assert "0 → 20" not in driven.text()


async def test_the_score_is_told_part_by_part(desk: Desk, lead: int) -> None:
    async with driving(desk) as driven:
        driven.app.open_place("history", lead=lead)
        await driven.settle()
        await driven.press("tab")
        text = driven.text()
        assert "score 20 of 75 needed · known 1/5" in text
        assert "+20 budget           ✓ yes, named" in text
        assert "? who decides      must have" in text
        assert 'would with "' in text
        await driven.press("tab")
        assert "score 20 of 75" not in driven.text()


async def test_wide_screens_show_card_score_and_acts_together(desk: Desk, lead: int) -> None:
    async with driving(desk, (120, 40)) as driven:
        driven.app.open_place("history", lead=lead)
        await driven.settle()
        text = driven.text()
        assert "snoozed" in text
        assert "reach +34600000001" in text
        assert "score 20 of 75 needed" in text


async def test_a_verb_here_is_written_and_stands_on_top_at_once(desk: Desk, lead: int) -> None:
    async with driving(desk) as driven:
        driven.app.open_place("history", lead=lead)
        await driven.settle()
        await driven.press("n")
        await driven.type("second note")
        await driven.press("enter")
        told = entries(driven)
        assert "note kept" in told[0]
        assert told[1] == "    second note"
        await driven.press("u")
        assert "taken back" in entries(driven)[0]
        assert "    second note" not in entries(driven)


async def test_the_cursor_stays_on_its_act_when_a_newer_one_comes(desk: Desk, lead: int) -> None:
    async with driving(desk) as driven:
        driven.app.open_place("history", lead=lead)
        await driven.settle()
        await driven.press("j")
        assert "▶" in next(line for line in driven.lines() if "budget yes" in line)
        done = desk.act(triage.note, lead, "from elsewhere")
        driven.app.changed.publish(done.leads)
        await driven.settle()
        assert "▶" in next(line for line in driven.lines() if "budget yes" in line)


async def test_a_long_note_is_scrolled_through_line_by_line_both_ways(desk: Desk, lead: int) -> None:
    desk.act(triage.note, lead, "\n".join(f"line {n}." for n in range(1, 31)))
    async with driving(desk) as driven:
        driven.app.open_place("history", lead=lead)
        await driven.settle()
        page = len(entries(driven))
        assert f"line {page - 1}." in driven.text()
        await driven.press("j", "j", "j")
        assert entries(driven)[0].strip() == "line 3."
        assert entries(driven)[-1].strip() == f"line {page + 2}."
        await driven.press("k")
        assert entries(driven)[0].strip() == "line 2."
        await driven.press(*["j"] * (29 - page))
        assert entries(driven)[-1].strip() == "line 30."
        await driven.press("j")
        assert "▶" in next(line for line in driven.lines() if "snoozed" in line)
        await driven.press("end")
        assert "new lead" in entries(driven)[-1]
        await driven.press("pageup", "home")
        assert "note kept" in entries(driven)[0]


async def test_the_key_that_opened_it_closes_it(desk: Desk, lead: int) -> None:
    async with driving(desk) as driven:
        await driven.press("v")
        assert driven.place == "HistoryScreen"
        await driven.press("v")
        assert driven.place == "QueueScreen"


async def test_a_lead_that_is_not_there_says_so(desk: Desk) -> None:
    async with driving(desk) as driven:
        driven.app.open_place("history", lead=1)
        await driven.settle()
        assert "there is no such lead" in driven.lines()[0]
        await driven.press("a", "n", "escape", "enter", "tab", "escape")
        assert driven.place == "QueueScreen"
