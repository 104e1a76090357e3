"""What changed between two texts, word by word: what is shown to who approves, and what a rep wrote into a message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

Sign = Literal["same", "gone", "new"]
Changed = tuple[tuple[Sign, str], ...]  # a line in which words changed, as stretches

_WORD = re.compile(r"\s+|\S+")


def own_words(before: str, after: str) -> str:
    """What somebody wrote into `before` to make it `after`."""
    return " ".join(" ".join(text for sign, text in _stretches(before, after) if sign == "new").split())


def changed_words(before: str, after: str) -> tuple[Changed, ...]:
    """The lines in which words differ, with one line around them; each line as stretches that are same, gone or new.

    Compared word by word by difflib's SequenceMatcher (Ratcliff and Obershelp, 1988). Empty when nothing differs.
    """
    lines: list[list[tuple[Sign, str]]] = [[]]
    for sign, text in _stretches(before, after):
        first, *more = text.split("\n")
        lines[-1].append((sign, first))
        lines += [[(sign, part)] for part in more]
    touched = {at for at, line in enumerate(lines) if any(sign != "same" for sign, _text in line)}
    near = sorted({close for at in touched for close in (at - 1, at, at + 1) if 0 <= close < len(lines)})
    return tuple(tuple(part for part in lines[at] if part[1]) for at in near)


def _stretches(before: str, after: str) -> Iterator[tuple[Sign, str]]:
    """Both texts as one, what is gone before what is new; a blank between two changes belongs to both."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    gone = added = ""
    for at, (what, a, b, c, d) in enumerate(codes):
        kept = "".join(old[a:b])
        between = kept.isspace() and "\n" not in kept and 0 < at < len(codes) - 1
        if what != "equal" or between:
            gone, added = gone + kept, added + "".join(new[c:d])
            continue
        yield from _changed(gone, added)
        gone = added = ""
        yield "same", kept
    yield from _changed(gone, added)


def _changed(gone: str, added: str) -> Iterator[tuple[Sign, str]]:
    if gone:
        yield "gone", gone
    if added:
        yield "new", added


def marked(line: Changed) -> str:
    """A changed line as plain text: [-gone-] and {+new+}."""
    signs = {"same": ("", ""), "gone": ("[-", "-]"), "new": ("{+", "+}")}
    return "".join(signs[sign][0] + text + signs[sign][1] if text.strip() else text for sign, text in line)
