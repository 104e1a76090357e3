"""The rows of the journal as they are written: their numbers, the one text of each body, and its digest.

What an operation says is decided elsewhere; here it gets the form that sync.md lays down.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import Any

import orjson

from sdr.store.replica import LOW
from sdr.store.shapes import Made

Body = dict[str, Any]
OperationRow = tuple[Any, ...]  # its columns, in their order


@dataclass(slots=True)
class Pen:
    """Where the next operation goes: whose it is, its number and its time. One a transaction."""

    replica: int
    actor: str
    seq: int
    at: int
    step: int
    before: int  # the last entity id given out before this change

    @property
    def fresh(self) -> range:
        """The ids that are given out for this change: no operation can tell of them yet."""
        return range(self.before + 1, self.replica + 1 << 32)

    def next_id(self) -> int:
        """The number of the next operation."""
        self.seq += 1
        return self.replica << 32 | self.seq


def operation_row(pen: Pen, kind: str, entity: str, entity_id: int, about: int | None, body: Body) -> OperationRow:
    """The row of the journal for one operation, its digest included."""
    op_id = pen.next_id()
    text = canonical(body)
    mark = digest(op_id, pen.at, pen.actor, pen.step, kind, entity, entity_id, text)
    return (op_id, pen.step, pen.at, pen.actor, kind, entity, entity_id, about, text, mark)


def begun_rows(pen: Pen, kind: str, entity: str, made: Iterable[Made]) -> Iterator[OperationRow]:
    """As `operation_row`, for many that begin: what they have in common is put into words once."""
    step, at, actor, replica, before = pen.step, pen.at, pen.actor, pen.replica, pen.seq
    shared = _shared(at, actor, step, kind, entity)
    for seq, (entity_id, _, about, told) in enumerate(made, before + 1):
        body = orjson.dumps({"f": told})  # its names are in order
        mark = _mark(f'[{replica}, {seq}, {shared}"{entity_id}"]\n', body)
        yield (replica << 32 | seq, step, at, actor, kind, entity, entity_id, about, body.decode(), mark)
        pen.seq = seq


def canonical(body: Body) -> str:
    """The one JSON text of a body: keys sorted, no spaces, text as it is."""
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()


def digest(op_id: int, at: int, actor: str, step: int, kind: str, entity: str, entity_id: int, body: str) -> str:
    """The first 32 hex digits of SHA-256 over the operation's canonical form."""
    head = f'[{op_id >> 32}, {op_id & LOW}, {_shared(at, actor, step, kind, entity)}"{entity_id}"]\n'
    return _mark(head, body.encode("utf-8", "replace"))


def _shared(at: int, actor: str, step: int, kind: str, entity: str) -> str:
    """The middle of an operation's head: what json.dumps writes of these values, at a fifth of the time."""
    who, what, of = encode_basestring(actor), encode_basestring(kind), encode_basestring(entity)
    return f'{at}, {who}, "{step}", {what}, {of}, '


def _mark(head: str, body: bytes) -> str:
    return hashlib.sha256(head.encode("utf-8", "replace") + body).hexdigest()[:32]
