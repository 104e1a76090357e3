"""How likely two records are one person, with the reasons in words, and the keys under which to look for a double.

Points are weights of evidence in the manner of Fellegi and Sunter (1969): what agrees adds, what speaks against takes
away, and a name alone is never enough. Only an equal address or an equal id of the same system is `sure`; all else is
asked. Two people of one surname at one company with the switchboard's number stay below `ONE`, however alike.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from sdr.rules.identity import company_domain, company_key, role_address
from sdr.rules.text import folded

ASKED, ONE = 40, 70  # points from which a pair is worth asking about, and from which it is taken to be one person
SURE = ("same outside id", "same e-mail")  # the reasons that join by themselves
TWINS = 60  # the most that two different first names can reach
ALIKE_NAME, ALIKE_FIRM = 88, 86  # rapidfuzz's ratio, of 100, from which names and companies are the same misspelled
_SHORT, _LONG = 4, 9  # letters from which one slip is allowed, and from which two are

_WEAK = re.compile("[.'’`´]")
_GAP = re.compile(r"[\W_]+")
FIGURES = re.compile(r"\d+")
_PROFILE = re.compile(r"^(?:https?://)?(?:[a-z]{2,3}\.)?(?=linkedin\.com/)|[/?#]+$|\?.*$", re.I)
_WITHOUT_INITIALS = "\u1100"  # from here on, one character of a name is a whole name (Hangul, kana, Han)


class Person(NamedTuple):
    """What is known of a record, ready to compare: folded words, clean addresses, numbers as E.164. "" is unknown."""

    first: str
    last: str
    firm: str  # the company's key
    domain: str  # the company's own domain, never a shared one
    emails: tuple[str, ...]
    numbers: tuple[str, ...]
    outside: str  # the system and its id of this record
    profile: str
    title: str
    city: str
    account: int = 0  # the company as the desk knows it, by domain or name


class Likeness(NamedTuple):
    """0 to 100 and why; `sure` joins by itself."""

    score: int
    reasons: tuple[str, ...]
    sure: bool = False


def person(
    *, first: str | None, last: str | None, name: str | None = None, company: str | None = None,
    emails: tuple[str, ...] = (), website: str | None = None, numbers: tuple[str, ...] = (), system: str | None = None,
    external_id: str | None = None, linkedin: str | None = None, title: str | None = None, city: str | None = None,
    account: int | None = None,
) -> Person:  # fmt: skip
    """A record as it is compared, from the clean values of a lead; a name that was never parted ends in the last."""
    if not first and not last and name:
        first, _, last = name.strip().rpartition(" ")
    outside = f"{system or ''}:{external_id.strip()}" if external_id and external_id.strip() else ""
    own = next((one for one in emails if one), None)
    return Person(
        _spelled(first or ""), _spelled(last or ""), company_key(company) if company else "",
        company_domain(own, website) or "", tuple(one.lower() for one in emails if one), numbers, outside,
        _PROFILE.sub("", linkedin.strip()).lower() if linkedin else "", _spelled(title or ""), _spelled(city or ""),
        account or 0,
    )  # fmt: skip


@cache
def _fuzz() -> tuple[Any, Any]:
    """rapidfuzz's likeness of two texts in any order of words, and their distance in slips; loaded when needed."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import OSA

    return fuzz.token_sort_ratio, OSA.distance


@lru_cache(maxsize=65_536)
def _spelled(name: str) -> str:
    """A name without marks that people write or leave out: `O'Brien` is `obrien`, `Jean-Luc` is `jean luc`."""
    return _GAP.sub(" ", _WEAK.sub("", folded(name))).strip()


# --- where to look ---------------------------------------------------------------------------------------------------


