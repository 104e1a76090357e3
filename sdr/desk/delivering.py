"""Noting what left the desk, so that the next export sends only what changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sdr.models.terms import Refused, ms
from sdr.store.changes import Change, Edit
from sdr.store.queries import deliveries
from sdr.store.session import Session


class Delivered(NamedTuple):
    """One row that is in its file now: `kind` is `handoff` or `touch`, `hash` the digest of what was sent."""

    kind: str
    about_id: int
    hash: str


def record_delivery(session: Session, day: str, delivered: Sequence[Delivered], now: datetime) -> Change | Refused:
    """Mark rows as gone out under `day` (`YYYY-MM-DD`); undo passes over it, for files cannot be called back."""
    edits: list[Edit] = []
    for kind in ("handoff", "touch"):
        rows = {one.about_id: one.hash for one in delivered if one.kind == kind}
        before = deliveries.sent(session, kind, tuple(rows))
        edits += (edit for about in rows if (edit := _noted(session, kind, about, day, rows, before, now)))
    if not edits:
        return Refused("export.nothing", "nothing new has gone out")
    return Change("export", f"{len(edits)} rows went out for {day}", ms(now), tuple(edits), kind="out")


def _noted(
    session: Session,
    kind: str,
    about_id: int,
    day: str,
    rows: dict[int, str],
    before: dict[int, tuple[deliveries.Sent, ...]],
    now: datetime,
) -> Edit | None:
    same = next((sent for sent in before.get(about_id, ()) if sent.day == day), None)
    fields = {"hash": rows[about_id], "at": ms(now)}
    if same is None:
        return Edit.new("delivery", session.new_id(), kind=kind, about_id=about_id, day=day, **fields)
    return None if same.hash == rows[about_id] else Edit.set("delivery", same.id, **fields)


def close_day(session: Session, day: str, left: int, why: str, now: datetime) -> Change | Refused:
    """Keep why the rep closed `day` with things left in its lists."""
    return Change("close-day", f"{day} closed with {left} left: {why}", ms(now), (), kind="out")
