"""Programs of our own that do a part of the work beside this one, and end with it.

A child is given what it needs by its standard input and answers by its standard output, in marshalled values. It has
no place in the terminal: what it would complain of is dropped, because it may hold the text of a file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import BinaryIO

import sdr

_PROGRAM = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
importlib.import_module(sys.argv[2]).main(*sys.argv[3:])
"""
_HERE = Path(sdr.__file__).parents[1]


@contextmanager
def child(module: str, *words: str, stdin: BinaryIO | int = PIPE) -> Iterator[Popen[bytes]]:
    """Runs `main(*words)` of `module`; the child is ended when the block is left. May raise `OSError`.

    The folder this program was started in is not looked into for modules: a rep's folder may hold a `csv.py`.
    """
    command = [sys.executable, "-P", "-c", _PROGRAM, str(_HERE), module, *words]
    with Popen(command, stdin=stdin, stdout=PIPE, stderr=DEVNULL) as started:
        try:
            yield started
        finally:
            started.kill()
