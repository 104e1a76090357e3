"""Invented people for the demo, from `sample.toml`: the same index gives the same person, without chance or clock.

Addresses end in the reserved domain .example and numbers lie in ranges kept for fiction, each given out once; when
a place has no number left, its people have none.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sdr.rules.text import folded

T = TypeVar("T")
_MASK = (1 << 64) - 1
TRIES = 9  # for a name that nobody has yet
STRIDE = 37  # of the numbers of a range: prime to every power of ten, so that neighbours look unlike


@dataclass(slots=True)
class Dice:
    """Numbers that look like chance and are the same every time (splitmix64)."""

    state: int

    def below(self, limit: int) -> int:
        """A whole number from 0 up to `limit`, which it never is."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & _MASK
        mixed = ((self.state ^ (self.state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return (mixed ^ (mixed >> 31)) % limit

    def pick(self, of: Sequence[T]) -> T:
        """One of these."""
        return of[self.below(len(of))]

    def happens(self, percent: int) -> bool:
        """True about `percent` times in a hundred."""
        return self.below(100) < percent


class Phone(NamedTuple):
    """A number as it is dialled, its type, and as it is written."""

    e164: str
    kind: str
    shown: str


class Person(NamedTuple):
    """Who a lead of the sample is; the fields are those of a lead."""

    name: str
    first_name: str
    last_name: str
    title: str
    seniority: str
    department: str
    email: str
    phone: Phone | None
    company: str
    domain: str
    industry: str
    employees: int
    country: str
    region: str | None
    city: str
    zone: str


@dataclass(slots=True)
class Crowd:
    """Gives out people; nobody has the address or the number of another."""

    seed: int = 1
    _given: dict[str, int] = field(default_factory=dict)
    _addresses: set[str] = field(default_factory=set)
    _names: set[Sequence[str]] = field(default_factory=set)

    def stranger(self, index: int) -> Person:
        """The person with this index."""
        dice = Dice(self.seed * 1_000_003 + index)
        for _ in range(TRIES):
            place = dice.pick(_weighted())
            names = (dice.pick(place["first"]), dice.pick(place["last"]))
            if names not in self._names:
                break
        return self._person(dice, place, names, dice.pick(place["companies"]), self._title(dice, place))

    def star(self, key: str) -> Person:
        """One of the people with a part of their own."""
        told = next(star for star in sample()["star"] if star["key"] == key)
        place = next(place for place in sample()["place"] if place["city"] == told["place"])
        company = next(line for line in place["companies"] if line.startswith(f"{told['company']} |"))
        dice = Dice(len(key))
        return self._person(dice, place, tuple(told["name"]), company, told["title"], reachable=True)

    def _title(self, dice: Dice, place: dict[str, Any]) -> str:
        own = place.get("titles", ())
        if own and dice.happens(35):
            return f"{dice.pick(own)} | director | operations"
        return dice.pick(_titles())

    def _person(
        self, dice: Dice, place: dict[str, Any], names: Sequence[str], company: str, title: str, reachable: bool = False
    ) -> Person:
        self._names.add(names)
        (first, first_latin), (last, last_latin) = map(_spelled, names)
        name, domain, industry, employees = _parts(company)
        words, seniority, department = _parts(title)
        return Person(
            name=f"{last} {first}" if place.get("last_first") else f"{first} {last}",
            first_name=first,
            last_name=last,
            title=words,
            seniority=seniority,
            department=department,
            email=self._address(first_latin, last_latin, f"{domain}.example"),
            phone=self._number(place, dice.happens(85) or reachable),
            company=name,
            domain=f"{domain}.example",
            industry=industry,
            employees=int(employees),
            country=place["country"],
            region=place.get("region"),
            city=place["city"],
            zone=place["zone"],
        )

    def _address(self, first: str, last: str, domain: str) -> str:
        wanted, number = f"{first}.{last}@{domain}", 1
        while wanted in self._addresses:
            number += 1
            wanted = f"{first}.{last}{number}@{domain}"
        self._addresses.add(wanted)
        return wanted

    def _number(self, place: dict[str, Any], has_one: bool) -> Phone | None:
        for written in place["numbers"] if has_one else ():
            kind, shown = written.split(" ", 1)
            given, size = self._given.get(shown, 0), 10 ** shown.count("x")
            if given < size:
                self._given[shown] = given + 1
                for digit in f"{given * STRIDE % size:0{shown.count('x')}d}":
                    shown = shown.replace("x", digit, 1)
                return Phone("+" + "".join(char for char in shown if char.isdigit()), kind, shown)
        return None


@cache
def sample() -> dict[str, Any]:
    """The texts of the sample."""
    return tomllib.loads(Path(__file__).with_name("sample.toml").read_text(encoding="utf-8"))


@cache
def _weighted() -> tuple[dict[str, Any], ...]:
    return tuple(place for place in sample()["place"] for _ in range(place["weight"]))


def _titles() -> Sequence[str]:
    found: Sequence[str] = sample()["titles"]["list"]
    return found


def words(kind: str) -> Sequence[str]:
    """What people of the sample say on an occasion."""
    found: Sequence[str] = sample()["words"][kind]
    return found


def _parts(line: str) -> Iterator[str]:
    return (part.strip() for part in line.split("|"))


def _spelled(name: str) -> tuple[str, str]:
    """A name as written, and as it stands in an address."""
    written, _, latin = name.partition("=")
    return written, "".join(char for char in folded(latin or written) if char.isalnum() and char.isascii())
