"""What a row says as clean values, and that nothing it says vanishes: a value, a flaw or a text left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.rules.told import LONGEST, LONGEST_NOTE, MOST_KEPT, OFTEN, keeping, told, told_again

FIELDS = [*sorted(OFTEN), "company", "tags", "email", "notes", "do_not_call", "name", "phone", "cost", "arrived_at"]
CELLS = [
    "", " ", "Ana", "de", "Kenia", "51-200", "many", "a;b", "x" * 501, "J\u00fcrgen\t", "Europe/Berlin",
    "+34600000001", "ana@acme.example",
]  # fmt: skip
MANY = "; ".join(f"+3460000000{digit}" for digit in range(1, 6))


@pytest.mark.parametrize(
    "cells",
    [
        {"name": "Ruiz, Ana", "email": "Ana Ruiz <ana@acme.example>"},
        {"name": "Mr. John Smith", "email": "mailto:John@acme.example"},
        {"email": "E-Mail: ann@acme.example"},
        {"email": "o'brien@acme.example; Ann@acme.example"},
        {"domain": "gmail.com"},
        {"do_not_call": "Yes", "do_not_email": "opted-out"},
        {"do_not_call": "no", "tags": "vip; show", "country": "Spain", "cost": "105.00"},
    ],
)
def test_what_is_read_whole_leaves_nothing_out(cells: dict[str, str]) -> None:
    assert told(cells).left_out == []


@pytest.mark.parametrize(
    ("cells", "note"),
    [
        ({"name": "Ann Smith (EMEA lead)"}, "name in the file: Ann Smith (EMEA lead)"),
        ({"email": "Bob <ann@x.example>", "name": "Ann Lee"}, "e-mail in the file: Bob <ann@x.example>"),
        ({"email": "ann@x.example Ann"}, "e-mail in the file: ann@x.example Ann"),
        ({"name": "ann@x.example", "email": "ann@x.example Ann"}, "e-mail in the file: ann@x.example Ann"),
        ({"email": "ann@x.example (private)"}, "e-mail in the file: ann@x.example (private)"),
        (
            {"email": "a@x.example; b@x.example", "email_2": "c@x.example"},
            "second e-mail in the file: c@x.example",
        ),
        ({"email": "ann x.example"}, "e-mail in the file: ann x.example (e-mail has no @)"),
        ({"phone": MANY}, "phone in the file: +34600000005"),
        ({"country": "EMEA"}, "country in the file: EMEA (country is not known)"),
        ({"zone": "here"}, "zone in the file: here (time zone is not known)"),
        ({"employees": "many"}, "employees in the file: many (number of employees is not a number)"),
        ({"cost": "a lot"}, "cost in the file: a lot (cost is not an amount)"),
        ({"domain": "on request"}, "domain in the file: on request"),
        ({"do_not_call": "since 3 May"}, "do not call in the file: since 3 May"),
        ({"tags": f"vip; {'x' * 61}"}, f"tags in the file: vip; {'x' * 61}"),
        ({"company": "A" * (LONGEST + 1)}, f"company in the file: {'A' * (LONGEST + 1)}"),
        ({"first_name": "A" * (LONGEST + 1)}, f"first name in the file: {'A' * (LONGEST + 1)}"),
    ],
)
def test_what_no_field_holds_is_a_note(cells: dict[str, str], note: str) -> None:
    assert told(cells).notes("in the file") == [note]


def test_a_note_that_is_cut_says_so() -> None:
    assert [word for word, _ in told({"notes": "n" * (LONGEST_NOTE + 1)}).flaws] == ["notes"]
    assert told({"notes": "n" * LONGEST_NOTE}).flaws == []


WORDS = st.sampled_from(
    ["ann@x.example", "Ann", "(", ")", "[", "]", "-", "|", "555", "+34600000001", ";", ",", "x@", "<", ">"]
)


@given(
    st.dictionaries(
        st.sampled_from(["name", "email", "phone", "company", "country"]), st.lists(WORDS, max_size=6).map(" ".join)
    )
)
def test_every_word_of_a_row_is_in_a_value_or_a_note(cells: dict[str, str]) -> None:
    found = told(cells)
    kept = f"{found.values} {found.notes('')}"
    for text in cells.values():
        for word in ("ann@x.example", "Ann", "+34600000001"):
            assert word not in text.split() or word in kept


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(FIELDS),
            st.sampled_from(CELLS),
        ),
        max_size=8,
    )
)
def test_what_other_rows_said_changes_nothing(rows: list[dict[str, str]]) -> None:
    kept = keeping(FIELDS)
    for cells in (*rows, *rows):
        found, _ = told_again(cells.items(), "US", "EUR", kept)
        alone = told({word: text for word, text in cells.items() if text.strip()}, "US", "EUR")
        assert (found, list(found.values)) == (alone, list(alone.values))


def test_readings_are_let_go_when_they_are_many() -> None:
    kept = keeping(["city"])
    for number in range(MOST_KEPT + 10):
        told_again([("city", f"Place {number}")], None, None, kept)
    assert len(kept["city"]) <= MOST_KEPT
