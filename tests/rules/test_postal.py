"""Postal addresses: what is delivered to, and what says no more than a town."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.rules.postal import Place, address_lines, country_name, delivered_to

MADRID = Place("Madrid", "28013", "Madrid", "ES")
AUSTIN = Place("Austin", "78701", "TX", "US")
NAMES = ("Ana Ruiz", "Acme Pumps")


@pytest.mark.parametrize(
    ("written", "place", "home", "lines"),
    [
        ("Gran Vía 5", MADRID, "ES", ("Gran Vía 5", "28013 Madrid")),
        ("Gran Vía 5\n28013 Madrid", MADRID, "ES", ("Gran Vía 5", "28013 Madrid")),
        ("Gran Vía 5 / 28013 Madrid", MADRID, "DE", ("Gran Vía 5", "28013 Madrid", "SPAIN")),
        ("Gran Vía 5 / 28013 Madrid / Spain", MADRID, "DE", ("Gran Vía 5", "28013 Madrid", "Spain")),
        ("Ana Ruiz\nAcme Pumps\nGran Vía 5", MADRID, "ES", ("Gran Vía 5", "28013 Madrid")),
        ("1 Congress Ave", AUSTIN, "US", ("1 Congress Ave", "Austin, TX 78701")),
        ("PO Box 12", AUSTIN, "ES", ("PO Box 12", "Austin, TX 78701", "UNITED STATES")),
        ("Madrid Street 1", Place("Madrid"), None, ("Madrid Street 1",)),
        ("Madrid", MADRID, "ES", ()),
        ("28013 Madrid", MADRID, "ES", ()),
        ("Madrid, ES", MADRID, "ES", ()),
        ("28013 Madrid / Spain", MADRID, "ES", ()),
        ("Acme Pumps\nMadrid", MADRID, "ES", ()),
        ("Austin, TX 78701", AUSTIN, "US", ()),
        ("", MADRID, "ES", ()),
        (" / , ", MADRID, "ES", ()),
        ("Gran Vía 5", Place(), None, ("Gran Vía 5",)),
    ],
)
def test_an_address_needs_more_than_a_town(
    written: str, place: Place, home: str | None, lines: tuple[str, ...]
) -> None:
    assert delivered_to(written, place, NAMES, home) == lines


def test_lines_are_parted_by_line_ends_or_a_slash_between_blanks() -> None:
    assert address_lines("Gran Vía 5/2 / 28013  Madrid,\r\n\x00Spain ") == ("Gran Vía 5/2", "28013 Madrid", "Spain")


def test_countries_have_their_english_name_first() -> None:
    assert (country_name("DE"), country_name("PL"), country_name("XX")) == ("Germany", "Poland", "XX")


@given(text=st.text(max_size=80), city=st.none() | st.text(max_size=20), country=st.sampled_from([None, "ES", "US"]))
def test_any_text_gives_lines_without_line_ends_or_nothing(text: str, city: str | None, country: str | None) -> None:
    found = delivered_to(text, Place(city, None, None, country), NAMES, "ES")
    assert all(line.strip() and "\n" not in line for line in found)
