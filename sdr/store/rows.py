"""Frozen rows of the state tables, fields in column order: what queries return and verbs read. One a table, hence long.

Named tuples, so that the first frame needs no ORM, nor the time that Python takes to make a dataclass (seven times
that of a named tuple, which is also read from a query in a third of the time); a test holds them equal to the file's
columns.
"""

from __future__ import annotations

from typing import NamedTuple

from sdr.store.rep import Rep as Rep


class AccountExecutive(NamedTuple):
    """An account executive."""

    id: int
    name: str
    email: str | None
    territory: str | None
    zone: str | None
    hours: str | None
    capacity: int
    away_until: int | None


class Account(NamedTuple):
    """A company."""

    id: int
    domain: str | None
    name: str
    name_key: str
    website: str | None
    industry: str | None
    employees: int | None
    country: str | None
    owner_ae_id: int | None
    customer: int


class Source(NamedTuple):
    """Where leads come from; cost in minor units, `target` a share of 1."""

    id: int
    name: str
    channel: str | None
    programme: str | None
    vendor: str | None
    type: str
    cost_minor: int | None
    currency: str
    owner: str | None
    department: str | None
    target: float | None
    starts_on: str | None
    ends_on: str | None
    respond_for: str | None


class Batch(NamedTuple):
    """One imported file and its counts."""

    id: int
    file: str
    source_id: int | None
    preset: str | None
    fingerprint: str | None
    mapping: str | None
    at: int
    row_count: int
    created: int
    updated: int
    known: int
    merged: int
    rejected: int
    withdrawn: int


class Lead(NamedTuple):
    """A lead as it stands. Times are ms UTC; `phones` and `tags` are JSON; `due_at` is when its next step is due.

    A tuple with names, because every key reads one: a frozen dataclass of so many fields takes ten times as long to
    make (24 against 2.5 µs), most of what reading the row takes.
    """

    id: int
    state: str
    name: str
    first_name: str | None
    last_name: str | None
    title: str | None
    seniority: str | None
    department: str | None
    email: str | None
    email_2: str | None
    phone: str | None
    phone_type: str | None
    phones: str | None
    company: str | None
    account_id: int | None
    website: str | None
    industry: str | None
    employees: int | None
    country: str | None
    region: str | None
    city: str | None
    postcode: str | None
    zone: str
    zone_from: str
    linkedin: str | None
    external_id: str | None
    tags: str | None
    consent: str | None
    said: str | None
    source_id: int | None
    campaign: str | None
    cost_minor: int | None
    batch_id: int | None
    owner_id: int | None
    arrived_at: int
    recorded_at: int
    owned_at: int | None
    opened_at: int | None
    first_touch_at: int | None
    respond_by: int | None
    contacted_at: int | None
    qualified_at: int | None
    closed_at: int | None
    reason: str | None
    alias_of: int | None
    next_kind: str | None
    next_note: str | None
    due_at: int | None
    close_at: int | None
    queue_band: int | None
    rank: int
    touch_no: int
    touch_of: int
    snoozes: int
    last_kind: str | None
    last_at: int | None
    rubric_id: int | None
    score: int
    fit: int
    engagement: int
    known: int
    known_of: int
    grade: str
    verdict: str | None
    missing: str | None
    search_key: str
    street: str | None


class Answer(NamedTuple):
    """One answer to one criterion."""

    id: int
    lead_id: int
    rubric_id: int
    criterion: str
    level: str
    at: int


class Enrollment(NamedTuple):
    """A lead inside a cadence; `step_no` is the last step done."""

    id: int
    lead_id: int
    cadence_id: int
    state: str
    step_no: int
    enrolled_at: int
    paused_until: int | None
    why: str | None
    track: str
    product: str


class Touch(NamedTuple):
    """One done or skipped contact."""

    id: int
    lead_id: int
    channel: str
    at: int
    outcome: str | None
    human: int
    enrollment_id: int | None
    step_no: int | None
    skipped: int
    template: str | None
    cost_minor: int | None
    rep_id: int | None
    message_id: int | None
    variant: str | None


