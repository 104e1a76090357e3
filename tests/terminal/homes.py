"""Homes for the installed program: a desk filled by the program's own commands and verbs, and looks at its file."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sdr import config
from sdr.commands.home import open_store, set_up_if_new
from sdr.desk.leads_kept import Parsed, add
from sdr.models.terms import ms
from sdr.store import connection, rebuilding, tables
from sdr.store.changes import Applied
from sdr.store.queries import queue
from sdr.store.session import Session
from sdr.store.store import Store
from tests.terminal.harness import KEYS, Desk

NOW = datetime.fromisoformat("2026-03-02T10:00:00+01:00")  # a Monday
NOT_BUSINESS = ("step",)  # the journal's own table: what was undone stays told
_PROGRAM = Path(sys.executable).with_name("sdr")
_CONFIG = '[rep]\nname = "Ana"\nzone = "Europe/Madrid"\ncountry = "ES"\nhours = "mon-fri 09:00-17:00"\n'


def program(home: Path) -> list[str]:
    """The installed command, or its module where it is not installed, on `home`."""
    command = [str(_PROGRAM)] if _PROGRAM.exists() else [sys.executable, "-m", "sdr.cli"]
    return [*command, "--home", str(home)]


def environment(**more: str) -> dict[str, str]:
    """A frozen clock, and no program that dials."""
    return {"SDR_NOW": NOW.isoformat(), "SDR_NO_DIAL": "1", **more}


def opened(home: Path, columns: int = 80, rows: int = 24, **env: str) -> Desk:
    """The program on `home` in a terminal of this size."""
    return Desk(program(home), environment(**env), columns, rows)


def run(home: Path, *words: str, before: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """A command without a terminal; `before` are words put before the program (see `powerless`)."""
    return subprocess.run(
        [*before, *program(home), *words],
        env={**os.environ, **environment()},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def powerless() -> list[str]:
    """Words before a program that take from root the power to write where nobody may; none for others."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and setpriv is not here to take that away")
    powers = "-dac_override,-dac_read_search"
    return ["setpriv", f"--bounding-set={powers}", f"--inh-caps={powers}"]


class Home:
    """A rep's folder with a desk in it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.toml").write_text(_CONFIG, encoding="utf-8")
        self.folder = folder
        self.file = folder / "desk.db"

    def goal(self, line: str) -> None:
        """A line of the rep's goals, before the desk is first opened."""
        with (self.folder / "config.toml").open("a", encoding="utf-8") as file:
            file.write(f"\n[goals]\n{line}\n")

    def people(self, count: int, first: int = 1) -> None:
        """Add `count` people in Madrid, no two alike, from number `first`."""
        self.act(*((add, Parsed(_person(n))) for n in range(first, first + count)))

    def with_store(self, job: Callable[[Store], Any]) -> Any:
        """Do something on the desk's file the way the program does."""
        store = open_store(config.places(str(self.folder)), lambda: NOW)
        try:
            set_up_if_new(store, config.load(self.folder / "config.toml"), NOW)
            return job(store)
        finally:
            store.close()

    def act(self, *acts: Sequence[Any]) -> None:
        """Verbs as (verb, argument, …), each of which must be taken."""

        def all_of_them(store: Store) -> None:
            for verb, *args in acts:
                done = store.write(partial(_on, verb, args)).result(30)
                assert isinstance(done, Applied), done

        self.with_store(all_of_them)

    def rows(self, sql: str, *args: object) -> list[tuple[Any, ...]]:
        """Rows of the file, read beside a program that may have it open."""
        db = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)
        try:
            return db.execute(sql, args).fetchall()
        finally:
            db.close()

    def one(self, sql: str, *args: object) -> Any:
        """The first column of the first row."""
        return self.rows(sql, *args)[0][0]

    def business(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table but the journal."""
        return {
            table: self.rows(f"SELECT * FROM {table} ORDER BY id")
            for table in tables.STATE
            if table not in NOT_BUSINESS
        }

    def acts(self) -> int:
        """How many acts stand in the journal, not taken back."""
        return int(self.one("SELECT count(*) FROM step WHERE kind='act' AND undone=0"))

    def assert_sound(self) -> None:
        """The file is whole, and its state is what its journal says."""

        def look(db: sqlite3.Connection) -> None:
            assert connection.sound(db) == "ok"
            assert rebuilding.differences(db) == []
            assert rebuilding.broken_digests(db) == []

        self.with_store(lambda store: store.exclusively(look).result(60))


def _on(verb: Callable[..., Any], args: Sequence[Any], session: Session) -> Any:
    return verb(session, *args, NOW)


def _person(number: int) -> dict[str, str]:
    """A lead as told, with a name that is no part of another's."""
    first, last = ("Ada", "Bea", "Cai", "Dov", "Eva", "Flo", "Gus", "Hal"), ("Alba", "Boro", "Cruz", "Diaz", "Egea")
    name = f"{first[number % 8]} {last[number // 8 % 5]}-{number:02d}"
    return {
        "name": name, "company": f"Pumps {number:02d} SL", "title": "Operations Director", "country": "ES",
        "city": "Madrid", "email": f"p{number}@pumps{number}.example", "phone": f"+34 600 {number:06d}",
    }  # fmt: skip


# --- the program in its terminal -----------------------------------------------------------------------------------


class Counting:
    """The keys a journey takes, sent in one burst."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.count = 0

    def press(self, keys: str) -> None:
        """Keys as words with blanks between, as in `c enter 2`."""
        pressed = keys.split()
        self.count += len(pressed)
        self._desk.send("".join(KEYS.get(key, key) for key in pressed).encode())


def until(wanted: Callable[[], bool], desk: Desk) -> None:
    """Waits until the file is as `wanted`; the screen is shown when that does not come."""
    desk.wait(lambda _text: wanted(), timeout=60)


def waiting(home: Home) -> tuple[int, ...]:
    """The queue's leads in order."""
    return tuple(home.with_store(lambda store: store.read(queue.ids, ms(NOW)).result(30)))


def ready(desk: Desk) -> Desk:
    """The queue is on screen with its keys."""
    desk.wait(lambda text: text.startswith(" queue") and "history" in text)
    return desk


def leave(desk: Desk) -> None:
    """Out by the key, in order."""
    desk.keys("ctrl+q")
    assert desk.exit_code() == 0
    assert not desk.second_screen
    assert desk.echoes
