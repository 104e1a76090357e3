"""Screens are driven as fast as they are done: see `tests.screens.idle`."""

from __future__ import annotations

import pytest
from textual import app, pilot

from tests.screens.idle import idle


@pytest.fixture(autouse=True)
def idle_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual's pilot and its keys wait by the loop instead of by naps."""
    monkeypatch.setattr(app, "wait_for_idle", idle)
    monkeypatch.setattr(pilot, "wait_for_idle", idle)
