"""What a lead is found by, and what was typed, as the same plain words: without case, accents and punctuation.

A word typed finds every word that begins with it. Scripts written without blanks are found by any part: each of
their characters is a word. Numbers are found from the start of the international or the national number, and by
their last digits. Nothing here reads or ranks; the store does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from sdr.rules.text import folded

ENDING = "\ue000"  # before digits written backwards; of private use, so that no text has it and nobody types it
LEAST_ENDING = 4  # so many last digits find a number
# Country calling codes of one and two digits (ITU-T E.164); all others have three.
_SHORT_CODES = frozenset({"1", "7"}) | {
    first + second
    for first, seconds in {"2": "07", "3": "0123469", "4": "013456789", "5": "12345678", "6": "0123456", "8": "1246",
                           "9": "0123458"}.items()
    for second in seconds
}  # fmt: skip
# What each byte of ASCII becomes in a key: a small letter, a digit or a blank.
_ASCII = bytes(ord(char.lower()) if char.isalnum() else ord(" ") for char in map(chr, range(128))).ljust(256)
_DIGITS = re.compile(r"\+?[0-9()./-]*[0-9][0-9()./-]*", re.ASCII)
_NOT_DIGIT = re.compile("[^0-9]+")
# Han, kana and Yi are written without blanks.
_ALONE = ("CJK ", "HIRAGANA ", "KATAKANA ", "YI SYLLABLE")

Alternative = tuple[str, ...]  # phrases that all must be found
Condition = tuple[Alternative, ...]  # any of them will do


class _Places(dict[int, str]):
    """What each character becomes in a key: itself, nothing, a blank, or a word of its own. Filled as they come."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = unicodedata.category(char)
        if kind == "Cf":  # joiners and the like stand inside words
            place = ""
        elif kind[0] not in "LNM":
            place = " "
        elif unicodedata.name(char, "").startswith(_ALONE):
            place = f" {char} "
        else:
            place = char
        self[code] = place
        return place


_PLACES = _Places()


def key_of(text: str) -> str:
    """The words of `text` in order, one blank between two; empty when it has none."""
    if text.isascii():
        return " ".join(text.encode().translate(_ASCII).decode().split())
    return " ".join([key for word in text.split() if (key := _word_key(word))])


@lru_cache(maxsize=32_768)
def _word_key(word: str) -> str:
    """The words of something without blanks: those of names and companies come again and again."""
    return " ".join(folded(word).translate(_PLACES).split())


def number_words(e164: str) -> tuple[str, ...]:
    """What a number (`+34600000001`) is found by: international, national, and backwards by its ending."""
    digits = e164[1:] if e164[:1] == "+" and e164.isascii() and e164[1:].isdecimal() else _NOT_DIGIT.sub("", e164)
    code = 1 if digits[:1] in _SHORT_CODES else 2 if digits[:2] in _SHORT_CODES else 3
    return (digits, digits[code:], ENDING + digits[::-1]) if digits[code:] else ()


def conditions(typed: Sequence[str]) -> tuple[Condition, ...]:
    """What must be found of typed words, each by one of its alternatives.

    The words of a phrase (`o brien`, `ann acme com`) stand together, and the last may go on. Neighbours that are
    all digits may be one number written with blanks (`600 00 00 01`) or several words.
    """
    found: list[Condition] = []
    digits: list[str] = []
    for word in (*typed, ""):
        if _DIGITS.fullmatch(word):
            digits.append(word)
            continue
        if digits:
            found.append(_of_digits(digits))
            digits = []
        if phrase := key_of(word):
            found.append(((phrase,),))
    return tuple(dict.fromkeys(found))


def _of_digits(run: Sequence[str]) -> Condition:
    digits = _NOT_DIGIT.sub("", "".join(run))
    found = [tuple(map(key_of, run)), (digits,)]
    if len(home := digits.lstrip("0")) >= LEAST_ENDING:
        found.append((home,))  # without 00 for abroad, 0 for at home
    if len(digits) >= LEAST_ENDING:
        found.append((ENDING + digits[::-1],))
    return tuple(dict.fromkeys(found))
