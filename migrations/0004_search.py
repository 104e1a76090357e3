"""Search finds notes, any script and the parts of numbers: plainer keys, notes in the index, and its new shape.

`lead_words` is what a lead is found by, its notes included; `lead_search` is a cache of it. Keys are made of words
with one blank between two, so that the index and a test of a single row cut them alike (`ascii` cuts at blanks).
`lead_closed` has the closed leads by age; the open ones are in the queue's indexes.
"""

from __future__ import annotations

import json
import re
import unicodedata

from sqlite_utils import Database

STATEMENTS = """
DROP TABLE lead_search;
ALTER TABLE event ADD COLUMN search_key TEXT;
UPDATE lead SET search_key = plain_lead(name, company, title, email, email_2, external_id, phones);
UPDATE event SET search_key = plain_words(text) WHERE kind IN ('note', 'said') AND plain_words(text) <> '';
CREATE INDEX event_words ON event(lead_id) WHERE search_key IS NOT NULL;
CREATE INDEX lead_closed ON lead(arrived_at) WHERE queue_band IS NULL AND alias_of IS NULL;
CREATE VIEW lead_words AS SELECT id, search_key || coalesce(
  (SELECT ' ' || group_concat(event.search_key, ' ') FROM event
    WHERE event.lead_id = lead.id AND event.search_key IS NOT NULL), '') AS search_key FROM lead;
CREATE VIRTUAL TABLE lead_search USING fts5(
  search_key, content='lead_words', content_rowid='id', detail='none', prefix='1 2 3', tokenize='ascii'
);
INSERT INTO lead_search(lead_search) VALUES ('rebuild');
"""

# As the desk made keys when this migration was written: a later change of them comes with a migration of its own.
_ACCENT = re.compile("[\u0300-\u036f]")
_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"})
_CODES = frozenset({"1", "7"}) | {
    first + second
    for first, seconds in {"2": "07", "3": "0123469", "4": "013456789", "5": "12345678", "6": "0123456", "8": "1246",
                           "9": "0123458"}.items()
    for second in seconds
}  # fmt: skip


def _place(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Cf":
        return ""
    if kind[0] not in "LNM":
        return " "
    alone = unicodedata.name(char, "").startswith(("CJK ", "HIRAGANA ", "KATAKANA ", "YI SYLLABLE"))
    return f" {char} " if alone else char


def _words(text: str | None) -> str:
    text = text or ""
    if text.isascii():
        return re.sub("[^a-z0-9]+", " ", text.lower()).strip()
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold().translate(_UNDECOMPOSED)
    text = unicodedata.normalize("NFKC", _ACCENT.sub("", unicodedata.normalize("NFKD", text)))
    return " ".join("".join(map(_place, text)).split())


def _number(e164: str) -> str:
    digits = re.sub("[^0-9]+", "", e164)
    code = next((size for size in (1, 2) if digits[:size] in _CODES), 3)
    return " ".join(word for word in (digits, digits[code:], "\ue000" + digits[::-1]) if word)


def _lead(*parts: str | None) -> str:
    *texts, phones = parts
    numbers = [_number(entry["e164"]) for entry in json.loads(phones or "[]")]
    return " ".join(word for word in (*map(_words, texts), *numbers) if word)


def up(db: Database) -> None:
    """Make every key anew and the index over them (no statement may end the surrounding transaction)."""
    db.conn.create_function("plain_words", 1, _words, deterministic=True)
    db.conn.create_function("plain_lead", 7, _lead, deterministic=True)
    for statement in STATEMENTS.split(";"):
        if statement.strip():
            db.execute(statement)
