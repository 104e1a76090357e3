"""`python -m bench [--size 10k|100k|1m] [--only NAME] [--json]`: floor, desk, ratio, memory, one line a figure.

Times are milliseconds. Every ratio is of two medians of the same run; nothing here compares two machines.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench import desks, floors, plans
from bench.figures import Data, Figure, Measured, pooled, ratio
from bench.generate import write

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}

FIGURES = (
    Figure("start", "start to first frame with queue rows", floors.textual_hello, desks.start, 1.4),
    Figure("next-lead", "key to repainted list and detail pane", floors.textual_db, desks.next_lead, 2.0),
    Figure("mark", "three writes, durable", floors.commit, desks.mark, 4.0),
    Figure("answer", "the same, asked for on another thread", floors.commit, desks.answer, 6.0),
    Figure("import", "CSV to searchable, CPU time", floors.bare_import, desks.import_cpu, 1.6),
    Figure("plan", "the real dates of every lead's drip, CPU time", plans.floor, plans.desk, 8.0),
)


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
    return {
        "name": figure.name,
        "says": figure.says,
        "leads": data.rows,
        "floor": floor.summary(),
        "desk": desk.summary() if desk else None,
        "ratio": times and round(times, 3),
        "bar": figure.bar,
        "met": times and times <= figure.bar,
    }


def line(found: dict[str, object]) -> str:
    """One figure as a line of the table."""
    floor, desk = (_side(found[side]) for side in ("floor", "desk"))
    times = "-" if found["ratio"] is None else f"{found['ratio']:.2f} {'ok' if found['met'] else 'ABOVE'}"
    return f"{found['name']:<10} {floor:<52} {desk:<52} {times:>9}  bar {found['bar']}"


def _side(summary: object) -> str:
    if not isinstance(summary, dict):
        return "-"
    times = " ".join(f"{key} {summary[key]:.4g}" for key in ("p50", "p95", "p99", "max"))
    return f"{times} ms {summary['peak_mib']:.0f} MiB"


def main() -> None:
    """Measure and print; nothing is judged but the ratio."""
    words = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    words.add_argument("--size", choices=SIZES, default="10k", help="how many leads")
    words.add_argument("--only", choices=[figure.name for figure in FIGURES], help="one figure")
    words.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "sdr-bench", help="kept between runs"
    )
    words.add_argument("--rounds", type=int, default=3, help="turns of floor and desk")
    words.add_argument("--json", action="store_true", help="one JSON document instead of lines")
    asked = words.parse_args()
    data = data_of(asked.size, asked.folder)
    chosen = [figure for figure in FIGURES if asked.only in (None, figure.name)]
    if asked.json:
        json.dump([measured(figure, data, asked.rounds) for figure in chosen], sys.stdout, indent=2)
        print()
        return
    print(f"{'figure':<10} {'floor':<52} {'desk':<52} {'ratio':>9}")
    for figure in chosen:
        print(line(measured(figure, data, asked.rounds)), flush=True)


if __name__ == "__main__":
    main()
