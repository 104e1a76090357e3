"""Phone numbers as typed: E.164, type, zones; what cannot be dialled says why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers.tzdata import TIMEZONE_DATA

from sdr.models.terms import zone_of
from sdr.rules.identity import Flaw
from sdr.rules.phones import Phone, _closely, _spelled, phone
from sdr.rules.places import zone_named


@pytest.mark.parametrize(
    ("cell", "country", "e164", "kind"),
    [
        ("+34 600 000 000", None, "+34600000000", "mobile"),
        ("0600 000 000", "FR", "+33600000000", "mobile"),
        ("+44 20 7946 0958", "US", "+442079460958", "landline"),
        ("(415) 555-0132", "US", "+14155550132", "mobile or landline"),
        ("14155550100.0", "US", "+14155550100", "mobile or landline"),
        ("14155550100.0", None, "+14155550100", "mobile or landline"),
        ("14155550100", "GB", "+14155550100", "mobile or landline"),
        ("4915123456789", "DE", "+4915123456789", "mobile"),
        ("4915123456789", None, "+4915123456789", "mobile"),
        ("+49 (0)30 123456", None, "+4930123456", "landline"),
        ("0049 30 123456", None, "+4930123456", "landline"),
        ("0049 30 123456", "US", "+4930123456", "landline"),
        ("0011 49 30 123456", "AU", "+4930123456", "landline"),
        ("030/123456", "DE", "+4930123456", "landline"),
        ("tel:+14155550100", None, "+14155550100", "mobile or landline"),
        ("'+14155550100", None, "+14155550100", "mobile or landline"),
        ("+1 800 555 1234", None, "+18005551234", "toll-free"),
        ("9876543210", "IN", "+919876543210", "mobile"),
        ("+84 912 345 678", None, "+84912345678", "mobile"),
        ("+80012345678", None, "+80012345678", "toll-free"),
    ],
)
def test_numbers_are_read(cell: str, country: str | None, e164: str, kind: str) -> None:
    found = phone(cell, country)
    assert isinstance(found, Phone)
    assert (found.e164, found.type, found.valid) == (e164, kind, True)


@pytest.mark.parametrize(
    ("cell", "country", "says"),
    [
        ("555-0100", "US", "local number without its area code"),
        ("555-0100", None, "local number without its area code"),
        ("+1 555-0100", None, "local number without its area code"),
        ("9876543210", None, "number without its country code"),
        ("4930123456", None, "number without its country code"),
        ("13912345678", None, "number without its country code"),
        ("n/a", "US", "not a phone number"),
        ("", None, "not a phone number"),
        ("123", "US", "number is too short"),
        ("+1415555010012345", None, "number is too long"),
        ("1.41556E+10", "US", "number was rounded by a spreadsheet"),
    ],
)
def test_what_cannot_be_dialled(cell: str, country: str | None, says: str) -> None:
    assert phone(cell, country) == Flaw(says)


def test_a_number_kept_for_films_is_kept() -> None:
    found = phone("07700 900123", "GB")
    assert isinstance(found, Phone)
    assert found == Phone("+447700900123", "unknown", "GB", ("Europe/London",), valid=False, shown=found.shown)


def test_extension_and_second_number_are_kept_apart() -> None:
    found = phone("+1 415 555 0100 x123", None)
    assert isinstance(found, Phone)
    assert (found.e164, found.extension) == ("+14155550100", "123")
    two = phone("415 555 0100 / 415 555 0101", "US")
    assert isinstance(two, Phone)
    assert (two.e164, two.extra) == ("+14155550100", "415 555 0101")


@pytest.mark.parametrize(
    ("cell", "country", "zones"),
    [
        ("+91 98765 43210", "IN", ("Asia/Kolkata",)),
        ("+353 1 234 5678", "IE", ("Europe/Dublin",)),
        ("+34 600 000 000", "ES", ("Europe/Madrid", "Atlantic/Canary")),
        ("+61 8 8212 3456", "AU", ("Australia/Adelaide", "Australia/Perth")),
        ("+1 208 555 0123", "US", ("America/Boise", "America/Los_Angeles")),
        ("+44 7911 123456", "GG", ("Europe/Guernsey",)),
        ("+80012345678", None, ()),
    ],
)
def test_country_and_zones(cell: str, country: str | None, zones: tuple[str, ...]) -> None:
    found = phone(cell, None)
    assert isinstance(found, Phone)
    assert (found.country, found.zones) == (country, zones)


def test_a_toll_free_number_may_be_anywhere_in_the_country() -> None:
    found = phone("+1 800 555 1234", None)
    assert isinstance(found, Phone)
    assert found.zones[0] == "America/New_York"
    assert len(found.zones) > 6


def test_every_zone_of_the_library_has_its_canonical_name() -> None:
    names = {name for zones in TIMEZONE_DATA.values() for name in zones}
    for name in names:
        canonical = zone_named(name)
        assert canonical
        assert zone_of(canonical)
    assert zone_named("Asia/Calcutta") == "Asia/Kolkata"


@given(st.text(st.characters(exclude_categories=()), max_size=20), st.sampled_from([None, "US", "DE", "AU", "ZZ"]))
def test_any_text_is_read_or_refused(cell: str, country: str | None) -> None:
    assert isinstance(phone(cell, country), Phone | Flaw)


@given(st.integers(2_000_000_000, 9_999_999_999))
def test_reading_e164_again_changes_nothing(national: int) -> None:
    found = phone(str(national), "US")
    if isinstance(found, Phone):
        assert phone(found.e164, None) == found
        assert phone(f"{national}.0", "US") == found


SPELLED = st.text(st.sampled_from("+(0123456789) -./xe\t"), min_size=1, max_size=24)
USUAL = st.tuples(
    st.sampled_from(["", "+", "00", "0", "(0", "+1", "+49 ", "+34", "0044 ", "1", "tel:", "'"]),
    st.integers(1_000_000, 999_999_999_999).map(str),
    st.sampled_from(["", ".0", " x23", " ext. 4", " ", "0", " / 555 1234567", " or 4155550100"]),
).map("".join)


@given(SPELLED | USUAL, st.sampled_from([None, "US", "DE", "AU", "GB", "ES", "ZZ"]))
def test_a_number_read_at_once_is_the_number_looked_at_closely(text: str, country: str | None) -> None:
    assert phone(text, country) == _closely(_spelled(text, country), country)
