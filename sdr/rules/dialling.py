"""What a number is, by phonenumbers' own tables with their patterns compiled once: kind, country, spelling.

The library compiles and looks up its patterns anew for each question, which makes reading a list of leads wait for
nothing but telephone numbers. `plain` reads the numbers that leave nothing to interpret, `kind_and_country` and
`international` answer for all; a test holds each to the library's own answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, cached_property
from typing import Any, NamedTuple

LANDLINE, MOBILE, EITHER, UNKNOWN = 0, 1, 2, 99  # phonenumbers' numbers of its kinds
_PLAIN = re.compile(r"(\+?)[\d ().\-/]{6,30}")
EXTENSION = re.compile(r"\s*(?:ext\.?|x)\s?(\d{1,6})$", re.IGNORECASE)
_NOT_DIGITS = re.compile(r"\D+")
Match = Callable[[str], Any]
# In the library's order of trying.
_WORDS = ("premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail")
_KINDS = (*zip((4, 3, 5, 6, 7, 8, 9, 10), _WORDS, strict=True), (LANDLINE, "fixed_line"), (MOBILE, "mobile"))


class Number(NamedTuple):
    """A calling code and the digits after it, and what is dialled once somebody answers."""

    code: int
    national: str
    extension: str = ""


class _Region:
    """One country's numbers, as the library has them.

    A calling code has up to 25 countries and a list of leads mostly numbers of one: what a country's data says is
    looked up, and a pattern compiled, when it is first asked for.
    """

    def __init__(self, code: int, country: str) -> None:
        self.code, self.country, self.dialled = code, country, str(code)
        self._kinds: dict[int, tuple[Match, tuple[int, ...]] | None] = {}

    @cached_property
    def _data(self) -> Any:
        return _metadata(self.code, self.country)

    @cached_property
    def lengths(self) -> frozenset[int]:
        return frozenset(self._data.general_desc.possible_length)

    @cached_property
    def general(self) -> Match:
        """What fits every number of theirs that has one of the `lengths`."""
        return re.compile(self._data.general_desc.national_number_pattern).fullmatch

    @cached_property
    def leading(self) -> Match | None:
        """How their numbers begin, where that alone tells them from those of the other countries of the code."""
        return _match(self._data.leading_digits)

    @cached_property
    def trunk(self) -> Match | None:
        """The prefix dialled inside the country."""
        return _match(self._data.national_prefix_for_parsing)

    @cached_property
    def transformed(self) -> bool:
        return bool(self._data.national_prefix_transform_rule)

    @cached_property
    def abroad(self) -> Match | None:
        """The prefix dialled to leave the country."""
        return _match(self._data.international_prefix)

    def kind_of(self, national: str) -> int:
        """The kind of a national number; `UNKNOWN` when it is in no range in use."""
        size = len(national)
        known = self._kinds[size] if size in self._kinds else self._kinds.setdefault(size, self._of_length(size))
        if known is None or self.general(national) is None or (found := known[0](national)) is None:
            return UNKNOWN
        kind = known[1][found.lastindex - 1]
        return EITHER if kind == LANDLINE and self._rings_anywhere(national) else kind

    def _of_length(self, length: int) -> tuple[Match, tuple[int, ...]] | None:
        """One pattern of all kinds of this length, and which these are: what fits first, in their order, wins."""
        if length not in self.lengths:
            return None
        data, shared = self._data, self._data.same_mobile_and_fixed_line_pattern
        listed = [(kind, getattr(data, word)) for kind, word in _KINDS if not (shared and kind == MOBILE)]
        fitting = [(kind, desc) for kind, desc in listed if _may_have(desc, length)]
        pattern = "|".join(f"({desc.national_number_pattern})" for _, desc in fitting)
        return (re.compile(pattern).fullmatch, tuple(kind for kind, _ in fitting)) if fitting else None

    def _rings_anywhere(self, national: str) -> bool:
        if self._data.same_mobile_and_fixed_line_pattern:
            return True
        return _may_have(self._data.mobile, len(national)) and self._mobile(national) is not None

    @cached_property
    def _mobile(self) -> Match:
        return re.compile(self._data.mobile.national_number_pattern).fullmatch


def plain(text: str, country: str | None) -> Number | None:
    """The number in `text` when it is digits with the usual gaps and its reading is beyond doubt; else None.

    `country` (ISO alpha-2) is where it is dialled from when it has no plus.
    """
    extension = ""
    if not text[-1:].isdigit() or not (found := _PLAIN.fullmatch(text)):
        after = EXTENSION.search(text)
        if after is None or not (found := _PLAIN.fullmatch(text[: after.start()])):
            return None
        text, extension = found[0], after[1]
    digits = _NOT_DIGITS.sub("", text)
    if found[1]:
        return _abroad(digits, extension)
    return _at_home(digits, country, extension) if country else None


def _abroad(digits: str, extension: str) -> Number | None:
    codes = _codes()
    size = 1 if digits[:1] in codes else 2 if digits[:2] in codes else 3
    if (code := codes.get(digits[:size])) is None:
        return None
    national, home = digits[size:], _main(code)
    if home is None or len(national) not in home.lengths or (home.trunk is not None and home.trunk(national)):
        return None
    return Number(code, national, extension)


def _at_home(digits: str, country: str, extension: str) -> Number | None:
    region = _region(country)
    if region is None or (region.abroad is not None and region.abroad(digits)):
        return None
    if digits.startswith(region.dialled) or (len(digits) >= 11 and digits[0] != "0"):
        return None  # it may have its calling code already
    if region.trunk is not None and (found := region.trunk(digits)):
        if region.transformed or region.general(digits):
            return None
        digits = digits[found.end() :]
    home = _main(region.code)
    fits = home is not None and len(digits) in home.lengths and len(digits) in region.lengths
    return Number(region.code, digits, extension) if fits else None


@cache
def main_country(code: int) -> str | None:
    """The country most of the numbers with this calling code belong to, as the library has it."""
    from phonenumbers import region_code_for_country_code

    found: str | None = region_code_for_country_code(code)
    return found


@cache
def everywhere(kind: int, code: int) -> bool:
    """Whether numbers of this kind tell only the country: they belong to no place in it."""
    from phonenumbers import is_number_type_geographical

    return kind != UNKNOWN and not is_number_type_geographical(kind, code)


def kind_and_country(number: Number) -> tuple[int, str | None]:
    """The kind of a number (phonenumbers' number for it) and the country that has it, if one is known."""
    regions = _regions(number.code)
    if len(regions) == 1:
        return regions[0].kind_of(number.national), regions[0].country
    for region in regions:
        if region.leading is not None:
            if region.leading(number.national):
                return region.kind_of(number.national), region.country
        elif (kind := region.kind_of(number.national)) != UNKNOWN:
            return kind, region.country
    return UNKNOWN, None


def international(number: Number) -> str:
    """A number as it is read anywhere: `+34 600 00 00 00`."""
    for leading, fits, spelled in _formats(number.code):
        if (leading is None or leading(number.national)) and (found := fits(number.national)):
            return spelled(*found.groups(""))
    return f"+{number.code} {number.national}"


# --- the library's tables ------------------------------------------------------------------------------------------


@cache
def _codes() -> dict[str, int]:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    return {str(code): code for code in COUNTRY_CODE_TO_REGION_CODE}


def _metadata(code: int, region: str) -> Any:
    from phonenumbers import PhoneMetadata

    return PhoneMetadata.metadata_for_region_or_calling_code(code, region)


@cache
def _regions(code: int) -> tuple[_Region, ...]:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    return tuple(_Region(code, name) for name in COUNTRY_CODE_TO_REGION_CODE.get(code, ()))


@cache
def _main(code: int) -> _Region | None:
    return next(iter(_regions(code)), None)


@cache
def _region(country: str) -> _Region | None:
    from phonenumbers import country_code_for_region

    code = country_code_for_region(country)
    return next((one for one in _regions(code) if one.country == country), None)


def _may_have(desc: Any, length: int) -> bool:
    """Whether the library knows numbers of this kind and length; a kind that names no lengths has any."""
    if desc is None or not desc.national_number_pattern:
        return False
    return not desc.possible_length or length in desc.possible_length


def _match(pattern: str | None) -> Match | None:
    return re.compile(pattern).match if pattern else None


@cache
def _formats(code: int) -> tuple[tuple[Match | None, Match, Callable[..., str]], ...]:
    data = _metadata(code, main_country(code) or "")
    listed = (data.intl_number_format or data.number_format) if data is not None else ()
    return tuple(
        (
            _match(next(iter(one.leading_digits_pattern[-1:]), None)),
            re.compile(one.pattern).fullmatch,
            f"+{code} {_as_format(one.format)}".format,
        )
        for one in listed
    )


def _as_format(spelled: str) -> str:
    """The library's `(\\1) \\2` as `({0}) {1}`."""
    return re.sub(r"\\(\d)", lambda group: f"{{{int(group[1]) - 1}}}", spelled.replace("{", "{{").replace("}", "}}"))
