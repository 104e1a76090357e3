"""The first shape of the desk's file: what exists, the journal it is folded from, and the queue's indexes.

Every table is STRICT. Times are whole milliseconds UTC; ids are `replica << 32 | n`. The state tables are a
cache of `operation`; `lead_search` is a cache of `lead.search_key`.
"""

from __future__ import annotations

import re

from sqlite_utils import Database

# An act's edits come in the order of the story, children before parents too: references are looked at when it ends.
# Said in the tables, because `PRAGMA defer_foreign_keys` in each act has every statement compiled anew.
REFERENCE, AT_THE_END = re.compile(r"REFERENCES \w+\(\w+\)"), r"\g<0> DEFERRABLE INITIALLY DEFERRED"

PEOPLE = """
CREATE TABLE rep (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, zone TEXT NOT NULL, hours TEXT NOT NULL,
  country TEXT, daily_calls INTEGER NOT NULL DEFAULT 45, daily_qualified INTEGER NOT NULL DEFAULT 2
) STRICT;
CREATE TABLE ae (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, territory TEXT, zone TEXT, hours TEXT,
  capacity INTEGER NOT NULL DEFAULT 10, away_until INTEGER
) STRICT;
CREATE TABLE account (
  id INTEGER PRIMARY KEY, domain TEXT, name TEXT NOT NULL, name_key TEXT NOT NULL, website TEXT,
  industry TEXT, employees INTEGER, country TEXT, owner_ae_id INTEGER REFERENCES ae(id),
    customer INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX account_domain ON account(domain) WHERE domain IS NOT NULL;
CREATE INDEX account_name_key ON account(name_key);
"""

MONEY = """
CREATE TABLE source (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, channel TEXT, programme TEXT, vendor TEXT,
  type TEXT NOT NULL DEFAULT 'list' CHECK (type IN ('hand-raiser', 'inbound', 'list')),
  cost_minor INTEGER, currency TEXT NOT NULL DEFAULT 'USD', owner TEXT, department TEXT, target REAL,
  starts_on TEXT, ends_on TEXT, respond_for TEXT
) STRICT;
CREATE UNIQUE INDEX source_name ON source(name COLLATE NOCASE);
CREATE TABLE batch (
  id INTEGER PRIMARY KEY, file TEXT NOT NULL, source_id INTEGER REFERENCES source(id), preset TEXT, fingerprint TEXT,
  mapping TEXT, at INTEGER NOT NULL, row_count INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL DEFAULT 0,
  updated INTEGER NOT NULL DEFAULT 0, known INTEGER NOT NULL DEFAULT 0, merged INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0, withdrawn INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX batch_fingerprint ON batch(fingerprint, id);
"""

LEAD = """
CREATE TABLE lead (
  id INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('inquiry','new','working','talking','qualified','offered','accepted',
    'opportunity','won','lost','rejected','disqualified','nurture','merged')),
  name TEXT NOT NULL, first_name TEXT, last_name TEXT, title TEXT, seniority TEXT, department TEXT,
  email TEXT, email_2 TEXT, phone TEXT, phone_type TEXT, phones TEXT,
  company TEXT, account_id INTEGER REFERENCES account(id), website TEXT, industry TEXT, employees INTEGER,
  country TEXT, region TEXT, city TEXT, postcode TEXT, zone TEXT NOT NULL, zone_from TEXT NOT NULL,
  linkedin TEXT, external_id TEXT, tags TEXT, consent TEXT, said TEXT,
  source_id INTEGER REFERENCES source(id), campaign TEXT, cost_minor INTEGER, batch_id INTEGER REFERENCES batch(id),
  owner_id INTEGER REFERENCES rep(id), arrived_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL, owned_at INTEGER,
  opened_at INTEGER, first_touch_at INTEGER, respond_by INTEGER, contacted_at INTEGER, qualified_at INTEGER,
    closed_at INTEGER,
  reason TEXT, alias_of INTEGER REFERENCES lead(id),
  next_kind TEXT, next_note TEXT, due_at INTEGER, close_at INTEGER, queue_band INTEGER,
    rank INTEGER NOT NULL DEFAULT 0,
  touch_no INTEGER NOT NULL DEFAULT 0, touch_of INTEGER NOT NULL DEFAULT 0, snoozes INTEGER NOT NULL DEFAULT 0,
  last_kind TEXT, last_at INTEGER,
  rubric_id INTEGER REFERENCES rubric(id), score INTEGER NOT NULL DEFAULT 0, fit INTEGER NOT NULL DEFAULT 0,
  engagement INTEGER NOT NULL DEFAULT 0, known INTEGER NOT NULL DEFAULT 0, known_of INTEGER NOT NULL DEFAULT 0,
  grade TEXT NOT NULL DEFAULT '', verdict TEXT, missing TEXT,
  search_key TEXT NOT NULL DEFAULT '',
  CHECK (state NOT IN ('inquiry','new','working','talking','qualified','offered','nurture')
         OR (next_kind IS NOT NULL AND due_at IS NOT NULL AND owner_id IS NOT NULL AND queue_band IS NOT NULL))
) STRICT;
CREATE INDEX lead_queue_due ON lead(queue_band, due_at) WHERE queue_band IS NOT NULL;
CREATE INDEX lead_queue_rank ON lead(queue_band, rank DESC, due_at) WHERE queue_band IS NOT NULL;
CREATE INDEX lead_queue_close ON lead(queue_band, close_at) WHERE close_at IS NOT NULL;
CREATE INDEX lead_email ON lead(email) WHERE email IS NOT NULL;
CREATE INDEX lead_email_2 ON lead(email_2) WHERE email_2 IS NOT NULL;
CREATE INDEX lead_external ON lead(external_id) WHERE external_id IS NOT NULL;
CREATE INDEX lead_phone ON lead(phone) WHERE phone IS NOT NULL;
CREATE INDEX lead_account ON lead(account_id) WHERE account_id IS NOT NULL;
CREATE INDEX lead_source ON lead(source_id);
CREATE INDEX lead_judged ON lead(source_id, state) WHERE state IN
  ('qualified','offered','accepted','opportunity','won','lost','rejected','disqualified');
CREATE INDEX lead_batch ON lead(batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX lead_alias ON lead(alias_of) WHERE alias_of IS NOT NULL;
CREATE INDEX lead_arrived ON lead(arrived_at);
CREATE INDEX lead_unanswered ON lead(respond_by) WHERE respond_by IS NOT NULL AND first_touch_at IS NULL;
CREATE VIRTUAL TABLE lead_search USING fts5(
  search_key, content='lead', content_rowid='id', detail='none', prefix='1 2 3',
    tokenize="unicode61 remove_diacritics 2"
);
"""

