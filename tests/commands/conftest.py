"""The `sdr` command run in this process on a real desk in a temporary home, its clock standing on a Monday at 10:00."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sdr import cli
from tests.desks import Desk, open_desk

NOW = "2026-03-02T10:00:00+01:00"  # tests.desks.MONDAY, in Madrid


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did: exit code, what it said, and its JSON where it gave any."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


Sdr = Callable[..., Ran]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A rep's home that does not exist yet."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SDR_HOME", str(folder))
    monkeypatch.setenv("SDR_NOW", NOW)
    monkeypatch.setenv("TZ", "Europe/Madrid")
    monkeypatch.setenv("USER", "ana")
    monkeypatch.setenv("COLUMNS", "80")
    return folder


@pytest.fixture
def sdr(home: Path, capsys: pytest.CaptureFixture[str]) -> Sdr:
    """Run the command; with `--json` its answer must be one document and nothing else."""

    def run(*words: str) -> Ran:
        capsys.readouterr()
        code = cli.run([str(word) for word in words])
        said = capsys.readouterr()
        ran = Ran(code, said.out, said.err)
        assert "Traceback" not in ran.err
        if "--json" in words:
            assert ran.json is not ...
        return ran

    return run


@pytest.fixture
def filling(home: Path) -> Callable[[], Desk]:
    """Open the desk of the home for writing by the test; the test closes it before it runs commands."""
    home.mkdir(mode=0o700, exist_ok=True)
    return lambda: open_desk(home)


@dataclass(frozen=True, slots=True)
class Stocked:
    """A desk with a source and two new leads."""

    ana: str
    bo: str


@pytest.fixture
def stocked(filling: Callable[[], Desk]) -> Stocked:
    """A desk with a source, two new leads and an account executive."""
    desk = filling()
    source = desk.source()
    ana = desk.new_lead(source_id=source)
    bo = desk.new_lead(
        name="Łukasz Zieliński", first_name="Łukasz", last_name="Zieliński", email="l@wislak.example",
        company="Wiślak", phone="+48600000001", country="PL", city="Kraków", zone="Europe/Warsaw", source_id=source,
    )  # fmt: skip
    from sdr.desk.team import set_ae

    desk.act(set_ae, "Lena", capacity=5)
    desk.store.close()
    return Stocked(str(ana), str(bo))


QUALIFYING = ("budget=yes", "decides=self", "role=decider", "stage=comparing")  # 84 of 75 points, every must-have
VERDICT = {"summary", "lead", "state", "next_step", "refused"}
