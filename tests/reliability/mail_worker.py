"""`sdr mail send`, run to be killed. `TOO_LATE=1` uses a deliberately wrong recipe: nothing is marked before the text
is handed over, so that a kill in between sends it twice.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime

from sdr import cli
from sdr.desk import sending_mail
from sdr.models.terms import Refused, ms
from sdr.rules.sender import Sender
from sdr.store.changes import Change, Edit
from sdr.store.session import Session


def unmarked(_session: Session, message_id: int, mail_id: str, _sender: Sender, now: datetime) -> Change | Refused:
    """The wrong recipe: only the id is written down."""
    return Change("mail", "begun", ms(now), (Edit.set("message", message_id, mail_id=mail_id),), kind="out")


def taken_from_ready(_session: Session, message_id: int, now: datetime) -> Change | Refused:
    """The wrong recipe: marked only when all is over."""
    return Change("mail", "sent", ms(now), (Edit.set("message", message_id, state="sent"),), kind="out")


if __name__ == "__main__":
    if os.environ.get("TOO_LATE"):
        sending_mail.begin, sending_mail.taken = unmarked, taken_from_ready
    sys.exit(cli.run(["--home", sys.argv[1], "mail", "send"]))
