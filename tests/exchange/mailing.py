"""A desk with mails that wait, for tests of sending and hearing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdr.models.terms import ms
from sdr.rules.mailbox import Mailbox, Server
from sdr.rules.sender import Sender
from sdr.store import rows
from sdr.store.queries import messages
from tests.desks import MONDAY, Desk, begin, open_desk
from tests.exchange.mail_servers import USER

SENDER = Sender(name="Ana Desk", email=USER, address=("Desk", "1 Main St", "Springfield"))


@dataclass(frozen=True, slots=True)
class Written:
    """A lead and the mail that waits for them."""

    lead: int
    message: int


class MailDesk:
    """A desk whose leads each have a mail that waits. It is Monday, 10:00 in Madrid."""

    def __init__(self, folder: Path) -> None:
        self.desk: Desk = open_desk(folder)
        self.store = self.desk.store
        self._leads = 0

    def write(self, address: str = "ana@acme.example", *, lead: dict[str, Any] | None = None, **more: Any) -> Written:
        """A lead with `address` and a mail that waits."""
        self._leads += 1
        phone = f"+34600{self._leads:06d}"
        who = self.desk.new_lead(**({"email": address, "phone": phone, "state": "working"} | (lead or {})))
        begin(self.store, "permission", lead_id=who, basis="legitimate-interest", basis_note="their job is pumps",
              subscriber="corporate", obtained_at=ms(MONDAY), informed_at=ms(MONDAY), set_at=ms(MONDAY))  # fmt: skip
        fields: dict[str, Any] = {
            "lead_id": who, "channel": "email", "subject": f"Leaks – at {address}", "text": "Hello,\n.\nhow are you?",
            "address": address, "state": "ready", "made_at": ms(self.desk.clock.now),
        }  # fmt: skip
        return Written(who, begin(self.store, "message", **(fields | more)))

    def message(self, of: Written) -> rows.Message:
        """The message as it stands."""
        found = self.store.read(messages.message, of.message).result(10)
        assert found is not None
        return found

    def box(self, smtp: Server | None = None, imap: Server | None = None, **more: Any) -> Mailbox:
        """The rep's mailbox on these servers."""
        return Mailbox(USER, USER, smtp, imap, **more)
