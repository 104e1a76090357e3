"""Message texts and call scripts: their placeholders, and filling them in for one person.

`{first_name}` is a field of the allow-list, `{first_name|there}` the same with what stands there when it is blank.
There is no template language on purpose: no expression, no loop, no brace with another meaning. Every `{` and `}` of
a text must belong to such a placeholder; a value is put in as it is and never read again, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal, NamedTuple

from sdr.models.terms import Channel
from sdr.rules.playbook_text import PlaybookError, Table, located, read, refuse_twins
from sdr.rules.text import clean, folded

LONGEST = 20_000  # characters of a finished message
NEEDS_SUBJECT = (Channel.EMAIL,)
LEAST_WORDS = 3  # of a sentence written for one person
LONGEST_SENTENCE = 400

# What a text may ask for, and what it is.
FIELDS = {
    "first_name": "their first name",
    "last_name": "their last name",
    "name": "their whole name",
    "company": "their company",
    "title": "their title",
    "city": "their city",
    "industry": "their industry",
    "source": "where they come from, like Hannover show",
    "their_words": "what they said last, word for word",
    "meeting_at": "the time promised to them, in their zone",
    "rep_name": "your name",
    "rep_email": "your address",
    "rep_phone": "your number",
    "personal": "the sentence written for this one person",
}
PERSONAL = "personal"

_BRACE = re.compile("[{}]")
_END = re.compile("[{}\n]")

Kind = Literal["text", "value", "default", "hole"]


class TextError(PlaybookError):
    """Message texts that cannot be used; the sentence names the text and the fault."""


class TemplateFault(ValueError):
    """A brace that is no placeholder. `line` and `column` count from 1."""

    def __init__(self, what: str, template: str, at: int) -> None:
        self.line = template.count("\n", 0, at) + 1
        self.column = at - (template.rfind("\n", 0, at) + 1) + 1
        super().__init__(f"line {self.line}, column {self.column}: {what}")


class Hole(ValueError):
    """Fields without a default are blank for this lead; `fields` names them."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        self.fields = fields
        named = " and ".join(fields)
        verb, them = ("is", "it") if len(fields) == 1 else ("are", "them")
        super().__init__(f"{named} {verb} empty: fill {them} in, or give the text a default like {{{fields[0]}|…}}")


class TooLong(ValueError):
    """The finished message is longer than `LONGEST`."""


class Place(NamedTuple):
    """A placeholder: its field, and what stands there when that is blank (None: nothing may)."""

    field: str
    default: str | None


class Piece(NamedTuple):
    """A stretch of a filled text: its own words, a value, a default, or a hole (then `text` is the field)."""

    text: str
    kind: Kind


class Template(NamedTuple):
    """A message text or call script; mails have a `subject`. From `retires_on` on it goes no more."""

    key: str
    channel: Channel
    subject: str | None
    text: str
    owner: str | None = None
    retires_on: date | None = None


# --- placeholders ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def parsed(template: str) -> tuple[str | Place, ...]:
    """`template` as words and placeholders, in order. Raises `TemplateFault` where a brace is neither."""
    found: list[str | Place] = []
    at = 0
    while brace := _BRACE.search(template, at):
        if brace[0] == "}":
            raise TemplateFault("a } without its {", template, brace.start())
        end = _END.search(template, brace.end())
        begun = template[brace.start() : brace.start() + 20].split("\n")[0]
        if end is None or end[0] == "\n":
            raise TemplateFault(f"“{begun}” is never closed; end it with }}", template, brace.start())
        if end[0] == "{":
            raise TemplateFault("a placeholder inside another; a default is plain words", template, end.start())
        found += [template[at : brace.start()], _place(template, brace.start(), template[brace.end() : end.start()])]
        at = end.end()
    found.append(template[at:])
    return tuple(part for part in found if part != "")


def _place(template: str, at: int, inner: str) -> Place:
    field, bar, default = inner.partition("|")
    if field in FIELDS:
        return Place(field, default if bar else None)
    near = get_close_matches(field, FIELDS, n=1)
    way = f"did you mean {{{near[0]}}}?" if near else f"there is {', '.join(FIELDS)}"
    raise TemplateFault(f"{{{field[:40]}}} is no placeholder; {way}", template, at)


def fields_of(template: str) -> tuple[str, ...]:
    """The fields `template` asks for, each once, in order."""
    return tuple(dict.fromkeys(part.field for part in parsed(template) if isinstance(part, Place)))


def pieces(template: str, values: Mapping[str, str | None]) -> tuple[Piece, ...]:
    """`template` filled in from `values` (field to text, cleaned here); what nothing fills is a hole."""
    return tuple(_piece(part, values) for part in parsed(template))


