"""A program in a real terminal: a pty with a screen behind it (pyte), keys, resizes, signals and an end.

    with Desk([sys.executable, "-m", "sdr"], {"SDR_HOME": str(folder)}) as desk:
        desk.wait(lambda text: "queue" in text)
        desk.keys("j", "enter")

The program is the leader of its own session and the pty its controlling terminal, as in a terminal window; with
`controlling=False` it has none, as under nohup or some remote shells. A thread reads all the time, so a program
never waits for its reader.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import pyte

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "escape": "\x1b[27u",  # the unambiguous form: a bare ESC may melt with the key after it
    "space": " ",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    **{f"f{n}": code for n, code in enumerate(("\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS"), 1)},
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"},
}
# pyte knows neither the keyboard protocol's sequences nor the second screen; the first would be drawn as text.
_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]")
_UNFINISHED = re.compile(rb"\x1b(\[[<>=?0-9;$]*)?\Z")


class Desk:
    """The running program. Times are seconds; places are columns and rows from 0."""

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str] | None = None,
        columns: int = 80,
        rows: int = 24,
        *,
        controlling: bool = True,
        cwd: Path | None = None,
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._raw = bytearray()
        self._tail = b""
        self._changed = threading.Condition()
        self._master, slave = os.openpty()
        self._set_size(columns, rows)
        self.process = subprocess.Popen(
            argv,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**_quiet_environment(), **(env or {})},
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_take_terminal if controlling else None,
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read, name="pty-reader", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    # --- to the program ----------------------------------------------------------------------------------------

    def keys(self, *keys: str) -> None:
        """Presses `keys`: names of `KEYS`, or text as typed."""
        for key in keys:
            self.send(KEYS.get(key, key).encode())

    def send(self, data: bytes) -> None:
        """Sends `data` as it is, in as many writes as the terminal takes."""
        while data:
            data = data[os.write(self._master, data[:512]) :]

    def paste(self, text: str) -> None:
        """Pastes `text` the way terminals do (bracketed)."""
        self.send(b"\x1b[200~" + text.encode() + b"\x1b[201~")

    def click(self, column: int, row: int) -> None:
        """Presses and lets go of the left mouse button."""
        self.send(f"\x1b[<0;{column + 1};{row + 1}M\x1b[<0;{column + 1};{row + 1}m".encode())

    def resize(self, columns: int, rows: int) -> None:
        """Gives the window another size; the program hears of it by SIGWINCH."""
        with self._changed:
            self._screen.resize(rows, columns)
        self._set_size(columns, rows)

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Sends a signal to the program itself."""
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """Closes the terminal's side, as closing a window does."""
        self._reading = False
        os.close(self._master)
        self._master = -1

    # --- from the program --------------------------------------------------------------------------------------

    @property
    def raw_bytes(self) -> bytes:
        """Everything the program has written."""
        with self._changed:
            return bytes(self._raw)

    @property
    def second_screen(self) -> bool:
        """Whether the program holds the alternate screen."""
        raw = self.raw_bytes
        return raw.rfind(b"\x1b[?1049h") > raw.rfind(b"\x1b[?1049l")

    @property
    def echoes(self) -> bool:
        """Whether the terminal echoes typed keys, as a shell needs it."""
        return bool(termios.tcgetattr(self._master)[3] & termios.ECHO)

    def lines(self) -> list[str]:
        """The screen, a string a row, blanks at the ends cut."""
        with self._changed:
            return [line.rstrip() for line in self._screen.display]

    def text(self) -> str:
        """The screen as one string."""
        return "\n".join(self.lines())

    def wait(self, wanted: Callable[[str], bool], timeout: float = 20.0) -> str:
        """The screen's text as soon as `wanted` holds for it; AssertionError shows the screen at the timeout."""
        until = time.monotonic() + timeout
        while not wanted(text := self.text()):
            left = until - time.monotonic()
            if left <= 0:
                raise AssertionError(f"not seen in {timeout:g} s; the screen shows:\n{text}")
            with self._changed:
                self._changed.wait(min(left, 0.2))
        return text

    def exit_code(self, timeout: float = 20.0) -> int:
        """Waits for the end of the program; negative for the signal that killed it."""
        code = self.process.wait(timeout)
        self._reader.join(timeout=2)
        return code

    def cpu_seconds(self) -> float:
        """Processor time of the program so far (Linux)."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mib(self) -> float:
        """Memory of the program now (Linux)."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def close(self) -> None:
        """Ends the program however it stands, and the terminal with it."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(20)
        self._reader.join(timeout=5)
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    # --- inside ------------------------------------------------------------------------------------------------

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    _reading = True

    def _read(self) -> None:
        master = self._master
        with contextlib.suppress(OSError, ValueError):  # EIO: the program has closed its side
            while self._reading:
                if select.select([master], [], [], 0.1)[0]:
                    self._take(os.read(master, 65_536))

    def _take(self, data: bytes) -> None:
        with self._changed:
            self._raw += data
            data = self._tail + data
            unfinished = _UNFINISHED.search(data)
            cut = unfinished.start() if unfinished else len(data)
            self._tail = data[cut:]
            self._stream.feed(_UNKNOWN.sub(b"", data[:cut]))
            self._changed.notify_all()


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _quiet_environment() -> dict[str, str]:
    kept = ("PATH", "HOME", "PYTHONPATH", "TMPDIR", "VIRTUAL_ENV")
    told = {name: os.environ[name] for name in kept if name in os.environ}
    return {**told, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "TZ": "UTC"}
