"""Reading leads: one by id, the card, the timeline from the journal, and the ways to name one on a command line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sdr.store import rows
from sdr.store.queries import firms
from sdr.store.queries.absences import closed_days
from sdr.store.queries.firms import Firm
from sdr.store.queries.matching import matching
from sdr.store.queries.reading import OF_STEP, every, one
from sdr.store.session import Reader


class Entry(NamedTuple):
    """One line of a lead's timeline. `at` is ms UTC; `undone` acts stay, marked. `whose` names the lead that an act
    was about, when that is one merged into this lead."""

    step: int
    at: int
    by: str
    verb: str
    summary: str
    undone: bool
    whose: str | None = None


class FieldEdit(NamedTuple):
    """One field that an act changed, as the journal has it.

    `done` is `new`, `set` or `end`; an ended row is one edit without a field. Values are those of the file (ms UTC,
    minor units, JSON texts), ids of other rows are their names where they have one; `None` is "nothing".
    """

    table: str
    row: int
    done: str
    field: str
    before: Any
    after: Any


_NAMED = (
    ("rep", "name"), ("ae", "name"), ("account", "name"), ("source", "name"), ("lead", "name"), ("batch", "file"),
    ("cadence", "name || ' ' || version"), ("rubric", "name || ' ' || version"),
)  # fmt: skip


class Words(NamedTuple):
    """What was written or said in one act: a note, their words, a reply."""

    step: int
    kind: str
    text: str


class Card(NamedTuple):
    """Everything the card of one lead shows."""

    lead: rows.Lead
    account: rows.Account | None
    source: rows.Source | None
    answers: dict[str, str]
    enrollment: rows.Enrollment | None
    suppressions: tuple[rows.Suppression, ...]
    handoff: rows.Handoff | None
    promise: rows.Promise | None
    timeline: tuple[Entry, ...]
    qualified_of: tuple[int, int]  # of this source: qualified, with a verdict
    days_off: frozenset[date]  # closures, and time off of its rep that nobody covers
    firm: Firm | None = None  # what is known of its company, while the lead is untriaged


class UnderWay(NamedTuple):
    """What goes on with a lead: messages in the outbox, a drip (running or paused), a promise still to be kept."""

    messages: int
    drip: int
    promise: int


class Named(NamedTuple):
    """A lead as a list of choices names it."""

    id: int
    name: str
    company: str | None
    email: str | None
    state: str


def lead(db: Reader, lead_id: int) -> rows.Lead | None:
    """The lead with this id; a merged one gives its survivor."""
    found = one(db, rows.Lead, "SELECT * FROM lead WHERE id=?", (lead_id,))
    while found is not None and found.alias_of is not None:
        found = one(db, rows.Lead, "SELECT * FROM lead WHERE id=?", (found.alias_of,))
    return found


def answers(db: Reader, lead_id: int) -> dict[str, str]:
    """Criterion to level of everything answered about a lead."""
    return dict(db.execute("SELECT criterion, level FROM answer WHERE lead_id=?", (lead_id,)).fetchall())


def answer_rows(db: Reader, lead_id: int) -> tuple[rows.Answer, ...]:
    """The answers about a lead as rows."""
    return every(db, rows.Answer, "SELECT * FROM answer WHERE lead_id=? ORDER BY id", (lead_id,))


def enrollment(db: Reader, lead_id: int) -> rows.Enrollment | None:
    """The drip a lead is in (active or paused)."""
    sql = "SELECT * FROM enrollment WHERE lead_id=? AND state IN ('active', 'paused')"
    return one(db, rows.Enrollment, sql, (lead_id,))


def source(db: Reader, source_id: int | None) -> rows.Source | None:
    """The source with this id."""
    return None if source_id is None else one(db, rows.Source, "SELECT * FROM source WHERE id=?", (source_id,))


def events(db: Reader, lead_id: int) -> tuple[rows.Event, ...]:
    """Notes, words and replies of a lead, oldest first."""
    return every(db, rows.Event, "SELECT * FROM event WHERE lead_id=? ORDER BY at, id", (lead_id,))


def open_promise(db: Reader, lead_id: int) -> rows.Promise | None:
    """The callback or meeting that is still to be kept."""
    sql = "SELECT * FROM promise WHERE lead_id=? AND kept_at IS NULL AND dropped_at IS NULL"
    return min(every(db, rows.Promise, sql, (lead_id,)), key=lambda promise: promise.due_at, default=None)


def under_way(db: Reader, lead_id: int) -> UnderWay:
    """Whether there is any of what ends with a lead: of most who are sent back there is nothing, at one look."""
    sql = """SELECT EXISTS (SELECT 1 FROM message WHERE lead_id=:lead AND state='ready'),
      EXISTS (SELECT 1 FROM enrollment WHERE lead_id=:lead AND state IN ('active', 'paused')),
      EXISTS (SELECT 1 FROM promise WHERE lead_id=:lead AND kept_at IS NULL AND dropped_at IS NULL)"""
    return UnderWay(*db.execute(sql, {"lead": lead_id}).fetchone())


def live_handoff(db: Reader, lead_id: int) -> rows.Handoff | None:
    """The newest handoff of a lead, whatever its state."""
    return one(db, rows.Handoff, "SELECT * FROM handoff WHERE lead_id=? ORDER BY id DESC LIMIT 1", (lead_id,))


def suppressions(
    db: Reader, found: rows.Lead, number: str | None = None, address: str | None = None
) -> tuple[rows.Suppression, ...]:
    """Every suppression that covers this lead: itself (and who was merged into it), its numbers that are not struck,
    its addresses, their domains and those above them, its company's domain, its account; also another `number` or
    `address` that is meant."""
    sql = """WITH known(scope, value) AS
        (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:known))
      SELECT * FROM suppression WHERE +scope='person' AND lead_id IN
        (SELECT :id UNION ALL SELECT id FROM lead WHERE alias_of=:id)
      UNION ALL SELECT suppression.* FROM known CROSS JOIN suppression USING (scope, value)
      UNION ALL SELECT suppression.* FROM account CROSS JOIN suppression ON scope='domain' AND value=account.domain
        WHERE account.id=:account AND account.domain NOT IN (SELECT value FROM known)"""
    known = json.dumps(sorted(_known(found, number, address)))
    return every(db, rows.Suppression, sql, {"id": found.id, "account": found.account_id, "known": known})


def _known(found: rows.Lead, number: str | None, address: str | None) -> set[tuple[str, str]]:
    """What a suppression may name of a lead, as (scope, value)."""
    listed = json.loads(found.phones) if found.phones else []
    numbers = (found.phone, number, *(one["e164"] for one in listed if not one.get("struck")))
    mails = [one for one in (found.email, found.email_2, address) if one]
    known = {("number", one) for one in numbers if one}
    known |= {("email", word) for one in mails for word in (one, one.lower())}
    known |= {("domain", domain) for one in mails for domain in _domains(one)}
    return known | {("account", str(found.account_id))} if found.account_id else known


def _domains(address: str) -> list[str]:
    """The host of an address and the domains above it: `mail.acme.example`, `acme.example`, `example`."""
    labels = address.rpartition("@")[2].lower().split(".")
    return [".".join(labels[place:]) for place in range(len(labels))]


def timeline(db: Reader, lead_id: int, limit: int = 200) -> tuple[Entry, ...]:
    """What happened to a lead, newest first, read from the journal (with that of leads merged into it)."""
    sql = """WITH who(id) AS (SELECT :id UNION SELECT id FROM lead WHERE alias_of=:id),
      steps(id, who) AS (SELECT step, who.id FROM operation JOIN who ON operation.entity_id=who.id
        UNION SELECT step, who.id FROM operation JOIN who ON operation.about=who.id),
      acts(id, own, other) AS (SELECT id, max(who = :id), min(who) FROM steps GROUP BY id)
      SELECT step.id, step.at, step.actor, step.verb, step.summary, step.undone,
        CASE WHEN NOT own THEN (SELECT name FROM lead WHERE lead.id = other) END
      FROM acts JOIN step USING (id) WHERE step.kind IN ('act', 'out')
      ORDER BY step.at DESC, step.id DESC LIMIT :limit"""
    return every(db, Entry, sql, {"id": lead_id, "limit": limit})


def words(db: Reader, lead_id: int) -> tuple[Words, ...]:
    """The texts that stand in a lead's timeline, each with the step that brought it."""
    sql = """WITH who(id) AS (SELECT :id UNION SELECT id FROM lead WHERE alias_of=:id)
      SELECT operation.step, event.kind, event.text FROM event JOIN who ON event.lead_id = who.id
      JOIN operation ON operation.entity_id = event.id AND operation.kind = 'event'
      WHERE event.text <> '' ORDER BY event.id"""
    return every(db, Words, sql, {"id": lead_id})


