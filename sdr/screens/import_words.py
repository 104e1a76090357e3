"""What the import screen says: how the file is read, what each column becomes, what would come of it, how far it is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sdr.exchange.decoding import name_of
from sdr.exchange.intake import FILL, KEEP, NO_SOURCE, REPLACE, Options, Plan, policy_field
from sdr.exchange.mapping import Choice, Found
from sdr.exchange.rejects import Waiting
from sdr.exchange.tables import Table
from sdr.exchange.verdicts import Flag, Verdict
from sdr.rules.money import spoken_money
from sdr.rules.phones import Phone, phone
from sdr.rules.spoken import counted
from sdr.screens.asking import Choice as Answer
from sdr.screens.columns import Cells
from sdr.screens.lines import Part
from sdr.screens.look import Marks
from sdr.store import rows

BAR = 30  # cells of the bar
MOST_BLANKS, SHOWN_BLANKS = 7, 3  # words that may stand for nothing: offered by a digit, named in the line
SAMPLE = 40  # rows in which a value to show is looked for
POLICY_WORDS = {KEEP: ", keeps", REPLACE: ", replaces"}


@dataclass(slots=True)
class Going:
    """A reading or writing under way: what, since when (loop seconds), how far, and the wish to stop. `share` (from 0
    to 1) tells how far where nobody knows of how many, `clock` the loop's time."""

    word: str
    since: float
    done: int = 0
    of: int = 0
    share: Callable[[], float] = lambda: 0.0
    clock: Callable[[], float] = lambda: 0.0
    stop: threading.Event = field(default_factory=threading.Event)

    def count(self, done: int, of: int) -> None:
        """Heard on another thread; numbers need no lock. Rows that were read are compared next, from the first."""
        if of and not self.of:
            self.word, self.since = "comparing", self.clock()
        self.done, self.of = done, of


def read_as(table: Table, path: str, preset: str | None) -> list[str]:
    """How the file was opened: name, encoding, delimiter, header, and whose export it is."""
    said = [Path(path).name]
    if table.kind == "csv":
        said.append(f"{name_of(table.encoding)}{' (assumed)' if table.assumed else ''}")
        said.append({"\t": "tabs", ",": "commas"}.get(table.delimiter, table.delimiter or "one column"))
    said.append(f"header on line {table.header_row}" if table.header_row else "no header")
    return [*said, preset] if preset else said


def columns(made: Plan, sample: Sequence[Sequence[str]], home: str | None, signs: Marks) -> dict[int, Cells]:
    """The columns of the file, numbered from 1, each with what it becomes and a value of it."""
    return {choice.column + 1: _column(made, choice, sample, home, signs) for choice in made.mapping.choices}


def _column(made: Plan, choice: Choice, sample: Sequence[Sequence[str]], home: str | None, signs: Marks) -> Cells:
    values = (cells[choice.column].strip() for cells in sample if choice.column < len(cells))
    text = next((value for value in values if value), "")
    becomes = (choice.field or "— left out —").replace("_", " ")
    policy = made.options.policy.get(policy_field(choice.field) or "", FILL)
    guessed = choice.field is not None and choice.found in (Found.CONTENT, Found.NOTHING)
    return Cells(
        (choice.name, becomes + POLICY_WORDS.get(policy, ""), _read(choice, text, home, signs)),
        ("", "" if choice.field else "dim", "dim"),
        signs.guess if guessed else " ",
        "soon",
    )


def _read(choice: Choice, text: str, home: str | None, signs: Marks) -> str:
    """A value as it will be kept, where that is not as it is written."""
    if choice.field not in ("phone", "mobile") or not text:
        return text
    number = phone(text[:80], home)
    if not isinstance(number, Phone):
        return f"{text} ({number.reason})"
    as_dialled = f" as {home}" if home and not text.lstrip("(").startswith(("+", "00")) else ""
    return text if number.shown == text else f"{text} {signs.dot} {number.shown}{as_dialled}"


def outcome(made: Plan, options: Options, known: rows.Source | None) -> list[Sequence[Part]]:
    """What would become of the rows, where they come from, and the first remark."""
    counts, verdicts = made.counts, made.verdicts
    said: list[Part] = [(f"{sum(counts.values()):,} rows", "now")]
    doubtful = verdicts.count(Flag.DOUBTFUL, Verdict.CREATED)
    named = (("new", counts["created"]), ("known", counts["known"]), ("update", counts["updated"]),
             ("joined", counts["merged"]), ("maybe double", doubtful))  # fmt: skip
    said += [(f"   {n:,} {word}", "") for word, n in named if n]
    if counts["rejected"]:
        said.append((f"   {counts['rejected']:,} bad", "late"))
    if inquiries := verdicts.count(Flag.INQUIRY, Verdict.CREATED):
        said.append((f"   {counted(inquiries, 'inquiry', 'inquiries')}", "dim"))
    return [said, _source(made, options, known), _noticed(remarks(made))]


