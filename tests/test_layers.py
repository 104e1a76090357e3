"""Who may import whom: proved on the source, and on what a start really loads."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sdr

PACKAGE = Path(sdr.__file__).parent
LAYERS = ("models", "rules", "store", "desk", "exchange", "screens", "app", "commands", "cli")
# Not in the row: it stands beside the app and the command, which hand its values to the rest.
BESIDE = {"config": LAYERS.index("app"), "": 0}
# A library, and the only rooms that may import it.
ROOMS = {
    "textual": {"screens", "app"},
    "rich": {"screens", "app"},
    "sqlite3": {"store", "screens"},  # screens: only to name its error
    "sqlite_utils": {"store", "exchange"},
    "sqlmodel": {"models", "store"},
    "sqlalchemy": {"models", "store"},
    "click": {"commands", "cli"},
    "platformdirs": {"config"},
}
CLOCKS = {"time", "random", "secrets"}
CLOCK_ROOMS = {"app", "cli", "config", "commands"}


def imports(source: str) -> Iterator[str]:
    """Every module a source imports, wherever the import stands; those for types alone are left out."""
    tree = ast.parse(source)
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(path: Path) -> str:
    """The layer a file belongs to."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


def wrong_imports(room: str, source: str) -> list[str]:
    """What a source in `room` may not import, as sentences."""
    rank = LAYERS.index(room) if room in LAYERS else BESIDE[room]
    faults = []
    for module in imports(source):
        first, _, rest = module.partition(".")
        if first == "sdr" and rest:
            other = rest.split(".")[0]
            other_rank = LAYERS.index(other) if other in LAYERS else BESIDE.get(other, 0)
            if other_rank > rank:
                faults.append(f"{room} imports {module}, which lies to its right")
            tables = rest.startswith("models.") and not rest.startswith("models.terms")
            if tables and room not in ("models", "store"):
                faults.append(f"{room} imports the tables ({module}); it speaks models.terms")
        elif room not in ROOMS.get(first, {room}):
            faults.append(f"{room} imports {module}; only {sorted(ROOMS[first])} may")
        elif first in CLOCKS and room not in CLOCK_ROOMS:
            faults.append(f"{room} imports {module}; it takes now and chance as arguments")
    return faults


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_import_runs_to_the_right(path: Path) -> None:
    assert wrong_imports(room_of(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("rules", "from sdr.store import store"),
        ("store", "import sdr.desk.triage"),
        ("desk", "def f():\n    from sdr.screens.queue import QueueScreen"),
        ("screens", "from sdr.app import DeskApp"),
        ("desk", "from sdr.models.people import Lead"),
        ("exchange", "import textual"),
        ("rules", "import sqlite3"),
        ("desk", "import random"),
        ("screens", "from time import time"),
        ("models", "from sdr.rules import text"),
    ],
)
def test_a_planted_violation_is_found(room: str, source: str) -> None:
    assert wrong_imports(room, source)


@pytest.mark.parametrize("room", ["rules", "desk", "exchange", "store", "screens"])
def test_nobody_but_the_ends_reads_the_clock_or_the_environment(room: str) -> None:
    for path in FILES:
        if room_of(path) != room:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                words = ast.unparse(node)
                assert words not in ("datetime.now", "date.today", "os.environ", "datetime.utcnow"), f"{path}: {words}"


def loaded_by(code: str) -> set[str]:
    """The top-level modules that running `code` loads, in a fresh interpreter."""
    script = f"{code}\nimport sys, json\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return set(json.loads(done.stdout.splitlines()[-1]))


HEAVY = {"sqlmodel", "sqlalchemy", "pydantic", "sqlite_utils", "phonenumbers", "holidays", "email_validator",
         "icalendar", "xlsxwriter", "python_calamine", "publicsuffixlist", "alembic"}  # fmt: skip

# What comes over the first frame while the rep reads it.
AFTER = {"sdr.screens.prompt", "sdr.screens.card", "sdr.screens.call_panel",
         "sdr.rules.filtering", "sdr.rules.calendar"}  # fmt: skip


def test_help_loads_neither_screens_nor_tables() -> None:
    quiet = "with contextlib.redirect_stdout(io.StringIO()):\n    run(['--help'])"
    code = f"import contextlib, io\nfrom sdr.cli import run\n{quiet}"
    assert loaded_by(code) & (HEAVY | {"textual", "rich", "sqlite3"}) == set()


def test_terms_load_without_the_tables() -> None:
    assert loaded_by("import sdr.models.terms") & HEAVY == set()


@pytest.mark.parametrize("layer", ["rules.triage", "rules.cadence", "store.store", "desk.triage", "screens.queue"])
def test_a_layer_loads_nothing_heavy_by_being_imported(layer: str) -> None:
    assert loaded_by(f"import sdr.{layer}") & HEAVY == set()


def test_the_first_screen_leaves_for_later_what_is_not_on_it() -> None:
    assert loaded_by("import sdr.app, sdr.screens.queue") & AFTER == set()


def test_the_first_frame_loads_no_orm(tmp_path: Path) -> None:
    code = f"""
import asyncio, os, sys
os.environ["SDR_NOW"] = "2026-03-02T09:00:00+00:00"
from sdr import config
from sdr.commands.frame import open_store, set_up_if_new
places, clock = config.places({str(tmp_path)!r}), config.clock()
store = open_store(places, clock)
if len(sys.argv) > 1:
    set_up_if_new(store, config.Config(), clock())
    store.close()
    raise SystemExit
from sdr.app import DeskApp, setting_of
app = DeskApp(setting_of(store, clock, places, config.Config()), config.Config(), places)
app.store.warm = lambda: None  # what follows the first frame is not the first frame
async def main():
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
asyncio.run(main())
store.close()
"""
    subprocess.run([sys.executable, "-c", code, "set-up"], check=True, timeout=60)
    assert loaded_by(code) & HEAVY == set()
