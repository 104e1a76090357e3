"""One name column: first to greet, last to sort, the whole to show."""

import csv

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sdr.rules.names import Name, more_than_a_name, person
from tests.shared_data import folder


@pytest.mark.parametrize(
    ("cell", "first", "last", "display"),
    [
        ("Ana Ruiz", "Ana", "Ruiz", "Ana Ruiz"),
        ("Ruiz, Ana", "Ana", "Ruiz", "Ana Ruiz"),
        ("Smith, Jr.", "", "Smith", "Smith, Jr."),
        ("John Smith, Jr.", "John", "Smith", "John Smith, Jr."),
        ("Smith, John, Jr.", "John", "Smith", "John Smith, Jr."),
        ("John Smith III", "John", "Smith", "John Smith III"),
        ("Ludwig van Beethoven", "Ludwig", "van Beethoven", "Ludwig van Beethoven"),
        ("van Gogh, Vincent", "Vincent", "van Gogh", "Vincent van Gogh"),
        ("María de la Cruz", "María", "de la Cruz", "María de la Cruz"),
        ("Hans von und zu Stein", "Hans", "von und zu Stein", "Hans von und zu Stein"),
        ("Mohammed Al-Rashid", "Mohammed", "Al-Rashid", "Mohammed Al-Rashid"),
        ("Nguyễn Văn An", "An", "Nguyễn", "Nguyễn Văn An"),
        ("Алексей Иванов", "Алексей", "Иванов", "Алексей Иванов"),
        ("Ann Lee 🚀 | We are hiring", "Ann", "Lee", "Ann Lee"),
        ("Ann Lee - Captain", "Ann", "Lee", "Ann Lee"),
        ("Ann Lee (she/her)", "Ann", "Lee", "Ann Lee"),
        ("Dr. Ann Lee, PhD, MBA", "Ann", "Lee", "Ann Lee"),
        ("Ann Lee MBA", "Ann", "Lee", "Ann Lee"),
        ("Dr. Smith", "", "Smith", "Smith"),
        ('Robert "Bob" Smith', "Robert", "Smith", "Robert Smith"),
        ("Smith, John Q.", "John", "Smith", "John Q. Smith"),
        ("O'Brien, Pat", "Pat", "O'Brien", "Pat O'Brien"),
        ("Mary-Jane Watson", "Mary-Jane", "Watson", "Mary-Jane Watson"),
        ("Li Ma", "Li", "Ma", "Li Ma"),
        ("王小明", "王小明", "", "王小明"),
        ("Madonna", "Madonna", "", "Madonna"),
        ("  ", "", "", ""),
        (" , ", "", "", ""),
    ],
)
def test_person(cell: str, first: str, last: str, display: str) -> None:
    assert person(cell) == Name(first, last, display)


@pytest.mark.parametrize(
    ("cell", "more"),
    [
        ("Ana Ruiz", False),
        ("Ruiz, Ana", False),
        ("Smith, John, Jr.", False),
        ("Mr. John Smith", False),
        ("Ann Lee 🚀 ", False),
        ("  ", False),
        ("Acme [/EMEA]", True),
        ("Ann Smith (EMEA lead)", True),
        ("Ann Lee - Captain", True),
        ("Ann Lee | We are hiring", True),
        ("Dr. Ann Lee", True),
        ("Ann Lee, PhD", True),
        ('Robert "Bob" Smith', True),
        ("(she/her)", True),
    ],
)
def test_a_cell_that_says_more_than_a_name_is_told_apart(cell: str, more: bool) -> None:
    assert more_than_a_name(cell, person(cell).display) is more


def test_international_names_of_the_sample_are_shown_as_written() -> None:
    with folder("groweasy", "11-international-names.csv").open(encoding="utf-8", newline="") as file:
        names = [row["Full Name"] for row in csv.DictReader(file)]
    assert len(names) >= 4
    assert [person(name).display for name in names] == names


@example("Jr.,Jr.")
@example("DR 0,DR")
@given(
    st.one_of(
        st.text(max_size=30),
        st.lists(st.sampled_from(["Ann", "Jr.", ",", "PhD", "Dr.", "van", "|", "("])).map(" ".join),
    )
)
def test_any_text_gives_parts_of_what_was_there(cell: str) -> None:
    found = person(cell)
    assert person(found.display).display == found.display or "," in found.display
    assert all(word in found.display for word in (found.first + " " + found.last).split())


def test_an_aside_between_two_names_leaves_them_two() -> None:
    assert person("Bo [red]Lind[/red]").display == "Bo Lind"
    assert person("Ann(e)Lee").display == "Ann Lee"
    assert person("Ann Müller (geb. Koch)-Schmidt").last == "Müller-Schmidt"
