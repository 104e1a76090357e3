"""What was agreed, as rows: rubric, cadence and message texts, each version kept.

Imported by the store alone.
"""

from sqlmodel import Field, SQLModel


class Rubric(SQLModel, table=True):
    """One version of the agreement on what qualified means."""

    __tablename__ = "rubric"

    id: int = Field(primary_key=True)
    name: str
    version: int
    threshold: int
    text: str
    loaded_at: int
    signed_sales: str | None = None
    signed_marketing: str | None = None
    current: int = 0


class Criterion(SQLModel, table=True):
    """One question of a rubric."""

    __tablename__ = "criterion"

    id: int = Field(primary_key=True)
    rubric_id: int = Field(foreign_key="rubric.id")
    key: str
    place: int
    label: str
    question: str
    must_have: int = 0


class Level(SQLModel, table=True):
    """One possible answer, with its digit and points."""

    __tablename__ = "level"

    id: int = Field(primary_key=True)
    criterion_id: int = Field(foreign_key="criterion.id")
    digit: int
    key: str
    label: str
    points: int
    meets: int = 0
    knock_out: str | None = None


class Cadence(SQLModel, table=True):
    """One version of a drip."""

    __tablename__ = "cadence"

    id: int = Field(primary_key=True)
    name: str
    version: int
    text: str
    loaded_at: int
    current: int = 0
    product: str = ""


class CadenceStep(SQLModel, table=True):
    """One step of a cadence."""

    __tablename__ = "cadence_step"

    id: int = Field(primary_key=True)
    cadence_id: int = Field(foreign_key="cadence.id")
    number: int
    channel: str
    delay: str
    personal: int = 0
    blocking: int = 1
    template: str | None = None
    name: str


class Template(SQLModel, table=True):
    """One version of a message text or call script."""

    __tablename__ = "template"

    id: int = Field(primary_key=True)
    key: str
    version: int
    channel: str
    subject: str | None = None
    text: str
    current: int = 0
    owner: str | None = None
    approved_by: str | None = None
    approved_at: int | None = None
    approved_text: str | None = None
    retires_on: str | None = None
