"""When somebody who is away is back, read from the answer their mailbox gave.

English, German, French, Spanish, Portuguese, Italian and Dutch. A date counts when words around it say that they
are back then ("back on 12 March", "ab dem 12.03. wieder"), away until then ("until 12/03": back the day after), or
when it is all that was written. A day that has passed is never taken; what is not understood is None, no guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple
from unicodedata import normalize

LONGEST = 5_000  # characters that are read
AHEAD = 300  # days: a date without a year that would be later than this was meant for days that are over
FARTHEST = 730  # days: nobody is away for longer and writes a date
AROUND = 160  # characters before and behind a date in which the words that explain it are looked for
BARE = 40  # characters: a text this short that holds one date is that date


class Certainty(StrEnum):
    """How surely the day was said."""

    SAID = "said"  # a day they are back on
    LIKELY = "likely"  # the end of the absence, a weekday, or a date whose day and month could change places


class Return(NamedTuple):
    """The first day they are there again, the words that said so, and how surely."""

    day: date
    phrase: str
    certainty: Certainty


def back_on(text: str, today: date, *, month_first: bool = False) -> Return | None:
    """The day of their return that `text` names, today or later; None when it names none.

    `month_first` reads 3/12 as 12 March, as the United States write it. Of several days a return counts more than
    the end of an absence, a date more than a weekday, and a later day more than an earlier one.
    """
    read = _plain(text[:LONGEST])
    found = [one for one in _named(read, text, today, month_first) if 0 <= (one[1].day - today).days <= FARTHEST]
    return max(found, key=lambda one: (one[0], one[1].day), default=(0, None))[1]


def _plain(text: str) -> str:
    """Small letters without accents, one for one, so that places in it are places in the text; paragraphs end in ;."""
    small = "".join((normalize("NFKD", char)[0].lower() or char)[0] for char in text).replace("’", "'")
    return re.sub(r"\n\s*\n", lambda gap: ";".ljust(len(gap[0])), small).replace("\n", " ").replace("\r", " ")


# --- the words -----------------------------------------------------------------------------------------------------

_MONTHS = (
    "january jan januar janner janvier janv enero ene janeiro gennaio gen januari",
    "february feb februar fevrier fevr fev febrero fevereiro febbraio februari",
    "march mar marz maerz mrz mars marzo marco maart mrt",
    "april apr avril avr abril abr aprile",
    "may mai mayo maio maggio mag mei",
    "june jun juni juin junio junho giugno giu",
    "july jul juli juillet juil julio julho luglio lug",
    "august aug aout agosto ago augustus",
    "september sep sept septembre septiembre setembro set settembre sett",
    "october oct oktober okt octobre octubre outubro out ottobre ott",
    "november nov novembre noviembre novembro",
    "december dec dezember dez decembre diciembre dic dezembro dicembre",
)
_MONTH = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_DAYS = (
    "monday mon montag lundi lunes segunda-feira segunda lunedi maandag",
    "tuesday tue tues dienstag mardi martes terca-feira terca martedi dinsdag",
    "wednesday wed mittwoch mercredi miercoles quarta-feira quarta mercoledi woensdag",
    "thursday thu thurs donnerstag jeudi jueves quinta-feira quinta giovedi donderdag",
    "friday fri freitag vendredi viernes sexta-feira sexta venerdi vrijdag",
    "saturday sat samstag sonnabend samedi sabado sabato zaterdag",
    "sunday sun sonntag dimanche domingo domenica zondag",
)
_DAY = {word: number for number, words in enumerate(_DAYS) for word in words.split()}
_TOMORROW = r"tomorrow|morgen|demain|manana|amanha|domani"
_NEXT_WEEK = (
    r"next week|nachste[rn]? woche|kommende[rn]? woche|la semaine prochaine|semaine prochaine|"
    r"la proxima semana|proxima semana|la semana que viene|la prossima settimana|prossima settimana|volgende week"
)


def _any(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_WEEKDAY = rf"(?:(?P<weekday>{_any(_DAY)})\b\.?,?\s+)?"
_YEAR = r"(?:,?\s*(?:de |del |of )?(?P<year>20\d\d)\b)?"
_OF = r"(?:\s*(?:of|de|del|d')\s*|\s*\.?\s*)"
_ORDINAL = r"(?:st|nd|rd|th|er|re|o|ª|º|°)?"
_LEAD = r"(?:\b(?:the |den |dem |der |le |el |il |lo |o dia |dia |de |op |am ))?"
_SPAN = r"(?P<span>\d{1,2}\.?\s?[-–—]\s?)?"  # 9-13 March: away until the second
_DATES = (
    re.compile(rf"{_WEEKDAY}{_LEAD}(?<![\d./-])(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])"),
    re.compile(
        rf"{_WEEKDAY}{_LEAD}(?<![\d./-]){_SPAN}(?P<day>\d{{1,2}}){_ORDINAL}{_OF}(?P<name>{_any(_MONTH)})\b\.?{_YEAR}"
    ),
    re.compile(rf"{_WEEKDAY}{_LEAD}\b(?P<name>{_any(_MONTH)})\b\.?\s+(?P<day>\d{{1,2}}){_ORDINAL}(?!\d){_YEAR}"),
    re.compile(
        rf"{_WEEKDAY}{_LEAD}(?<![\d./-])(?!24/7\b)(?P<a>\d{{1,2}})(?P<sign>[./])\s?(?P<b>\d{{1,2}})"
        r"(?:(?P=sign)\s?(?P<year>20\d\d|\d\d)(?![\d:]))?(?![\d/-]|\.\d| ?uhr|:| ?[ap]m\b| ?h\b)\.?"
    ),
    re.compile(rf"{_WEEKDAY}{_LEAD}(?<![\d./-])(?P<a>\d{{1,2}})-(?P<b>\d{{1,2}})-(?P<year>20\d\d)(?![\d-])"),
)
_WEEKDAYS = re.compile(rf"\b(?P<weekday>{_any(_DAY)})\b")
_NEAR = re.compile(rf"\b(?:(?P<tomorrow>{_TOMORROW})|(?P<week>{_NEXT_WEEK}))\b")

# They are there again: said before the day, or behind it.
_BACK = (
    r"\bback\b|\breturn(?:ing|s|ed)?\b|\bin (?:the )?office (?:again )?(?:on|from)\b|\bresum\w*|\bagain\b|"
    r"\b(?:available|reachable)\b|"
    r"\bzuruck\w*|\bzurueck\w*|\bwieder\w*|\berreichbar\b|"
    r"\bretour\b|\brevien\w*|\brentre\w*|\bnouveau\b|\bjoignable\b|"
    r"\bregres\w*|\bvuelv\w*|\bvolver\w*|\bde vuelta\b|\bvuelta\b|\breincorpor\w*|\bnuevamente\b|\bde nuevo\b|"
    r"\bde volta\b|\bvolt[oa]\w*|\bretorn\w*|\bnovamente\b|\bdisponi\w+|"
    r"\britorn\w*|\brientr\w*|\btorner\w*|\btorno\b|\bdi nuovo\b|"
    r"\bterug\w*|\bweer\b"
)
_UNTIL = re.compile(
    r"(?:\buntil|\btill|\btil|\bthrough|\bthru|\bup to|\bto|\band|\bincluding|\binclusive|"
    r"\bbis|\bbis zum|\bbis einschlie(?:ss|ß)lich|\bbis inkl\.?|\bbis inklusive|"
    r"\bjusqu'au|\bjusqu'a|\bau|\bhasta|\bal|\bate|\bate ao?|\ba|"
    r"\bfino al|\bfino all'|\bsino al|\btot|\btot en met|\bt/m|\s[-–—])"
    r"(?:\s+(?:and including|including|einschlie(?:ss|ß)lich|inkl\.?|inclusive|inclus))?"
    r"\s*(?:the|den|dem|zum|le|el|il|o|de|op|dia)?\s*(?:o )?(?:dia )?$"
)
_AFTER = re.compile(
    r"\b(?:after|nach|apres|despues del?|depois d[eo]|dopo|na)\s*(?:the|dem|le|el|il|o|op)?\s*(?:dia )?$"
)
_ABSENT = re.compile(
    r"\bout\b|\baway\b|\babsen\w*|\bleave\b|\bholiday\w*|\bvacation\w*|\btravel\w*|\bnot (?:be )?in\b|\bunavailable\b|"
    r"\boff\b|\bclosed\b|\boffice\b|\bfrom\b|\bbetween\b|"
    r"\babwesen\w*|\burlaub\w*|\bnicht\b|\bvom\b|\bvon\b|\bferien\b|\bkrank\w*|"
    r"\bconges?\b|\bvacances\b|\bdu\b|\bfuera\b|\bausen\w*|\bvacaciones\b|\bdel\b|\bferias\b|\bfora\b|\bde\b|"
    r"\bassen\w*|\bferie\b|\bdal\b|\bfuori\b|\bafwezig\w*|\bvakantie\b|\bverlof\b|\bvan\b|\buntil\b|\btill\b|"
    r"\bbis\b|\bjusqu'|\bhasta\b|\bate\b|\bfino\b|\bsino\b|\btot\b|\bt/m\b"
)
_BEGINS = re.compile(r"\b(?:from|since|starting|vom|von|depuis|du|desde|del|dal|van|sinds|between|zwischen|entre)\s*$")
_ENDS = re.compile(r"[!?;\n]|\.(?=\s+[a-z]{3})")  # a sentence ends; "12. march" and "12.03." go on


# --- reading -------------------------------------------------------------------------------------------------------

Found = tuple[int, Return]  # how much it counts, and what it says


def _named(read: str, text: str, today: date, month_first: bool) -> Iterator[Found]:
    seen: list[re.Match[str]] = []
    for pattern in _DATES:
        for match in pattern.finditer(read):
            if not any(match.start() < one.end() and one.start() < match.end() for one in seen):
                seen.append(match)
    for match in seen:
        day, sure = _day(match, today, month_first)
        if day is not None:
            yield from _meant(read, text, match, day, sure, 2, alone=len(seen) == 1)
    for match in _WEEKDAYS.finditer(read):
        if not any(one.start() <= match.start() < one.end() for one in seen):
            ahead = (_DAY[match["weekday"]] - today.weekday()) % 7 or 7
            yield from _meant(read, text, match, today + timedelta(days=ahead), False, 0, alone=False)
    for match in _NEAR.finditer(read):
        ahead = 1 if match["tomorrow"] else 7 - today.weekday()
        yield from _meant(read, text, match, today + timedelta(days=ahead), bool(match["tomorrow"]), 0, alone=False)


def _meant(
    read: str, text: str, match: re.Match[str], day: date, sure: bool, weight: int, *, alone: bool
) -> Iterator[Found]:
    """What the words around a day make of it: back on it, away until it, or nothing."""
    start, end = _sentence(read, match)
    before, behind = read[start : match.start()], read[match.end() : end]
    until = _AFTER.search(before) or (_UNTIL.search(before) if _ABSENT.search(before) else None)
    if until or match.groupdict().get("span"):
        since = start + until.start() if until else match.start()
        yield weight, Return(day + timedelta(days=1), _said(text, since, match), Certainty.LIKELY)
        return
    cue = _last(_BACK, before)
    if _BEGINS.search(before) and _DATES[1].search(behind):  # the first day of an absence, not of the return
        return
    if cue is not None or re.search(_BACK, behind[:60]):
        since = match.start() if cue is None else start + cue
        yield weight + 1, Return(day, _said(text, since, match), Certainty.SAID if sure else Certainty.LIKELY)
    elif alone and len(text.strip()) <= BARE and not _ABSENT.search(f"{before} {behind}"):
        yield weight, Return(day, _said(text, match.start(), match), Certainty.LIKELY)


def _sentence(read: str, match: re.Match[str]) -> tuple[int, int]:
    first, last = max(0, match.start() - AROUND), min(len(read), match.end() + AROUND)
    start = max((one.end() for one in _ENDS.finditer(read, first, match.start())), default=first)
    behind = _ENDS.search(read, match.end(), last)
    return start, behind.start() if behind else last


def _last(pattern: str, text: str) -> int | None:
    """Where the cue nearest to the end of `text` begins."""
    return max((one.start() for one in re.finditer(pattern, text)), default=None)


def _said(text: str, start: int, match: re.Match[str]) -> str:
    return " ".join(text[start : match.end()].split()).rstrip(".,")


def _day(match: re.Match[str], today: date, month_first: bool) -> tuple[date | None, bool]:
    """The day a date means from today on, and whether it has one reading."""
    parts = match.groupdict()
    year = int(parts["year"]) if parts.get("year") else None
    if year is not None and year < 100:
        year += 2000
    if "a" not in parts:
        month = _MONTH[parts["name"]] if parts.get("name") else int(parts["month"])
        return _in_year(year, month, int(parts["day"]), today), True
    first, second = int(parts["a"]), int(parts["b"])
    swapped = first <= 12 and (second > 12 or (month_first and parts.get("sign") == "/"))
    day, month = (second, first) if swapped else (first, second)
    sure = first > 12 or second > 12 or first == second or parts.get("sign") == "."
    return _in_year(year, month, day, today), sure


def _in_year(year: int | None, month: int, day: int, today: date) -> date | None:
    for candidate in (year,) if year else (today.year, today.year + 1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or 0 <= (found - today).days <= AHEAD:
            return found
    return None
