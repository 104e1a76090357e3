"""The figures as words: a line for the terminal, and the document `docs/figures.md`, which nobody writes by hand.

What was measured is kept as JSON beside the document, each figure and size with its day and its machine, so that
sizes may be measured on their own and a figure again.
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any

Found = dict[str, Any]
BUSY = 1.5  # load a core from which other work is told of

INTRODUCTION = """# Figures

Each figure is the desk beside its *floor*: the least code that does the same work, measured in the same run by
turns, so that a busy machine is busy for both. What counts is the ratio of the two medians. *Bar* is what has to be
kept, *moonshot* what the work could reach; *growth* is the desk at this size over the desk at the smallest one, and
should be 1 for what a key waits for. The leads are invented and always the same; the desk's file holds five
activities for each, so the largest has a million leads and five million activities. How well doubles are found is
told [on a page of its own](doubles.md).

A bar such as `p99 ≤ 16 + 0.8` allows for the machine's scheduler, which is measured beside the keys: before
and after each of them a key goes to a program in a terminal of its own that does nothing but answer, and 0.8 ms is the
p99 of those. It tells how late a program is woken; what a busy machine takes from one at work is not taken off.

This document is written by the command that measures, and by nothing else:

    python -m bench --table 10k 100k 1m --write docs/figures.md
"""


def cell(found: Found, side: str) -> str:
    """One side of a figure: its median, its tail, its memory."""
    summary = found[side]
    if not isinstance(summary, dict):
        return "-"
    times = " ".join(f"{key} {summary[key]:.4g}" for key in ("p50", "p95", "p99", "max"))
    return f"{times} {found['unit']} {summary['peak_mib']:.0f} MiB"


def ratio_words(found: Found) -> str:
    """How many times the floor, and whether every bar is kept."""
    times = "-" if found["ratio"] is None else f"{found['ratio']:.2f}"
    return f"{times:>6} {'' if found['met'] is None else 'ok' if found['met'] else 'ABOVE'}"


def bar_words(found: Found) -> str:
    """Every limit of a figure with what was found."""
    return " · ".join(_limit_words(one) for one in found["limits"]) or "no bar"


def _limit_words(one: Found) -> str:
    kind = "moonshot" if one["moonshot"] else "bar"
    sign = "≤" if one["met"] else "above"
    return f"{kind} {one['of']} {one['found']:.4g} {sign} {one['most']:.4g}{_added(one)}"


def keep(document: Path, every: Iterable[Found]) -> None:
    """Add `every` to what is kept beside `document`, and write the document of all that is."""
    beside = document.with_suffix(".json")
    held = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else []
    by_key = {(one["name"], one["leads"]): one for one in held}
    now = {"on": _today(), "machine": machine(), "load": round(os.getloadavg()[0] / (os.cpu_count() or 1), 1)}
    by_key |= {(one["name"], one["leads"]): now | one for one in every}
    rows = list(by_key.values())
    _replace(beside, json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    _replace(document, "\n".join(_document(rows)) + "\n")


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def machine() -> str:
    """The kind of machine this is, in neutral words."""
    parts = (
        f"{os.cpu_count()} cores", platform.machine(), f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}", f"Textual {version('textual')}",
    )  # fmt: skip
    return ", ".join(parts)


def _document(rows: list[Found]) -> Iterator[str]:
    yield INTRODUCTION
    for (on, kind), found in groupby(sorted(rows, key=_run), _run):
        some = list(found)
        sizes = sorted({one["leads"] for one in some})
        busiest = max(one["load"] for one in some)
        yield f"Measured {on} on {kind}: {', '.join(f'{size:,}' for size in sizes)} leads."
        if busiest > BUSY:
            yield f"Other work ran beside it (up to {busiest} programs a core): all times are long, the tails longer."
    yield ""
    yield "| figure | leads | floor p50 | desk p50 | p99 | max | ratio | bar | moonshot | memory (floor) | growth |"
    yield "|---|--:|--:|--:|--:|--:|--:|---|---|--:|--:|"
    for name in dict.fromkeys(one["name"] for one in rows):
        mine = sorted((one for one in rows if one["name"] == name), key=lambda one: int(one["leads"]))
        for one in mine:
            yield _row(one, mine[0])
    yield ""
    for name, says, unit in dict.fromkeys((one["name"], one["says"], one["unit"]) for one in rows):
        yield f"- **{name}** ({unit}): {says}"


def _run(one: Found) -> tuple[str, str]:
    return one["on"], one["machine"]


def _row(one: Found, smallest: Found) -> str:
    floor, desk = one["floor"], one["desk"]
    if desk is None:
        cells = [one["name"], f"{one['leads']:,}", _number(floor["p50"]), *["-"] * 8]
        return f"| {' | '.join(cells)} |"
    grown = "" if one is smallest else _grown(desk["p50"], smallest["desk"]["p50"])
    cells = [
        one["name"], f"{one['leads']:,}", _number(floor["p50"]), _number(desk["p50"]), _number(desk["p99"]),
        _number(desk["max"]), "-" if one["ratio"] is None else f"{one['ratio']:.2f}", _limits(one, False),
        _limits(one, True), f"{desk['peak_mib']:.0f} ({floor['peak_mib']:.0f}) MiB", grown,
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"


def _grown(now: float, before: float) -> str:
    return f"{now / before:.2f}" if before > 0 else "-"


def _limits(one: Found, moonshot: bool) -> str:
    """The bars (or moonshots) of a figure, each with whether it is met."""
    mine = [limit for limit in one["limits"] if limit["moonshot"] is moonshot]
    return ", ".join(f"{_of(limit)} {'met' if limit['met'] else '**not met**'}" for limit in mine) or "-"


def _of(limit: Found) -> str:
    found = "" if limit["of"] in ("ratio", "p50", "p99", "max") else f" ({_number(limit['found'])})"
    return f"{limit['of'].replace('_', ' ')} ≤ {_number(limit['most'])}{_added(limit)}{found}"


def _added(limit: Found) -> str:
    """What the machine may have added, where a limit allows for it (documents kept from before do not say)."""
    return f" + {_number(limit['added'])}" if limit.get("added") else ""