def edits_of(db: Reader, step: int, lead_id: int | None = None) -> tuple[FieldEdit, ...]:
    """What act `step` changed, field by field in the order it was written; only of a lead, when one is given."""
    mine = """AND (entity_id IN who OR about IN who)""" if lead_id is not None else ""
    sql = f"""WITH who(id) AS (SELECT :lead UNION SELECT id FROM lead WHERE alias_of=:lead)
      SELECT entity, entity_id, kind, body FROM operation WHERE {OF_STEP} AND entity <> 'step' {mine} ORDER BY id"""
    found = [(row[:3], json.loads(row[3])) for row in db.execute(sql, {"step": step, "lead": lead_id})]
    earlier = _bodies(db, {named for _, body in found for ids in body.get("p", {}).values() for named in ids})
    edits = [e for (table, row, kind), body in found for e in _edits(table, row, kind, body, earlier)]
    names = _names(db, {value for edit in edits if edit.field.endswith("_id") for value in (edit.before, edit.after)})
    return tuple(
        edit._replace(before=names.get(edit.before, edit.before), after=names.get(edit.after, edit.after))
        if edit.field.endswith("_id")
        else edit
        for edit in edits
    )


def _names(db: Reader, ids: Iterable[int | None]) -> dict[int | None, str]:
    """What people call the rows with these ids."""
    sql = " UNION ALL ".join(
        f"SELECT id, {name} FROM {table} WHERE id IN (SELECT value FROM json_each(:ids))" for table, name in _NAMED
    )
    return dict(db.execute(sql, {"ids": json.dumps([one for one in ids if one is not None])}).fetchall())


