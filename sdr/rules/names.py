"""A person's name from one column: first, last, and as shown.

Guesses only what a greeting and a search need; the name as its owner writes it always stays in `display`.
Middle names live there alone. What is no name (an aside, a slogan, a degree) is in none of them: `more_than_a_name`
tells whoever must not lose it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from sdr.rules.text import clean, folded


class Name(NamedTuple):
    """`first` greets, `last` sorts and matches; either may be empty. `display` is the whole, tidied."""

    first: str
    last: str
    display: str


_CIVIL_WORDS = "mr mrs ms mx miss herr frau hr mme mlle monsieur madame sr sra"  # before anybody's name
_TITLE_WORDS = "dr prof sir dame lord lady rev dott ing dipl-ing don dona"
_CREDENTIAL_WORDS = """
phd md mba cpa esq jd dds dvm pmp cfa cissp cisa cism pe rn msc bsc ba ma bs ms llm llb dba mbe obe cbe ceng mcips
cscp cpim shrm-cp shrm-scp sphr phr csm cspo itil ccim gri dphil edd psyd frsa fca aca acca facc
"""
_PARTICLE_WORDS = """
van von der den de del della di da do dos das du la le los las ter ten te zu zum zur af av al el bin ibn ben abu
st saint san santa
"""
# Family names that come first in Vietnamese, where a greeting uses the last word.
_VIETNAMESE_WORDS = "nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trịnh đoàn"

_CIVIL = frozenset(_CIVIL_WORDS.split())
_TITLES = _CIVIL | frozenset(_TITLE_WORDS.split())
_GENERATION = frozenset({"jr", "sr", "ii", "iii", "iv", "junior", "senior", "filho", "neto"})
_CREDENTIALS = frozenset(_CREDENTIAL_WORDS.split())
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_VIETNAMESE = frozenset(_VIETNAMESE_WORDS.split())
_AFTER = re.compile(r"\s*[|•·–—/].*$|\s+-\s+.*$")
_ASIDE = re.compile(r"\s*(\([^)]*\)|\[[^\]]*\]|\{[^}]*\})")
_WORD = re.compile(r"\w+")
_NICKNAME = re.compile(r"\s+[\"“”„'‘][^\"“”'’]+[\"“”'’](?=\s)")


def _bare(word: str) -> str:
    """`word` as the tables spell it: `Ph.D.` is `phd`."""
    return folded(word).replace(".", "").strip(",")


def _between(aside: re.Match[str]) -> str:
    """What stays in the place of an aside: a blank where a word would run into the one before it."""
    return " " if aside.string[aside.end() : aside.end() + 1].isalnum() else ""


def _tidied(name: str) -> str:
    """`name` without emoji, asides, nicknames, and what follows a bar or a dash."""
    drawn = (" " if unicodedata.category(char) in ("So", "Sk", "Cn", "Co") else char for char in clean(name))
    text = _NICKNAME.sub("", _ASIDE.sub(_between, "".join(drawn).replace("\ufe0f", "").replace("\u200d", "")))
    return " ".join(_AFTER.sub("", text).split()).strip(" ,;-_*")


def _without_credentials(parts: list[str]) -> list[str]:
    """The comma-parted pieces without those that hold nothing but credentials (`PhD`, `MBA CPA`)."""
    kept = [part for part in parts[1:] if any(_bare(word) not in _CREDENTIALS for word in part.split())]
    return parts[:1] + kept


def person(name: str) -> Name:
    """The parts of a full name: `Last, First`, particles, `Smith, Jr.`, credentials, emoji and job-board junk."""
    parts = _without_credentials([part.strip() for part in _tidied(name).split(",") if part.strip()])
    if not parts:
        return Name("", "", "")
    suffixes = [part for part in parts[1:] if _bare(part) in _GENERATION]
    plain = [parts[0], *(part for part in parts[1:] if part not in suffixes)]
    words = [word for part in (*plain[1:], plain[0]) for word in part.split()]
    while len(words) > 1 and _bare(words[0]) in _TITLES:
        words.pop(0)
    while len(words) > 2 and words[-1].isupper() and _bare(words[-1]) in _CREDENTIALS:
        words.pop()
    display = ", ".join([" ".join(words), *suffixes])
    if len(plain) > 1:
        given, last = ([word for word in part.split() if word in words] for part in (" ".join(plain[1:]), plain[0]))
        return Name(_given(given), " ".join(last), display)
    if len(words) == 1 and (suffixes or _bare(plain[0].split()[0]) in _TITLES):
        return Name("", words[0], display)
    return _split(words, display)


def more_than_a_name(cell: str, display: str) -> bool:
    """Whether `cell` says more than the `display` that `person` made of it; Mr and Mrs say nothing."""
    if cell == display:
        return False
    said = [word for word in _WORD.findall(clean(cell)) if word.lower() not in _CIVIL]
    return len(said) > len(_WORD.findall(display))


def _given(words: list[str]) -> str:
    """The given names without titles and initials (`Dr. Ana M.` is `Ana`); a lone initial is kept."""
    named = [word for word in words if _bare(word) not in _TITLES]
    return " ".join([word for word in named if len(_bare(word)) > 1] or named)


def _split(words: list[str], display: str) -> Name:
    """First and last of `words` in the order they are spoken."""
    if len(words) == 1:
        return Name(words[0], "", display)
    if words[0].lower() in _VIETNAMESE:
        return Name(words[-1], words[0], display)
    if len(words) > 2 and _bare(words[-1]) in _GENERATION:
        words = words[:-1]
    start = next((index for index, word in enumerate(words[1:], 1) if _bare(word) in _PARTICLES), len(words) - 1)
    return Name(words[0], " ".join(words[start:]), display)
