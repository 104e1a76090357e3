"""How well doubles are found as a document, `docs/doubles.md`, which nobody writes by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from bench.again import KINDS
from bench.table import machine

if TYPE_CHECKING:
    from bench.doubles import Found, Score

INTRODUCTION = """# Doubles

How well two rows of one person are found, against a list whose truth is known: every seventh row is somebody who was
there before, the same (*exact*), written differently (*reformatted*), misspelled (*typo*), in part (*partial*) or from
a new company (*moved*); *twins* are two people of one surname in one house. The hard list has more noise, fewer
addresses and more numbers that a whole house shares. Counted are pairs of rows: *precision* is the share of those told
that are right, *recall* the share of those there that are told, *F1* their harmonic mean. A pair is of the kind of its
later row; two people taken for one count to the row of the two that came again, and to the whole alone when neither
did.

The *floor* is a small program with the same cleaned columns, rapidfuzz and a threshold. splink and recordlinkage work
on the same file and the same cleaned columns, each as its manual has it and at the threshold that did best. CPU time
and peak memory are of the search alone; the desk's includes reading the leads from its file and writing down what it
found, and it asks where it is not sure instead of deciding.

This document is written by the command that measures, and by nothing else; what is written into it by hand is gone
with the next run:

    python -m bench.doubles --size 100k --peers --write docs/doubles.md
"""


def document(rows: int, lists: Mapping[str, Sequence[Found]]) -> str:
    """The document of lists of so many rows: by name, what every program found."""
    return "\n".join([INTRODUCTION, *_measured(rows), *_lists(lists)]) + "\n"


def _measured(rows: int) -> Iterator[str]:
    peers = ", ".join(f"{name} {version(name)}" for name in ("splink", "recordlinkage"))
    yield f"Measured {datetime.now(UTC).date()} on {machine()}, {peers}: {rows:,} rows each."


def _lists(lists: Mapping[str, Sequence[Found]]) -> Iterator[str]:
    for name, found in lists.items():
        yield from ("", f"## {name}", "", *_whole(found), "", *_by_kind(found), "", *_of_the_desk(found))


def _whole(found: Sequence[Found]) -> Iterator[str]:
    yield "| program | precision | recall | F1 | twins called one | CPU | memory |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for one in found:
        shares = f"{one.precision:.4f} | {one.recall:.4f} | {one.f1:.4f}"
        yield f"| {one.name} | {shares} | {one.twins:,} | {one.cpu:.1f} s | {one.peak_mib:,.0f} MiB |"


def _by_kind(found: Sequence[Found]) -> Iterator[str]:
    yield f"| precision / recall / F1 of | {' | '.join(one.name for one in found)} |"
    yield f"|---|{'--:|' * len(found)}"
    for kind in KINDS:
        yield f"| {kind} | {' | '.join(_score(one.kinds[kind]) for one in found)} |"


def _score(one: Score) -> str:
    return f"{one.precision:.3f} / {one.recall:.3f} / **{one.f1:.3f}**"


def _of_the_desk(found: Sequence[Found]) -> Iterator[str]:
    from bench.doubles import SURE

    desk = next(one for one in found if one.beside)
    beside = desk.beside
    sure = "met" if beside["joined_precision"] >= SURE else "**not met**"
    yield (
        f"- Joined without asking: {beside['joined']:,.0f} pairs, precision {beside['joined_precision']:.4f} "
        f"(at least {SURE}: {sure}), twins among them {beside['joined_twins']:.0f}."
    )
    yield (
        f"- Asked about: {beside['asked']:,.0f} more pairs; with every answer right the recall is "
        f"{beside['recall_with_asked']:.4f}. Of the pairs that are called one or asked about, "
        f"{beside['asked_twins']:,.0f} are twins."
    )
    for peer in (one for one in found if one.name not in (desk.name, "floor")):
        kept = "met" if desk.f1 >= peer.f1 else "**not met**"
        yield f"- F1 at least that of {peer.name} ({peer.f1:.4f}): {kept}."