def _edits(table: str, row: int, kind: str, body: dict[str, Any], earlier: dict[int, Any]) -> Iterator[FieldEdit]:
    if kind in ("del", "lift"):
        yield FieldEdit(table, row, "end", "", None, None)
        return
    done = "set" if kind in ("set", "alias") else "new"
    for field, after in body["f"].items():
        named = body.get("p", {}).get(field, ())
        held = [one["f"].get(field) for op, one in earlier.items() if op in named and "f" in one]
        before = held[-1] if held else None
        if before != after:
            yield FieldEdit(table, row, done, field, before, after)


def _bodies(db: Reader, wanted: Iterable[int]) -> dict[int, Any]:
    """The bodies of operations by id, the one that is shown last."""
    sql = "SELECT id, body FROM operation WHERE id IN (SELECT value FROM json_each(?)) ORDER BY at, id"
    return {row[0]: json.loads(row[1]) for row in db.execute(sql, (json.dumps(sorted(wanted)),))}


def card(db: Reader, lead_id: int, entries: int = 12) -> Card | None:
    """The card of a lead, or `None` when there is no such lead."""
    found = lead(db, lead_id)
    if found is None:
        return None
    return Card(
        lead=found,
        account=one(db, rows.Account, "SELECT * FROM account WHERE id=?", (found.account_id,)),
        source=source(db, found.source_id),
        answers=answers(db, found.id),
        enrollment=enrollment(db, found.id),
        suppressions=suppressions(db, found),
        handoff=live_handoff(db, found.id),
        promise=open_promise(db, found.id),
        timeline=timeline(db, found.id, entries),
        qualified_of=track_record(db, found.source_id),
        firm=firms.firm(db, found.account_id, found.id) if found.state in ("new", "inquiry") else None,
        days_off=closed_days(db, found.owner_id, date.min, date.max, uncovered=True),
    )


def cards(db: Reader, lead_ids: Sequence[int]) -> tuple[Card, ...]:
    """The cards of these leads; those that are gone are left out."""
    found = (card(db, lead_id) for lead_id in lead_ids)
    return tuple(one for one in found if one is not None)


def track_record(db: Reader, source_id: int | None) -> tuple[int, int]:
    """Of a source's leads: how many qualified, of how many that have a verdict (by the tally of verdicts)."""
    if source_id is None:
        return 0, 0
    counts = dict(db.execute("SELECT state, leads FROM tally_verdict WHERE source_id=?", (source_id,)).fetchall())
    good = sum(counts.get(state, 0) for state in ("qualified", "offered", "accepted", "opportunity", "won", "lost"))
    return good, good + counts.get("rejected", 0) + counts.get("disqualified", 0)


def named(db: Reader, words: str, limit: int = 9) -> tuple[Named, ...]:
    """Leads that `words` may mean: an id, an e-mail address, or words that all match."""
    columns = "SELECT DISTINCT kept.id, kept.name, kept.company, kept.email, kept.state"
    if words.isdigit() and (found := every(db, Named, f"{columns} FROM lead AS kept WHERE id=?", (int(words),))):
        return found
    # A lead that was merged away answers with the one that stands for it.
    standing = "CROSS JOIN lead AS kept ON kept.id = coalesce(found.alias_of, found.id)"
    if "@" in words:
        address = words.strip().lower()
        known = "(SELECT id, alias_of FROM lead WHERE email=:it UNION SELECT id, alias_of FROM lead WHERE email_2=:it)"
        return every(db, Named, f"{columns} FROM {known} AS found {standing}", {"it": address})
    sql = f"""{columns} FROM (SELECT rowid AS id FROM lead_search WHERE lead_search MATCH ?) AS hit
      CROSS JOIN lead AS found ON found.id = hit.id {standing} ORDER BY kept.id LIMIT ?"""
    match = matching(words)
    return every(db, Named, sql, (match, limit)) if match else ()
