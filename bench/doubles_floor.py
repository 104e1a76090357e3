"""The floor of finding doubles: a small program over the list itself, blocking keys and rapidfuzz, nothing kept.

It reads the whole list into memory, compares within blocks of at most `MOST` rows, and calls a pair one person from
`LEAST` points. It has no reasons, no queue, no file and no second run; the desk does the same work and keeps it.
"""

from __future__ import annotations

import csv
import re
import resource
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import fuzz

from bench.figures import Data, Measured, in_child

MOST, LEAST, SPELLED = 16, 90, 94
_FORMS = re.compile(r"\b(inc|ltd|gmbh|sa|llc|sons)\b")


class Row(NamedTuple):
    """What the floor compares."""

    email: str
    phone: str
    first: str
    last: str
    firm: str
    host: str


def measure(data: Data) -> Measured:
    """CPU milliseconds of `pairs` over the whole list."""
    return in_child(lambda: [_cpu_of_pairs(data.csv)])


def _cpu_of_pairs(source: Path) -> float:
    pairs(source)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return (used.ru_utime + used.ru_stime) * 1000


def pairs(source: Path) -> set[tuple[int, int]]:
    """The pairs of rows of the list at `source` (rows from 0) that the floor takes to be one person."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = [row_of(cells) for cells in csv.DictReader(file)]
    blocks: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for key in _keys(row):
            blocks[key].append(number)
    seen: set[tuple[int, int]] = set()
    found: set[tuple[int, int]] = set()
    for members in blocks.values():
        if 1 < len(members) <= MOST:
            for pair in combinations(members, 2):
                if pair not in seen:
                    seen.add(pair)
                    if _points(rows[pair[0]], rows[pair[1]]) >= LEAST:
                        found.add(pair)
    return found


def row_of(cells: dict[str, str]) -> Row:
    """A row cleaned: folded, the number's last nine digits, the company without its legal form."""
    firm = " ".join(_FORMS.sub(" ", re.sub(r"\W+", " ", _folded(cells["Company"]))).split())
    email, host = cells["Email"].lower(), cells["Website"].lower().removeprefix("https://www.")
    phone = re.sub(r"\D", "", cells["Phone"].split(" ext")[0])[-9:]
    return Row(email, phone, _folded(cells["First Name"]).rstrip("."), _folded(cells["Last Name"]), firm, host)


def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("'", ""))
    return "".join(mark for mark in bare if not unicodedata.combining(mark)) if not text.isascii() else bare


def _keys(row: Row) -> Iterator[str]:
    if row.email:
        yield f"e{row.email}"
    if row.phone:
        yield f"p{row.phone}"
    name = "".join(sorted((row.first, row.last)))
    for house in {row.firm, row.host or row.email.partition("@")[2]} - {""}:
        yield f"l{house}|{row.last}"
        yield f"f{house}|{row.first}"
        yield f"s{house[:4]}|{name}"


def _points(a: Row, b: Row) -> float:
    if a.email and a.email == b.email:
        return 100
    name = max(fuzz.ratio(f"{a.first} {a.last}", f"{b.first} {b.last}"), fuzz.token_sort_ratio(
        f"{a.first} {a.last}", f"{b.first} {b.last}"))  # fmt: skip
    if min(len(a.first), len(b.first)) == 1 and a.first[:1] == b.first[:1] and a.last == b.last:
        name = 92
    firm = fuzz.ratio(a.firm, b.firm) if a.firm and b.firm else 0
    house = 100 if a.host and a.host == b.host else firm if firm >= SPELLED else 0
    phone = 100 if a.phone and a.phone == b.phone else 0
    return name * 0.6 + max(house, phone) * 0.4 if name >= 88 else 0
