"""Keys here and every verb: read from the real bindings, with the rep's own keys; what cannot be done says why."""

import pytest

from sdr.desk import triage
from sdr.screens.help import sheet
from sdr.screens.palette import Entry, matching
from tests.desks import Desk
from tests.screens.desk_app import Driven, driving


async def sheet_of(driven: Driven) -> str:
    """The whole help, scrolled through."""
    await driven.press("question_mark")
    seen = driven.text()
    await driven.press(*["j"] * 30)
    return seen + driven.text()


async def test_the_help_lists_what_the_screen_below_really_binds(desk: Desk) -> None:
    desk.new_lead()
    async with driving(desk) as driven:
        text = await sheet_of(driven)
        for words in ("a         accept", "Shift+Tab previous split", "/         filter", "u         take back",
                      "g x       day's end", "?         keys here"):  # fmt: skip
            assert words in text
        await driven.press("escape", "v", "question_mark")
        assert "Enter     what it changed" in driven.text()
        assert "previous split" not in driven.text()


async def test_the_help_shows_the_rep_s_own_keys(desk: Desk) -> None:
    async with driving(desk, keys={"lead.accept": "A"}, profile="strict-vim") as driven:
        text = await sheet_of(driven)
        assert "A         accept" in text
        assert " a         accept" not in text
        assert "H         hand off" in text


async def test_the_key_that_opened_the_help_closes_it_and_a_colon_goes_on_to_the_verbs_below(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("question_mark", "question_mark")
        assert driven.place == "QueueScreen"
        await driven.press("question_mark", "colon")
        assert driven.place == "PaletteScreen"
        await driven.type("accept")
        assert "accept" in driven.lines()[3]
        await driven.press("escape", "escape")
        assert driven.place == "QueueScreen"


def test_no_block_of_the_help_is_broken() -> None:
    blocks = [[[(f"{name}{n}", "")] for n in range(size)] for name, size in (("a", 5), ("b", 3), ("c", 4))]
    rows = sheet(blocks, 80).plain.split("\n")
    assert [row.split() for row in rows] == [["a0", "b0"], ["a1", "b1"], ["a2", "b2"], ["a3", "c0"], ["a4", "c1"],
                                             ["c2"], ["c3"]]  # fmt: skip
    assert len(sheet(blocks, 30).plain.split("\n")) == 12


async def test_a_verb_found_by_typing_is_done_on_the_screen_below(desk: Desk) -> None:
    lead = desk.new_lead()
    async with driving(desk) as driven:
        await driven.press("colon")
        await driven.type("acc")
        await driven.press("enter")
        assert driven.place == "QueueScreen"
        assert desk.lead(lead).state == "working"


async def test_a_verb_that_asks_asks_on_the_screen_below(desk: Desk) -> None:
    lead = desk.new_lead()
    async with driving(desk) as driven:
        await driven.press("colon")
        await driven.type("snooze")
        await driven.press("enter", "3")
        assert desk.lead(lead).snoozes == 1


async def test_places_are_there_too(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("colon")
        await driven.type("go all")
        await driven.press("enter")
        assert driven.place == "LeadsScreen"


async def test_the_cursor_chooses_and_esc_goes_first_for_what_was_typed(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("colon")
        await driven.type("go to")
        first = driven.lines()[3]
        await driven.press("down", "down", "up")
        assert driven.lines()[4].startswith(" ▶ ")
        assert first != driven.lines()[4]
        await driven.press("escape")
        assert driven.place == "PaletteScreen"
        await driven.press("escape")
        assert driven.place == "QueueScreen"


async def test_without_a_lead_the_lead_verbs_say_so_and_are_not_done(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("colon")
        await driven.type("accept")
        assert "no lead under the cursor" in driven.lines()[3]
        await driven.press("enter")
        assert driven.place == "PaletteScreen"
        assert driven.lines()[-1].strip() == "accept: no lead under the cursor"


async def test_a_closed_lead_says_why_and_what_still_works_does(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(triage.reject, lead, "student")
    async with driving(desk) as driven:
        await driven.press("g", "l", "colon")
        await driven.type("snooze")
        assert "this lead is closed (rejected)" in driven.lines()[3]
        await driven.press("escape")
        await driven.type("note")
        assert "closed" not in driven.lines()[3]
        await driven.press("escape")
        await driven.type("repeat")
        assert "no verb to repeat yet" in driven.lines()[3]


async def test_no_word_of_a_lead_is_in_the_palette(desk: Desk) -> None:
    desk.new_lead(name="Zebedee [/]", company="Quux")
    async with driving(desk, (120, 40)) as driven:
        await driven.press("colon")
        assert "Zebedee" not in driven.text()
        assert "Quux" not in driven.text()


ENTRIES = tuple(Entry("", words) for words in ("mark", "mark all shown", "back", "hand off", "go to handoffs"))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("ma", [0, 1]),
        ("mark sh", [1]),
        ("mas", [1]),  # first letters
        ("hand", [3, 4]),
        ("off", [3, 4]),  # a word that begins so before one that holds it
        ("zzz", []),
        ("HÁND", [3, 4]),
    ],
)
def test_words_find_entries(typed: str, found: list[int]) -> None:
    assert matching(typed, ENTRIES) == found


async def test_remapped_keys_work_and_the_old_ones_do_not(desk: Desk) -> None:
    lead = desk.new_lead()
    async with driving(desk, keys={"lead.accept": "A"}) as driven:
        assert "A accept" in driven.lines()[-2]
        await driven.press("a")
        assert desk.lead(lead).state == "new"
        await driven.press("A")
        assert desk.lead(lead).state == "working"


async def test_a_key_map_that_cannot_work_is_told_at_the_start(desk: Desk) -> None:
    async with driving(desk, (160, 24), keys={"lead.acept": "A", "lead.note": "x"}) as driven:
        assert "no verb is called “lead.acept”; did you mean lead.accept? (and " in driven.lines()[-1]
    async with driving(desk, keys={"lead.accept": "A"}) as driven:
        assert driven.lines()[-1].strip() == ""