def blocks(one: Person) -> tuple[str, ...]:
    """The keys under which a double may be filed: people who share none are not compared.

    A key that many share says nothing; whoever looks passes over it. A misspelled name is found by the company and
    its other half, a misspelled company by the name and its own initials, either by the number or the profile; a name
    alone (the only key that begins with `name`) by those few who have it too.
    """
    found = [f"number {number}" for number in one.numbers]
    if one.profile:
        found.append(f"profile {one.profile}")
    first, last = one.first, one.last
    if not first and not last:
        return tuple(found)
    firm = one.account or one.firm
    if firm:
        found += (f"last {firm} {last} {first[:1]}", f"first {firm} {first} {last[:1]}")
    name = " ".join(sorted(f"{first} {last}".split()))
    if one.firm:
        initials = "".join(word[0] for word in one.firm.split()[:3])
        found.append(f"like {initials} {name}")
    return (*found, f"name {name}")


# --- how alike -------------------------------------------------------------------------------------------------------


class _Evidence(NamedTuple):
    points: int
    why: str = ""
    against: bool = False  # the first names are of two people


_NOTHING = _Evidence(0)
_worth = attrgetter("points")
SAME_NAME, HALF_A_NAME = _Evidence(45, "same name"), _Evidence(25, "same name, half of it")
SWAPPED, ONE_HALF = _Evidence(45, "first and last name swapped"), _Evidence(25, "the one name that is known")
SIMILAR_NAME, INITIAL = _Evidence(38, "similar name"), _Evidence(36, "same last name and initial")
TWIN_NAME, OTHER_NAME = _Evidence(15, "same last name, another first name", against=True), _Evidence(-40, against=True)
SAME_FIRM, SAME_DOMAIN = _Evidence(35, "same company"), _Evidence(35, "same company's domain")
SIMILAR_FIRM, OTHER_FIRM = _Evidence(28, "similar company"), _Evidence(-15)
SAME_NUMBER, SHARED_NUMBER = _Evidence(45, "same phone"), _Evidence(10, "same phone")
SAME_PROFILE, OTHER_PROFILE = _Evidence(60, "same profile"), _Evidence(-30)
OFFICE, MISSPELLED = _Evidence(5, "same office address"), _Evidence(40, "e-mail almost the same")
MAYBE_MISSPELLED, ELSEWHERE = _Evidence(30, "e-mail almost the same"), _Evidence(15, "same name in the e-mail")
OTHER_ADDRESS = _Evidence(-20)
SAME_CITY, SAME_TITLE = _Evidence(4, "same city"), _Evidence(4, "same title")


def likeness(a: Person, b: Person) -> Likeness:
    """How likely `a` and `b` are one person; the same whichever comes first."""
    if certain := sure(a, b):
        return Likeness(100, (certain,), True)
    name = _names(a, b)
    found = [one for one in (name, _numbers(a, b, name), _firms(a, b), _profiles(a, b), _addresses(a, b, name),
                             _place(a, b), _title(a, b)) if one is not _NOTHING]  # fmt: skip
    points = 0
    for one in found:
        points += one.points
    if name.against or name is _NOTHING:
        points = min(points, TWINS)
    elif a == b and (a.firm or a.domain or a.numbers or a.emails or a.profile):
        points = 100
    found.sort(key=_worth, reverse=True)
    return Likeness(max(0, min(100, points)), tuple([one.why for one in found if one.why]))


def sure(a: Person, b: Person) -> str:
    """Why two records are one person beyond doubt; "" when they may be two.

    An address that a whole office reads (`info@`) is nobody's own.
    """
    if a.outside and a.outside == b.outside:
        return SURE[0]
    if a.emails and b.emails:
        for address in a.emails:
            if address in b.emails and not role_address(address):
                return SURE[1]
    return ""


def _names(a: Person, b: Person) -> _Evidence:
    if not (a.first or a.last) or not (b.first or b.last):
        return _NOTHING
    if a.first == b.first and a.last == b.last:
        return SAME_NAME if a.first and a.last else HALF_A_NAME
    if a.first == b.last and a.last == b.first:
        return SWAPPED
    if not (a.first and a.last and b.first and b.last):
        return _half(a, b)
    orders = (a.first, a.last, b.first, b.last), (a.first, a.last, b.last, b.first), (b.first, b.last, a.last, a.first)
    best = max((_parts(*order) for order in orders), key=_worth)
    if best is OTHER_NAME and _alike(f"{a.first} {a.last}", f"{b.first} {b.last}", ALIKE_NAME):
        return SIMILAR_NAME
    return best


