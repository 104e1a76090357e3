"""A desk that is set up: a rep in Madrid, the packaged playbook, a source, and leads made by the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desks import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on a real file, its clock standing on Monday 2 March 2026, 10:00 in Madrid."""
    opened = open_desk(tmp_path)
    yield opened
    opened.store.close()
