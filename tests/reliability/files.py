"""`python -m tests.reliability.files --rounds 2000 --seed 7`: spoiled files brought in by the command, one by one.

Whatever the file: no traceback, an exit code of 0 to 3, a bounded time and memory, and every row counted once, as
created, updated, known, merged or rejected. A child with little memory lives through many files on one desk, so that
later rows meet what earlier ones left. What breaks a promise is kept in `--keep FOLDER` with its seed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import resource
import select
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sdr import cli
from tests.reliability.spoiled import Mutant, mutant

ROOM = 1 << 30  # bytes of address space of the child
SLOWEST = 5.0  # seconds of the processor for one file of at most a megabyte
PATIENCE = 300.0  # seconds on the wall, on a busy machine, until a child counts as hanging
A_LIFE = 100  # files that a child lives through
NOW = "2026-03-02T10:00:00+01:00"
WORDS = ("created", "updated", "known", "merged", "rejected")


@dataclass(slots=True)
class Found:
    """What came of all files: how many ended with each exit code, rows by verdict, and broken promises as sentences."""

    files: int = 0
    codes: Counter[int] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)


def run(rounds: int, seed: int, keep: Path | None = None) -> Found:
    """Bring in `rounds` files, the n-th made from `seed` + n."""
    found = Found()
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, rounds, A_LIFE):
            seeds = range(seed + start, seed + min(start + A_LIFE, rounds))
            with _child(Path(folder, f"home-{start}")) as child:
                for one in seeds:
                    if not _judged(child, one, Path(folder), found, keep):
                        break  # the child is gone: the next life begins
    return found


@contextlib.contextmanager
def _child(home: Path) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-m", "tests.reliability.files", "--worker"]
    around = {**os.environ, "SDR_HOME": str(home), "SDR_NOW": NOW, "USER": "ana", "COLUMNS": "80"}
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=around) as child:
        try:
            yield child
        finally:
            child.kill()


def _judged(child: subprocess.Popen[str], seed: int, folder: Path, found: Found, keep: Path | None) -> bool:
    """Have the child bring in one file and hold it to the promises; whether the child lives on."""
    made = mutant(random.Random(seed))
    path = folder / made.name
    path.write_bytes(made.content)
    said = _answer(child, path, made)
    found.files += 1
    wrong = _broken(said)
    if wrong:
        found.wrong.append(f"seed {seed} ({made.name} {' '.join(made.words)}): {wrong}")
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{seed}-{made.name}").write_bytes(made.content)
    if said is None:
        return False
    found.codes[said["code"]] += 1
    found.slowest = max(found.slowest, said["seconds"])
    found.rows.update({word: said["report"].get(word, 0) for word in WORDS})
    return True


def _answer(child: subprocess.Popen[str], path: Path, made: Mutant) -> dict[str, object] | None:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps([str(path), *made.words]) + "\n")
    child.stdin.flush()
    ready, _, _ = select.select([child.stdout], [], [], PATIENCE)
    line = child.stdout.readline() if ready else ""
    return json.loads(line) if line else None


def _broken(said: dict[str, object] | None) -> str:
    """The promise that was broken, in words."""
    if said is None:
        return "the program died or hung"
    if said["fault"]:
        return str(said["fault"])
    report = said["report"]
    if said["code"] not in range(4) or not isinstance(report, dict):
        return f"exit code {said['code']}"
    if "error" not in report and sum(report[word] for word in WORDS) != report["rows"]:
        return "the rows do not add up"
    if said["seconds"] > SLOWEST:
        return f"took {said['seconds']:.1f} s of the processor"
    return ""


# --- the child -------------------------------------------------------------------------------------------------


def work() -> None:
    """Bring in each file that a line of standard input names, and say on a line what came of it."""
    resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM))
    answers = sys.stdout
    for line in sys.stdin:
        path, *words = json.loads(line)
        out, err, fault = io.StringIO(), io.StringIO(), ""
        began = _spent()
        code = -1
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = cli.run(["import", path, *words, "--json", "--debug"])
        except BaseException:
            fault = traceback.format_exc(limit=-4)
        if "Traceback" in err.getvalue():
            fault = fault or err.getvalue()[-400:]
        report = json.loads(out.getvalue()) if out.getvalue() and not fault else {}
        told = {"code": code, "fault": fault, "report": report, "seconds": _spent() - began}
        print(json.dumps(told), file=answers, flush=True)


def _spent() -> float:
    """Seconds of the processor that we and our children took."""
    taken = os.times()
    return taken.user + taken.system + taken.children_user + taken.children_system


def main() -> int:
    """Run as asked, print the one line, and say by the exit code whether all is well."""
    asked = argparse.ArgumentParser(prog="files", description=__doc__)
    asked.add_argument("--rounds", type=int, default=2000)
    asked.add_argument("--seed", type=int, default=int(time.time()))
    asked.add_argument("--keep", type=Path)
    asked.add_argument("--worker", action="store_true")
    told = asked.parse_args()
    if told.worker:
        work()
        return 0
    began = time.monotonic()
    found = run(told.rounds, told.seed, told.keep)
    codes = " ".join(f"exit {code}: {count}" for code, count in sorted(found.codes.items()))
    rows = " ".join(f"{word} {count}" for word, count in found.rows.items())
    print(
        f"files: {found.files} ({codes}) {rows} slowest {found.slowest:.1f} s wrong {len(found.wrong)} "
        f"seed {told.seed} in {time.monotonic() - began:.0f} s"
    )
    for line in found.wrong:
        print(line, file=sys.stderr)
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
