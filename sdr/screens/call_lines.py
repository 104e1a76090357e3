"""The call as lines: who, the question with its digits, what is answered, what to say, the score, the keys.

Pure: from the state of the call to pieces with a look; the panel draws them. The two last lines never leave, however
low the window; what is least needed in the middle leaves first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from rich.cells import cell_len

from sdr.rules.dates import spoken
from sdr.rules.grading import Facts
from sdr.rules.scoring import score
from sdr.screens.call_state import CallState
from sdr.screens.call_values import Asked, Phase
from sdr.screens.columns import fit, one_line
from sdr.screens.lines import Part, cut_parts, length, parts
from sdr.screens.look import Marks

Line = list[Part]
DATES = ("later today", "tomorrow", "next week", "next month", "next quarter", "half a year", "next year")
WORDS = {Phase.RING: "ringing", Phase.TALK: "call", Phase.WRAP: "wrap up"}
INDENT = "    "
SCRIPT_LINES = 3


class Shown(NamedTuple):
    """What the lines need beside the state. `who` names person and company, `number` what rings; `zone_now` is the
    time at `place`; `said` their words from before the call; `script` what to say."""

    who: str
    number: str
    place: str
    zone_now: datetime
    seconds: int
    said: str
    script: Sequence[str]
    signs: Marks


def lines_of(state: CallState, shown: Shown, width: int, height: int) -> list[Line]:
    """Exactly `height` lines of at most `width` cells."""
    rule: Line = [(shown.signs.rule * width, "rule")]
    top = [_head(state, shown, width), rule]
    middle = [*_asking(state, shown, width), rule, *_tools(state, shown, width)]
    bottom = [rule, _score(state, shown), _foot(state)]
    room = height - len(top) - len(bottom)
    middle = middle[:room] + [[] for _ in range(room - len(middle))]
    return [cut_parts(parts(line), width, shown.signs.cut) for line in (*top, *middle, *bottom)][:height]


def _head(state: CallState, shown: Shown, width: int) -> Line:
    clock = f"{shown.seconds // 60:02}:{shown.seconds % 60:02}"
    word = WORDS[state.phase]
    dot = f" {shown.signs.dot} "
    about = (shown.who, shown.number, f"{shown.place} {shown.zone_now:%H:%M}")
    words = one_line(dot.join(part for part in about if part))
    room = max(0, width - len(word) - 3 - len(clock) - 2)
    return [(word, "now"), ("   ", ""), (fit(words, room), ""), ("  ", ""), (clock, "")]


# --- the question ----------------------------------------------------------------------------------------------


def _asking(state: CallState, shown: Shown, width: int) -> list[Line]:
    """What a key answers now."""
    match state.asked:
        case Asked.DATE:
            return _dates(state, shown, width)
        case Asked.SLOT:
            return _slots(state, shown, width)
        case Asked.REASON:
            choices = [(str(one.digit), one.label) for one in state.ground.reasons]
            return [_now(shown, f"{_outcome(state)}: why?"), *columns(choices, width)]
        case Asked.CARD:
            choices = [(one.key, one.title) for one in state.found_cards]
            return [_now(shown, f"objection, first letters: {state.typed}"), *columns(choices, width)]
        case Asked.CONFIRM:
            return [_now(shown, f"Enter: {_outcome(state)}, kept for good"), [(f"{INDENT}Esc: not now", "dim")]]
        case Asked.MAIL:
            return _mail(state, shown)
        case Asked.NAME | Asked.TYPED_DATE | Asked.NOTE:
            return _typing(state, shown, width)
    if state.phase is Phase.TALK:
        return _questions(state, shown, width)
    question = "it rings: how did it end?" if state.phase is Phase.RING else "how did it end?"
    return [_now(shown, question), *columns([(str(one.digit), one.label) for one in state.offered], width)]


def _mail(state: CallState, shown: Shown) -> list[Line]:
    """The mail that would go with the outcome, as it stands."""
    key = state.outcome.mail if state.outcome else None
    lines: list[Line] = [[(f"{INDENT}{one_line(line)}", "dim")] for line in state.ground.mails.get(key or "", ())]
    return [_now(shown, f"Enter: {_outcome(state)}, and this mail · 0: without it"), *lines]


def _now(shown: Shown, words: str) -> Line:
    return [(f"{shown.signs.now} ", "now"), (one_line(words), "now")]


def _outcome(state: CallState) -> str:
    return state.outcome.label if state.outcome else ""


def _dates(state: CallState, shown: Shown, width: int) -> list[Line]:
    choices = [
        (str(digit), f"{DATES[digit - 1]} {spoken(moment, shown.zone_now).removeprefix('tomorrow ')}")
        for digit, moment in sorted(state.ground.dates.items())
    ]
    usual = f" Enter: {DATES[state.usual - 1]}" if state.usual in state.ground.dates and state.usual else ""
    choices.append(("9", "type a date"))
    return [_now(shown, f"{_outcome(state)}: when?{usual}"), *columns(choices, width)]


def _slots(state: CallState, shown: Shown, width: int) -> list[Line]:
    choices = [(str(digit), spoken(moment, shown.zone_now)) for digit, moment in sorted(state.ground.slots.items())]
    choices += [("9", "type a time"), ("0", "no meeting yet")]
    chosen = f"meeting {spoken(state.date, shown.zone_now)} {shown.place}" if state.date else "no meeting yet"
    hand_off: Line = [(f"{INDENT}Enter", "now"), (f" hands off {shown.signs.dot} {one_line(chosen)}", "")]
    return [_now(shown, "qualified: when do they meet the account executive?"), *columns(choices, width), hand_off]


def _typing(state: CallState, shown: Shown, width: int) -> list[Line]:
    labels = {
        Asked.NAME: f"{_outcome(state)}: their name",
        Asked.TYPED_DATE: "date (next tue 3pm, +3bd, 2026-06-01)",
        Asked.NOTE: "note (start with “ for their words)",
    }
    label = labels.get(state.asked or Asked.NOTE, "")
    tail = one_line(state.typed)
    while cell_len(tail) > width - 4:
        tail = tail[1:]
    return [_now(shown, label), [(INDENT, ""), (tail, ""), ("_", "now")]]


def _questions(state: CallState, shown: Shown, width: int) -> list[Line]:
    """The question under the cursor with its digits, the open ones after it, the answered ones folded."""
    held, current = state.questions.held, state.questions.current
    lines: list[Line] = []
    if current is None:
        lines.append(_now(shown, "every question is answered: Space ends the talk"))
    else:
        choices = [(str(level.digit), level.label) for level in current.levels]
        lines += [_now(shown, current.question), *columns(choices, width)]
    answered: Line = [("  ", "")]
    for item in state.ground.rubric.criteria:
        level = item.level(held.get(item.key))
        if item is not current and level is None:
            must = " needed" if item.must_have else ""
            lines.append([("  ", ""), (item.question, ""), (must, "dim")])
        elif level is not None:
            sign = shown.signs.done if level.meets or not item.must_have else shown.signs.no
            piece = f"{sign} {item.label}: {level.short}   "
            if length(answered) + cell_len(piece) > width and len(answered) > 1:
                lines.append(answered)
                answered = [("  ", "")]
            answered.append((piece, "dim" if sign == shown.signs.done else "soon"))
    return [*lines, answered] if len(answered) > 1 else lines


def columns(choices: Sequence[tuple[str, str]], width: int) -> list[Line]:
    """Keys with their words, side by side where they fit, read across."""
    cells = [cell_len(key) + 1 + cell_len(one_line(label)) for key, label in choices]
    if not cells:
        return [[(f"{INDENT}nothing matches", "dim")]]
    room = width - len(INDENT)
    across = max(1, min(len(cells), room // (max(cells) + 2)))
    if len(cells) > across > 1:
        across = -(-len(cells) // -(-len(cells) // across))  # even rows
    each, lines = room // across, []
    for start in range(0, len(choices), across):
        line: Line = [(INDENT, "")]
        for key, label in choices[start : start + across]:
            line += [(key, "now"), (" " + fit(one_line(label), max(1, each - cell_len(key) - 1)), "")]
        lines.append(line)
    return lines


# --- what to say -----------------------------------------------------------------------------------------------


def _tools(state: CallState, shown: Shown, width: int) -> list[Line]:
    """A card that is open, or the script; then the keys of the talk with what they have counted."""
    if state.shown_card is not None:
        words: list[Line] = [[("“" + state.shown_card.title + "”", "soon")]]
        words += [[("  " + line, "")] for line in state.shown_card.text.strip().split("\n")]
    else:
        words = [[(one_line(line), "")] for line in shown.script[:SCRIPT_LINES]]
    said = state.said[-1] if state.said else shown.said
    tools: Line = [(";", "now"), (" objection card   ", ""), ("n", "now"), (" note", "")]
    if state.notes:
        tools.append((f" {len(state.notes)}", "done"))
    if said:
        tools.append((f"   their words so far: “{one_line(said)}”", "dim"))
    reaction: Line = [
        ("b", "now"),
        (f" blank {state.blank or ''}  ", ""),
        ("B", "now"),
        (f" landed {state.landed or ''}", ""),
    ]
    current = state.questions.current
    hints = current.objections if current and state.phase is Phase.TALK else ()
    if hints:
        reaction.append((f"   likely: {', '.join(hints)}", "dim"))
    return [*words, *([reaction] if state.phase is Phase.TALK else []), tools]


def _score(state: CallState, shown: Shown) -> Line:
    """The score as it stands, and what the next answer would make of it."""
    rubric = state.ground.rubric
    found = score(rubric, state.questions.held, Facts(), now=shown.zone_now)
    line: Line = [(f"score {found.total} of {rubric.threshold} needed", "")]
    if found.verdict == "qualified":
        return [*line, (f" {shown.signs.dot} {shown.signs.done} qualified", "done")]
    if found.verdict == "knocked out":
        return [*line, (f" {shown.signs.dot} {shown.signs.no} ruled out: {found.knock_out}", "late")]
    if found.would:
        return [*line, (f" {shown.signs.dot} {found.would}", "dim")]
    lacks = f", {', '.join(found.missing)} not met" if found.missing else ""
    return [*line, (f" {shown.signs.dot} not enough{lacks}", "soon")]


def _foot(state: CallState) -> Line:
    """What must be said now, else the keys that work."""
    if state.hint:
        return [(state.hint, "soon")]
    if state.asked is not None:
        return _keys(*_ANSWERS.get(state.asked, (("Enter", "done"),)), ("Esc", "back"))
    if state.phase is Phase.RING:
        more = (("Tab", "another number"),) if len(state.ground.numbers) > 1 else ()
        return _keys(("Enter", "they are on the line"), ("1-9", "it ended so"), *more)
    if state.phase is Phase.TALK:
        return _keys(("1-9", "answer"), ("j", "skip question"), ("Space", "end of talk"), ("Esc", "back to ringing"))
    return _keys(("1-9", "outcome"), ("Esc", "back to the talk"))


_ANSWERS: dict[Asked, tuple[tuple[str, str], ...]] = {
    Asked.DATE: (("1-9", "the date"), ("Enter", "the usual one")),
    Asked.SLOT: (("1-3", "the meeting"), ("Enter", "hand off")),
    Asked.REASON: (("1-9", "the reason"),),
    Asked.CONFIRM: (("Enter", "yes"),),
    Asked.MAIL: (("Enter", "with the mail"), ("0", "without it")),
    Asked.CARD: (("letters", "the card"),),
}


def _keys(*keys: tuple[str, str]) -> Line:
    line: Line = []
    for key, label in keys:
        line += [(key, "now"), (f" {label}   ", "")]
    return line
