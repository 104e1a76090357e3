"""The `sdr` command: opens the desk, or hands its words to the command they name.

`--help` and `--version` load neither the screens nor the tables, and the bare `sdr` not even the words. Every
error is one sentence; a traceback is kept out of sight unless `--debug` asks for it.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sdr.commands.frame import Stop


def main() -> None:
    """Run the command and leave with its exit code."""
    os.umask(0o077)  # everything we make is the rep's own
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter shows a mark
    if _opens(sys.argv[1:]):
        gc.disable()  # until the first frame is there, which comes a tenth sooner
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read us had enough; at exit Python would complain of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _opens(words: list[str]) -> bool:
    return not words or (len(words) == 2 and words[0] == "--home")


def run(words: list[str]) -> int:
    """Run `words` as the command would and give its exit code."""
    try:
        if _opens(words):
            from sdr.commands.opening import open_desk

            return open_desk(words[1] if words else None)
        return _worded(words)
    except Exception as fault:
        return _explained("--json" in words, fault, debug="--debug" in words)


def _worded(words: list[str]) -> int:
    import click

    from sdr.commands.words import cli

    try:
        done = cli.main(words, prog_name="sdr", standalone_mode=False)
        return done if isinstance(done, int) else 0
    except click.exceptions.Exit as left:
        return left.exit_code
    except SystemExit as left:  # click leaves like this when the pipe is closed
        return left.code if isinstance(left.code, int) else 1
    except click.Abort:
        return 130
    except click.ClickException as fault:
        context = fault.ctx if isinstance(fault, click.UsageError) else None
        path = context.command_path if context else "sdr"
        hint = f"see `{path} --help`"
        return _refused("--json" in words, 2, "usage", fault.format_message().rstrip("."), hint)


def _explained(as_json: bool, fault: Exception, *, debug: bool) -> int:
    """What went wrong, as the sentence of its kind; `debug` lets what nobody foresaw through."""
    from sdr.commands.frame import Stop
    from sdr.config import BadConfig
    from sdr.store.care import unusable

    if isinstance(fault, Stop):
        return _end(as_json, fault)
    if isinstance(fault, BadConfig):
        return _refused(as_json, 2, "config", str(fault), "")
    if isinstance(fault, BrokenPipeError):
        return 0
    if debug:
        raise fault
    known = unusable(fault)
    if known is not None:
        return _refused(as_json, 3, known.code, str(known), known.hint)
    message = f"something went wrong that should not have ({type(fault).__name__})"
    return _refused(as_json, 3, "fault", message, "run it again with --debug to see where, and `sdr doctor`")


def _refused(as_json: bool, exit_code: int, code: str, message: str, hint: str) -> int:
    from sdr.commands.frame import Stop

    return _end(as_json, Stop(exit_code, code, message, hint))


def _end(as_json: bool, stop: Stop) -> int:
    from sdr.commands.frame import refuse

    refuse(as_json, stop)
    return stop.exit_code


if __name__ == "__main__":
    main()
