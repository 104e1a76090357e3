"""Both ways of every branch of the gate's rules are taken by some case: looked at line by line while it decides."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from sdr.rules import consent, consent_caps, consent_hours, consent_laws, segments
from sdr.rules.consent import decide
from tests.reliability.gate import states
from tests.rules.test_consent_rules import CASES, ES, NOW, SHIPPED

ROOMS = (consent, consent_caps, consent_hours, consent_laws, segments)
LEFT = -1  # where a line goes that leaves its function
# Text of a policy is read elsewhere, by test_segments.
READERS = {"who", "traits"}

Ways = dict[tuple[str, int], set[bool]]


def branches(source: str) -> Iterator[tuple[range, int]]:
    """The lines of each condition and the first line of what it guards."""
    tree = ast.parse(source)
    skipped = {id(inner) for node in tree.body if getattr(node, "name", "") in READERS for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.If | ast.While):
            yield range(node.lineno, (node.test.end_lineno or node.lineno) + 1), node.body[0].lineno
        elif isinstance(node, ast.For):
            yield range(node.lineno, (node.iter.end_lineno or node.lineno) + 1), node.body[0].lineno
        elif isinstance(node, ast.match_case) and not _takes_all(node):
            yield range(node.pattern.lineno, node.pattern.lineno + 1), node.body[0].lineno


def _takes_all(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None


def file_of(room: ModuleType) -> str:
    return str(room.__file__)


def steps_of(work: Callable[[], None], files: set[str]) -> set[tuple[str, int, int]]:
    """Which line of these files followed which, while `work` was done."""
    taken: set[tuple[str, int, int]] = set()

    def enter(frame: FrameType, _event: str, _arg: Any) -> Any:
        name = frame.f_code.co_filename
        if name not in files:
            return None
        before = frame.f_lineno

        def look(inside: FrameType, event: str, _arg: Any) -> Any:
            nonlocal before
            if event in ("line", "return"):
                after = inside.f_lineno if event == "line" else LEFT
                taken.add((name, before, after))
                before = after
            return look

        return look

    held = sys.gettrace()
    sys.settrace(enter)
    try:
        work()
    finally:
        sys.settrace(held)
    return taken


def ways(taken: set[tuple[str, int, int]]) -> Ways:
    """For every branch which ways were taken: into what it guards, past it."""
    found: Ways = {}
    for room in ROOMS:
        for head, body in branches(Path(file_of(room)).read_text("utf-8")):
            went = {after == body for name, before, after in taken
                    if name == file_of(room) and before in head and after not in head}  # fmt: skip
            found[Path(file_of(room)).name, head.start] = went
    return found


def every_case() -> None:
    consent._there.cache_clear()  # what is remembered is not decided again
    for case in CASES:
        for channel in consent.Channel:
            decide(case.contact, channel, case.now, case.policy)
    nowhere = ES._replace(zones=("Asia/Tokyo", "America/Sao_Paulo"))  # day here is night there
    decide(nowhere, consent.Channel.CALL, NOW, SHIPPED)
    for contact, channel, now, policy, _more in islice(states(7), 3000):
        decide(contact, channel, now, policy)


def test_both_ways_of_every_branch_are_taken() -> None:
    found = ways(steps_of(every_case, {file_of(room) for room in ROOMS}))
    assert len(found) > 50
    assert {place: sorted(went) for place, went in found.items() if went != {True, False}} == {}


def test_a_branch_that_is_taken_one_way_is_found() -> None:
    def one_case() -> None:
        decide(CASES[0].contact, consent.Channel.CALL, CASES[0].now, CASES[0].policy)

    found = ways(steps_of(one_case, {file_of(room) for room in ROOMS}))
    assert any(went != {True, False} for went in found.values())
