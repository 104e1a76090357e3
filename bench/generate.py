"""Invented leads whose truth is known: seeded, streamed, as messy as a purchased list.

Every address is at a reserved example domain and every number in a range kept for fiction, so nothing here reaches
anybody. Every seventh row is an earlier person again, in one of the ways of `bench.again`; some people are twins of
another: same surname, company and switchboard, and yet two persons.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from pathlib import Path

from bench import again
from bench.invented import FORMS, INDUSTRIES, MARQUES, NOTES, PEOPLE, SOURCES, TITLES, number_of, written

HEADER = (
    "First Name", "Last Name", "Email", "Phone", "Job Title", "Company", "Website", "Industry", "Employees",
    "Country", "City", "Lead Source", "Created", "Notes",
)  # fmt: skip

DUPLICATES = 0.15  # share of rows that are an earlier person again
SEED = 20_250_101
FIRST, TWIN = "first", "twin"  # kinds of a row that is nobody again; the others are `again.KINDS`


_UP_TO = tuple(accumulate(one[4] for one in PEOPLE))


@dataclass(frozen=True, slots=True)
class Noise:
    """How hard a list is: shares of people with their own address, any number, a direct line; and of twins."""

    addressed: float
    numbered: float
    direct: float
    twins: float
    site: float  # with a website


PLAIN = Noise(addressed=1.0, numbered=0.8, direct=0.5, twins=0.01, site=1.0)
HARD = Noise(addressed=0.6, numbered=0.7, direct=0.25, twins=0.04, site=0.5)


@dataclass(frozen=True, slots=True)
class Person:
    """One true person behind one or more rows."""

    first: str
    last: str
    email: str
    country: str
    number: str  # national digits with spaces; "" when the list has none
    rest: tuple[str, ...]  # title, company, website, industry, employees, country, city
    direct: bool  # whether the number is theirs alone, and goes along to another company
    twin: bool = False


@cache
def _split(words: str) -> list[str]:
    return words.split()


def person(number: int, seed: int = SEED, noise: Noise = PLAIN) -> Person:
    """Person `number` of the list `seed`: always the same, whoever asks."""
    chance, draw = _chance(number, seed)
    if number and draw < noise.twins:
        return _twin(chance, number, _own(_chance(number - 1, seed)[0], number - 1, noise), noise)
    return _own(chance, number, noise)


def _chance(number: int, seed: int) -> tuple[random.Random, float]:
    chance = random.Random(seed * 1_000_003 + number)
    return chance, chance.random()


def _own(chance: random.Random, number: int, noise: Noise) -> Person:
    firsts, lasts, country, cities, _ = chance.choices(PEOPLE, cum_weights=_UP_TO)[0]
    first, last = chance.choice(_split(firsts)), chance.choice(_split(lasts))
    industry = chance.choice(INDUSTRIES)
    firm = chance.randrange(200_000)
    company = f"{MARQUES[firm % len(MARQUES)]} {industry} {firm} {FORMS[firm % len(FORMS)]}".strip()
    host = f"{industry.lower()}{firm}.example"
    direct = chance.random() < noise.direct
    phone = number_of(chance, country, firm, direct=direct) if chance.random() < noise.numbered else ""
    email = address(first, last, number, host) if chance.random() < noise.addressed else ""
    site = f"https://www.{host}" if chance.random() < noise.site else ""
    rest = (
        chance.choice(TITLES), company, site, industry, str(chance.randrange(1, 5_000)), country,
        chance.choice(_split(cities)),
    )  # fmt: skip
    return Person(first, last, email, country, phone, rest, direct)


def _twin(chance: random.Random, number: int, other: Person, noise: Noise) -> Person:
    """Somebody else of the same surname, in the same house, at the same switchboard."""
    firsts = next(_split(one[0]) for one in PEOPLE if other.first in _split(one[0]))
    first = chance.choice([name for name in firsts if name != other.first])
    host = other.rest[2].removeprefix("https://www.") or other.email.rpartition("@")[2]
    own = host and chance.random() < noise.addressed
    rest = (chance.choice(TITLES), *other.rest[1:])
    return replace(
        other, first=first, email=address(first, other.last, number, host) if own else "", rest=rest, twin=True
    )


def address(first: str, last: str, number: int, host: str) -> str:
    """An address of their own: two people of one name at one company have two."""
    local = f"{first}.{last}".lower() if (first + last).isascii() else f"p{number}.mail"
    return f"{local.replace(chr(39), '')}{number}@{host}"


def rows(count: int, seed: int = SEED, noise: Noise = PLAIN) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """`count` rows of `HEADER`, each with the number of the true person behind it and the kind of the row."""
    chance = random.Random(seed)
    ways = again.HARD if noise is HARD else again.PLAIN
    people = 0
    for _ in range(count):
        if people and chance.random() < DUPLICATES:
            number = chance.randrange(people)
            kind, someone = again.come_again(chance, person(number, seed, noise), ways)
        else:
            number, people = people, people + 1
            someone = person(number, seed, noise)
            kind = TWIN if someone.twin else FIRST
        day = f"2025-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
        tail = (chance.choice(SOURCES), day, chance.choice(NOTES))
        phone = written(chance, someone.number, someone.country)
        yield number, kind, (someone.first, someone.last, someone.email, phone, *someone.rest, *tail)


def leads(count: int, seed: int = SEED) -> Iterator[tuple[int, tuple[str, ...]]]:
    """`count` rows of `HEADER`, each with the number of the true person behind it."""
    return ((number, row) for number, _, row in rows(count, seed))


def write(path: Path, truth: Path, count: int, seed: int = SEED, noise: Noise = PLAIN) -> None:
    """Write the list as UTF-8 CSV, and beside it the truth: `row,person,kind`, rows from 0."""
    with path.open("w", encoding="utf-8", newline="") as told, truth.open("w", encoding="utf-8", newline="") as known:
        table, answers = csv.writer(told), csv.writer(known)
        table.writerow(HEADER)
        answers.writerow(("row", "person", "kind"))
        for index, (number, kind, row) in enumerate(rows(count, seed, noise)):
            table.writerow(row)
            answers.writerow((index, number, kind))
