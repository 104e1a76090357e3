"""What a column holds, judged by its values: for columns whose name says nothing, and against names that mislead."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from sdr.exchange.dates import parse_when
from sdr.exchange.headers import EMAIL
from sdr.exchange.tables import Table
from sdr.exchange.vocabulary import word_set
from sdr.models.terms import LeadState

# Real blanks are empty. These words are offered to the rep as blanks, never taken for such unasked.
BLANK_WORDS = word_set(
    "n/a na n.a. none null nil - -- --- . ? select -select- --select-- -none- --none-- (blank) (none) unknown "
    "undefined nan #n/a tbd test x xxx k.a. keine s/o n/d nvt"
) | {"please select", "select one", "select...", "- select -", "-- select --", "- none -", "not available", "no data"}
_PHONE = re.compile(r"(?:[a-z]{1,6}[.:]? ?)?[+(0]?[\d\s()./-]{7,24}(?: ?(?:x|ext\.?|#) ?\d+)?", re.I)
_PLAIN_NUMBER = re.compile(r"[1-9]\d*")
_DATE_LIKE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}")
_LINK = re.compile(r"(?:https?://|www\.)\S+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/\S*)?", re.I)
_LINKEDIN = re.compile(r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/(?:in|pub|sales)/\S+", re.I)
_LEGAL_FORM = re.compile(
    r"\b(?:gmbh|ag|kg|se|ug|ohg|inc|llc|ltd|limited|corp|co|plc|sarl|sas|sa|sl|slu|srl|spa|lda|ltda|bv|nv|oy|ab|as|aps)"
    r"\.?\s*\Z",
    re.I,
)
_PERSON = re.compile(r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){1,3}")
_COUNTRIES = frozenset(
    """
    usa|us|united states|united states of america|canada|mexico|méxico|brazil|brasil|argentina|chile|colombia|peru
    |united kingdom|uk|great britain|england|ireland|germany|deutschland|austria|österreich|switzerland|schweiz
    |suisse|france|frankreich|spain|españa|spanien|portugal|italy|italia|italien|netherlands|nederland|niederlande
    |belgium|belgique|belgië|belgien|luxembourg|denmark|danmark|sweden|sverige|schweden|norway|norge|norwegen
    |finland|suomi|poland|polska|polen|czech republic|czechia|slovakia|hungary|romania|bulgaria|greece|turkey|türkiye
    |ukraine|russia|israel|united arab emirates|uae|saudi arabia|egypt|south africa|nigeria|kenya|morocco|india
    |china|japan|south korea|singapore|malaysia|indonesia|vietnam|thailand|philippines|australia|new zealand|usa|us
    """.replace("\n    ", "")
    .strip()
    .split("|")
)
_STATES = frozenset(state.value for state in LeadState) | word_set(
    "open contacted unqualified converted nurturing recycled sql mql sal customer"
)
_DATES = {"arrived_at", "contacted_at", "qualified_at", "offered_at", "accepted_at", "won_at", "lost_at"}


def filled(column: Iterable[str]) -> list[str]:
    """The values of `column` that are not blank, trimmed."""
    return [value.strip() for value in column if value.strip()]


def is_email(value: str) -> bool:
    return EMAIL.match(value) is not None


def is_phone(value: str) -> bool:
    """Whether `value` reads as a telephone number: 7 to 15 digits, and more than a bare count or a date."""
    if not _PHONE.fullmatch(value) or _DATE_LIKE.match(value):
        return False
    digits = sum(c.isdigit() for c in value)
    return 7 <= digits <= 15 and (not _PLAIN_NUMBER.fullmatch(value) or digits >= 10)


def is_date(value: str) -> bool:
    """Whether `value` is a date in one order or the other; bare numbers are not."""
    orders = ("dmy", "mdy") if len(value) > 5 and not value.isdigit() else ()
    return any(parse_when(value, order, "UTC") for order in orders)


def _share(values: Sequence[str], test: re.Pattern[str]) -> float:
    return sum(test.fullmatch(value) is not None for value in values) / len(values)


def field_held(values: Sequence[str], *, nameless: bool) -> str | None:
    """The field that the filled `values` of one column seem to hold, or None.

    What may be mistaken (dates, names, companies) is said only of a `nameless` column: a header in words we do
    not know still means something.
    """
    if not values:
        return None
    count = len(values)
    if sum(map(is_email, values)) >= 0.6 * count:
        return "email"
    if _share(values, _LINKEDIN) >= 0.6:
        return "linkedin"
    if _share(values, _LINK) >= 0.8:
        return "website"
    if sum(map(is_phone, values)) >= 0.8 * count:
        return "phone"
    if sum(value.casefold() in _COUNTRIES for value in values) >= 0.8 * count:
        return "country"
    return _guess(values) if nameless else None


def _guess(values: Sequence[str]) -> str | None:
    count = len(values)
    if sum(map(is_date, values)) >= 0.8 * count:
        return "arrived_at"
    if sum(_LEGAL_FORM.search(value) is not None for value in values) >= 0.3 * count:
        return "company"
    return "name" if _share(values, _PERSON) >= 0.8 else None


def contradicts(field: str, values: Sequence[str]) -> bool:
    """Whether the filled `values` cannot be what the header says: an "Email" column of yes and no."""
    if not values:
        return False
    if field in {"email", "email_2"}:
        return not any("@" in value for value in values)
    if field in {"phone", "mobile"}:
        return not any(sum(c.isdigit() for c in value) >= 5 for value in values)
    if field == "street":  # "Address" may be of any kind
        return any("@" in value or "://" in value for value in values)
    if field in _DATES:
        return not any(parse_when(value, order, "UTC") for value in values for order in ("dmy", "mdy"))
    return False


def lead_states(values: Sequence[str]) -> bool:
    """Whether `values` are states of leads rather than states of a federation."""
    known = sum(bool(_STATES & set(re.split(r"\W+", value.casefold()))) for value in values)
    return bool(values) and known >= 0.5 * len(values)


def blank_words(table: Table) -> dict[str, int]:
    """Words in the whole of `table` that may stand for nothing, with the number of their cells, commonest first."""
    counted: Counter[str] = Counter()
    for row in table.raw():
        counted.update(word for cell in row.cells if (word := cell.strip().casefold()) in BLANK_WORDS)
    return dict(counted.most_common())


def offered_blanks(rows: Iterable[Sequence[str]]) -> dict[str, int]:
    """The same of a sample of rows."""
    counted = Counter(cell.strip().casefold() for cells in rows for cell in cells)
    return {word: count for word, count in counted.most_common() if word in BLANK_WORDS}


def blank_word_warnings(header: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Sentences about such words in a sample of `rows`; columns by number, for their names are foreign text."""
    said: list[str] = []
    for index in range(len(header)):
        counts = offered_blanks((row[index],) for row in rows if index < len(row))
        said += [
            f'Column {index + 1} holds "{word}" in {count:,} of the first rows; it is read as text, not as blank '
            f'(--blank "{word}" reads it as blank).'
            for word, count in sorted(counts.items())
        ]
    return tuple(said)
