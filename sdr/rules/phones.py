"""Phone numbers as people type them, to E.164 with type, country and candidate zones.

A number that may exist is kept even when no operator has issued it (the ranges kept for films are such); only
what cannot be dialled is a flaw. What a number may be used for is not decided here but by `consent`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sdr.rules import dialling
from sdr.rules.dialling import Number
from sdr.rules.identity import Flaw
from sdr.rules.places import main_zone, main_zones, zone_named
from sdr.rules.text import clean
from sdr.rules.zone_tables import WIDE

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

# phonenumbers' number types, as a rep says them.
_TYPES = {
    0: "landline",
    1: "mobile",
    2: "mobile or landline",
    3: "toll-free",
    4: "premium-rate",
    5: "shared-cost",
    6: "internet",
    7: "personal",
    8: "pager",
    9: "company",
    10: "voicemail",
}
_UNKNOWN = dialling.UNKNOWN
# phonenumbers' reasons for reading nothing (NumberParseException.error_type).
_REFUSED = {2: "number is too short", 3: "number is too short", 4: "number is too long"}
_NOWHERE = (None, "001", "ZZ")  # what the library calls a number of no country
_FLOAT = re.compile(r"(\+?\d+)\.0+")
_EXPONENT = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_ABROAD = re.compile(r"^00(?=\s?[1-9])")
_NEXT = re.compile(r"\s*[;,|/\n]\s*|\s+(?:or|und|et|y)\s+")
_TWO_NUMBERS = 15  # characters that two numbers and what parts them have at least
_LOCAL = Flaw("local number without its area code")


class Phone(NamedTuple):
    """A number that can be dialled. `zones` are canonical IANA names, likeliest first, () when unknown."""

    e164: str
    type: str  # one of the words above, or "unknown"
    country: str | None  # ISO alpha-2; None for numbers of no country
    zones: tuple[str, ...]
    valid: bool  # False: possible, but in no range that is in use
    extension: str = ""
    extra: str = ""  # what else stood in the cell, as it was
    shown: str = ""  # as it is read anywhere: +34 600 00 00 00


def _digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


def _first(text: str) -> tuple[str, str]:
    """The first number of a cell and the rest of the cell; a slash inside one number stays in it."""
    for gap in _NEXT.finditer(text) if len(text) >= _TWO_NUMBERS else ():
        if _digits(text[: gap.start()]) >= 7 and _digits(text[gap.end() :]) >= 7:
            return text[: gap.start()], text[gap.end() :]
    return text, ""


def _spelled(text: str, country: str | None) -> str:
    """`text` without what spreadsheets and links add, and with `+` for a leading 00 (Australia dials 0011)."""
    text = clean(text).removeprefix("tel:").removeprefix("'").strip()
    if text.endswith("0") and "." in text:
        text = whole[1] if (whole := _FLOAT.fullmatch(text)) else text
    if not text.startswith("00") or (country == "AU" and text.startswith("0011")):
        return text
    return _ABROAD.sub("+", text)


@lru_cache(maxsize=8192)
def _zones(prefix: str, country: str | None) -> tuple[str, ...]:
    """The zones of the numbers of `country` starting with `prefix`, its main one first, and not those of the
    neighbours under the same code (London for Dublin, Guernsey for London)."""
    from phonenumbers.tzdata import TIMEZONE_DATA

    lengths = range(len(prefix), 0, -1)
    raw = next((TIMEZONE_DATA[prefix[:n]] for n in lengths if prefix[:n] in TIMEZONE_DATA), ())
    named = dict.fromkeys(name for name in map(zone_named, raw) if name)
    home = main_zone(country)
    if home is None:
        return tuple(named)
    kept = [name for name in named if name == home or name not in main_zones()]
    if not kept and country not in WIDE:
        return (home,)
    return tuple(sorted(kept or named, key=lambda name: name != home))


def _parsed(text: str, country: str | None) -> PhoneNumber | Flaw:
    """The number as the library reads it, or why it cannot be dialled."""
    import phonenumbers as lib

    try:
        number = lib.parse(text, country)
    except lib.NumberParseException as fault:
        if fault.error_type != fault.INVALID_COUNTRY_CODE:
            return Flaw(_REFUSED.get(fault.error_type, "not a phone number"))
        return _LOCAL if _digits(text) <= 8 else Flaw("number without its country code")
    match lib.is_possible_number_with_reason(number):
        case lib.ValidationResult.IS_POSSIBLE:
            return number
        case lib.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            return _LOCAL
        case lib.ValidationResult.TOO_LONG:
            return Flaw("number is too long")
        case _:
            return Flaw("number is too short")


def _read(text: str, country: str | None) -> PhoneNumber | Flaw:
    """`text` as a number of `country`, or as an international one whose plus a spreadsheet ate.

    The latter counts only if it is in a range in use and has at least eleven digits; it goes first when it
    starts with the country's own calling code.
    """
    import phonenumbers as lib

    national = _parsed(text, country)
    bare = dialling.EXTENSION.sub("", text)
    digits = re.sub(r"\D", "", bare)
    if text.startswith("+") or len(digits) < 11:
        return national
    abroad = _parsed(f"+{digits}{text[len(bare) :]}", None)
    if isinstance(abroad, Flaw) or not lib.is_valid_number(abroad):
        return national
    if isinstance(national, Flaw) or not lib.is_valid_number(national):
        return abroad
    home = str(lib.country_code_for_region(country)) if country else ""
    return abroad if home and digits.startswith(home) else national


def _described(number: Number, extra: str) -> Phone:
    kind, country = dialling.kind_and_country(number)
    region = country or dialling.main_country(number.code)
    home = None if region in _NOWHERE else region
    e164 = f"+{number.code}{number.national}"
    return Phone(
        e164,
        _TYPES.get(kind, "unknown"),
        home,
        _zones(str(number.code) if dialling.everywhere(kind, number.code) else e164[1:10], home),
        kind != _UNKNOWN,
        number.extension,
        extra,
        dialling.international(number) + (f" ext. {number.extension}" if number.extension else ""),
    )


@lru_cache(maxsize=4096)
def phone(text: str, country: str | None) -> Phone | Flaw:
    """The first number in `text`; `country` (ISO alpha-2) is where it is dialled from when it has no `+`.

    A flaw here is no reason to reject a row: keep the text as it is. Without a country, a number that has
    lost its plus is believed only where it is in use (`14155550100` is).
    """
    text = _spelled(text, country)
    # Digits and gaps are one number, unless a slash parts two.
    if "/" not in text and (quick := dialling.plain(text, country)) is not None:
        return _described(quick, "")
    return _closely(text, country)


def _closely(text: str, country: str | None) -> Phone | Flaw:
    """As `phone`, of a spelled cell that may hold more than one number, or something else."""
    text, extra = _first(text)
    if ("E" in text or "e" in text) and _EXPONENT.fullmatch(text):
        return Flaw("number was rounded by a spreadsheet")
    quick = dialling.plain(text, country)
    if quick is not None:
        return _described(quick, extra)
    number = _read(text, country)
    if isinstance(number, Flaw):
        return number
    import phonenumbers as lib

    digits = lib.national_significant_number(number)
    return _described(Number(number.country_code or 0, digits, number.extension or ""), extra)
