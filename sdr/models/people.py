"""Who there is: reps, account executives, accounts, leads and the people never to contact.

Imported by the store alone.
"""

from sqlmodel import Field, SQLModel


class Rep(SQLModel, table=True):
    """The person at the keyboard: zone, hours, goals."""

    __tablename__ = "rep"

    id: int = Field(primary_key=True)
    name: str
    email: str | None = None
    zone: str
    hours: str
    country: str | None = None
    daily_calls: int = 45
    daily_qualified: int = 2
    phone: str | None = None


class AccountExecutive(SQLModel, table=True):
    """An account executive, who takes handoffs."""

    __tablename__ = "ae"

    id: int = Field(primary_key=True)
    name: str
    email: str | None = None
    territory: str | None = None
    zone: str | None = None
    hours: str | None = None
    capacity: int = 10
    away_until: int | None = None


class Account(SQLModel, table=True):
    """A company, keyed by its domain."""

    __tablename__ = "account"

    id: int = Field(primary_key=True)
    domain: str | None = None
    name: str
    name_key: str
    website: str | None = None
    industry: str | None = None
    employees: int | None = None
    country: str | None = None
    owner_ae_id: int | None = Field(default=None, foreign_key="ae.id")
    customer: int = 0


class Lead(SQLModel, table=True):
    """A person worth working, and where they stand in the queue."""

    __tablename__ = "lead"

    id: int = Field(primary_key=True)
    state: str
    name: str
    first_name: str | None = None
    last_name: str | None = None
    title: str | None = None
    seniority: str | None = None
    department: str | None = None
    email: str | None = None
    email_2: str | None = None
    phone: str | None = None
    phone_type: str | None = None
    phones: str | None = None
    company: str | None = None
    account_id: int | None = Field(default=None, foreign_key="account.id")
    website: str | None = None
    industry: str | None = None
    employees: int | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None
    postcode: str | None = None
    zone: str
    zone_from: str
    linkedin: str | None = None
    external_id: str | None = None
    tags: str | None = None
    consent: str | None = None
    said: str | None = None
    source_id: int | None = Field(default=None, foreign_key="source.id")
    campaign: str | None = None
    cost_minor: int | None = None
    batch_id: int | None = Field(default=None, foreign_key="batch.id")
    owner_id: int | None = Field(default=None, foreign_key="rep.id")
    arrived_at: int
    recorded_at: int
    owned_at: int | None = None
    opened_at: int | None = None
    first_touch_at: int | None = None
    respond_by: int | None = None
    contacted_at: int | None = None
    qualified_at: int | None = None
    closed_at: int | None = None
    reason: str | None = None
    alias_of: int | None = Field(default=None, foreign_key="lead.id")
    next_kind: str | None = None
    next_note: str | None = None
    due_at: int | None = None
    close_at: int | None = None
    queue_band: int | None = None
    rank: int = 0
    touch_no: int = 0
    touch_of: int = 0
    snoozes: int = 0
    last_kind: str | None = None
    last_at: int | None = None
    rubric_id: int | None = Field(default=None, foreign_key="rubric.id")
    score: int = 0
    fit: int = 0
    engagement: int = 0
    known: int = 0
    known_of: int = 0
    grade: str = ""
    verdict: str | None = None
    missing: str | None = None
    search_key: str = ""
    street: str | None = None


class Suppression(SQLModel, table=True):
    """Do not contact: a channel, and whom it covers."""

    __tablename__ = "suppression"

    id: int = Field(primary_key=True)
    lead_id: int | None = Field(default=None, foreign_key="lead.id")
    channel: str
    scope: str
    value: str
    at: int
    wording: str | None = None
    rep_id: int | None = Field(default=None, foreign_key="rep.id")


class Apart(SQLModel, table=True):
    """Two leads that are two persons, however alike: said by a rep. The ids in order, each pair once."""

    __tablename__ = "apart"

    id: int = Field(primary_key=True)
    a_id: int
    b_id: int
    at: int
    rep_id: int | None = Field(default=None, foreign_key="rep.id")
