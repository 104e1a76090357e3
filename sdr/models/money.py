"""Where leads come from and what they cost: sources and import batches.

Imported by the store alone.
"""

from sqlmodel import Field, SQLModel


class Source(SQLModel, table=True):
    """A channel and programme that brings leads, with its price and target."""

    __tablename__ = "source"

    id: int = Field(primary_key=True)
    name: str
    channel: str | None = None
    programme: str | None = None
    vendor: str | None = None
    type: str = "list"
    cost_minor: int | None = None
    currency: str = "USD"
    owner: str | None = None
    department: str | None = None
    target: float | None = None
    starts_on: str | None = None
    ends_on: str | None = None
    respond_for: str | None = None


class Batch(SQLModel, table=True):
    """One imported file."""

    __tablename__ = "batch"

    id: int = Field(primary_key=True)
    file: str
    source_id: int | None = Field(default=None, foreign_key="source.id")
    preset: str | None = None
    fingerprint: str | None = None
    mapping: str | None = None
    at: int
    row_count: int = 0
    created: int = 0
    updated: int = 0
    known: int = 0
    merged: int = 0
    rejected: int = 0
    withdrawn: int = 0
