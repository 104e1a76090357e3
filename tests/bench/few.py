"""`python -m bench` with little of everything: for tests of what is measured and printed, not of how much it takes."""

from __future__ import annotations

import runpy

from bench import desks, floors, terminal

terminal.RUNS, terminal.PRESSES, terminal.HOLDS = 1, 10, 1
floors.MARKS = desks.MARKS = 100

if __name__ == "__main__":
    runpy.run_module("bench", run_name="__main__")
