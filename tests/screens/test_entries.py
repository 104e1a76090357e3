"""A lead's timeline in words: times, what was said, what changed; cut and wrapped by cells, never markup."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.models.terms import ms
from sdr.screens.entries import Told, edit_lines, entry_lines, value_words
from sdr.screens.lines import Part, length
from sdr.screens.look import ASCII
from sdr.store.queries.leads import Entry, FieldEdit, Words
from tests.desks import MONDAY

MADRID = "Europe/Madrid"


def told(
    summary: str = "Ana Ruiz: accepted", undone: bool = False, words: tuple[Words, ...] = (), edits: object = None,
    by: str = "ana", back: timedelta = timedelta(0), name: str = "Ana Ruiz",
) -> Told:  # fmt: skip
    entry = Entry(1, ms(MONDAY - back), by, "accept", summary, undone)
    return Told(entry, words, edits, name, MADRID, MONDAY)  # type: ignore[arg-type]


def plain(lines: list[list[Part]]) -> list[str]:
    return ["".join(text for text, _look in line) for line in lines]


def texts(one: Told, width: int = 78) -> list[str]:
    return plain([list(line) for line in entry_lines(one, width)])


@pytest.mark.parametrize(
    ("back", "start"),
    [
        (timedelta(minutes=6), "09:54              6 min"),
        (timedelta(days=3), "Fri 27 Feb 10:00     3 d"),
        (timedelta(days=400), "26 Jan 2025 10:00   57 w"),
    ],
)
def test_times_are_the_rep_s_with_how_long_ago(back: timedelta, start: str) -> None:
    assert texts(told(back=back))[0].startswith(start)


def test_the_name_on_the_screen_is_not_said_again() -> None:
    assert texts(told())[0].endswith("accepted")
    assert texts(told(summary="import fair.csv: 3 new"))[0].endswith("import fair.csv: 3 new")


def test_an_act_of_somebody_merged_says_whose_it_was() -> None:
    one = told(summary="Anna Reyes: note kept")
    mine = entry_lines(one._replace(entry=one.entry._replace(whose="Anna Reyes")), 78)
    assert plain([list(mine[0])])[0].endswith("Anna Reyes  note kept")
    assert [look for text, look in mine[0] if "Anna" in text] == ["now"]
    same = entry_lines(told()._replace(entry=told().entry._replace(whose="Ana Ruiz")), 78)
    assert plain([list(same[0])])[0].endswith("Ana Ruiz  accepted")


def test_a_taken_back_act_says_so_in_words() -> None:
    lines = entry_lines(told(undone=True), 78)
    assert "taken back" in texts(told(undone=True))[0]
    assert [look for text, look in lines[0] if "accepted" in text] == ["dim"]


def test_words_stand_whole_under_their_act() -> None:
    note = "one two three four " * 20
    lines = texts(told(words=(Words(1, "note", note), Words(1, "said", "leaks\nat three sites"))), 60)
    assert " ".join(" ".join(lines[1:]).split()) == f"{note}“leaks at three sites”"
    assert lines[-2:] == ["    “leaks", "    at three sites”"]


def test_edits_stand_under_an_open_entry_only() -> None:
    edits = (
        FieldEdit("lead", 5, "set", "state", "new", "working"),
        FieldEdit("lead", 5, "set", "due_at", None, ms(MONDAY)),
        FieldEdit("answer", 6, "new", "criterion", None, "budget"),
        FieldEdit("answer", 6, "new", "level", None, "yes"),
        FieldEdit("promise", 7, "end", "", None, None),
    )
    assert len(texts(told())) == 1
    assert [line.split() for line in texts(told(edits=edits))[1:]] == [
        ["state", "new", "→", "working"],
        ["due", "at", "nothing", "→", "2026-03-02", "10:00"],
        ["new", "answer", "criterion", "budget,", "level", "yes"],
        ["promise", "ended"],
    ]
    assert texts(told(edits=()))[1].strip() == "nothing about this lead itself"
    assert "->" in plain([list(line) for line in edit_lines(edits, MADRID, 60, ASCII)])[0]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("score", 0, "0"), ("title", "", "nothing"), ("until", None, "nothing"), ("tag:hot", True, "yes"),
     ("respond_by", ms(MONDAY), "2026-03-02 10:00"), ("note", "x" * 900, "x" * 200)],
)  # fmt: skip
def test_values_are_said_as_people_read_them(field: str, value: object, words: str) -> None:
    assert value_words(field, value, MADRID) == words


@given(
    summary=st.text(max_size=300), by=st.text(max_size=40), words=st.text(min_size=1, max_size=300),
    value=st.text(max_size=300), width=st.integers(40, 160), undone=st.booleans(),
)  # fmt: skip
def test_no_text_breaks_the_width(summary: str, by: str, words: str, value: str, width: int, undone: bool) -> None:
    edits = (FieldEdit("lead", 5, "set", "title", value, None), FieldEdit("event", 6, "new", "text", None, value))
    one = told(summary, undone, (Words(1, "note", words),), edits, by)
    lines = [list(line) for line in entry_lines(one, width)]
    assert all(length(line) <= width for line in lines)
    assert not any("\x1b" in line or "\n" in line for line in plain(lines))
