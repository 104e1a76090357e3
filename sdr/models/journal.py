"""What happened: one step per act of the rep, one operation per entity it touched.

Imported by the store alone.
"""

from sqlmodel import Field, SQLModel


class Step(SQLModel, table=True):
    """One act: the unit of undo, of history and of sync."""

    __tablename__ = "step"

    id: int = Field(primary_key=True)
    kind: str
    verb: str
    summary: str
    at: int
    actor: str
    lead_id: int | None = None
    target: int | None = None
    undone: int = 0
    final: str | None = None


class Operation(SQLModel, table=True):
    """One change of one entity, append-only; everything else is folded from it."""

    __tablename__ = "operation"

    id: int = Field(primary_key=True)
    step: int
    at: int
    actor: str
    kind: str
    entity: str
    entity_id: int
    about: int | None = None
    body: str
    digest: str
