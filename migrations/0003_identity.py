"""Who may be whom: pairs worth asking about, the keys by which they are found, and pairs the rep told apart.

`suspect`, `lead_block` and `looked` are caches computed from the leads and can be thrown away at any time; `apart` is
told by the journal. It names its leads without a reference: an import taken back is not held up by a verdict on it.
"""

from __future__ import annotations

import re

from sqlite_utils import Database

REFERENCE = re.compile(r"REFERENCES \w+\(\w+\)(?: ON DELETE CASCADE)?")
AT_THE_END = r"\g<0> DEFERRABLE INITIALLY DEFERRED"

STATEMENTS = """
CREATE TABLE apart (
  id INTEGER PRIMARY KEY, a_id INTEGER NOT NULL, b_id INTEGER NOT NULL, at INTEGER NOT NULL,
  rep_id INTEGER REFERENCES rep(id), CHECK (a_id < b_id)
) STRICT;
CREATE UNIQUE INDEX apart_pair ON apart(a_id, b_id);
CREATE TABLE suspect (
  a_id INTEGER NOT NULL REFERENCES lead(id) ON DELETE CASCADE,
  b_id INTEGER NOT NULL REFERENCES lead(id) ON DELETE CASCADE,
  score INTEGER NOT NULL, reasons TEXT NOT NULL, PRIMARY KEY (a_id, b_id), CHECK (a_id < b_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX suspect_best ON suspect(score DESC, a_id, b_id);
CREATE INDEX suspect_b ON suspect(b_id);
CREATE TABLE lead_block (
  key INTEGER NOT NULL, lead_id INTEGER NOT NULL, PRIMARY KEY (key, lead_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE looked (replica INTEGER PRIMARY KEY, operation_id INTEGER NOT NULL) STRICT;
"""


def up(db: Database) -> None:
    """Add the tables (no statement may end the surrounding transaction)."""
    for statement in STATEMENTS.split(";"):
        if statement.strip():
            db.execute(REFERENCE.sub(AT_THE_END, statement))
