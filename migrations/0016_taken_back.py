"""What an act began is taken back without a look at every call and every touch there ever was.

Before a row goes, the file looks for others that refer to it; without an index that is a walk through their whole
table: at a million leads half a second for each `u` behind a call, and more behind a message or a drip.
"""

from __future__ import annotations

from sqlite_utils import Database

INDEXES = (
    "CREATE INDEX call_touch ON call(touch_id)",
    "CREATE INDEX touch_message ON touch(message_id) WHERE message_id IS NOT NULL",
    "CREATE INDEX touch_enrollment ON touch(enrollment_id) WHERE enrollment_id IS NOT NULL",
    "CREATE INDEX message_enrollment ON message(enrollment_id) WHERE enrollment_id IS NOT NULL",
)


def up(db: Database) -> None:
    """Add the indexes."""
    for statement in INDEXES:
        db.execute(statement)
