"""Where the outside sample files are, if this machine has them; tests that need them skip with a reason."""

from pathlib import Path

import pytest

_HERE = Path(__file__).resolve()


def folder(*parts: str) -> Path:
    """The folder or file `parts` of the shared sample data, or a skip that says it is absent."""
    root = _HERE.parents[2] / "shared" / "data"
    wanted = root.joinpath(*parts)
    if not wanted.exists():
        pytest.skip("the shared sample files are not on this machine")
    return wanted