def _half(a: Person, b: Person) -> _Evidence:
    """Of one of them only half the name is known."""
    if {a.first, a.last} & {b.first, b.last} - {""}:
        return ONE_HALF
    return OTHER_NAME


def _parts(first: str, last: str, other_first: str, other_last: str) -> _Evidence:
    """Names part by part, in the order given."""
    if not (last == other_last or _slip(last, other_last)):
        return OTHER_NAME
    if _slip(first, other_first) or first == other_first or _within(first, other_first):
        return SIMILAR_NAME
    if _initial(first, other_first) or _initial(other_first, first):
        return INITIAL
    return TWIN_NAME


def _slip(one: str, other: str) -> bool:
    """Whether one is the other with a letter missed, doubled, wrong or in the wrong place (two in long names)."""
    shorter = min(len(one), len(other))
    if shorter < _SHORT:
        return False
    allowed = 1 if shorter < _LONG else 2
    return _near(one, other, allowed)


def _near(one: str, other: str, most: int) -> bool:
    """Whether at most this many slips (optimal string alignment) lie between two texts."""
    return bool(_fuzz()[1](one, other, score_cutoff=most) <= most)


def _alike(one: str, other: str, least: int) -> bool:
    return bool(_fuzz()[0](one, other) >= least)


def _within(one: str, other: str) -> bool:
    """`ana` in `ana maria`."""
    return bool(set(one.split()) & set(other.split()))


def _initial(one: str, other: str) -> bool:
    return len(one) == 1 < len(other) and other[0] == one < _WITHOUT_INITIALS


def _firms(a: Person, b: Person) -> _Evidence:
    if (a.firm and a.firm == b.firm) or (a.account and a.account == b.account):
        return SAME_FIRM
    if a.domain and a.domain == b.domain:
        return SAME_DOMAIN
    if not (a.firm and b.firm):
        return _NOTHING if not (a.domain and b.domain) else OTHER_FIRM
    if FIGURES.findall(a.firm) == FIGURES.findall(b.firm) and (
        _alike(a.firm, b.firm, ALIKE_FIRM) or _begins(a.firm, b.firm) or _begins(b.firm, a.firm)
    ):
        return SIMILAR_FIRM
    return OTHER_FIRM


def _begins(one: str, other: str) -> bool:
    return other.startswith(f"{one} ")


def _numbers(a: Person, b: Person, name: _Evidence) -> _Evidence:
    """A number is a person's only as far as the name says so: colleagues share the switchboard's."""
    if not a.numbers or not b.numbers or set(a.numbers).isdisjoint(b.numbers):
        return _NOTHING
    return SHARED_NUMBER if name.against else SAME_NUMBER


def _profiles(a: Person, b: Person) -> _Evidence:
    if not a.profile or not b.profile:
        return _NOTHING
    return SAME_PROFILE if a.profile == b.profile else OTHER_PROFILE


def _addresses(a: Person, b: Person, name: _Evidence) -> _Evidence:
    """Addresses that are not the same: one misspelled, one person's at two domains, or two people's at one."""
    if not a.emails or not b.emails:
        return _NOTHING
    (local, _, domain), (other_local, _, other_domain) = a.emails[0].partition("@"), b.emails[0].partition("@")
    if local == other_local and role_address(a.emails[0]):
        return OFFICE if domain == other_domain else _NOTHING
    named = name.points >= SAME_NAME.points
    if local == other_local and _near(domain, other_domain, 2):
        return MISSPELLED
    if domain == other_domain and named and _slip(local, other_local) and FIGURES.search(local + other_local) is None:
        return MAYBE_MISSPELLED
    if local == other_local and len(local) >= 5:
        return ELSEWHERE
    return OTHER_ADDRESS if domain == other_domain == a.domain and not named else _NOTHING


def _place(a: Person, b: Person) -> _Evidence:
    return SAME_CITY if a.city and a.city == b.city else _NOTHING


def _title(a: Person, b: Person) -> _Evidence:
    return SAME_TITLE if a.title and a.title == b.title else _NOTHING