WORK = """
CREATE TABLE answer (
  id INTEGER PRIMARY KEY, lead_id INTEGER NOT NULL REFERENCES lead(id),
    rubric_id INTEGER NOT NULL REFERENCES rubric(id),
  criterion TEXT NOT NULL, level TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX answer_one ON answer(lead_id, criterion);
CREATE TABLE enrollment (
  id INTEGER PRIMARY KEY, lead_id INTEGER NOT NULL REFERENCES lead(id),
    cadence_id INTEGER NOT NULL REFERENCES cadence(id),
  state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'stopped', 'finished')),
    step_no INTEGER NOT NULL DEFAULT 0,
  enrolled_at INTEGER NOT NULL, paused_until INTEGER, why TEXT
) STRICT;
CREATE UNIQUE INDEX enrollment_live ON enrollment(lead_id) WHERE state IN ('active', 'paused');
CREATE INDEX enrollment_lead ON enrollment(lead_id);
CREATE TABLE touch (
  id INTEGER PRIMARY KEY, lead_id INTEGER NOT NULL REFERENCES lead(id), channel TEXT NOT NULL, at INTEGER NOT NULL,
  outcome TEXT, human INTEGER NOT NULL DEFAULT 1, enrollment_id INTEGER REFERENCES enrollment(id), step_no INTEGER,
  skipped INTEGER NOT NULL DEFAULT 0, template TEXT, cost_minor INTEGER, rep_id INTEGER REFERENCES rep(id)
) STRICT;
CREATE INDEX touch_lead ON touch(lead_id, at);
CREATE INDEX touch_at ON touch(at);
CREATE TABLE call (
  id INTEGER PRIMARY KEY, touch_id INTEGER NOT NULL REFERENCES touch(id),
    lead_id INTEGER NOT NULL REFERENCES lead(id),
  number TEXT, outcome TEXT NOT NULL, contact TEXT NOT NULL, at INTEGER NOT NULL, seconds INTEGER NOT NULL DEFAULT 0,
  landed INTEGER NOT NULL DEFAULT 0, blank INTEGER NOT NULL DEFAULT 0, cards TEXT
) STRICT;
CREATE INDEX call_lead ON call(lead_id, at);
CREATE INDEX call_at ON call(at);
CREATE TABLE event (
  id INTEGER PRIMARY KEY, lead_id INTEGER NOT NULL REFERENCES lead(id), kind TEXT NOT NULL, at INTEGER NOT NULL,
  text TEXT, rep_id INTEGER REFERENCES rep(id)
) STRICT;
CREATE INDEX event_lead ON event(lead_id, at);
CREATE INDEX event_at ON event(at);
CREATE TABLE promise (
  id INTEGER PRIMARY KEY, lead_id INTEGER NOT NULL REFERENCES lead(id),
    kind TEXT NOT NULL CHECK (kind IN ('callback', 'meeting')),
  due_at INTEGER NOT NULL, made_at INTEGER NOT NULL, zone TEXT NOT NULL, kept_at INTEGER, dropped_at INTEGER,
    sequence INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX promise_lead ON promise(lead_id);
CREATE INDEX promise_due ON promise(due_at);
CREATE TABLE handoff (
  id INTEGER PRIMARY KEY, lead_id INTEGER NOT NULL REFERENCES lead(id), ae_id INTEGER NOT NULL REFERENCES ae(id),
  state TEXT NOT NULL CHECK (state IN ('offered','accepted','returned',
    'expired','recalled','met','no-show','opportunity','won','lost')),
  offered_at INTEGER NOT NULL, respond_by INTEGER NOT NULL, answered_at INTEGER, closed_at INTEGER, reason TEXT,
    note TEXT,
  why_ae TEXT NOT NULL, meeting_at INTEGER, brief TEXT NOT NULL
) STRICT;
CREATE INDEX handoff_lead ON handoff(lead_id);
CREATE INDEX handoff_state ON handoff(state, respond_by);
CREATE INDEX handoff_offered ON handoff(offered_at);
CREATE INDEX handoff_ae ON handoff(ae_id, state);
CREATE TABLE suppression (
  id INTEGER PRIMARY KEY, lead_id INTEGER REFERENCES lead(id), channel TEXT NOT NULL,
  scope TEXT NOT NULL CHECK (scope IN ('person', 'number', 'email', 'domain', 'account')), value TEXT NOT NULL,
  at INTEGER NOT NULL, wording TEXT, rep_id INTEGER REFERENCES rep(id)
) STRICT;
CREATE INDEX suppression_value ON suppression(scope, value);
CREATE INDEX suppression_lead ON suppression(lead_id);
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, about_id INTEGER NOT NULL, day TEXT NOT NULL, hash TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX delivery_one ON delivery(kind, about_id, day);
CREATE INDEX delivery_day ON delivery(day);
"""

