"""What is done with a lead: answers, drips, touches, calls, promises, handoffs, what went out.

Imported by the store alone.
"""

from sqlmodel import Field, SQLModel


class Answer(SQLModel, table=True):
    """One lead's level on one criterion of a rubric."""

    __tablename__ = "answer"

    id: int = Field(primary_key=True)
    lead_id: int = Field(foreign_key="lead.id")
    rubric_id: int = Field(foreign_key="rubric.id")
    criterion: str
    level: str
    at: int


class Enrollment(SQLModel, table=True):
    """A lead inside a cadence."""

    __tablename__ = "enrollment"

    id: int = Field(primary_key=True)
    lead_id: int = Field(foreign_key="lead.id")
    cadence_id: int = Field(foreign_key="cadence.id")
    state: str
    step_no: int = 0
    enrolled_at: int
    paused_until: int | None = None
    why: str | None = None
    track: str = "main"
    product: str = ""


class Touch(SQLModel, table=True):
    """One done (or skipped) contact on one channel."""

    __tablename__ = "touch"

    id: int = Field(primary_key=True)
    lead_id: int = Field(foreign_key="lead.id")
    channel: str
    at: int
    outcome: str | None = None
    human: int = 1
    enrollment_id: int | None = Field(default=None, foreign_key="enrollment.id")
    step_no: int | None = None
    skipped: int = 0
    template: str | None = None
    cost_minor: int | None = None
    rep_id: int | None = Field(default=None, foreign_key="rep.id")
    message_id: int | None = Field(default=None, foreign_key="message.id")
    variant: str | None = None


class Call(SQLModel, table=True):
    """What was particular to a touch by telephone."""

    __tablename__ = "call"

    id: int = Field(primary_key=True)
    touch_id: int = Field(foreign_key="touch.id")
    lead_id: int = Field(foreign_key="lead.id")
    number: str | None = None
    outcome: str
    contact: str
    at: int
    seconds: int = 0
    landed: int = 0
    blank: int = 0
    cards: str | None = None


class Event(SQLModel, table=True):
    """A fact about a lead: a note, their words, a reply, an opened mail."""

    __tablename__ = "event"

    id: int = Field(primary_key=True)
    lead_id: int = Field(foreign_key="lead.id")
    kind: str
    at: int
    text: str | None = None
    rep_id: int | None = Field(default=None, foreign_key="rep.id")
    mail_id: str | None = None
    detail: str | None = None
    search_key: str | None = None


class Promise(SQLModel, table=True):
    """A callback or meeting given to the prospect, at an exact time."""

    __tablename__ = "promise"

    id: int = Field(primary_key=True)
    lead_id: int = Field(foreign_key="lead.id")
    kind: str
    due_at: int
    made_at: int
    zone: str
    kept_at: int | None = None
    dropped_at: int | None = None
    sequence: int = 0


class Handoff(SQLModel, table=True):
    """A qualified lead offered to an account executive."""

    __tablename__ = "handoff"

    id: int = Field(primary_key=True)
    lead_id: int = Field(foreign_key="lead.id")
    ae_id: int = Field(foreign_key="ae.id")
    state: str
    offered_at: int
    respond_by: int
    answered_at: int | None = None
    closed_at: int | None = None
    reason: str | None = None
    note: str | None = None
    why_ae: str
    meeting_at: int | None = None
    brief: str


class Delivery(SQLModel, table=True):
    """One row that left in a day's export, by its hash."""

    __tablename__ = "delivery"

    id: int = Field(primary_key=True)
    kind: str
    about_id: int
    day: str
    hash: str
    at: int


class Message(SQLModel, table=True):
    """One written message to one lead, waiting in the outbox or gone. `address` is the one it goes to."""

    __tablename__ = "message"

    id: int = Field(primary_key=True)
    lead_id: int = Field(foreign_key="lead.id")
    channel: str
    enrollment_id: int | None = Field(default=None, foreign_key="enrollment.id")
    step_no: int | None = None
    template: str | None = None
    template_version: int | None = None
    variant: str | None = None
    subject: str | None = None
    text: str
    personal: str | None = None
    address: str
    state: str
    made_at: int
    not_before: int | None = None
    done_at: int | None = None
    batch: str | None = None
    mail_id: str | None = None
    reply_to: str | None = None
    cost_minor: int | None = None
    currency: str | None = None
    fault: str | None = None
    rep_id: int | None = Field(default=None, foreign_key="rep.id")


class Permission(SQLModel, table=True):
    """What a lead allowed, or what holds for all leads of a source (a list): basis, consent, dates of the lists."""

    __tablename__ = "permission"

    id: int = Field(primary_key=True)
    lead_id: int | None = Field(default=None, foreign_key="lead.id")
    source_id: int | None = Field(default=None, foreign_key="source.id")
    basis: str | None = None
    basis_note: str | None = None
    consent: str | None = None
    consent_evidence: str | None = None
    consent_at: int | None = None
    consent_until: int | None = None
    subscriber: str | None = None
    obtained_at: int | None = None
    informed_at: int | None = None
    listed_at: int | None = None
    set_at: int
    set_by: str | None = None


class Absence(SQLModel, table=True):
    """Days on which a rep (None: the whole company) does not work, both included; `cover_id` works meanwhile."""

    __tablename__ = "absence"

    id: int = Field(primary_key=True)
    rep_id: int | None = Field(default=None, foreign_key="rep.id")
    from_day: str
    to_day: str
    cover_id: int | None = Field(default=None, foreign_key="rep.id")
    label: str | None = None
    made_at: int
