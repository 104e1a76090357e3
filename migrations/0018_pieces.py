"""The search index is put together when nobody waits for it.

Each write leaves a piece of index, and pieces were joined as they came: of a million leads every sixteenth note,
or its `u`, rewrote sixty pages more on the key's path (30 to 60 ms). The desk joins them now while the rep does
nothing; only when so many have gathered that a search would suffer does a write join them itself.
"""

from __future__ import annotations

from sqlite_utils import Database

SETTINGS = {"automerge": 0, "crisismerge": 64}  # kept in the file (FTS5, "automerge" and "crisismerge")


def up(db: Database) -> None:
    """Leave joining to the desk."""
    for name, value in SETTINGS.items():
        db.execute("INSERT INTO lead_search(lead_search, rank) VALUES (?, ?)", (name, value))
