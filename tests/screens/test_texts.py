"""The message texts by keys: the list, one text with its placeholders, what changed, changing, approving, retiring."""

from __future__ import annotations

import pytest

from sdr.desk.drip import enroll, touch
from sdr.desk.texts import approve, change_text, load_texts
from sdr.models.terms import at
from sdr.store import rows
from sdr.store.changes import Edit
from sdr.store.queries import playbook, texts
from tests.desks import Desk, write
from tests.screens.desk_app import Driven, driving

OWN = '[[template]]\nkey = "a-own"\nchannel = "call"\nowner = "[/] Kim"\ntext = "{first_name|Hello}, [bold]?"\n'


def text(desk: Desk, key: str = "a-own") -> rows.Template:
    found = desk.store.read(texts.in_force, key).result(10)
    assert found is not None
    return found


async def down_to(driven: Driven, key: str) -> str:
    """The row of a text, with the cursor on it."""
    for _ in range(40):
        row = next((line for line in driven.lines() if "▶" in line), "")
        if key in row:
            return row
        await driven.press("j")
    raise AssertionError(f"{key} is not in the list")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_list_says_whose_they_are_how_they_stand_and_what_they_came_to(
    desk: Desk, size: tuple[int, int]
) -> None:
    lead = desk.new_lead()
    desk.act(enroll, lead, desk.store.read(playbook.cadence).result(10)[0], at_step=2)
    desk.clock.now = at(desk.lead(lead).due_at or 0)
    desk.act(touch, lead, None)
    write(desk.store, Edit.set("lead", lead, qualified_at=1))
    desk.act(load_texts, OWN)
    async with driving(desk, size) as driven:
        await driven.press("g", "m")
        assert driven.place == "TextsScreen"
        lines = driven.lines()
        assert lines[0].startswith(" texts  ")
        assert "1 to approve" in lines[0]
        [own] = [line for line in lines if "a-own" in line]
        assert "[/] Kim" in own
        assert "to approve" in own
        assert "stands   not approved yet" in driven.text()
        assert "{first_name|Hello}, [bold]?" in driven.text()
        sent = await down_to(driven, "mail-introduction")
        assert sent.split()[-4:] == ["1", "1", "of", "1"]
        assert "approved" in sent


async def test_the_trial_of_a_text_is_told_with_its_counts(desk: Desk) -> None:
    from sdr.desk.cadences import load_cadence

    desk.act(load_cadence, (
        'name = "Trial"\nversion = 1\n[[step]]\nname = "Mail"\nchannel = "email"\ndelay = "0m"\n'
        'variants = ["mail-case", "mail-goodbye"]\n'
    ))  # fmt: skip
    newest = max(one.id for one in desk.store.read(playbook.cadences).result(10))
    for number in range(8):
        more = {"email": f"p@acme{number}.example", "phone": f"+3460000{number:04}", "company": f"Acme {number}"}
        lead = desk.new_lead(**more)
        desk.act(enroll, lead, newest)
        desk.clock.now = max(desk.clock.now, at(desk.lead(lead).due_at or 0))
        desk.act(touch, lead, None)
    async with driving(desk) as driven:
        await driven.press("g", "m")
        await down_to(driven, "mail-case")
        assert "trial    cannot tell yet, need 150 per arm · A 0 of" in driven.text()


async def test_a_text_is_read_with_its_placeholders_and_what_they_are(desk: Desk) -> None:
    desk.act(load_texts, OWN)
    async with driving(desk) as driven:
        await driven.press("g", "m", "enter")
        assert driven.place == "TextScreen"
        shown = driven.text()
        assert "a-own  call, version 1 · [/] Kim" in shown
        assert "{first_name|Hello}, [bold]?" in shown
        assert "{first_name}  their first name" in shown
        assert "e change it  a approve  R retire  Esc back" in shown
        await driven.press("j", "k", "escape")
        assert driven.place == "TextsScreen"


async def test_a_changed_text_shows_the_words_and_is_approved_by_name(desk: Desk) -> None:
    desk.act(load_texts, OWN)
    desk.act(approve, "a-own", "Kim")
    desk.act(change_text, "a-own", None, "{first_name|Hello}, [bold] and why?")
    async with driving(desk) as driven:
        await driven.press("g", "m", "enter", "d")
        assert "{first_name|Hello}, [-[bold]?-]{+[bold] and why?+}" in driven.text()
        assert "changed since Kim approved it, 2 Mar 2026" in driven.text()
        await driven.press("d")
        assert "[-" not in driven.text()
        await driven.press("a", "enter")
        assert "an approval needs a name" in driven.text()
        await driven.type("Iris")
        await driven.press("enter")
        assert "text “a-own” version 2 approved by Iris" in driven.text()
        assert "approved by Iris, 2 Mar 2026" in driven.lines()[0]
        await driven.press("u")
    assert text(desk).approved_by == "Kim"


async def test_a_text_is_changed_in_place_and_becomes_a_version(desk: Desk) -> None:
    desk.act(load_texts, OWN)
    async with driving(desk) as driven:
        await driven.press("g", "m", "enter", "e")
        assert "Esc done changing" in driven.text()
        await driven.press(*["down"] * 9, "end", *" {frist_name}", "escape")
        assert "line 1, column 29: {frist_name} is no placeholder; did you mean" in driven.text()
        await driven.press(*["backspace"] * 13, "enter", *"Why now?", "escape")
        assert "Enter: keep it as version 2; mass steps send it once it is approved" in driven.text()
        await driven.press("enter")
        assert "text “a-own” changed: version 2" in driven.text()
        assert "a-own  call, version 2" in driven.lines()[0]
    assert text(desk).text == "{first_name|Hello}, [bold]?\nWhy now?"


async def test_what_cannot_be_kept_is_left_by_a_second_esc(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("g", "m", "j", "enter", "e", "{", "escape", "escape")
        assert "left as it was" in driven.text()
        assert driven.place == "TextScreen"
        await driven.press("e", "escape")
        assert "Enter:" not in driven.text()
    assert text(desk, "call-first").version == 1


async def test_a_text_retires_and_comes_back(desk: Desk) -> None:
    desk.act(load_texts, OWN)
    async with driving(desk) as driven:
        await driven.press("g", "m", "R")
        assert "retire “a-own”: no step sends it from today" in driven.text()
        await driven.press("enter")
        assert "retired on 2 Mar 2026" in driven.text()
        assert "R bring it back" in driven.text()
        await driven.press("R", "enter")
        assert "text “a-own” is back" in driven.text()
    assert text(desk).retires_on is None


async def test_a_mail_is_changed_with_its_subject(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("g", "m")
        await driven.press("colon", *"go to message texts", "enter")
        assert driven.place == "TextsScreen"
        await down_to(driven, "after-voicemail")
        await driven.press("enter", "e", *["up"] * 20, "end", *", again", "escape", "enter")
    assert text(desk, "after-voicemail").subject == "My message on your voicemail, again"
