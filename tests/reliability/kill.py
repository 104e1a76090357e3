"""`python -m tests.reliability.kill --points 200`: kill -9 at many points of a day; nothing acknowledged is lost.

Half of the points are random in time, half are boundaries at which the worker kills itself (`faults`). A desk lives
through several kills, each followed by a full check. `--control` runs a deliberately wrong recipe (acknowledged
before the commit) and fails unless that loses something: the proof that the test bites.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.reliability.checking import Found, Told, check

ROOT = Path(__file__).resolve().parents[2]
LIVES = 6  # kills that one desk lives through
# How often each boundary is passed in the time that a life should last.
REACH = {"statement": 4000, "commit": 60, "said": 60, "file": 400}
LONGEST = 2.5  # seconds until a random kill, from the moment the desk is opened

PATIENCE = 120.0  # seconds for a worker to come to the boundary where it kills itself


@dataclass(frozen=True, slots=True)
class Point:
    """One kill: at boundary `at` of kind `on`, or after `after` seconds."""

    seed: int
    on: str = ""
    at: int = 0
    after: float = 0.0


def points(count: int, seed: int, *, control: bool = False) -> list[Point]:
    """`count` kills, half at boundaries; a control run kills only before commits."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        if control:
            found.append(Point(chance.randrange(2**31), "commit", chance.randint(6, REACH["commit"])))
        elif number % 2:
            found.append(Point(chance.randrange(2**31), after=chance.uniform(0.001, LONGEST)))
        else:
            on = chance.choice(("statement", "statement", "commit", "said", "file"))
            # Squared: the first moments of a desk, when its file is made, are worth more points.
            found.append(Point(chance.randrange(2**31), on, 1 + int(REACH[on] * chance.random() ** 2)))
    return found


def live(folder: Path, point: Point, told: Told, *, control: bool = False) -> None:
    """One life of a worker, up to its kill; what it acknowledged goes into `told`."""
    told_by = {"FAULT_ON": point.on, "FAULT_AT": str(point.at), "TOO_EARLY": "1" if control else ""}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.reliability.worker", str(folder), str(point.seed)],
        cwd=ROOT,
        env={**os.environ, **told_by},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,  # a line read here must not take others with it into a buffer
    ) as worker:
        assert worker.stdout is not None
        worker.stdout.readline()
        said, complaint = _killed(worker, point)
    if worker.returncode != -signal.SIGKILL:
        raise RuntimeError(f"the worker ended by itself at {point}: {complaint[-2000:].decode()}")
    for line in said.decode().splitlines():
        told.hear(line)


def _killed(worker: subprocess.Popen[bytes], point: Point) -> tuple[bytes, bytes]:
    """What the worker said until the point: killed there by us, or long since by its own hand."""
    try:
        return worker.communicate(timeout=point.after or PATIENCE)
    except subprocess.TimeoutExpired:
        worker.kill()
        return worker.communicate()


def one_desk(of: tuple[list[Point], bool]) -> tuple[int, Found]:
    """A desk that lives through some kills: how many acts it acknowledged, and what was found wrong."""
    kills, control = of
    told, found = Told(), Found()
    with tempfile.TemporaryDirectory(prefix="kill-") as name:
        folder = Path(name)
        for point in kills:
            live(folder, point, told, control=control)
            wrong = check(folder, told)
            if wrong:
                print(f"{point}: {wrong}", file=sys.stderr)
                found.add(wrong)
                break  # what was lost once would be counted again
    return len(told.acts), found


def run(count: int, seed: int, jobs: int, *, control: bool = False) -> tuple[int, Found]:
    """`count` kills on as many desks as they need."""
    planned = points(count, seed, control=control)
    lives = 1 if control else LIVES
    desks = [(planned[at : at + lives], control) for at in range(0, count, lives)]
    acked, found = 0, Found()
    if jobs == 1:
        outcomes = map(one_desk, desks)
        for acts, wrong in outcomes:
            acked += acts
            found.add(wrong)
        return acked, found
    with ProcessPoolExecutor(jobs) as pool:
        for acts, wrong in pool.map(one_desk, desks):
            acked += acts
            found.add(wrong)
    return acked, found


def main() -> int:
    """Run as asked, print the one line, and say by the exit code whether all columns are zero."""
    asked = argparse.ArgumentParser(prog="kill", description=__doc__)
    asked.add_argument("--points", type=int, default=200)
    asked.add_argument("--seed", type=int, default=int(time.time()))
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--control", action="store_true")
    told = asked.parse_args()
    began = time.monotonic()
    acked, found = run(told.points, told.seed, told.jobs, control=told.control)
    name = "kill-control" if told.control else "kill"
    print(
        f"{name}: points={told.points} acked={acked} lost={len(found.lost)} torn={len(found.torn)}"
        f" bad={len(found.bad)} secs={time.monotonic() - began:.0f} seed={told.seed}"
    )
    if told.control:
        return 0 if found.lost else 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
