"""`python -m bench.doubles [--size 10k|100k|1m] [--hard] [--peers] [--json]`: how well doubles are found, at what cost.

`--peers --write docs/doubles.md` measures the plain and the hard list and writes the document of both.

Precision, recall and F1 of pairs of rows against the known truth: of the desk, of the floor (`bench.doubles_floor`),
and with `--peers` of splink and recordlinkage on the same file (extra `bench`). Of the desk also what it joined by
itself, which must be right in 999 of 1,000, and what became of twins: two persons, however alike.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path

from bench import doubles_desk, doubles_floor, doubles_peers, doubles_table, imported
from bench.again import KINDS
from bench.figures import in_child
from bench.generate import HARD, HEADER, PLAIN, TWIN, rows

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
SURE = 0.999  # precision that a join without asking must have

Pairs = Iterable[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Truth:
    """Who stands behind each row, in which way they came, and how many pairs of rows are one person."""

    people: list[int]
    kinds: list[str]

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Every pair of rows of one person."""
        rows_of: dict[int, list[int]] = defaultdict(list)
        for row, number in enumerate(self.people):
            rows_of[number].append(row)
        return (pair for found in rows_of.values() for pair in combinations(found, 2))

    def kind(self, pair: tuple[int, int]) -> str:
        """How the later of two rows came; or the earlier one, when the later is of somebody who came first."""
        later, earlier = self.kinds[max(pair)], self.kinds[min(pair)]
        return earlier if later not in KINDS and earlier in KINDS else later

    def twins(self, pair: tuple[int, int]) -> bool:
        """Whether two rows are of two people of one surname in one house."""
        one, other = sorted(pair, key=lambda row: self.people[row])
        return self.people[other] - self.people[one] == 1 and self.kinds[other] == TWIN


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of 1: of what was told, how much is right; of what is there, how much was told; their harmonic mean."""

    precision: float
    recall: float
    f1: float


def scored(right: int, told: int, there: int) -> Score:
    """The score of so many pairs; of nothing told or nothing there it is 0."""
    precision, recall = right / max(1, told), right / max(1, there)
    return Score(precision, recall, 2 * precision * recall / max(precision + recall, 1e-9))


@dataclass(slots=True)
class Found:
    """How one program did: shares of 1, CPU seconds, MiB at its peak."""

    name: str
    precision: float
    recall: float
    f1: float
    kinds: dict[str, Score]
    twins: int  # taken to be one person
    cpu: float
    peak_mib: float
    beside: dict[str, float] = field(default_factory=dict)


def judged(name: str, told: Pairs, truth: Truth, cpu: float, peak: float) -> Found:
    """The pairs that a program `told` to be one person, against the truth."""
    right, wrong, twins = Counter[str](), Counter[str](), 0
    for pair in told:
        if truth.people[pair[0]] == truth.people[pair[1]]:
            right[truth.kind(pair)] += 1
        else:
            wrong[truth.kind(pair)] += 1
            twins += truth.twins(pair)
    there = Counter(map(truth.kind, truth.pairs()))
    whole = scored(right.total(), right.total() + wrong.total(), there.total())
    kinds = {kind: scored(right[kind], right[kind] + wrong[kind], there[kind]) for kind in KINDS}
    return Found(name, whole.precision, whole.recall, whole.f1, kinds, twins, cpu, peak)


def measured(name: str, work: Callable[[], Pairs], truth: Truth, folder: Path) -> Found:
    """`work` in a process of its own, judged."""
    file = folder / "told.json"
    took = in_child(partial(_told, work, file))
    told = {(a, b) for a, b in json.loads(file.read_bytes())}
    return judged(name, told, truth, took.samples[0], took.peak_mib)


def _told(work: Callable[[], Pairs], file: Path) -> list[float]:
    before = _cpu()
    told = list(work())
    used = _cpu() - before
    file.write_text(json.dumps(told))
    return [used]


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def of_the_desk(source: Path, truth: Truth, folder: Path) -> Found:
    """The list imported, then looked through: what it joined by itself, called one, and only asked about."""
    home = imported.home(source, folder)
    file = folder / "desk.json"
    took = in_child(lambda: [doubles_desk.caught_up(home)])
    doubles_desk.told(home, file)
    told = json.loads(file.read_bytes())
    joined = {pair for found in told["leads"].values() for pair in combinations(sorted(found), 2)}
    one, asked = (set(_between(told["leads"], told[word])) for word in ("one", "asked"))
    found = judged("desk", joined | one, truth, took.samples[0], took.peak_mib)
    sure = judged("", joined, truth, 0, 0)
    of_twins = sum(truth.twins(pair) for pair in asked | one)
    hoped = judged("", joined | one | asked, truth, 0, 0)
    found.beside = {
        "joined": len(joined), "joined_precision": sure.precision, "joined_twins": sure.twins, "asked_twins": of_twins,
        "asked": len(asked), "recall_with_asked": hoped.recall,
    }  # fmt: skip
    return found


def _between(leads: dict[str, list[int]], pairs: list[list[int]]) -> Iterator[tuple[int, int]]:
    """Pairs of leads as pairs of the rows that they hold."""
    for a, b in pairs:
        for one in leads[str(a)]:
            for other in leads[str(b)]:
                yield min(one, other), max(one, other)


def listed(size: str, hard: bool, folder: Path) -> tuple[Path, Truth]:
    """The list and its truth. Each row's note says its number, so that a lead can be followed to its rows."""
    source = folder / f"doubles-{size}{'-hard' if hard else ''}.csv"
    part = source.with_suffix(".part")
    truth = Truth([], [])
    with part.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADER)
        for row, (number, kind, cells) in enumerate(rows(SIZES[size], noise=HARD if hard else PLAIN)):
            table.writerow((*cells[:-1], f"row {row}"))
            truth.people.append(number)
            truth.kinds.append(kind)
    part.replace(source)
    return source, truth


