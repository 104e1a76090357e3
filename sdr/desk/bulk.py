"""One verb on many leads: one Change, one undo; each lead's own gates hold, and refusals are listed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sdr.models.terms import Refused, ms
from sdr.store.changes import Change, Edit
from sdr.store.queries import leads
from sdr.store.session import Session


@dataclass(frozen=True, slots=True)
class Preview:
    """What a verb would do to the marked leads: how many it takes, examples, and whom it refuses and why."""

    takes: int
    examples: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def many(
    session: Session, lead_ids: Sequence[int], verb: Callable[..., Change | Refused], args: Sequence[Any], now: datetime
) -> Change | Refused:
    """`verb(session, lead, *args, now)` for every lead that allows it, as one act."""
    changes, refused = _each(session, lead_ids, verb, args, now)
    if not changes:
        reason = refused[0][1] if refused else "no leads are marked"
        return Refused("bulk.nothing", f"nothing to do for these {len(lead_ids)}: {reason}")
    edits: tuple[Edit, ...] = tuple(edit for change in changes for edit in change.edits)
    left = f", {len(refused)} refused" if refused else ""
    return Change(changes[0].verb, f"{changes[0].verb}: {len(changes)} leads{left}", ms(now), edits)


def preview(
    db: Any, lead_ids: Sequence[int], verb: Callable[..., Change | Refused], args: Sequence[Any], now: datetime
) -> Preview:
    """What `many` would do, without doing it."""
    changes, refused = _each(Session(db, 0, 0), lead_ids, verb, args, now)
    return Preview(len(changes), tuple(change.summary for change in changes[:3]), tuple(refused))


def _each(
    session: Session, lead_ids: Sequence[int], verb: Callable[..., Change | Refused], args: Sequence[Any], now: datetime
) -> tuple[list[Change], list[tuple[str, str]]]:
    changes: list[Change] = []
    refused: list[tuple[str, str]] = []
    for lead_id in lead_ids:
        done = verb(session, lead_id, *args, now)
        if isinstance(done, Change):
            changes.append(done)
        else:
            found = leads.lead(session, lead_id)
            refused.append((found.name if found else "a lead", done.reason))
    return changes, refused
