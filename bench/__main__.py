"""`python -m bench [--size 10k|100k|1m] [--only NAME …] [--json]`: floor, desk, ratio, memory, one figure a line.

`--table 10k 100k 1m --write docs/figures.md` measures every figure at these sizes and writes them as a document.
`--growth` counts what a key waits for on two small desks and fails when it grows with the file: part of every test run.
Every ratio is of two medians of the same run; nothing here compares two machines.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench import (
    desks,
    doubles_desk,
    doubles_floor,
    exporting,
    floors,
    growth,
    importing,
    judging,
    plans,
    reporting,
    searching,
)
from bench.figures import Data, Figure, Judged, Limit, Measured, judged, pooled, ratio
from bench.generate import write
from bench.table import bar_words, cell, keep, ratio_words

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
ROUNDS = {"1k": 3, "10k": 3, "100k": 2, "1m": 1}  # turns of floor and desk, unless said

FIGURES = (
    Figure(
        "start", "start to first frame with queue rows", floors.textual_hello, desks.start, 1.4, 1.1,
        (Limit("peak_mib", 60, moonshot=True),),
    ),
    Figure(
        "next-lead", "key to repainted list and detail pane", floors.textual_db, desks.next_lead, 2.0, 1.25,
        (
            Limit("p99", 16, beside="scheduler_ms"), Limit("peak_mib", 90), Limit("cpu_ms_a_key", 3.5, moonshot=True),
            Limit("bytes_a_key", 1024, moonshot=True),
        ),
    ),
    Figure(
        "held", "a key held at 1,000 rows a second, let go: until the list stands still", floors.textual_held,
        desks.held, None, None, (Limit("max", 33, moonshot=True),),
    ),
    Figure(
        "keys-memory", "memory one key leaves behind, over 10,000 keys", floors.textual_memory, desks.keys_memory,
        None, None, (Limit("p50", 16),), "bytes",
    ),
    Figure(
        "mark", "three writes, durable", floors.commit, desks.mark, 4.0, 1.5,
        (Limit("p99", 16), Limit("p99", 3, floors=True, moonshot=True), Limit("max", 16, moonshot=True)),
    ),
    Figure("answer", "the same, asked for on another thread", floors.commit, desks.answer, 6.0, limits=(
        Limit("p99", 16), Limit("max", 16, moonshot=True),
    )),
    Figure("verbs", "every verb of a day in turn, asked for as those", floors.commit, desks.every_verb, None, limits=(
        Limit("p99", 16), Limit("max", 16, moonshot=True),
    )),
    Figure("take-back", "the `u` behind each of these", floors.commit, desks.take_back, None, limits=(
        Limit("p99", 16), Limit("max", 16, moonshot=True),
    )),
    Figure(
        "import", "CSV to searchable, CPU time of all processes", importing.floor_cpu, importing.desk_cpu, 1.6, None,
        (Limit("peak_mib", 256, moonshot=True),),
    ),
    Figure(
        "search", "the best leads of what is typed, letter by letter", searching.floor, searching.desk, None, None,
        (Limit("p99", 50), Limit("p50", 10, moonshot=True), Limit("p99", 25, moonshot=True)),
    ),
    Figure(
        "import-wall", "CSV to searchable, by the clock", importing.floor_wall, importing.desk_wall, None, 1.0,
    ),
    Figure(
        "import-more", "a tenth as many rows again into the whole list, CPU time", importing.floor_more,
        importing.desk_more, 1.6, 1.1, (Limit("peak_mib", 256, moonshot=True),),
    ),
    Figure(
        "meanwhile", "key to next lead while other leads are written by the same desk", floors.textual_db,
        importing.meanwhile, None, None, (Limit("p95", 33), Limit("p99", 33, moonshot=True)),
    ),
    Figure(
        "judge", "every open lead under another rubric, CPU time", judging.floor, judging.desk, 1.5, 1.1,
        (Limit("peak_mib", 100, moonshot=True),),
    ),
    Figure(
        "report", "what every source brought and cost, of all time", reporting.floor, reporting.desk, None, None,
        (Limit("p50", 250), Limit("p50", 32, moonshot=True)),
    ),
    Figure(
        "quarter", "the same of a quarter that begins within an hour", reporting.floor, reporting.quarter, None, None,
        (Limit("p50", 250), Limit("p50", 32, moonshot=True)),
    ),
    Figure(
        "duplicates", "every lead compared with its likes, CPU time", doubles_floor.measure, doubles_desk.measure,
        None, 1.0, (Limit("peak_mib", 300, moonshot=True),),
    ),
    Figure(
        "export", "the day's activity, at most 100,000 touches, as CSV; CPU time", exporting.floor, exporting.desk, 1.3,
        1.0, (Limit("peak_mib", 40),),
    ),
    Figure("workbook", "the same as a workbook, planned before; CPU time", exporting.workbook_floor,
        exporting.workbook, 1.3, None, (Limit("peak_mib", 80),),
    ),
    Figure(
        "real-day", "the activity of a real day, 500 touches; CPU time", exporting.real_floor, exporting.real, None,
        None, (Limit("p50", 30),),
    ),
    Figure("plan", "the real dates of every lead's drip, CPU time", plans.floor, plans.desk, 8.0),
)  # fmt: skip


def data_of(size: str, folder: Path) -> Data:
    """The list of `size` in `folder`, written when it is not there yet."""
    rows, table, truth = SIZES[size], folder / f"leads-{size}.csv", folder / f"truth-{size}.csv"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not table.exists():
        part = table.with_suffix(".part")
        write(part, truth, rows)
        part.rename(table)
    return Data(rows, table, truth, folder)


def measured(figure: Figure, data: Data, rounds: int) -> dict[str, object]:
    """One figure as it is printed with --json. Floor and desk take turns: a busy minute hits both."""
    floors_found: list[Measured] = []
    desks_found: list[Measured] = []
    for _ in range(rounds):
        floors_found.append(figure.floor(data))
        if figure.desk:
            desks_found.append(figure.desk(data))
    floor, desk = pooled(floors_found), pooled(desks_found) if desks_found else None
    times = ratio(floor, desk)
    limits = judged(figure, floor, desk) if desk else ()
    return {
        "name": figure.name,
        "says": figure.says,
        "unit": figure.unit,
        "leads": data.rows,
        "floor": floor.summary(),
        "desk": desk.summary() if desk else None,
        "ratio": times and round(times, 3),
        "bar": figure.bar,
        "met": all(one.met for one in limits if not one.moonshot) if desk else None,
        "limits": [_limit(one) for one in limits],
    }


def _limit(one: Judged) -> dict[str, object]:
    found = {"of": one.of, "most": round(one.most, 3), "found": round(one.found, 3), "met": one.met}
    return {**found, "added": round(one.added, 3), "moonshot": one.moonshot}


def line(found: dict[str, object]) -> str:
    """One figure as a line of the table."""
    return f"{found['name']:<12} {cell(found, 'floor'):<56} {cell(found, 'desk'):<56} {ratio_words(found)}"


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    words.add_argument("--size", choices=SIZES, default="10k", help="how many leads")
    words.add_argument("--only", choices=[figure.name for figure in FIGURES], nargs="+", help="these figures")
    words.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "sdr-bench", help="kept between runs"
    )
    words.add_argument("--rounds", type=int, help="turns of floor and desk")
    words.add_argument("--json", action="store_true", help="one JSON document instead of lines")
    words.add_argument("--table", choices=SIZES, nargs="+", help="several sizes, for --write")
    words.add_argument("--write", type=Path, help="the document to write (its figures are kept beside it as JSON)")
    words.add_argument("--growth", action="store_true", help="only what must not grow with the file")
    return words.parse_args()


def _growth(folder: Path) -> int:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = growth.grown(folder)
    small, large = growth.SIZES
    print(f"{'steps of SQLite':<26} {small:>9,} leads {large:>9,} leads     at most")
    for one in found:
        mark = "GROWS" if one.too_far else ""
        print(f"{one.name:<26} {one.small:>15,} {one.large:>15,} {one.most:>11,.0f} {mark}".rstrip())
    return int(any(one.too_far for one in found))


def main() -> None:
    """Measure and print; what is above a bar is said, never refused."""
    asked = _asked()
    if asked.growth:
        sys.exit(_growth(asked.folder))
    every, failed = [], False
    for size in asked.table or [asked.size]:
        data = data_of(size, asked.folder)
        for figure in FIGURES:
            if asked.only and figure.name not in asked.only:
                continue
            try:
                found = measured(figure, data, asked.rounds or ROUNDS[size])
            except RuntimeError as fault:  # the others are worth having all the same
                failed = True
                print(f"{figure.name:<12} not measured: {fault}", file=sys.stderr, flush=True)
                continue
            every.append(found)
            print(line(found), bar_words(found), sep="\n  ", file=sys.stderr if asked.json else sys.stdout, flush=True)
            if asked.write:
                keep(asked.write, [found])
    if asked.json:
        json.dump(every, sys.stdout, indent=2)
        print()
    sys.exit(int(failed))


if __name__ == "__main__":
    main()
