"""Numbers that should not stand in a note: payment cards, bank accounts, identity numbers.

Found by their own check digits, so that a telephone or an order number is hardly ever taken for one. What is found
is named, never repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

_CARD = re.compile(r"(?<![\d.,+])\d(?:[ -]?\d){12,18}(?![\d])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b")
_US = re.compile(r"(?<!\d)(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?!\d)")  # as the SSA issues them
_SPAIN = re.compile(r"\b([XYZ]?)(\d{7,8})-?([A-Z])\b")
_BRITAIN = re.compile(r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")
_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"  # of the Spanish DNI and NIE, by the number modulo 23


def special_data(text: str) -> tuple[str, ...]:
    """What kinds of such numbers `text` holds, in words; () when none."""
    upper = text.upper()
    return tuple(dict.fromkeys(chain(_cards(text), _accounts(upper), _identities(upper))))


def warning(text: str) -> str:
    """A sentence about `text` for the rep before it is saved; empty when there is nothing to say."""
    found = special_data(text)
    return f"this looks like {' and '.join(found)}; take it out, a note is no place for it" if found else ""


def _cards(text: str) -> Iterator[str]:
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if digits[0] in "23456" and len(set(digits)) > 1 and _luhn(digits):
            yield "a card number"


def _luhn(digits: str) -> bool:
    """The check of ISO/IEC 7812-1."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def _accounts(text: str) -> Iterator[str]:
    for match in _IBAN.finditer(text):
        parts = match[0].split(" ")
        # What follows an account number in a sentence looks like more of it: try shorter ends too.
        if any(_mod97("".join(parts[:end])) for end in range(1, len(parts) + 1)):
            yield "a bank account (IBAN)"


def _mod97(iban: str) -> bool:
    """The check of ISO 13616."""
    if not 15 <= len(iban) <= 34:
        return False
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def _identities(text: str) -> Iterator[str]:
    if _US.search(text):
        yield "a social security number"
    if _BRITAIN.search(text):
        yield "a national insurance number"
    for first, digits, letter in _SPAIN.findall(text):
        number = (str("XYZ".index(first)) if first else "") + digits
        if len(number) == 8 and _LETTERS[int(number) % 23] == letter:
            yield "a national identity number"
