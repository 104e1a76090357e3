"""Searching as one types: a bare list over FTS5 beside the desk's, key to rows on the screen.

The desk's file has people of many scripts, shared first names and companies, notes, open leads of every worth and
closed ones: what a search meets. It is made once a folder, through the store.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from bench.desks import NOW, opened
from bench.figures import Data, in_child
from bench.generate import leads as generated

_PAGE = 1_000
_OPEN, _CLOSED = (("new", 5, "triage"), ("working", 6, "call"), ("working", 7, "mail")), ("rejected", "lost")


def home(data: Data) -> Path:
    """A home whose desk holds the whole list as a rep of some months has it."""
    folder = data.folder / f"desk-search-{data.rows}"
    if not (folder / "ready").exists():
        in_child(lambda: _fill(folder, data.rows))
        (folder / "ready").touch()
    return folder


def _fill(folder: Path, rows: int) -> Iterator[float]:
    from sdr.models.terms import ms
    from sdr.store.changes import Change

    store = opened(folder)
    before = time.perf_counter()
    store.write(lambda session: Change("bench", f"{rows} leads", ms(NOW), _edits(session, rows))).result()  # type: ignore[arg-type]
    store.close()
    yield time.perf_counter() - before


def _edits(session: Any, rows: int) -> Iterator[Any]:
    from sdr.models.terms import ms
    from sdr.store.changes import Edit

    rep = session.execute("SELECT id FROM rep").fetchone()[0]
    chance, rows_left = random.Random(rows), enumerate(islice(generated(rows), rows), 1)
    while page := list(islice(rows_left, _PAGE)):
        notes = []
        for place, (_, row) in page:
            lead = session.new_id()
            yield Edit.new("lead", lead, **_fields(row, place, chance), owner_id=rep, recorded_at=ms(NOW))
            if row[13]:
                note = {"lead_id": lead, "kind": "note", "at": ms(NOW), "text": row[13], "rep_id": rep}
                notes.append(Edit.new("event", session.new_id(), **note))
        yield from notes


def _fields(row: tuple[str, ...], place: int, chance: random.Random) -> dict[str, Any]:
    from sdr.models.terms import ms

    number = f"+1{place % 800 + 200}555{place % 10_000:04d}"
    arrived = ms(NOW) - chance.randrange(1, 200 * 24 * 60) * 60_000
    fields: dict[str, Any] = {
        "name": f"{row[0]} {row[1]}", "first_name": row[0], "last_name": row[1], "email": row[2].lower() or None,
        "title": row[4] or None, "company": row[5], "city": row[10], "country": row[9], "zone": "Europe/Madrid",
        "zone_from": "address", "phone": number, "arrived_at": arrived, "grade": "C?", "known_of": 5,
        "phones": f'[{{"e164":"{number}","type":"unknown","raw":"{number}","struck":null}}]',
    }  # fmt: skip
    if chance.random() < 0.25:
        return fields | {"state": chance.choice(_CLOSED), "closed_at": arrived}
    state, band, kind = chance.choice(_OPEN)
    return fields | {
        "state": state, "queue_band": band, "next_kind": kind, "due_at": arrived, "rank": chance.randrange(100)
    }  # fmt: skip