def remarks(made: Plan) -> list[str]:
    """What was noticed in the file; words for nothing, and that no source was named, have lines of their own."""
    return [said for said in made.warnings if "--blank" not in said and said != NO_SOURCE]


def _noticed(said: Sequence[str]) -> list[Part]:
    """How many remarks there are and the key that shows them, and the first."""
    if not said:
        return []
    many = f" {counted(len(said), 'remark')}  " if len(said) > 1 else " remark  "
    return [("w", "now"), (many, "dim"), (said[0], "soon")]


def offered(options: Options, found: Mapping[str, int]) -> list[Part]:
    """Words that stand for nothing, or may: how many, and the key."""
    if options.blanks:
        return [("blank   ", "dim"), (", ".join(f"“{word}”" for word in options.blanks), ""), (" (", "dim"),
                ("b", "now"), (" changes it)", "dim")]  # fmt: skip
    if not found:
        return []
    shown = ", ".join(f"“{word}”" for word in list(found)[:SHOWN_BLANKS])
    said = f"{shown} in {_cells(sum(found.values()))} of the first rows: "
    return [("blank?  ", "dim"), (said, ""), ("b", "now"), (" makes them blank", "dim")]


def waiting(found: Sequence[Waiting]) -> list[Part]:
    """Rows of earlier files that could not come in, and the key that mends them."""
    if not found:
        return []
    first, more = found[0], len(found) - 1
    others = f", and {counted(more, 'more file')}" if more else ""
    wait = "waits" if first.rows == 1 else "wait"
    said = f" mends {counted(first.rows, 'rejected row')} that {wait} in {first.path.name}{others}"
    return [("x", "now"), (said, "dim")]


def blanks(found: Mapping[str, int], chosen: frozenset[str]) -> list[Answer]:
    """One key a word with the number of its cells, chosen words marked; all of them, and none."""
    commonest = list(found)[:MOST_BLANKS]
    answers = [Answer("a", f"all of them: {_cells(sum(found.values()))}", tuple(found))]
    for number, word in enumerate(commonest, 1):
        others = chosen ^ {word}
        now = " (blank now)" if word in chosen else ""
        answers.append(Answer(str(number), f"“{word}” {_cells(found[word])}{now}", tuple(sorted(others))))
    return [*answers, Answer("0", "none: they are text", ())]


def _cells(count: int) -> str:
    return f"{count:,} cell{'s' if count != 1 else ''}"


def agreed(options: Options, known: rows.Source | None) -> tuple[int | None, str, float | None]:
    """Cost in minor units, owner and target of the source: said for this file, else what is known of it."""
    cost = options.cost_minor if options.cost_minor is not None else (known.cost_minor if known else None)
    target = options.target if options.target is not None else (known.target if known else None)
    return cost, options.owner or (known.owner if known else None) or "", target


def source_line(options: Options, known: rows.Source | None) -> str:
    """The source as it is typed: name, cost, owner, target."""
    cost, owner, target = agreed(options, known)
    said = [
        options.source or "",
        f"{cost / 100:g}" if cost is not None else "",
        owner,
        f"{target * 100:g}" if target is not None else "",
    ]
    return ", ".join(said).rstrip(", ")


def _source(made: Plan, options: Options, known: rows.Source | None) -> list[Part]:
    label: Part = ("source  ", "dim")
    if options.source is None:
        if "source" in made.mapping.fields():
            return [label, ("as each row says", "")]
        return [label, ("none yet: ", "soon"), ("s", "now"), (" names it, its cost and target", "dim")]
    cost, owner, target = agreed(options, known)
    said = [options.source]
    if cost is not None:
        said.append(f"{spoken_money(cost, options.currency or (known.currency if known else None))} a lead")
    said += [owner] if owner else []
    said.append(f"target {target * 100:g} %" if target is not None else "no target agreed")
    return [label, (" · ".join(said), "")]


def progress(going: Going, now: float, signs: Marks) -> list[Sequence[Part]]:
    """How far a reading or writing is at `now` (loop seconds), how fast, and how long it takes."""
    seconds = max(now - going.since, 0.001)
    of = f" of {going.of:,}" if going.of else ""
    said = f"{going.word} {going.done:,}{of} rows · {going.done / seconds:,.0f} rows/s"
    share = going.done / going.of if going.of else going.share()
    full = min(BAR, int(share * BAR))
    left = f" · {seconds * max(0.0, 1 - share) / share:,.0f} s left" if share and going.done else ""
    return [
        [(said, "now"), (left, "")],
        [(signs.full * full + signs.empty * (BAR - full), "done")],
        [("Esc", "now"), (" calls it off", "dim")],
    ]
