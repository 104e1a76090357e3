"""Dialling: which words are run, that no shell reads them, and that what fails is said."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sdr.screens import dialling
from sdr.screens.dialling import dial, words


class Copying:
    """Stands for the app: remembers what was copied."""

    def __init__(self) -> None:
        self.copied: list[str] = []

    def copy_to_clipboard(self, text: str) -> None:
        self.copied.append(text)


@pytest.fixture
def app() -> Any:
    return Copying()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, Any]]]:
    runs: list[tuple[list[str], dict[str, Any]]] = []
    run = lambda argv, **more: runs.append((argv, more))  # noqa: E731
    monkeypatch.setattr(dialling, "subprocess", SimpleNamespace(Popen=run, DEVNULL=-3))
    return runs


def test_without_a_command_the_number_is_copied_and_nothing_runs(app: Any, started: list[Any]) -> None:
    assert dial(app, (), "+34600000001") == ""
    assert app.copied == ["+34600000001"]
    assert started == []


def test_the_command_runs_apart_and_without_a_shell(app: Any, started: list[Any]) -> None:
    assert dial(app, ("xdg-open",), "+34600000001") == ""
    [(argv, more)] = started
    assert argv == ["xdg-open", "tel:+34600000001"]
    assert more["start_new_session"]
    assert more["stdout"] == more["stderr"] == more["stdin"] == -3
    assert "shell" not in more


def test_a_command_may_say_where_the_number_goes() -> None:
    assert words(("phone", "--call={number}", "now"), "+34600000001") == ["phone", "--call=+34600000001", "now"]


@pytest.mark.parametrize("number", ["", "+34; rm -rf", "--help", "tel:1", "0" * 40, "+3460000\n0001"])
def test_what_is_not_a_number_is_neither_run_nor_copied(app: Any, started: list[Any], number: str) -> None:
    assert "cannot be dialled" in dial(app, ("xdg-open",), number)
    assert (app.copied, started) == ([], [])


def test_a_command_that_is_not_there_is_said(app: Any, tmp_path: Path) -> None:
    said = dial(app, (str(tmp_path / "no such phone"),), "+34600000001")
    assert said.startswith("the dial command did not start (No such file")
    assert app.copied == ["+34600000001"]


def test_a_real_command_gets_the_number(app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    real = dialling.subprocess.Popen

    def kept(*args: Any, **more: Any) -> Any:
        made.append(real(*args, **more))
        return made[-1]

    monkeypatch.setattr(dialling.subprocess, "Popen", kept)
    out = tmp_path / "rang"
    code = f"import sys, pathlib; pathlib.Path({str(out)!r}).write_text(sys.argv[1])"
    dial(app, (sys.executable, "-c", code), "+34600000001")
    assert made[0].wait(30) == 0
    assert out.read_text() == "tel:+34600000001"
