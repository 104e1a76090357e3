"""What is told of a fault: where in our code, never with whose data.

A traceback's messages and local variables hold leads' words, and it lands in scrollback and in pasted reports.
`Fault` keeps the kinds of errors and the places in the code, and nothing else.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import NamedTuple


class Fault(NamedTuple):
    """`id` is six hex digits, the same for the same fault; `trail` is fit for a log and a report."""

    id: str
    trail: str

    def notice(self, kept_in: str) -> str:
        """What the rep reads when the desk has stopped; `kept_in` names the log, or is empty."""
        where = f" Its trail is in {kept_in}." if kept_in else ""
        return (
            f"The desk met a fault ({self.id}) and stopped. Everything it said was done is saved.{where}\n"
            f"Start it again to go on; if it comes back, report the fault by that number."
        )


def describe(error: BaseException) -> Fault:
    """The fault of `error` and of what caused it: kinds, files, lines, functions; no messages, no variables."""
    import hashlib

    lines: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(lines) < 500:
        lines.append(type(cause).__name__)
        lines += [_place(frame) for frame in traceback.extract_tb(cause.__traceback__, limit=-40)]
        cause = getattr(cause, "error", None) or cause.__cause__ or cause.__context__
    trail = "\n".join(lines)
    return Fault(hashlib.sha256(trail.encode()).hexdigest()[:6], trail)


def _place(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    return f"  {path.parent.name}/{path.name}:{frame.lineno} {frame.name}"
