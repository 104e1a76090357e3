"""What becomes of every row of a file: created, updated, known, merged or rejected; and what the rep overruled.

A row that joins another row of the same file is *merged* into it. The verdicts of the desk and the rep's word are
kept apart: `settled` puts the one over the other, so that a word can be taken back. Rows are numbered from 0.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple


class Verdict(IntEnum):
    """What becomes of a row; the five add up to the rows."""

    CREATED = 0
    UPDATED = 1
    KNOWN = 2
    MERGED = 3
    REJECTED = 4

    @property
    def word(self) -> str:
        """As reports say it."""
        return self.name.lower()


class Flag(IntEnum):
    """What else is to be said of a row: bits of a number."""

    INQUIRY = 1
    SUPPRESSED = 2
    DOUBTFUL = 4  # perhaps somebody who is here already
    FLAWED = 8  # kept, but something in it could not be read


CREATE, SAME, REJECT = "create", "same", "reject"  # the rep's words


class Double(NamedTuple):
    """Who a row may be the same as: a kept lead, or an earlier row of the file (the other is None), and why.

    `brings` says whether the kept lead would learn something from the row.
    """

    lead: int | None
    row: int | None
    why: str
    brings: bool = False


class Doubles(Mapping[int, Double]):
    """Who each doubtful row may be, in the order of the file: seventeen bytes a row, as there may be half a million."""

    def __init__(self) -> None:
        self._rows, self._others = array("q"), array("q")  # a kept lead, or a row of the file below zero
        self._whys, self._words = bytearray(), list[tuple[str, bool]]()

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows)

    def __getitem__(self, row: int) -> Double:
        at = bisect_left(self._rows, row)
        if at == len(self._rows) or self._rows[at] != row:
            raise KeyError(row)
        other, (why, brings) = self._others[at], self._words[self._whys[at]]
        return Double(None, -1 - other, why, brings) if other < 0 else Double(other, None, why, brings)

    def add(self, row: int, double: Double) -> None:
        """`row`, which comes after all that are there, may be `double`."""
        word = (double.why, double.brings)
        if word not in self._words:
            self._words.append(word)
        self._rows.append(row)
        self._others.append(-1 - double.row if double.row is not None else double.lead or 0)
        self._whys.append(self._words.index(word))


class Joins:
    """The rows that joined a row of their file: twelve bytes a row of the file, however many join."""

    def __init__(self) -> None:
        self._newest, self._before, self._root = array("i"), array("i"), array("i")  # by row; -1 is none

    def add(self, root: int, rows: Iterable[int]) -> None:
        """These joined `root`, after those that had."""
        for row in rows:
            for known in (self._newest, self._before, self._root):
                known.extend((-1,) * (max(row, root) + 1 - len(known)))
            self._before[row], self._newest[root], self._root[row] = self._newest[root], row, root

    def of(self, root: int) -> list[int]:
        """The rows that joined `root`, in the order they came."""
        found, row = list[int](), self._newest[root] if root < len(self._newest) else -1
        while row >= 0:
            found.append(row)
            row = self._before[row]
        return found[::-1]

    def __contains__(self, root: int) -> bool:
        return root < len(self._newest) and self._newest[root] >= 0

    def root_of(self, row: int) -> int | None:
        """The row that `row` joined."""
        return self._root[row] if row < len(self._root) and self._root[row] >= 0 else None

    def part(self, root: int) -> None:
        """Nobody joined `root`."""
        for row in self.of(root):
            self._before[row] = self._root[row] = -1
        if root in self:
            self._newest[root] = -1

    def copy(self) -> Joins:
        """Another that changes by itself."""
        other = Joins()
        other._newest, other._before, other._root = self._newest[:], self._before[:], self._root[:]
        return other


@dataclass(slots=True)
class Verdicts:
    """The verdicts of one file. `leads` has the lead of an updated or known row, `joins` the rows that joined a row,
    `doubles` who a doubtful row may be, `said` the rep's words."""

    kinds: bytearray = field(default_factory=bytearray)
    flags: bytearray = field(default_factory=bytearray)
    leads: array[int] = field(default_factory=lambda: array("q"))
    joins: Joins = field(default_factory=Joins)
    doubles: Doubles = field(default_factory=Doubles)
    said: dict[int, str] = field(default_factory=dict)

    def add(self, kind: Verdict, lead: int = 0, flags: int = 0) -> int:
        """The verdict on the next row; its number."""
        self.kinds.append(kind)
        self.leads.append(lead)
        self.flags.append(flags)
        return len(self.kinds) - 1

    def join(self, row: int, root: int) -> None:
        """Row `row` is the same person as row `root`."""
        self.joins.add(root, [row])

    def rows(self, kind: Verdict) -> list[int]:
        """The rows with this verdict, settled."""
        return [row for row, one in enumerate(self.settled().kinds) if one == kind]

    def doubtful(self) -> list[int]:
        """The rows that may be somebody who is here already, in the order of the file."""
        return list(self.doubles)

    def count(self, flag: Flag, *kinds: Verdict) -> int:
        """How many rows with one of these verdicts have `flag`."""
        flagged = self.flags.translate(bytes(bool(flags & flag) for flags in range(256)))
        wanted = self.settled().kinds.translate(bytes(kind in kinds for kind in range(256)))
        return (int.from_bytes(flagged, "big") & int.from_bytes(wanted, "big")).bit_count()

    def settled(self) -> Verdicts:
        """The verdicts with the rep's word put over them."""
        if not self.said:
            return self
        after = Verdicts(bytearray(self.kinds), self.flags, self.leads[:], self.joins.copy())
        for row in sorted(self.said):
            _settle(after, row, self.said[row], self.doubles.get(row))
        return after

    def counts(self) -> dict[str, int]:
        """How many rows have each verdict, by its word."""
        kinds = self.settled().kinds
        return {kind.word: kinds.count(kind) for kind in Verdict}


def _settle(after: Verdicts, row: int, said: str, double: Double | None) -> None:
    family = [row, *after.joins.of(row)]
    if said == REJECT:
        for one in family:
            after.kinds[one] = Verdict.REJECTED
        after.joins.part(row)
    elif said == CREATE and after.kinds[row] == Verdict.REJECTED:
        after.kinds[row] = Verdict.CREATED
    elif said == SAME and double is not None and after.kinds[row] == Verdict.CREATED:
        root = _root(after, double)
        if root is None:
            after.kinds[row] = Verdict.UPDATED if double.brings else Verdict.KNOWN
            after.leads[row] = double.lead or 0
        elif after.kinds[root] != Verdict.REJECTED:
            after.joins.part(row)
            after.kinds[row] = Verdict.MERGED
            after.joins.add(root, family)
            if after.kinds[root] == Verdict.KNOWN:
                after.kinds[root] = Verdict.UPDATED


def _root(after: Verdicts, double: Double) -> int | None:
    """The row of the file that stands for a double: the one it joined, or that changes its lead; None without one."""
    if double.row is None:
        lead = double.lead or 0
        return after.leads.index(lead) if lead in after.leads else None
    if after.kinds[double.row] != Verdict.MERGED:
        return double.row
    root = after.joins.root_of(double.row)
    return double.row if root is None else root


def written(verdicts: Verdicts) -> Iterator[int]:
    """The rows that end in a lead of their own or change one: those that joined come with them."""
    for row, kind in enumerate(verdicts.kinds):
        if kind in (Verdict.CREATED, Verdict.UPDATED):
            yield row
