"""Numbers read without the library's detours: the same answers as the library's own, for every country."""

import random

import phonenumbers as lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.rules import dialling
from sdr.rules.dialling import Number
from sdr.rules.phones import _read

COUNTRIES = sorted(lib.SUPPORTED_REGIONS)


def as_library(number: Number) -> lib.PhoneNumber:
    found = lib.PhoneNumber()
    zeros = len(number.national) - len(number.national.lstrip("0"))
    found.country_code, found.national_number = number.code, int(number.national)
    if zeros:
        found.italian_leading_zero, found.number_of_leading_zeros = True, zeros
    return found


def agrees(number: Number) -> None:
    theirs = as_library(number)
    assert lib.national_significant_number(theirs) == number.national
    assert dialling.kind_and_country(number) == (lib.number_type(theirs), lib.region_code_for_number(theirs))
    assert dialling.international(number) == lib.format_number(theirs, lib.PhoneNumberFormat.INTERNATIONAL)


def same(theirs: lib.PhoneNumber, number: Number) -> None:
    read = (theirs.country_code, lib.national_significant_number(theirs), theirs.extension or "")
    assert read == tuple(number)
    agrees(number)


def examples(country: str) -> list[str]:
    """Numbers of a country, real and slightly wrong, as people write them."""
    found = []
    chance = random.Random(country)
    for kind in range(11):
        example = lib.example_number_for_type(country, kind)
        if example is None:
            continue
        for style in (lib.PhoneNumberFormat.E164, lib.PhoneNumberFormat.INTERNATIONAL, lib.PhoneNumberFormat.NATIONAL):
            found.append(lib.format_number(example, style))
        digits = list(lib.format_number(example, lib.PhoneNumberFormat.E164))
        place = chance.randrange(2, len(digits))
        digits[place] = str(chance.randrange(10))
        found += [f"{found[-1]} ext. 4", f"{found[-2]} x12"]
        found += ["".join(digits), "".join(digits[:-1]), "".join([*digits, "1"])]
    return found


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_is_read_as_the_library_reads_it(country: str) -> None:
    quick = 0
    for text in examples(country):
        for home in (country, "US", "DE"):
            number = dialling.plain(text, home)
            if number is None:
                continue
            quick += 1
            theirs = _read(text, home)
            assert isinstance(theirs, lib.PhoneNumber), (text, home)
            same(theirs, number)
    assert quick


@given(
    st.sampled_from(COUNTRIES),
    st.text("0123456789", min_size=5, max_size=13),
    st.sampled_from(["", "+", "+1", "+44", "+49", "+33", "+7", "+39", "0", "00", "+61 ", "+52 "]),
    st.sampled_from(["", " ext. 12", " x7", "x123456", " EXT 5", " ext.1", "  x 99", "-", " -x1", "x"]),
)
def test_what_is_read_quickly_is_read_the_same(country: str, digits: str, start: str, end: str) -> None:
    text = start + digits + end
    number = dialling.plain(text, country)
    if number is None:
        return
    theirs = _read(text, country)
    assert isinstance(theirs, lib.PhoneNumber)
    same(theirs, number)


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("+34 600 000 000", None, Number(34, "600000000")),
        ("(415) 555-0132", "US", Number(1, "4155550132")),
        ("06 12 34 56 78", "FR", Number(33, "612345678")),
        ("020 7946 0958", "GB", Number(44, "2079460958")),
        ("14155550100", "US", None),  # has it its calling code?
        ("+49 (0)30 123456", None, None),
        ("555-0100", "US", None),
        ("+1 415 555 0100 x12", "US", Number(1, "4155550100", "12")),
        ("+1 415 555 0100 or 12", "US", None),
        ("0600 000 000", "ES", None),
        ("612345678", None, None),
    ],
)
def test_only_what_is_beyond_doubt_is_read(text: str, country: str | None, number: Number | None) -> None:
    assert dialling.plain(text, country) == number
