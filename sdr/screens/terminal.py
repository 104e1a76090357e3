"""Life in a terminal: bytes that are not text, signals, a window that closes, a window too small, a fault.

`LivingApp` is what the desk's app is built on. What each guard is against was measured on Textual 8.2.8: a byte that
is not UTF-8 ended the app, a signal left the screen in disorder, a closed window left the process spinning.
"""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import termios
import threading
from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, ClassVar

import textual.screen
from rich.text import Text
from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.drivers import linux_driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widget import Widget

from sdr.rules.text import clean
from sdr.screens.fault import Fault, describe
from sdr.screens.lean import keep_little
from sdr.screens.look import BASE_STYLES, DARK, variable_defaults, wear
from sdr.screens.safe import SafeLines

LEAST_COLUMNS, LEAST_ROWS = 60, 15
PASTE_MOST = 64_000  # characters
GRACE = 2.0  # seconds from a signal to the end, however stuck the app is
FRAME = 1 / 240  # seconds
GONE = 128 + signal.SIGHUP  # the exit code of a process whose terminal went away
ALWAYS_HEARD = frozenset({"ctrl+q", "ctrl+c", "ctrl+z"})

# Mouse, paste, focus and keyboard modes off; line wrap on; leave the second screen; cursor on.
_PLAIN_SCREEN = (
    b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2004l\x1b[?1004l\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[0m"
)


def require_terminal() -> str | None:
    """None if a person sits at this process's terminal, else the sentence that refuses to start."""
    streams = (("input", sys.__stdin__), ("output", sys.__stdout__), ("error output", sys.__stderr__))
    for name, stream in streams:
        if stream is None or stream.closed or not stream.isatty():
            return f"The desk needs a terminal, and its {name} is not one. Start it without a pipe, or use a command."
    return None


def forgive_bad_bytes() -> None:
    """Lets a key or a paste hold bytes that are not UTF-8: they become `�` instead of the end of the app."""

    def forgiving(encoding: str) -> Callable[[], IncrementalDecoder]:
        return lambda: getincrementaldecoder(encoding)(errors="replace")

    # By name, because the driver does not export it.
    setattr(linux_driver, "getincrementaldecoder", forgiving)  # noqa: B010


def paint_promptly() -> None:
    """Draws what changed within `FRAME` of the change before; Textual waits up to a sixtieth of a second.

    A key changes the list at once and the card a message later: this is how long the card lags behind.
    """
    setattr(textual.screen, "UPDATE_PERIOD", FRAME)  # noqa: B010  final by its type, read at run time


def terminal_there(fd: int = 0) -> bool:
    """Whether the terminal behind `fd` still exists. Asks for its settings, which needs no controlling terminal."""
    try:
        termios.tcgetattr(fd)
    except (termios.error, OSError):
        return False
    return True


def watch_terminal(every: float = 1.0) -> None:
    """Ends the process soon after its terminal has gone; everything acknowledged is on disk by then."""

    def watch() -> None:
        pause = threading.Event()
        while terminal_there():
            pause.wait(every)
        os._exit(GONE)

    threading.Thread(target=watch, name="terminal-watch", daemon=True).start()


def restore_terminal(settings: list[Any] | None) -> None:
    """Gives the terminal back as it was; for an end that cannot wait for Textual. Never blocks, never raises."""
    with suppress(OSError, termios.error, ValueError):
        if select.select([], [2], [], 0)[1]:
            os.write(2, _PLAIN_SCREEN)
        if settings is not None:
            termios.tcsetattr(0, termios.TCSANOW, settings)


def heed_signals(app: App[Any], settings: list[Any] | None) -> None:
    """On a hang-up or a polite kill the app leaves in order; after `GRACE` seconds it leaves anyhow.

    The handlers are Python's own, not the loop's: they run even while the loop is stuck.
    """
    loop = asyncio.get_running_loop()

    def leave(number: int, _frame: object) -> None:
        def give_up() -> None:
            restore_terminal(settings)
            os._exit(128 + number)

        last_resort = threading.Timer(GRACE, give_up)
        last_resort.daemon = True
        last_resort.start()
        loop.call_soon_threadsafe(lambda: app.exit(return_code=128 + number))

    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, leave)


class TooSmall(Widget):
    """Covers a screen that has no room to be read."""

    # The layer of notifications, which every screen has and which lies above its own.
    DEFAULT_CSS = """
    TooSmall {
        layer: _toastrack; dock: top; width: 100%; height: 100%;
        background: $background; color: $foreground; text-wrap: nowrap; text-overflow: clip;
    }
    """
    DEFAULT_CLASSES = "-textual-system"

    def render(self) -> Content:
        columns, rows = self.app.size
        return Content(f"too small: {columns} by {rows}, needs {LEAST_COLUMNS} by {LEAST_ROWS}")


class LivingApp(App[None]):
    """The ground of the desk's app: it lives and ends well in any terminal. Subclasses give it screens.

    `record_fault` is the one hook: it writes a fault down and names the file. `full_faults` shows whole
    tracebacks with messages, for who asks for them. Ctrl-Z is bound here; after it, `app_resume_signal` tells
    screens to read the file, the date and the time zone anew.
    """

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH: ClassVar[Any] = [BASE_STYLES]
    DEFAULT_CSS = "Screen.-too-small { overflow: hidden; }"  # no scrollbars over the notice
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "suspend_process", "to the shell", id="app.suspend", show=False)
    ]

    def __init__(self, *, theme: str = DARK.name, full_faults: bool = False) -> None:
        forgive_bad_bytes()
        paint_promptly()
        keep_little()
        super().__init__()
        self.full_faults = full_faults
        self._safe_lines = SafeLines()
        wear(self, theme)

    # --- the terminal ------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        self.screen_change_signal.subscribe(self, self._screen_changed)
        if self.is_headless:
            return
        driver = self._driver
        heed_signals(self, getattr(driver, "attrs_before", None))
        watch_terminal()

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self._safe_lines]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variable_defaults(self.current_theme)

    def copy_to_clipboard(self, text: str) -> None:
        """As Textual's, of text made harmless: it will be pasted into other programs."""
        super().copy_to_clipboard(clean(text, lines=True))

    async def on_event(self, event: events.Event) -> None:
        if self.too_small and _is_input(event):
            return
        if isinstance(event, events.Paste) and len(event.text) > PASTE_MOST:
            event.text = event.text[:PASTE_MOST]
            self.notify(f"Only the first {PASTE_MOST:,} characters were pasted.", markup=False)
        await super().on_event(event)

    def action_suspend_process(self) -> None:
        """To the shell, if there is one: the leader of a session would stop for good."""
        if os.getsid(0) == os.getpid():
            self.notify("There is no shell to go to: this window runs the desk alone.", markup=False)
        else:
            super().action_suspend_process()

    # --- a window too small ------------------------------------------------------------------------------------

    @property
    def too_small(self) -> bool:
        """Whether the window has too little room for a screen; keys are then not heard, but for the way out."""
        return self.size.width < LEAST_COLUMNS or self.size.height < LEAST_ROWS

    def on_resize(self) -> None:
        self.call_later(self._cover)

    def _screen_changed(self, _screen: Screen[Any]) -> None:
        self._cover()

    def _cover(self) -> None:
        for screen in self.screen_stack:
            notices = screen.query(TooSmall)
            screen.set_class(self.too_small, "-too-small")
            if self.too_small and not notices and screen.is_running:
                screen.mount(TooSmall())
            elif not self.too_small and notices:
                notices.remove()

    # --- a fault -----------------------------------------------------------------------------------------------

    def record_fault(self, fault: Fault) -> str:
        """Writes `fault` where it can be found and returns the name of that place; here, nowhere."""
        return ""

    def _handle_exception(self, error: Exception) -> None:
        if self.full_faults:
            super()._handle_exception(error)
            return
        self._return_code = 1
        if self._exception is None:  # run_test raises the first one
            self._exception = error
            self._exception_event.set()
        fault, place = describe(error), ""
        with suppress(Exception):
            place = self.record_fault(fault)
        self._exit_renderables.append(Text(fault.notice(place)))
        self._close_messages_no_wait()


def _is_input(event: events.Event) -> bool:
    if isinstance(event, events.Key):
        return event.key not in ALWAYS_HEARD
    return isinstance(event, events.MouseEvent | events.Paste)
