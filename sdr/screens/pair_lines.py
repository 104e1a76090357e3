"""Two leads side by side as lines: field by field, what differs marked, and which value would stand. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from textwrap import wrap

from sdr.desk.comparing import BOTH, Compared, Line
from sdr.models.terms import at
from sdr.rules.spoken import ago, spoken
from sdr.screens.columns import fit, one_line
from sdr.screens.lines import Part
from sdr.screens.look import Marks
from sdr.store.queries.sides import Side

WORD = 10  # cells of a field's name
WHY = 7  # cells before the reasons
MARK = 2  # cells of the digit, and of the sign before a value
LABELS = {"external_id": "outside id", "said": "words"}


def choosable(found: Compared) -> list[str]:
    """The fields where both have a value, and another: those a digit chooses, in order."""
    return [line.word for line in found.lines if line.open][:9]


def pair_lines(found: Compared, turned: Collection[str], now: datetime, signs: Marks, width: int) -> list[list[Part]]:
    """The table of a pair in `width` cells; `turned` are the fields whose other value is to stand."""
    room = (width - MARK - WORD - 1) // 2
    digits = {word: str(n) for n, word in enumerate(choosable(found), 1)}
    both = BOTH if found.stays.lead.email_2 is None else BOTH - {"email"}
    legend = f"  joins it  {signs.done} stands  {signs.picked} kept"
    lines = [_row("", "", (f"{signs.now} stays", "now"), (legend, "dim"), room)]
    for line in found.lines:
        kept = signs.picked if line.open and line.word in both else " "
        lines.append(_field(line, digits.get(line.word, ""), (line.word in turned, kept), signs, room))
    lines.append([])
    pairs = zip(_facts(found.stays, now), _facts(found.goes, now), strict=True)
    for (word, left), (_, right) in pairs:
        if left or right:
            look = "late" if word == "never" else ""
            lines.append(_row("", word, (f"  {left}", look), (f"  {right}", look), room))
    return lines


def why_lines(reasons: Collection[str], width: int) -> list[list[Part]]:
    """Why two leads may be one person, whole, in lines of `width` cells."""
    label = f"{'why':<{WHY}}"
    said = wrap(", ".join(reasons) or "nothing in common", max(width - WHY, WORD))
    return [[(" " * WHY if n else label, "dim"), (line, "")] for n, line in enumerate(said)]


def _row(digit: str, word: str, left: Part, right: Part, room: int) -> list[Part]:
    return [
        (fit(digit, MARK), "now"),
        (fit(word, WORD), "dim"),
        (f" {fit(one_line(left[0]), room - 1)}", left[1]),
        (f" {fit(one_line(right[0]), room - 1)}", right[1]),
    ]


def _field(line: Line, digit: str, choice: tuple[bool, str], signs: Marks, room: int) -> list[Part]:
    """A field: the value that stands is marked, the other is dim. `choice`: whether it was turned, and the sign of
    the other value, which says whether it is kept beside the first."""
    word = LABELS.get(line.word, line.word)
    if not line.differs:
        return _row("", word, (f"  {line.stays}", "dim"), ("  same", "dim"), room)
    turned, kept = choice
    taken = turned if line.open else not line.stays
    stands = [(f"{signs.done} {value or '—'}", "") for value in (line.stays, line.goes)]
    yields = [(f"{kept} {value or '—'}", "dim") for value in (line.stays, line.goes)]
    first, second = (yields[0], stands[1]) if taken else (stands[0], yields[1])
    return _row(digit, word, first, second, room)


def _facts(side: Side, now: datetime) -> list[tuple[str, str]]:
    """What is no choice: where each stands, and how much happened with it."""
    lead = side.lead
    step = f" · {lead.next_kind} {spoken(at(lead.due_at, lead.zone), now)}" if lead.next_kind and lead.due_at else ""
    counted = ((side.touches, "touch", "touches"), (side.notes, "note", "notes"))
    done = [f"{count} {one if count == 1 else many}" for count, one, many in counted if count]
    last = f"{lead.last_kind} {ago(at(lead.last_at), now)}" if lead.last_kind and lead.last_at else ""
    promised = spoken(at(side.promised_at, lead.zone), now) if side.promised_at else ""
    return [
        ("state", f"{lead.state}{step}"),
        ("score", f"{lead.score} · known {lead.known}/{lead.known_of}" if lead.known_of else ""),
        ("happened", " · ".join([*done, *([last] if last else [])])),
        ("promised", promised),
        ("never", side.wishes or ""),
        ("since", spoken(at(lead.arrived_at, lead.zone), now)),
    ]
