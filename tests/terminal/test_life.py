"""What the terminal may do to the desk, in a real pty: bad bytes, signals, a closed window, no room, no terminal."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.harness import Desk

ROOT = Path(__file__).resolve().parents[2]
TINY = [sys.executable, "-m", "tests.terminal.tiny_app"]
POINTER_SHAPE = re.compile(rb"\x1b\]22;[a-z]+\x07")  # Textual's own, never with text of ours


@pytest.fixture
def desk() -> Iterator[Desk]:
    with Desk(TINY, cwd=ROOT) as running:
        running.wait(lambda text: "on lead 1" in text)
        yield running


def given_back(desk: Desk) -> bool:
    raw = desk.raw_bytes
    return (
        not desk.second_screen
        and desk.echoes
        and raw.rfind(b"\x1b[?25h") > raw.rfind(b"\x1b[?25l")
        and raw.rfind(b"\x1b[?1003l") > raw.rfind(b"\x1b[?1003h")
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_gives_the_terminal_back(desk: Desk, number: signal.Signals) -> None:
    assert desk.second_screen
    assert not desk.echoes
    desk.kill(number)
    assert desk.exit_code() == 128 + number
    assert given_back(desk)


def test_a_stuck_app_still_heeds_the_signal(desk: Desk) -> None:
    before = desk.cpu_seconds()
    desk.keys("h")
    while desk.cpu_seconds() < before + 0.3:  # it stands still now, and burns
        pass
    desk.kill(signal.SIGTERM)
    assert desk.exit_code() == 128 + signal.SIGTERM
    assert given_back(desk)


@pytest.mark.parametrize("data", [b"\xff", "é".encode("latin-1"), b"\xe2\x82", b"\x1b[200~a\xff\xfeb\x1b[201~"])
def test_bytes_that_are_not_text_do_no_harm(desk: Desk, data: bytes) -> None:
    desk.send(data)
    desk.keys("j")
    desk.wait(lambda text: "on lead 2" in text)


def test_a_paste_is_capped_and_says_so(desk: Desk) -> None:
    desk.keys("i")
    desk.paste("x" * 70_000)
    desk.wait(lambda text: "typed 64000" in text and "Only the first 64,000" in text)


@pytest.mark.parametrize("controlling", [True, False])
def test_a_closed_window_ends_the_process(controlling: bool) -> None:
    with Desk(TINY, cwd=ROOT, controlling=controlling) as desk:
        desk.wait(lambda text: "on lead 1" in text)
        desk.hang_up()
        # 120: Python itself, when the last flush finds no terminal any more.
        assert desk.exit_code(timeout=10) in (128 + signal.SIGHUP, 120)


@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
def test_no_terminal_is_refused_with_a_sentence(stream: str) -> None:
    piped = {"stdin": "</dev/null", "stdout": ">/dev/null", "stderr": "2>&1 >/dev/tty | cat"}[stream]
    with Desk(["/bin/sh", "-c", f"{' '.join(TINY)} {piped}; echo left"], cwd=ROOT) as desk:
        assert "needs a terminal" in desk.wait(lambda text: "left" in text)
        assert not desk.second_screen


def test_refusal_has_exit_code_2() -> None:
    done = subprocess.run(TINY, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("The desk needs a terminal")


def test_a_window_too_small_says_so_and_comes_back(desk: Desk) -> None:
    for columns, rows in ((1, 1), (2, 2), (200, 1), (1, 200), (59, 24), (80, 14)):
        notice = f"too small: {columns} by {rows}, needs 60 by 15"[:columns].rstrip()
        desk.resize(columns, rows)
        desk.wait(lambda text, notice=notice: text.rstrip("\n") == notice)  # type: ignore[misc]
        desk.resize(100, 30)
        desk.wait(lambda text: "on lead 1" in text and "too small" not in text and "Acme" in text)


def test_no_control_byte_of_a_lead_reaches_the_terminal(desk: Desk) -> None:
    desk.keys("j")
    desk.wait(lambda text: "on lead 2" in text and "Ada" in text)
    raw = POINTER_SHAPE.sub(b"", desk.raw_bytes)
    assert b"Ada]52;c;aGVsbG8=" in raw
    assert not re.search(rb"\x1b\]|\x1b\\|\xc2[\x80-\x9f]|\xe2\x80\xae|\x07|\x7f", raw)


def test_a_fault_shows_its_number_and_no_words_of_a_lead(desk: Desk) -> None:
    desk.keys("b")
    assert desk.exit_code() == 1
    after = desk.raw_bytes.rpartition(b"\x1b[?1049l")[2].decode()
    assert re.search(r"met a fault \([0-9a-f]{6}\)", after)
    assert "the log (" in after
    assert "Ada" not in after
    assert "Okafor" not in after
    assert given_back(desk)


def test_suspending_without_a_shell_is_refused(desk: Desk) -> None:
    desk.keys("ctrl+z")
    desk.wait(lambda text: "no shell to go to" in text)
    desk.keys("j")
    desk.wait(lambda text: "on lead 2" in text)


def test_a_shell_gets_the_terminal_on_ctrl_z_and_gives_it_back() -> None:
    shell = ["/bin/bash", "--norc", "--noprofile", "-i"]
    with Desk(shell, {"PS1": "ready$ "}, cwd=ROOT) as desk:
        desk.wait(lambda text: "ready$" in text)
        desk.keys(" ".join(TINY), "enter")
        desk.wait(lambda text: "on lead 1" in text)
        desk.keys("ctrl+z")
        desk.wait(lambda text: "Stopped" in text)
        assert not desk.second_screen
        desk.keys("fg", "enter")
        desk.wait(lambda text: "on lead 1" in text and desk.second_screen)
        desk.keys("j")
        desk.wait(lambda text: "on lead 2" in text)
