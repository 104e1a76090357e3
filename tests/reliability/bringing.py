"""A small batch of invented leads brought into a desk, all in one act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bench.generate import leads
from sdr.models.terms import Refused, ms
from sdr.store.changes import Applied, Change, Edit
from sdr.store.session import Session
from sdr.store.store import Store

ROWS = 25


def bring_in(store: Store, seed: int, now: datetime) -> Applied | Refused:
    """`ROWS` new leads of the list `seed`; done when it is on disk."""
    return store.write(_batch, seed, now).result(60)


def _batch(session: Session, seed: int, now: datetime) -> Change:
    batch = session.new_id()
    edits = [Edit.new("batch", batch, file="leads.csv", at=ms(now), row_count=ROWS, created=ROWS)]
    edits.extend(_leads(session, batch, seed, now))
    return Change("import", f"{ROWS} leads", ms(now), tuple(edits))


def _leads(session: Session, batch: int, seed: int, now: datetime) -> Iterator[Edit]:
    rep = session.execute("SELECT min(id) FROM rep").fetchone()[0]
    for place, (_, row) in enumerate(leads(ROWS, seed)):
        yield Edit.new(
            "lead", session.new_id(), state="new", name=f"{row[0]} {row[1]}", first_name=row[0], last_name=row[1],
            email=row[2] or None, title=row[4], company=row[5], city=row[10], zone="Europe/Madrid",
            zone_from="address", phone=f"+34600{place:06d}", owner_id=rep, batch_id=batch, arrived_at=ms(now) - place,
            recorded_at=ms(now), next_kind="triage", due_at=ms(now) - place, queue_band=5, rank=50, grade="C?",
        )  # fmt: skip
