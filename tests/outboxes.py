"""Messages that wait in the outbox, for tests: each with the touch that made it."""

from __future__ import annotations

from sdr.models.terms import ms
from sdr.rules.sender import Sender
from sdr.store import rows
from sdr.store.queries import messages
from tests.desks import MONDAY, Desk, begin

ANA = Sender(name="Ana Rep", email="ana@rep.example", address=("Calle Mayor 1", "28013 Madrid"))
STREET = "Gran Vía 5\n28013 Madrid"


def waits(
    desk: Desk, lead: int | None = None, channel: str = "email", *, touched: bool = True, **fields: object
) -> int:
    """A message that waits to leave, to a new lead when none is given; its id."""
    to = lead if lead is not None else desk.new_lead()
    where = {"email": "ana@acme.example", "linkedin": "https://www.linkedin.com/in/ana"}.get(channel, STREET)
    given: dict[str, object] = {
        "lead_id": to, "channel": channel, "text": "Hello Ana,\n\nshall we talk?\n\nAna Rep", "address": where,
        "subject": "Why I called" if channel == "email" else None, "state": "ready", "made_at": ms(MONDAY),
    }  # fmt: skip
    message = begin(desk.store, "message", **(given | fields))
    if touched:
        begin(desk.store, "touch", lead_id=to, channel=channel, at=ms(MONDAY), outcome="done", message_id=message)
    return message


def standing(desk: Desk, message_id: int) -> rows.Message:
    """The message as it stands."""
    found = desk.store.read(messages.message, message_id).result(10)
    assert found is not None
    return found
