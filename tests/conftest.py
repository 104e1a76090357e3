"""A desk that is set up, for any test; and how properties draw their examples.

A run of all tests draws the same examples each time, so that what it says is about the code that changed. New ones are
looked for on purpose: `make dice`. What that finds becomes a row of a table. Examples are counted, never timed: a slow
machine must not turn a property red.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.desks import Desk, open_desk

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("dice", deadline=None, max_examples=500, print_blob=True)
settings.load_profile("same")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on a real file, its clock standing on Monday 2 March 2026, 10:00 in Madrid."""
    opened = open_desk(tmp_path)
    yield opened
    opened.store.close()
