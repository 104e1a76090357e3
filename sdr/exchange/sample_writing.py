"""What the rep of the sample wrote: the due message, its sentence where one is asked; those of past days have left."""

from __future__ import annotations

from datetime import datetime

from sdr.desk import drip
from sdr.models.terms import Refused, ms
from sdr.store.changes import Change, Edit
from sdr.store.session import Session

SENTENCES = (
    "Your talk about the second shift stayed with me.",
    "A neighbour of yours told me how you rebuilt the line in spring.",
    "I saw that you are looking for two fitters; that usually has a reason.",
    "The photograph of your new hall made me curious what runs in it.",
)


def written(session: Session, lead_id: int, when: datetime, *, left: bool = True) -> Change | Refused:
    """The due touch of a lead; its message left at once, or still waits in the outbox."""
    done = drip.touch(session, lead_id, None, when)
    if isinstance(done, Refused) and done.rule == "text.sentence":
        done = drip.touch(session, lead_id, None, when, text=SENTENCES[lead_id % len(SENTENCES)])
    if isinstance(done, Refused) or not left:
        return done
    return done._replace(edits=tuple(_left(edit, when) for edit in done.edits))


def _left(edit: Edit, when: datetime) -> Edit:
    if edit.table != "message":
        return edit
    batch = f"{when.date().isoformat()}-{edit.fields['channel']}"
    return edit._replace(fields={**edit.fields, "state": "sent", "done_at": ms(when), "batch": batch})
