"""No module writes a touch past the gate: proved on the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sdr

PACKAGE = Path(sdr.__file__).parent
# Who begins a touch or a call: the first three ask the gate, the next writes down only steps that are left out, the
# last brings what happened before there was a desk.
ASK = {"desk/touching.py", "desk/calling.py", "desk/pairing.py"}
LEFT_OUT, PAST = {"desk/catching_up.py"}, {"exchange/past.py"}


def begins(source: str) -> Iterator[ast.Call]:
    """Every edit of a source that begins a touch or a call."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        made = ast.unparse(node.func) in ("Edit.new", "Edit")
        first = node.args[0]
        if made and not (isinstance(first, ast.Constant) and first.value not in ("touch", "call")):
            yield node


def named(node: ast.Call) -> bool:
    """Whether the edit says by its own words that it is a touch or a call."""
    return isinstance(node.args[0], ast.Constant)


def modules() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        room = path.relative_to(PACKAGE).as_posix()
        if not room.startswith("store/"):  # the store writes what it is given, and reads edits back
            yield room, path.read_text("utf-8")


def test_nobody_else_begins_a_touch() -> None:
    found = {room for room, source in modules() if any(named(node) for node in begins(source))}
    assert found == ASK | LEFT_OUT | PAST


def test_who_begins_a_touch_asks_the_gate_or_writes_one_that_was_left_out() -> None:
    for room, source in modules():
        touches = [node for node in begins(source) if named(node)]
        if room in ASK:
            assert re.search(r"\bgate\.allowed\(", source), room
        if room in LEFT_OUT:
            for node in touches:
                skipped = {one.arg: ast.unparse(one.value) for one in node.keywords}
                assert skipped.get("skipped") == "1", room


def test_an_edit_whose_table_is_no_word_is_known() -> None:
    """Edits of a table held in a name could hide a touch: these are all there are, and none is one."""
    found = {room for room, source in modules() if any(not named(node) for node in begins(source))}
    assert found <= {"exchange/intake.py", "exchange/incoming.py", "exchange/withdrawing.py", "desk/bulk.py"}


def test_nothing_outside_the_store_writes_by_sql() -> None:
    for room, source in modules():
        assert not re.search(r"(?i)\b(insert\s+into|replace\s+into)\s+(touch|call)\b", source), room


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ('Edit.new("touch", 1)', 1),
        ('x = [Edit.new("call", 1, at=2)]', 1),
        ('Edit("touch", 1, "new")', 1),
        ('Edit.new("event", 1)', 0),
        ("Edit.new(table, 1)", 1),
        ('Edit.set("touch", 1)', 0),
    ],
)
def test_the_search_finds_what_it_looks_for(source: str, count: int) -> None:
    assert len(list(begins(source))) == count
