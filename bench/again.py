"""How a person comes again in another list: the same, written differently, misspelled, in part, or from a new company.

Each kind says what it changes; what identifies a person beyond doubt (the address) survives in some of them only, so
that each kind has rows that a join by address finds and rows that it does not.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bench.invented import FORMS, INDUSTRIES, MARQUES, TITLES

if TYPE_CHECKING:
    from bench.generate import Person

KINDS = ("exact", "reformatted", "typo", "partial", "moved")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Ways:
    """How often each of `KINDS` comes; shares of those that lose their address, and their number, on the way."""

    weights: tuple[int, ...]
    no_address: float
    no_number: float
    slips: int  # misspelled cells of a typo


PLAIN = Ways((25, 30, 20, 15, 10), no_address=0.35, no_number=0.2, slips=1)
HARD = Ways((10, 25, 30, 25, 10), no_address=0.7, no_number=0.5, slips=2)


def come_again(chance: random.Random, someone: Person, ways: Ways) -> tuple[str, Person]:
    """`someone` as another list has them, and in which way."""
    kind = chance.choices(KINDS, ways.weights)[0]
    if kind == "moved" and not (someone.direct and someone.number):
        kind = "exact"  # nothing would go along but the name, which proves nobody
    changed = _CHANGES[kind](chance, someone, ways)
    if chance.random() < ways.no_address and kind != "exact":
        changed = replace(changed, email="")
    if chance.random() < ways.no_number and kind not in ("exact", "moved"):
        changed = replace(changed, number="")
    if not (changed.email or changed.number or changed.rest[1]):  # a bare name is nobody's double
        changed = replace(changed, rest=(changed.rest[0], someone.rest[1], *changed.rest[2:]))
    return kind, changed


def _exact(chance: random.Random, someone: Person, ways: Ways) -> Person:
    return someone


def _reformatted(chance: random.Random, someone: Person, ways: Ways) -> Person:
    """Case, accents, legal form, order of the names: nothing is wrong, and all looks different."""
    first, last, company = someone.first, someone.last, someone.rest[1]
    turn = chance.randrange(4)
    if turn == 0:
        first, last = first.upper(), last.upper()
    elif turn == 1:
        first, last = last, first
    elif turn == 2:
        first, last = _plain(first), _plain(last)
    bare = company.rsplit(" ", 1)[0] if company.endswith(FORMS[:-1]) and "&" not in company else company
    company = chance.choice((bare, company.upper(), f"{bare} {chance.choice(FORMS)}".strip(), company))
    return _with(someone, first, last, someone.email.upper(), company)


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name)
    return "".join(mark for mark in bare if not "\u0300" <= mark <= "\u036f").replace("'", "").replace("ł", "l")


def _typo(chance: random.Random, someone: Person, ways: Ways) -> Person:
    cells = {"first": someone.first, "last": someone.last, "company": someone.rest[1], "email": someone.email}
    able = [name for name, text in cells.items() if len(text) > 3 and text[:1].isascii()] or ["company"]
    for name in chance.sample(able, min(ways.slips, len(able))):
        cells[name] = _slip(chance, cells[name], local=name == "email")
    return _with(someone, cells["first"], cells["last"], cells["email"], cells["company"])


def _slip(chance: random.Random, text: str, *, local: bool) -> str:
    """A letter left out, doubled, wrong, or changed with its neighbour; of an address in the part before the @."""
    end = text.index("@") if local else len(text)
    letters = [at for at in range(1, end - 1) if text[at].isalpha()]
    if not letters:
        return text
    at = chance.choice(letters)
    ways = (
        text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:],
        text[:at] + chance.choice(_LETTERS) + text[at + 1 :], text[:at] + text[at + 1] + text[at] + text[at + 2 :],
    )  # fmt: skip
    return chance.choice(ways)


def _partial(chance: random.Random, someone: Person, ways: Ways) -> Person:
    """An initial for the first name, or cells that are empty."""
    first = someone.first
    if chance.random() < 0.5 and first.isascii():
        first = f"{first[:1]}."
    title, company, site, industry, _, country, city = someone.rest
    shares = ((title, 0.5), (company, 0.85), (site, 0.5), (industry, 1.0), ("", 1.0), (country, 1.0), (city, 0.6))
    rest = tuple(text if chance.random() < share else "" for text, share in shares)
    return replace(someone, first=first, rest=rest)


def _moved(chance: random.Random, someone: Person, ways: Ways) -> Person:
    """Another company, title and address; the direct line goes along."""
    industry, firm = chance.choice(INDUSTRIES), chance.randrange(200_000)
    company = f"{MARQUES[firm % len(MARQUES)]} {industry} {firm} {FORMS[firm % len(FORMS)]}".strip()
    host = f"{industry.lower()}{firm}.example"
    local = f"{someone.first[:1]}{someone.last}".lower().replace("'", "")
    email = f"{local}@{host}" if local.isascii() and someone.email else ""
    rest = (
        chance.choice(TITLES),
        company,
        f"https://www.{host}" if someone.rest[2] else "",
        industry,
        *someone.rest[4:],
    )
    return replace(someone, email=email, rest=rest)


def _with(someone: Person, first: str, last: str, email: str, company: str) -> Person:
    rest = (someone.rest[0], company, *someone.rest[2:])
    return replace(someone, first=first, last=last, email=email, rest=rest)


_CHANGES: dict[str, Callable[[random.Random, Person, Ways], Person]] = {
    "exact": _exact, "reformatted": _reformatted, "typo": _typo, "partial": _partial, "moved": _moved,
}  # fmt: skip
