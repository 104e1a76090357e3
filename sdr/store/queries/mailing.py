"""What the mailbox needs of the file: mails whose sending was cut off, what left today, which mails were heard.

Ids of mails stand in angle brackets, as in their heads.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from sdr.store import rows
from sdr.store.queries.reading import every, number, one
from sdr.store.session import Reader

UNSURE = "unsure-"  # batches of mails handed to a server that has not said whether it took them


def unsure(db: Reader) -> tuple[rows.Message, ...]:
    """Mails whose sending began and has no outcome, oldest first: they may have left or not."""
    sql = "SELECT * FROM message WHERE batch >= ? AND batch < ? AND state='written' ORDER BY done_at, id"
    return every(db, rows.Message, sql, (UNSURE, f"{UNSURE}~"))


def in_doubt(message: rows.Message) -> bool:
    """Whether nobody knows if the server took `message`."""
    return message.state == "written" and (message.batch or "").startswith(UNSURE)


def left_on(db: Reader, day: str) -> int:
    """How many mails the server took, or may have taken, on `day` (`YYYY-MM-DD`)."""
    sql = "SELECT count(*) FROM message WHERE batch IN (?, ?) AND state IN ('sent', 'written')"
    return number(db, sql, (sent_batch(day), unsure_batch(day)))


def sent_batch(day: str) -> str:
    """The batch of the mails that left through the server on `day`."""
    return f"{day}-email-sent"


def unsure_batch(day: str) -> str:
    """The batch of the mails whose sending began on `day`, until the server has answered."""
    return f"{UNSURE}{day}"


def heard(db: Reader, mail_ids: Collection[str]) -> frozenset[str]:
    """Those of `mail_ids` that were filed before."""
    sql = "SELECT DISTINCT mail_id FROM event JOIN json_each(?) AS given ON event.mail_id = given.value"
    return frozenset(row[0] for row in db.execute(sql, (json.dumps(list(mail_ids)),)))


def answered(db: Reader, mail_ids: Sequence[str]) -> rows.Message | None:
    """The message of ours that has the first of these ids that is ours."""
    for mail_id in mail_ids:
        found = one(db, rows.Message, "SELECT * FROM message WHERE mail_id=? ORDER BY id LIMIT 1", (mail_id,))
        if found is not None:
            return found
    return None


def last_sent(db: Reader) -> int | None:
    """When the last mail left through the server (ms UTC), by the day of its batch."""
    sql = """SELECT done_at FROM message WHERE batch=(SELECT max(batch) FROM message
      WHERE batch < :unsure AND batch LIKE '%-email-sent') ORDER BY done_at DESC LIMIT 1"""
    found = db.execute(sql, {"unsure": UNSURE}).fetchone()
    return None if found is None else int(found[0])


def last_heard(db: Reader) -> int | None:
    """When the newest mail that was filed came in (ms UTC)."""
    found = db.execute("SELECT max(at) FROM event WHERE mail_id IS NOT NULL").fetchone()[0]
    return None if found is None else int(found)


def mails_to(db: Reader, lead_id: int, address: str) -> tuple[rows.Message, ...]:
    """The mails to a lead at `address` that left, newest first."""
    sql = """SELECT * FROM message WHERE lead_id=? AND channel='email' AND lower(address)=?
      AND state IN ('sent', 'written') ORDER BY made_at DESC, id DESC"""
    return every(db, rows.Message, sql, (lead_id, address))
