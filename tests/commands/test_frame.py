"""The command itself: what it loads, how it fails, and that everything it says can be relied on."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import click
import pytest

from sdr.commands import frame, words
from tests.commands.conftest import Sdr, Stocked

LEADLESS = ("queue", "next", "history", "aes", "handoffs", "day", "doctor", "where")


def python(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, **env}, timeout=60, check=False
    )


def loaded_by(*words: str, home: Path) -> set[str]:
    """The modules that running the command in a fresh process leaves loaded."""
    code = f"import sys; from sdr import cli; cli.run({list(words)!r}); print(*sys.modules, file=sys.stderr)"
    return set(python(code, SDR_HOME=str(home)).stderr.split())


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("where",)])
def test_help_and_version_load_nothing_heavy(home: Path, words: tuple[str, ...]) -> None:
    loaded = loaded_by(*words, home=home)
    assert "sdr.cli" in loaded
    assert not loaded & {"textual", "sqlmodel", "sqlalchemy", "sqlite_utils", "pydantic", "rich"}
    assert ("sqlite3" in loaded) == (words == ("where",))


@pytest.mark.parametrize(
    "words", [("queue",), ("next",), ("show", "Ruiz"), ("history",), ("queue", "--filter", "is:due")]
)
def test_commands_that_read_load_no_models(stocked: Stocked, home: Path, words: tuple[str, ...]) -> None:
    loaded = loaded_by(*words, home=home)
    assert "sdr.store.store" in loaded
    assert not loaded & {"textual", "sqlmodel", "sqlalchemy", "sqlite_utils", "pydantic"}


def test_every_word_is_there_and_says_what_it_does(sdr: Sdr) -> None:
    listed = sdr("--help").out
    context = click.Context(words.cli)
    for word, (_module, _name, text) in words.COMMANDS.items():
        assert word in listed
        assert text.split()[0] in listed
        command = words.cli.get_command(context, word)
        assert command is not None
        assert command.help
        assert sdr(word, "--help").code == 0
    assert sdr("--version").out.startswith("sdr ")


@pytest.mark.parametrize("word", LEADLESS)
def test_every_answer_is_one_json_document(sdr: Sdr, stocked: Stocked, word: str) -> None:
    ran = sdr(word, "--json")
    assert ran.code == 0
    assert ran.json is not None
    assert ran.err == ""


@pytest.mark.parametrize("words", [["frobnicate"], ["queue", "--odd"], ["show"], ["--odd"], ["rubric", "odd"]])
def test_what_makes_no_sense_ends_in_exit_2_and_one_sentence(sdr: Sdr, words: list[str]) -> None:
    ran = sdr(*words)
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "--help" in ran.err
    assert sdr(*words, "--json").json["error"]["code"] == "usage"


def test_home_before_or_after_the_word(sdr: Sdr, tmp_path: Path) -> None:
    for said in (["--home", str(tmp_path / "a"), "where"], ["where", "--home", str(tmp_path / "a")]):
        assert sdr(*said, "--json").json["home"] == str(tmp_path / "a")


FILES = {
    "empty": (b"", "empty-file"),
    "text": (b"not a database at all" * 20, "not-a-desk"),
}


@pytest.mark.parametrize(("content", "code"), FILES.values(), ids=FILES)
@pytest.mark.parametrize("words", [("queue",), ("accept", "x"), ("backup",), ("undo",)])
def test_files_that_are_no_desk(sdr: Sdr, home: Path, words: tuple[str, ...], content: bytes, code: str) -> None:
    home.mkdir()
    (home / "desk.db").write_bytes(content)
    ran = sdr(*words, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, code)
    assert ran.err.startswith("sdr: ")
    assert (home / "desk.db").read_bytes() == content


def test_a_newer_desk_is_left_untouched(sdr: Sdr, stocked: Stocked, home: Path) -> None:
    with closing(sqlite3.connect(home / "desk.db")) as db:
        db.execute("PRAGMA user_version=9999")
    before = (home / "desk.db").read_bytes()
    ran = sdr("queue", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, "newer-schema")
    assert (home / "desk.db").read_bytes() == before


def test_a_damaged_desk_says_so(sdr: Sdr, stocked: Stocked, home: Path) -> None:
    with (home / "desk.db").open("r+b") as file:
        file.seek(100)
        file.write(os.urandom(8000))
    ran = sdr("queue", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, "corrupt")
    assert "restore" in ran.json["error"]["hint"]


def test_a_home_that_cannot_be_one(sdr: Sdr, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ran = sdr("queue", "--home", str(tmp_path / "file"), "--json")
    assert ran.code == 3
    assert ran.json["error"]["message"]


def test_a_clock_that_makes_no_sense(sdr: Sdr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDR_NOW", "soon")
    ran = sdr("queue", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "config")


def test_a_fault_of_ours_is_one_sentence_without_a_name(sdr: Sdr, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("Ana Ruiz, ana@acme.example")

    monkeypatch.setattr(frame, "open_store", broken)
    ran = sdr("queue", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, "fault")
    assert "Ana" not in ran.err + ran.out
    with pytest.raises(RuntimeError):
        sdr("queue", "--debug")


def test_the_desk_itself_needs_a_terminal(sdr: Sdr) -> None:
    assert sdr().code == 2
    assert sdr("demo").code == 2


# --- the program as it is started ------------------------------------------------------------------------------


def program(*words: str, home: Path, pipe: str = "", **env: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "sdr.cli", *words]
    line = " ".join(f"'{word}'" for word in command) + pipe
    return subprocess.run(
        ["/bin/sh", "-c", line], capture_output=True, env={**os.environ, "SDR_HOME": str(home), **env}, timeout=60,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip


def test_started_as_a_program(stocked: Stocked, home: Path) -> None:
    done = program("queue", "--json", home=home)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)) == 2
    assert program("show", "nobody", home=home).returncode == 2


def test_in_ascii_json_is_exact_and_tables_readable(stocked: Stocked, home: Path) -> None:
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    document = program("queue", "--json", home=home, **ascii_only).stdout.decode("ascii")
    assert json.loads(document)[1]["account"] == "Wiślak"
    table = program("queue", home=home, **ascii_only).stdout.decode("ascii")
    assert "new - webinar" in table


def test_a_reader_that_has_had_enough_is_no_error(stocked: Stocked, home: Path) -> None:
    done = program("rubric", "show", home=home, pipe=" | head -n 1")
    assert done.stderr == b""
    assert done.stdout.count(b"\n") == 1


def test_all_that_is_made_belongs_to_the_rep_alone(home: Path) -> None:
    assert program("backup", home=home).returncode == 0
    for path in (home, *home.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
