"""The drip whole: messages and the outbox, what a person allowed, time off, tracks, approval of texts.

Times are milliseconds UTC, days `YYYY-MM-DD`. References are looked at when an act ends, as in the first migration.
"""

from __future__ import annotations

import re

from sqlite_utils import Database

REFERENCE, AT_THE_END = re.compile(r"REFERENCES \w+\(\w+\)"), r"\g<0> DEFERRABLE INITIALLY DEFERRED"

STATEMENTS = """
CREATE TABLE message (
  id INTEGER PRIMARY KEY, lead_id INTEGER NOT NULL REFERENCES lead(id), channel TEXT NOT NULL,
  enrollment_id INTEGER REFERENCES enrollment(id), step_no INTEGER, template TEXT, template_version INTEGER,
  variant TEXT, subject TEXT, text TEXT NOT NULL, personal TEXT, address TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'written', 'sent', 'failed', 'dropped')),
  made_at INTEGER NOT NULL, not_before INTEGER, done_at INTEGER, batch TEXT, mail_id TEXT, reply_to TEXT,
  cost_minor INTEGER, currency TEXT, fault TEXT, rep_id INTEGER REFERENCES rep(id)
) STRICT;
CREATE INDEX message_lead ON message(lead_id, made_at);
CREATE INDEX message_waiting ON message(channel, made_at) WHERE state = 'ready';
CREATE INDEX message_batch ON message(batch) WHERE batch IS NOT NULL;
CREATE INDEX message_mail_id ON message(mail_id) WHERE mail_id IS NOT NULL;
CREATE TABLE permission (
  id INTEGER PRIMARY KEY, lead_id INTEGER REFERENCES lead(id), source_id INTEGER REFERENCES source(id),
  basis TEXT, basis_note TEXT, consent TEXT, consent_evidence TEXT, consent_at INTEGER, consent_until INTEGER,
  subscriber TEXT, obtained_at INTEGER, informed_at INTEGER, listed_at INTEGER, set_at INTEGER NOT NULL, set_by TEXT,
  CHECK ((lead_id IS NULL) <> (source_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX permission_lead ON permission(lead_id) WHERE lead_id IS NOT NULL;
CREATE UNIQUE INDEX permission_source ON permission(source_id) WHERE source_id IS NOT NULL;
CREATE TABLE absence (
  id INTEGER PRIMARY KEY, rep_id INTEGER REFERENCES rep(id), from_day TEXT NOT NULL, to_day TEXT NOT NULL,
  cover_id INTEGER REFERENCES rep(id), label TEXT, made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX absence_rep ON absence(rep_id, to_day);
ALTER TABLE lead ADD COLUMN street TEXT;
ALTER TABLE enrollment ADD COLUMN track TEXT NOT NULL DEFAULT 'main';
ALTER TABLE enrollment ADD COLUMN product TEXT NOT NULL DEFAULT '';
ALTER TABLE touch ADD COLUMN message_id INTEGER REFERENCES message(id);
ALTER TABLE touch ADD COLUMN variant TEXT;
ALTER TABLE event ADD COLUMN mail_id TEXT;
ALTER TABLE event ADD COLUMN detail TEXT;
CREATE INDEX event_mail_id ON event(mail_id) WHERE mail_id IS NOT NULL;
ALTER TABLE cadence ADD COLUMN product TEXT NOT NULL DEFAULT '';
ALTER TABLE template ADD COLUMN owner TEXT;
ALTER TABLE template ADD COLUMN approved_by TEXT;
ALTER TABLE template ADD COLUMN approved_at INTEGER;
ALTER TABLE template ADD COLUMN approved_text TEXT;
ALTER TABLE template ADD COLUMN retires_on TEXT;
CREATE INDEX enrollment_cadence ON enrollment(cadence_id, state);
"""


def up(db: Database) -> None:
    """Add the tables and columns (no statement may end the surrounding transaction)."""
    for statement in STATEMENTS.split(";"):
        if statement.strip():
            db.execute(REFERENCE.sub(AT_THE_END, statement))
