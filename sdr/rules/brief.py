"""What an account executive is told about a lead: one short page of facts, and the same as Markdown.

Everything in it is other people's text, so the Markdown holds no live link, image, tag or table of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sdr.rules.rubric import Rubric
from sdr.rules.text import clean

# Signs that can begin markup inside a line (CommonMark, GitHub's tables, strikes and formulas; `&` for entities).
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#!|~&$])")
# Readers also make links of bare addresses: a point or at-sign inside a word, and a scheme's colon.
_LINK = re.compile(r"(?<=\w)[.@](?=\w)|:(?=/)")


class Facts(NamedTuple):
    """What a brief is made from, in words ready to show; blank ones are left out.

    `answers` maps criterion keys to level keys. `said` are the prospect's own words, `history` lines like
    "call 12 May: talked", newest first; `promised` is the next step they were promised, with its time and zone.
    """

    name: str
    title: str = ""
    company: str = ""
    website: str = ""
    people: str = ""
    place: str = ""
    local_time: str = ""
    email: str = ""
    phone: str = ""
    source: str = ""
    grade: str = ""
    score: str = ""
    said: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    promised: str = ""
    attending: str = ""
    ae: str = ""
    why_ae: str = ""
    respond_by: str = ""
    rep: str = ""
    note: str = ""


class Line(NamedTuple):
    """One line of a brief."""

    label: str
    text: str


class Brief(NamedTuple):
    """The page: who it is about, then its lines in reading order."""

    title: str
    lines: tuple[Line, ...]


def brief(facts: Facts, rubric: Rubric, answers: Mapping[str, str]) -> Brief:
    """The brief of a lead: what was promised first, then the answers, their words, the person, the way here."""
    title = ", ".join(clean(word) for word in (facts.name, facts.title, facts.company) if clean(word))
    lines = (Line(label, clean(text)) for label, text in _lines(facts, rubric, answers))
    return Brief(title, tuple(line for line in lines if line.text))


def _lines(facts: Facts, rubric: Rubric, answers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "next step", facts.promised
    yield "attending", facts.attending
    yield "answer by", facts.respond_by
    for criterion in rubric.criteria:
        level = criterion.level(answers.get(criterion.key))
        yield criterion.label, level.label if level else "not asked"
    yield "score", _joined(facts.score, facts.grade)
    for words in facts.said:
        yield "in their words", words
    yield "e-mail", facts.email
    yield "phone", facts.phone
    yield "where", _joined(facts.place, facts.local_time)
    yield "company", _joined(facts.company, facts.people, facts.website)
    yield "came from", facts.source
    for event in facts.history:
        yield "before", event
    yield "note", facts.note
    yield "for", _joined(facts.ae, facts.why_ae)
    yield "from", facts.rep


def _joined(*words: str) -> str:
    return " · ".join(word for word in words if word.strip())


def markdown(page: Brief) -> str:
    """The brief as Markdown, every sign of the lead's text taken literally; ends in a newline."""
    lines = [f"- **{escaped(line.label)}**: {escaped(line.text)}" for line in page.lines]
    return "\n".join([f"# {escaped(page.title)}", "", *lines]) + "\n"


def escaped(text: str) -> str:
    """Foreign `text` as one line that Markdown shows as it is, without a link, image, tag or emphasis."""
    return _LINK.sub(r"\\\g<0>", _MARKUP.sub(r"\\\1", clean(text)))
