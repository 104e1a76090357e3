"""Reading leads: one by id, the card, the timeline from the journal, and the ways to name one on a command line."""

from __future__ import annotations

from dataclasses import dataclass

from sdr.store import rows
from sdr.store.queries.reading import every, one
from sdr.store.session import Reader


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a lead's timeline. `at` is ms UTC; `undone` acts stay, marked."""

    step: int
    at: int
    by: str
    verb: str
    summary: str
    undone: bool


@dataclass(frozen=True, slots=True)
class Card:
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


@dataclass(frozen=True, slots=True)
class Named:
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
    sql = """SELECT * FROM promise WHERE lead_id=? AND kept_at IS NULL AND dropped_at IS NULL
      ORDER BY due_at LIMIT 1"""
    return one(db, rows.Promise, sql, (lead_id,))


def live_handoff(db: Reader, lead_id: int) -> rows.Handoff | None:
    """The newest handoff of a lead, whatever its state."""
    return one(db, rows.Handoff, "SELECT * FROM handoff WHERE lead_id=? ORDER BY id DESC LIMIT 1", (lead_id,))


def suppressions(db: Reader, found: rows.Lead) -> tuple[rows.Suppression, ...]:
    """Every suppression that covers this lead: itself, its numbers, addresses, domain and account."""
    domain = found.email.rpartition("@")[2] if found.email else None
    sql = """SELECT * FROM suppression WHERE lead_id=:id AND scope='person'
      UNION SELECT * FROM suppression WHERE scope='number' AND value IN
        (SELECT json_extract(value, '$.e164') FROM json_each(coalesce(:phones, '[]')))
      UNION SELECT * FROM suppression WHERE scope='email' AND value IN (:email, :email_2)
      UNION SELECT * FROM suppression WHERE scope='domain' AND value=:domain
      UNION SELECT * FROM suppression WHERE scope='account' AND value=:account"""
    args = {
        "id": found.id, "phones": found.phones, "email": found.email, "email_2": found.email_2, "domain": domain,
        "account": str(found.account_id) if found.account_id else None,
    }  # fmt: skip
    return every(db, rows.Suppression, sql, args)


def timeline(db: Reader, lead_id: int, limit: int = 200) -> tuple[Entry, ...]:
    """What happened to a lead, newest first, read from the journal (with that of leads merged into it)."""
    sql = """WITH who(id) AS (SELECT :id UNION SELECT id FROM lead WHERE alias_of=:id),
      steps(id) AS (SELECT step FROM operation JOIN who ON operation.entity_id=who.id
        UNION SELECT step FROM operation JOIN who ON operation.about=who.id)
      SELECT step.id, step.at, step.actor, step.verb, step.summary, step.undone FROM steps JOIN step USING (id)
      WHERE step.kind IN ('act', 'out') ORDER BY step.at DESC, step.id DESC LIMIT :limit"""
    return every(db, Entry, sql, {"id": lead_id, "limit": limit})


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
    )


def track_record(db: Reader, source_id: int | None) -> tuple[int, int]:
    """Of a source's leads: how many qualified, of how many that have a verdict (by index, per state)."""
    if source_id is None:
        return 0, 0
    sql = "SELECT state, count(*) FROM lead WHERE source_id=? GROUP BY state"
    counts = dict(db.execute(sql, (source_id,)).fetchall())
    good = sum(counts.get(state, 0) for state in ("qualified", "offered", "accepted", "opportunity", "won", "lost"))
    return good, good + counts.get("rejected", 0) + counts.get("disqualified", 0)


def named(db: Reader, words: str, limit: int = 9) -> tuple[Named, ...]:
    """Leads that `words` may mean: an id, an e-mail address, or words that all match."""
    columns = "SELECT id, name, company, email, state FROM lead"
    if words.isdigit() and (found := every(db, Named, f"{columns} WHERE id=?", (int(words),))):
        return found
    if "@" in words:
        address = words.strip().lower()
        by_mail = f"{columns} WHERE email=? AND alias_of IS NULL UNION {columns} WHERE email_2=? AND alias_of IS NULL"
        return every(db, Named, by_mail, (address, address))
    sql = f"""{columns} WHERE id IN (SELECT rowid FROM lead_search WHERE lead_search MATCH ?)
      AND alias_of IS NULL ORDER BY id LIMIT ?"""
    match = matching(words)
    return every(db, Named, sql, (match, limit)) if match else ()


def matching(words: str) -> str:
    """The full-text query for all of `words`, each as a prefix; empty when there is nothing to look for."""
    found = "".join(char if char.isalnum() else " " for char in words).split()
    return " AND ".join(f'"{word}"*' for word in found)