def line(found: Found) -> str:
    """One program as a line of the table."""
    kinds = " ".join(f"{kind} {score.recall:.3f}" for kind, score in found.kinds.items())
    cost = f"{found.cpu:7.1f} s CPU {found.peak_mib:6.0f} MiB"
    return (
        f"{found.name:<14} precision {found.precision:.4f} recall {found.recall:.4f} F1 {found.f1:.4f} {cost}"
        f" · recall of {kinds} · twins called one {found.twins}"
    )


def compared(size: str, hard: bool, peers: bool, folder: Path) -> list[Found]:
    """What the floor, the desk and, when asked, the `peers` find in one list."""
    source, truth = listed(size, hard, folder)
    found = [measured("floor", partial(doubles_floor.pairs, source), truth, folder), of_the_desk(source, truth, folder)]
    for name, work in doubles_peers.PEERS.items() if peers else ():
        found.append(measured(name, partial(work, source), truth, folder))
    return found


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="python -m bench.doubles", description=__doc__)
    words.add_argument("--size", choices=SIZES, default="10k", help="how many rows")
    words.add_argument("--hard", action="store_true", help="more noise, fewer addresses, more shared numbers")
    words.add_argument("--peers", action="store_true", help="also splink and recordlinkage (extra `bench`)")
    words.add_argument("--json", action="store_true", help="one JSON document instead of lines")
    words.add_argument("--write", type=Path, help="measure both lists, plain and hard, and write this document")
    words.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "sdr-bench")
    asked = words.parse_args()
    missing = [name for name in doubles_peers.PEERS if asked.peers and find_spec(name) is None]
    if missing:
        words.error(f'{" and ".join(missing)} not installed: pip install "sdr-desk[bench]"')
    if asked.write and not asked.peers:
        words.error("the document tells of splink and recordlinkage too: add --peers")
    return asked


def _print(found: list[Found], *, as_json: bool) -> None:
    if as_json:
        json.dump([asdict(one) for one in found], sys.stdout, indent=2)
        print()
        return
    for one in found:
        print(line(one))
    beside = found[1].beside
    print("desk: " + ", ".join(f"{word.replace('_', ' ')} {share:.6g}" for word, share in beside.items()), flush=True)


def main() -> None:
    """Measure and print; exit 1 when what joins by itself is not sure enough."""
    asked = _asked()
    asked.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lists = {"Plain": False, "Hard": True} if asked.write else {"Hard" if asked.hard else "Plain": asked.hard}
    every: dict[str, list[Found]] = {}
    for name, hard in lists.items():
        every[name] = compared(asked.size, hard, asked.peers, asked.folder)
        _print(every[name], as_json=asked.json)
    if asked.write:
        asked.write.write_text(doubles_table.document(SIZES[asked.size], every), encoding="utf-8")
    sys.exit(any(found[1].beside["joined_precision"] < SURE for found in every.values()))


if __name__ == "__main__":
    main()
