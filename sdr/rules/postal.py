"""Postal addresses as lines, and whether a letter can be delivered to them.

The street comes with the lead or stands in the address of a message, where the rep writes it once; the next letter
to the same person takes it from there.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from sdr.rules.country_names import NAMES
from sdr.rules.text import clean

# Where the postcode stands behind the town; elsewhere before it, as most of the world writes it (UPU S42).
_BEHIND = frozenset({"US", "CA", "AU", "GB", "IE", "IN", "NZ"})
MOST_LINES = 6  # of an address with its name: the recipient's zone of DIN 5008
_WORD = re.compile(r"\w")


class Place(NamedTuple):
    """Where somebody is, as far as it is known; `country` is an ISO code."""

    city: str | None = None
    postcode: str | None = None
    region: str | None = None
    country: str | None = None

    @property
    def town(self) -> str:
        """`28013 Madrid`, or `Austin, TX 78701` where the postcode stands behind; one line."""
        parts = (self.postcode, self.city)
        if self.country in _BEHIND:
            parts = (", ".join(part for part in (self.city, self.region) if part), self.postcode)
        return " ".join(clean(" ".join(part for part in parts if part)).split())


@cache
def _countries() -> dict[str, str]:
    lines = [line.partition(" ") for line in NAMES.strip().splitlines()]
    return {code: names.partition("|")[0].strip() for code, _blank, names in reversed(lines)}


def country_name(code: str) -> str:
    """The English name of a country; the code itself when nobody knows it."""
    return _countries().get(code, code)


def address_lines(text: str) -> tuple[str, ...]:
    """The lines of an address as it was written; in one line a slash between blanks parts them."""
    lines = clean(text.replace(" / ", "\n"), lines=True).split("\n")
    return tuple(" ".join(line.split()).strip(" ,") for line in lines if line.strip(" ,"))


def delivered_to(text: str, place: Place, names: tuple[str, ...], home: str | None) -> tuple[str, ...]:
    """The whole address below the name, from what was written: the town and, abroad, the country are added.

    Empty when no street or box is in `text`: what is left of it without `names` (the person's, the company's), the
    town and the country must still say something. `home` is the sender's own country.
    """
    lines = address_lines(text)
    known = [*names, place.town, place.city, place.postcode, place.region, place.country]
    known += [country_name(place.country)] if place.country else []
    if not any(_WORD.search(_without(line, known)) for line in lines):
        return ()
    body = [line for line in lines if line.casefold() not in {name.casefold() for name in names}]
    said = " ".join(body).casefold()
    if place.town and not (place.city and place.city.casefold() in said):
        body.append(place.town)
    abroad = place.country is not None and place.country != home
    if abroad and (name := country_name(place.country or "")).casefold() not in said:
        body.append(name.upper())
    return tuple(body)


def _without(line: str, known: list[str | None]) -> str:
    """`line` without the words that everybody knows."""
    rest = line.casefold()
    for word in sorted({one.casefold() for one in known if one}, key=len, reverse=True):
        rest = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", " ", rest)
    return rest
