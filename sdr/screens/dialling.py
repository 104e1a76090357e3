"""How a number rings: the rep's own command with `tel:NUMBER`, and the clipboard. There is no telephony here.

The command is a list of words run without a shell, apart from the desk: it may outlive it, and it cannot write on
its screen. With no command only the clipboard is used; that a command is missing or broken is said, never raised.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence

from textual.app import App

DIALLABLE = re.compile(r"\+?[0-9]{3,20}")


def dial(app: App[None], command: Sequence[str], number: str) -> str:
    """Ring `number` (E.164) and copy it; the words to say when that failed, else none.

    A word `{number}` of `command` becomes the number itself; without one, `tel:NUMBER` is added at the end.
    """
    if not DIALLABLE.fullmatch(number):
        return "this number cannot be dialled; mend it with E"
    app.copy_to_clipboard(number)
    fault = start(words(command, number)) if command else ""
    return f"the dial command did not start ({fault}); the number is copied, see dial in config.toml" if fault else ""


def start(arguments: Sequence[str]) -> str:
    """Run a command apart from the desk, without a shell; what the system said when it did not start, else nothing."""
    try:
        subprocess.Popen(
            list(arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as fault:
        return fault.strerror or "unknown fault"
    return ""


def words(command: Sequence[str], number: str) -> list[str]:
    """The words that are run: plain arguments, whatever is in them."""
    if any("{number}" in word for word in command):
        return [word.replace("{number}", number) for word in command]
    return [*command, f"tel:{number}"]