class Call(NamedTuple):
    """What was particular to a call."""

    id: int
    touch_id: int
    lead_id: int
    number: str | None
    outcome: str
    contact: str
    at: int
    seconds: int
    landed: int
    blank: int
    cards: str | None


class Event(NamedTuple):
    """A note, their words, a reply."""

    id: int
    lead_id: int
    kind: str
    at: int
    text: str | None
    rep_id: int | None
    mail_id: str | None
    detail: str | None
    search_key: str | None


class Promise(NamedTuple):
    """A callback or meeting at an exact time."""

    id: int
    lead_id: int
    kind: str
    due_at: int
    made_at: int
    zone: str
    kept_at: int | None
    dropped_at: int | None
    sequence: int


class Handoff(NamedTuple):
    """A lead offered to an account executive; `brief` is Markdown."""

    id: int
    lead_id: int
    ae_id: int
    state: str
    offered_at: int
    respond_by: int
    answered_at: int | None
    closed_at: int | None
    reason: str | None
    note: str | None
    why_ae: str
    meeting_at: int | None
    brief: str


class Suppression(NamedTuple):
    """Do not contact."""

    id: int
    lead_id: int | None
    channel: str
    scope: str
    value: str
    at: int
    wording: str | None
    rep_id: int | None


class Rubric(NamedTuple):
    """One version of the agreement; `text` is its TOML."""

    id: int
    name: str
    version: int
    threshold: int
    text: str
    loaded_at: int
    signed_sales: str | None
    signed_marketing: str | None
    current: int


class Cadence(NamedTuple):
    """One version of a drip; `text` is its TOML."""

    id: int
    name: str
    version: int
    text: str
    loaded_at: int
    current: int
    product: str


class Template(NamedTuple):
    """One version of a message text."""

    id: int
    key: str
    version: int
    channel: str
    subject: str | None
    text: str
    current: int
    owner: str | None
    approved_by: str | None
    approved_at: int | None
    approved_text: str | None
    retires_on: str | None


class Step(NamedTuple):
    """One act."""

    id: int
    kind: str
    verb: str
    summary: str
    at: int
    actor: str
    lead_id: int | None
    target: int | None
    undone: int
    final: str | None


class Message(NamedTuple):
    """One written message to one lead, waiting in the outbox or gone. `address` is the one it goes to."""

    id: int
    lead_id: int
    channel: str
    enrollment_id: int | None
    step_no: int | None
    template: str | None
    template_version: int | None
    variant: str | None
    subject: str | None
    text: str
    personal: str | None
    address: str
    state: str
    made_at: int
    not_before: int | None
    done_at: int | None
    batch: str | None
    mail_id: str | None
    reply_to: str | None
    cost_minor: int | None
    currency: str | None
    fault: str | None
    rep_id: int | None


class Permission(NamedTuple):
    """What a lead allowed, or what holds for all leads of a source (a list): basis, consent, dates of the lists."""

    id: int
    lead_id: int | None
    source_id: int | None
    basis: str | None
    basis_note: str | None
    consent: str | None
    consent_evidence: str | None
    consent_at: int | None
    consent_until: int | None
    subscriber: str | None
    obtained_at: int | None
    informed_at: int | None
    listed_at: int | None
    set_at: int
    set_by: str | None


class Absence(NamedTuple):
    """Days on which a rep (None: the whole company) does not work, both included; `cover_id` works meanwhile."""

    id: int
    rep_id: int | None
    from_day: str
    to_day: str
    cover_id: int | None
    label: str | None
    made_at: int


class Apart(NamedTuple):
    """Two leads that the rep says are two persons; `a_id` is the smaller id."""

    id: int
    a_id: int
    b_id: int
    at: int
    rep_id: int | None
