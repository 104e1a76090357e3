"""Two people told apart at a glance: three numbers each, so that a million can be held and most pairs never read.

A sketch never speaks against a pair that `likeness` would ask about: people whose companies do not resemble each
other, and who share no address, number, profile, company or outside id, stay below `ASKED` by a name alone.
"""

from __future__ import annotations

from typing import NamedTuple

from sdr.rules.identity import host_of
from sdr.rules.likeness import ALIKE_FIRM, ASKED, FIGURES, OTHER_FIRM, SAME_CITY, SAME_NAME, SAME_TITLE, Person

_LETTERS, _FIGURES, _LENGTH = 36, 16, 12  # bits for the letters of a company's name, its figures and its length
_MASK = (1 << _LETTERS) - 1
_LONGEST = (1 << _LENGTH) - 1
_ONE = 0xFFFF  # a lane: what two people may share, four of them in a number
_MAIL, _SITE = _ONE << 32, _ONE << 16
_LOW, _HIGH, _MIDDLE = 0x0001_0001_0001_0001, 0x8000_8000_8000_8000, 0x0000_8000_8000_0000

Sketch = tuple[int, int, int]  # the company, and eight lanes; each fits into 64 bits

# What a glance rests on: with nothing shared and another company, a name is never enough.
assert SAME_NAME.points + OTHER_FIRM.points + SAME_CITY.points + SAME_TITLE.points < ASKED


class Beside(NamedTuple):
    """What a glance needs of a record beside what it is filed by: as the lead has it."""

    email: str | None
    email_2: str | None
    website: str | None
    external_id: str | None


def sketch(one: Person, beside: Beside, number: int) -> Sketch:
    """The sketch of a person; `number` is nobody else's and stands for what is not known, which is like nothing."""
    address = (beside.email or beside.email_2 or "").lower()
    local, _, domain = address.partition("@")
    site = host_of(beside.website) if beside.website else ""
    several = len(one.numbers) > 1 or (beside.email and beside.email_2)
    called = one.numbers[0] if one.numbers else ""
    own = number * 40_503  # spread over the lanes, so that what two do not know is seldom the same
    reach = _lanes((local, _end(domain), _end(site), called), own)
    about = _lanes((one.profile, (beside.external_id or "").strip(), one.account, ""), own + 4)
    return 0 if several else _firm(one.firm), reach, about  # no company: compared with everybody


def _end(host: str) -> str:
    """The last two names of a host: hosts of one company have the same, whatever stands before."""
    return ".".join(host.rsplit(".", 2)[-2:])


def _firm(name: str) -> int:
    if not name or len(name) > _LONGEST:
        return 0
    letters = 0
    for letter in set(name):
        letters |= 1 << ord(letter) % _LETTERS
    figures = hash(tuple(FIGURES.findall(name))) & (1 << _FIGURES) - 1
    return len(name) << _FIGURES + _LETTERS | figures << _LETTERS | letters


def _lanes(given: tuple[str | int, str | int, str | int, str | int], own: int) -> int:
    a, b, c, d = given
    return (
        ((hash(a) if a else own) & _ONE) << 48
        | ((hash(b) if b else own + 1) & _ONE) << 32
        | ((hash(c) if c else own + 2) & _ONE) << 16
        | (hash(d) if d else own + 3) & _ONE
    )


def may_be_one(one: Sketch, other: Sketch) -> bool:
    """Whether two people are worth comparing; False only when nobody would be asked about them."""
    firm, other_firm = one[0], other[0]
    if not firm or not other_firm:
        return True
    if (firm ^ other_firm) >> _LETTERS & (1 << _FIGURES) - 1 == 0 and _resemble(firm, other_firm):
        return True
    these, those = one[1], other[1]
    crossed = (those & _MAIL) >> 16 | (those & _SITE) << 16  # the mail of one at the site of the other
    return _shares(these ^ those) or _shares(these ^ crossed, _MIDDLE) or _shares(one[2] ^ other[2])


def _resemble(firm: int, other: int) -> bool:
    """By letters alone: what differs must be put in or taken out one by one, and who begins with the other has its."""
    letters, others = firm & _MASK, other & _MASK
    length = (firm >> _FIGURES + _LETTERS) + (other >> _FIGURES + _LETTERS)
    return (letters ^ others).bit_count() * 100 <= (100 - ALIKE_FIRM) * length or letters & others in (letters, others)


def _shares(differing: int, among: int = _HIGH) -> bool:
    """Whether any lane is nought."""
    return bool((differing - _LOW) & ~differing & among)
