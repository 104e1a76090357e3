"""Which row of a file is its header, and what its columns are called.

The header is, of the first twenty rows, the one with the most column names we know; this also passes over
LinkedIn's notes and the titles people write above their tables. If no row is known, the first row is the header
unless it looks like data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sdr.exchange.naming import known

LOOK_AT = 20
INVENTED = "column"

EMAIL = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\"]+\.[^@\s,;<>()\".]{2,}\Z")
_DATA = re.compile(
    r"https?://|www\.|\+?\d[\d\s()./-]{6,}\Z|[-+]?\d+([.,]\d+)?\Z|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b", re.I
)


def looks_like_data(cell: str) -> bool:
    """Whether `cell` can hardly be a column name: an address, a link, a number, a date."""
    text = cell.strip()
    return bool(EMAIL.match(text) or _DATA.match(text))


def header_at(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """(index of the header in `rows`, how many of its names are known); index -1 if there is no header.

    A later row needs two known names to be preferred over the first.
    """
    best, most = 0, 0
    for index, row in enumerate(rows[:LOOK_AT]):
        if any(EMAIL.match(cell.strip()) for cell in row):
            continue
        names = sum(known(cell) for cell in row)
        if names > most and (index == 0 or names >= 2):
            best, most = index, names
    if most == 0 and rows and any(map(looks_like_data, rows[0])):
        return -1, 0
    return best, most


def column_names(header: Iterable[str]) -> tuple[str, ...]:
    """Distinct names: trimmed, a blank one becomes "column 3", the second "Name" becomes "Name (2)"."""
    names: list[str] = []
    taken: set[str] = set()
    for place, cell in enumerate(header, 1):
        name = " ".join(cell.split()) or f"{INVENTED} {place}"
        unique, count = name, 1
        while unique.casefold() in taken:
            count += 1
            unique = f"{name} ({count})"
        taken.add(unique.casefold())
        names.append(unique)
    return tuple(names)


def invented(name: str) -> bool:
    """Whether `name` is one of ours, so that it says nothing about the column."""
    return re.fullmatch(rf"{INVENTED} \d+", name) is not None


def used_width(header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Columns up to the last that has a name or, in `rows`, a value: Excel likes to add empty ones."""
    width = max((n for n, cell in enumerate(header, 1) if cell.strip()), default=0)
    for row in rows:
        held = max((n for n, cell in enumerate(row[: len(header)], 1) if cell.strip()), default=0)
        width = max(width, held)
    return max(width, 1)