def _piece(part: str | Place, values: Mapping[str, str | None]) -> Piece:
    if isinstance(part, str):
        return Piece(part, "text")
    value = clean(values.get(part.field) or "")
    if value:
        return Piece(value, "value")
    return Piece(part.field, "hole") if part.default is None else Piece(part.default, "default")


def render(template: str, values: Mapping[str, str | None]) -> str:
    """`template` with everything filled in. Raises `TemplateFault`, `Hole` or `TooLong`."""
    found = pieces(template, values)
    if holes := tuple(dict.fromkeys(piece.text for piece in found if piece.kind == "hole")):
        raise Hole(holes)
    message = "".join(piece.text for piece in found)
    if len(message) > LONGEST:
        raise TooLong(f"the message is longer than {LONGEST:,} characters: shorten the text")
    return message


def shown(found: tuple[Piece, ...]) -> str:
    """A filled text to look at, its holes marked."""
    return "".join(f"[{piece.text}?]" if piece.kind == "hole" else piece.text for piece in found)


# --- for one person --------------------------------------------------------------------------------------------------


def sentence_fault(sentence: str, text: str) -> str | None:
    """Why `sentence` is not one written for this person: too few words, too long, or all of them in `text` already."""
    said = [word for word in folded(sentence).split() if any(char.isalnum() for char in word)]
    if len(said) < LEAST_WORDS:
        return f"write one sentence for this person: at least {LEAST_WORDS} words"
    if len(sentence) > LONGEST_SENTENCE:
        return f"one sentence, of at most {LONGEST_SENTENCE} characters"
    held = {_bare(word) for word in folded(text).split()}
    if all(_bare(word) in held for word in said):
        return "these words are the text's own; write what only you know of this person"
    return None


def _bare(word: str) -> str:
    return "".join(char for char in word if char.isalnum())


def with_sentence(text: str, sentence: str) -> str:
    """`text` with `sentence` as its first paragraph, after the greeting: for a text without a `{personal}`."""
    first, end, rest = text.partition("\n")
    if first.rstrip().endswith((",", "!")) and len(first) <= 60:
        return f"{first}\n\n{sentence}\n\n{rest.lstrip(chr(10))}" if end else f"{first}\n\n{sentence}"
    return f"{sentence}\n\n{text}"


def left_open(text: str, before: str) -> str | None:
    """A placeholder somebody typed into a finished text, where nothing fills it in any more; None when there is none.

    What `before` held already (somebody may be called like that) stays what it is.
    """
    typed = re.findall(r"\{[a-z_]+(?:\|[^{}\n]*)?\}", text)
    return next((each for each in typed if each[1:-1].split("|")[0] in FIELDS and each not in before), None)


def whole(subject: str | None, text: str) -> str:
    """A text as one, its subject first: what is approved, and what is compared."""
    return f"subject: {subject}\n\n{text}" if subject else text


# --- the file --------------------------------------------------------------------------------------------------------


def parse_templates(text: str) -> tuple[Template, ...]:
    """The message texts that a TOML `text` holds, in its order. Raises `TextError`.

    One `[[template]]` each: `key`, `channel`, `subject` (mails only, one line), `text`, and if wanted `owner` and
    `retires_on` (a date: from that day on it goes no more).
    """
    top = read(text, "templates.toml", TextError)
    top.only("template")
    tables = located(text, "template", top.tables("template", "text"))
    if not tables:
        raise top.fault("it has no texts; add at least one [[template]] with key, channel and text")
    refuse_twins(tables, "key")
    return tuple(_template(table) for table in tables)


def _template(table: Table) -> Template:
    table.only("key", "channel", "subject", "text", "owner", "retires_on")
    channel = Channel(table.one_of("channel", [channel.value for channel in Channel]))
    subject = table.text("subject", most=120) if "subject" in table.values else None
    body = table.text("text", most=10_000)
    if (wrong := fault_of(channel, subject, body)) is not None:
        raise table.fault(wrong)
    owner = table.text("owner", most=80) if "owner" in table.values else None
    return Template(table.key(), channel, subject, body, owner, table.day("retires_on"))


def fault_of(channel: Channel, subject: str | None, text: str) -> str | None:
    """Why a text cannot be used on `channel`, or None."""
    if (channel in NEEDS_SUBJECT) != (subject is not None):
        return "a mail needs a subject, and nothing else has one"
    if subject and "\n" in subject:
        return '"subject" must be one line'
    if not text.strip():
        return "the text is empty"
    for part, words in (("subject", subject or ""), ("text", text)):
        try:
            parsed(words)
        except TemplateFault as fault:
            return f"{part}, {fault}"
    return None