PLAYBOOK = """
CREATE TABLE rubric (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, threshold INTEGER NOT NULL,
    text TEXT NOT NULL,
  loaded_at INTEGER NOT NULL, signed_sales TEXT, signed_marketing TEXT, current INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE criterion (
  id INTEGER PRIMARY KEY, rubric_id INTEGER NOT NULL REFERENCES rubric(id), key TEXT NOT NULL, place INTEGER NOT NULL,
  label TEXT NOT NULL, question TEXT NOT NULL, must_have INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX criterion_rubric ON criterion(rubric_id, place);
CREATE TABLE level (
  id INTEGER PRIMARY KEY, criterion_id INTEGER NOT NULL REFERENCES criterion(id), digit INTEGER NOT NULL,
    key TEXT NOT NULL,
  label TEXT NOT NULL, points INTEGER NOT NULL, meets INTEGER NOT NULL DEFAULT 0, knock_out TEXT
) STRICT;
CREATE INDEX level_criterion ON level(criterion_id, digit);
CREATE TABLE cadence (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, text TEXT NOT NULL,
    loaded_at INTEGER NOT NULL,
  current INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE cadence_step (
  id INTEGER PRIMARY KEY, cadence_id INTEGER NOT NULL REFERENCES cadence(id), number INTEGER NOT NULL,
    channel TEXT NOT NULL,
  delay TEXT NOT NULL, personal INTEGER NOT NULL DEFAULT 0, blocking INTEGER NOT NULL DEFAULT 1, template TEXT,
  name TEXT NOT NULL
) STRICT;
CREATE INDEX cadence_step_of ON cadence_step(cadence_id, number);
CREATE TABLE template (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL, version INTEGER NOT NULL, channel TEXT NOT NULL, subject TEXT,
    text TEXT NOT NULL,
  current INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX template_key ON template(key, version);
"""

JOURNAL = """
CREATE TABLE step (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('act', 'out', 'undo', 'redo')), verb TEXT NOT NULL,
  summary TEXT NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL, lead_id INTEGER, target INTEGER,
  undone INTEGER NOT NULL DEFAULT 0, final TEXT
) STRICT;
CREATE TABLE operation (
  id INTEGER PRIMARY KEY, step INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL, kind TEXT NOT NULL,
  entity TEXT NOT NULL, entity_id INTEGER NOT NULL, about INTEGER, body TEXT NOT NULL, digest TEXT NOT NULL
) STRICT;
CREATE INDEX operation_entity ON operation(entity_id);
CREATE INDEX operation_about ON operation(about) WHERE about IS NOT NULL;
"""


def up(db: Database) -> None:
    """Lay down every table in dependency order (no statement may end the surrounding transaction)."""
    for part in (JOURNAL, PEOPLE, MONEY, PLAYBOOK, LEAD, WORK):
        for statement in part.split(";"):
            if statement.strip():
                db.execute(REFERENCE.sub(AT_THE_END, statement))
