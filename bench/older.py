"""A measured desk of an earlier schema, brought to the present one as a rep's is: making it anew takes minutes."""

from __future__ import annotations

from pathlib import Path

from bench.filling import NOW


def brought_on(made: Path, complete: str) -> bool:
    """Whether there was one: a folder called as `made` but for the number of its schema, with the file `complete`.

    Its file is of the newest schema then, and it is called `made`.
    """
    older = _of_earlier(made, complete)
    if older is None:
        return False
    from sdr import config
    from sdr.commands.home import open_store

    open_store(config.places(str(older)), lambda: NOW).close()
    for copy in older.glob("desk-before-*.db"):  # what is kept of a desk that somebody works on
        copy.unlink()
    older.rename(made)
    return True


def _of_earlier(made: Path, complete: str) -> Path | None:
    name, _, mark = made.name.rsplit("-", 2)
    every = sorted(made.parent.glob(f"{name}-[0-9][0-9][0-9][0-9]-{mark}"))
    return next((one for one in every if one.name < made.name and (one / complete).exists()), None)
