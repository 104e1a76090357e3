"""Card, account and identity numbers in a note are seen; telephones, dates and orders are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.rules.special import special_data, warning

CARD, BANK, NATIONAL = "a card number", "a bank account (IBAN)", "a national identity number"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pays by 4111 1111 1111 1111, exp 12/27", (CARD,)),
        ("5500-0055-5555-5559", (CARD,)),
        ("378282246310005", (CARD,)),
        ("IBAN DE89 3704 0044 0532 0130 00 please", (BANK,)),
        ("es9121000418450200051332", (BANK,)),
        ("DNI 12345678Z", (NATIONAL,)),
        ("nie x1234567l", (NATIONAL,)),
        ("SSN 078-05-1120", ("a social security number",)),
        ("NI AB 12 34 56 C", ("a national insurance number",)),
        ("4111111111111111 and DE89370400440532013000", (CARD, BANK)),
        ("4111111111111112", ()),
        ("0000 0000 0000 0000", ()),
        ("order 1111111111111117", ()),
        ("call +34 600 00 00 01 or 0034 600 000 002", ()),
        ("on 2026-03-02 10:00, 4,500,000.00 EUR", ()),
        ("12345678A", ()),
        ("078-05-0000 and 666-05-1120", ()),
        ("DE88 3704 0044 0532 0130 00", ()),
        ("", ()),
    ],
)
def test_what_is_seen(text: str, found: tuple[str, ...]) -> None:
    assert special_data(text) == found


def test_the_warning_names_the_kind_and_never_the_number() -> None:
    said = warning("4111 1111 1111 1111 and 078-05-1120")
    assert said == (
        "this looks like a card number and a social security number; take it out, a note is no place for it"
    )
    assert warning("leaks at three sites") == ""


@given(st.text(max_size=200))
def test_any_text_is_looked_at_calmly(text: str) -> None:
    assert set(special_data(text)) <= {CARD, BANK, NATIONAL, "a social security number", "a national insurance number"}


@given(st.integers(10**13, 10**15 - 1), st.sampled_from(["", " ", "-"]))
def test_every_card_number_is_seen_however_it_is_parted(body: int, gap: str) -> None:
    digits = "4" + str(body)
    total = sum(
        (2 * int(one) - 9 if 2 * int(one) > 9 else 2 * int(one)) if place % 2 == 0 else int(one)
        for place, one in enumerate(reversed(digits))
    )
    number = digits + str(-total % 10)
    parted = gap.join(number[start : start + 4] for start in range(0, len(number), 4))
    assert special_data(f"card {parted} ok") == (CARD,)
