"""The rows of a file read and cleaned, some hundred at a time, packed as they are set aside until they are written.

A large text file is read by children of ours, every second stretch by each, on all processors but the one that the
screen needs. They read the very bytes that were looked at here, or they refuse.
Where no child can be had, the rows are read here; the result is the same.
"""

from __future__ import annotations

import gc
import marshal
import os
import pickle
import signal
import sys
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack
from itertools import cycle, islice
from subprocess import Popen
from typing import Any, NamedTuple

from sdr.exchange.children import child
from sdr.exchange.foremade import Maker
from sdr.exchange.keying import fact_of
from sdr.exchange.reading import TextRows
from sdr.exchange.rows_read import Reader, Reading
from sdr.exchange.shelf import Packed, packed
from sdr.exchange.tables import Row, Table, Tally, UnreadableFile

AT_ONCE = 500  # rows of a stretch
LARGE = 4 << 20  # bytes of a file from which children are worth their start
MOST_CHILDREN = 2
SELDOM = 50_000  # objects made before those that hold each other are looked for: a child makes none


class Stretch(NamedTuple):
    """Some hundred rows, marshalled: the facts of each for the matcher, its values, what only a rep asks for (line,
    cells, flaws, reason), and the lead it would begin. `flaws` counts the rows that are kept with each flaw."""

    size: int
    facts: bytes
    values: Packed
    asides: bytes
    flaws: dict[str, int]
    made: bytes | None


class Lost(Exception):
    """A child ended before its file did: everything is to be read again, here."""


def cleaned(
    table: Table, reading: Reading, maker: Maker | None = None, *, alone: bool = False
) -> Generator[Stretch, None, None]:
    """Every row of `table` in stretches, in order, with the lead that `maker` makes of each. `alone` starts no child.
    May raise `UnreadableFile` or `Lost`."""
    rows, children = table.reading, 0 if alone else _children()
    if children and isinstance(rows, TextRows) and rows.source.size >= LARGE:
        yield from _by_children(table, reading, maker, children)
    else:
        yield from _stretches(table, Reader(reading), maker)


def _children() -> int:
    many = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(many - 1, MOST_CHILDREN)


def _stretches(
    rows: Iterable[Row], reader: Reader, maker: Maker | None, part: int = 0, of: int = 1
) -> Iterator[Stretch]:
    """The stretches of `rows` whose number is `part` modulo `of`."""
    found = iter(rows)
    for number in cycle(range(of)):
        chunk = list(islice(found, AT_ONCE))
        if not chunk:
            return
        if number == part:
            yield _packed(chunk, reader, maker)


def _packed(chunk: list[Row], reader: Reader, maker: Maker | None) -> Stretch:
    seen = [reader.read(row) for row in chunk]
    flaws = Counter(flaw for one in seen if not one.reason for flaw in one.flaws)
    facts = marshal.dumps([fact_of(one) for one in seen])
    values = packed([one.values for one in seen])
    asides = marshal.dumps([(one.line, one.cells, one.flaws, one.reason) for one in seen])
    made = marshal.dumps([None if one.reason else maker.made(one.values) for one in seen]) if maker else None
    return Stretch(len(seen), facts, values, asides, dict(flaws), made)


# --- children --------------------------------------------------------------------------------------------------------


def _by_children(table: Table, reading: Reading, maker: Maker | None, many: int) -> Iterator[Stretch]:
    with ExitStack() as stack:
        try:
            children = [stack.enter_context(child("sdr.exchange.cleaning")) for _ in range(many)]
            for part, one in enumerate(children):
                assert one.stdin is not None
                pickle.dump((table, reading, maker, part, many), one.stdin)
                one.stdin.close()
        except OSError as fault:
            raise Lost from fault
        for one in cycle(children):
            said = _heard(one)
            if said[0] == "end":
                table.was_read(said[1], Tally(said[2]))
                return
            if said[0] == "refused":
                raise UnreadableFile(*said[1:])
            table.was_read(said[1], Tally())
            yield Stretch(*said[2:])


def _heard(one: Popen[bytes]) -> Any:
    assert one.stdout is not None
    try:
        return marshal.load(one.stdout)
    except (EOFError, ValueError, TypeError) as fault:
        raise Lost from fault


def main() -> None:
    """The child: the table, how it is read, who makes leads of it and which stretches, on standard input; stretches as
    ("rows", reach, …) each on standard output, then ("end", reach, repairs) or ("refused", sentence, hint)."""
    gc.set_threshold(SELDOM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for who started us, and they end us
    table, reading, maker, part, of = pickle.load(sys.stdin.buffer)  # from who started us
    out = sys.stdout.buffer
    try:
        for stretch in _stretches(table, Reader(reading), maker, part, of):
            marshal.dump(("rows", table.reach, *stretch), out)
            out.flush()
        marshal.dump(("end", table.reach, dict(table.repairs)), out)
    except UnreadableFile as fault:
        marshal.dump(("refused", fault.message, fault.hint), out)
