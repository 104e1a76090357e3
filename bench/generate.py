"""Invented leads whose truth is known: seeded, streamed, as messy as a purchased list.

Every address is at a reserved example domain and every number in a range kept for fiction (North America 555-01xx,
Ofcom's and ARCEP's drama numbers), so nothing here reaches anybody. Those ranges hold about 130,000 numbers: in
bigger lists people share one, as behind a switchboard, so a number alone never proves two rows the same person.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEADER = (
    "First Name", "Last Name", "Email", "Phone", "Job Title", "Company", "Website", "Industry", "Employees",
    "Country", "City", "Lead Source", "Created", "Notes",
)  # fmt: skip

DUPLICATES = 0.15  # share of rows that are an earlier person again
SEED = 20_250_101

# First names, last names, country and cities of one script; the list's share is how often it stands here.
_PEOPLE = (
    ("Ana John Mary Paul Linda Mark Susan Peter Karen", "Smith Jones O'Brien Lee Brown Clark", "US", "Austin Boston"),
    ("Emma Oliver Grace Harry Isla Jack Poppy Noah", "Taylor Evans Wright Green Baker Hill", "GB", "London Leeds"),
    ("Zoë François Hélène René Chloé Loïc Jérôme", "Lefèvre Dupré Müller Garçon Bézier", "FR", "Lyon Nîmes"),
    ("Łukasz Žofie Jiří Małgorzata Győző Şule İpek", "Wójcik Dvořák Nagy Çelik Ångström", "US", "Chicago Houston"),
    ("Анна Иван Ольга Сергей Мария Дмитрий", "Иванова Петров Смирнова Кузнецов", "GB", "London"),
    ("Ελένη Γιώργος Μαρία Νίκος", "Παπαδοπούλου Γεωργίου Δημητρίου", "FR", "Paris"),
    ("伟 芳 娜 敏 静 强", "王 李 张 刘 陈", "US", "Seattle"),
    ("陽子 健太 さくら ケンジ", "佐藤 鈴木 高橋 田中", "US", "Portland"),
    ("민준 서연 지훈 하은", "김 이 박 최", "GB", "Manchester"),
    ("محمد فاطمة علي مريم", "الأحمد حسن العلي", "FR", "Marseille"),
    ("נועה דוד תמר", "כהן לוי מזרחי", "US", "New York"),
    ("प्रिया राहुल अनीता", "शर्मा पटेल सिंह", "GB", "Leicester"),
    ("สมชาย มาลี", "ใจดี สุขสันต์", "US", "Dallas"),
    ("Nguyễn Trần Phạm", "Văn Đức Thị Hoa Quốc Bảo", "FR", "Toulouse"),
)  # fmt: skip
_TITLES = (
    "VP Sales",
    "Head of Operations",
    "CFO",
    "Plant Manager",
    "Buyer",
    "IT Director",
    "sales mgr.",
    "Owner / CEO",
    "",
)
_INDUSTRIES = (
    "Pumps",
    "Logistics",
    "Software",
    "Dairy",
    "Steel",
    "Clinics",
    "Insurance",
    "Hotels",
    "Printing",
    "Seeds",
)
_FORMS = ("Inc.", "Ltd", "GmbH", "SA", "LLC", "& Sons", "")
_SOURCES = ("Webinar May", "Trade fair Hannover", "Website form", "Bought list Q2", "Partner", "Whitepaper")
_NOTES = (
    "",
    "",
    "",
    'asked for a price, "soon"',
    "met at the booth; call after 3pm",
    "two sites\nbudget in autumn",
    "=see mail",
)
_AREAS = tuple(area for area in range(201, 990) if area % 100 not in (11, 0) and area // 10 % 10 != 9)
_UK = ("20 7946 0", "113 496 0", "114 496 0", "115 496 0", "116 496 0", "117 496 0", "121 496 0", "7700 900")
_FR = ("1 99 00", "2 61 91", "3 53 01", "4 65 71", "5 36 49", "6 39 98")


@dataclass(frozen=True, slots=True)
class Person:
    """One true person behind one or more rows."""

    first: str
    last: str
    email: str
    country: str
    number: str  # national digits with spaces; "" when the list has none
    rest: tuple[str, ...]  # title, company, website, industry, employees, country, city


def person(number: int, seed: int = SEED) -> Person:
    """Person `number` of the list `seed`: always the same, whoever asks."""
    chance = random.Random(seed * 1_000_003 + number)
    firsts, lasts, country, cities = chance.choices(_PEOPLE, weights=(30, 20, 12, 8, *[3] * 10))[0]
    first, last = chance.choice(firsts.split()), chance.choice(lasts.split())
    industry = chance.choice(_INDUSTRIES)
    firm = chance.randrange(200_000)
    host = f"{industry.lower()}{firm}.example"
    local = f"{first}.{last}".lower() if (first + last).isascii() else "contact"
    company = f"{chance.choice(('Acme', 'Nord', 'Blue', 'Delta', 'First'))} {industry} {firm} {chance.choice(_FORMS)}"
    rest = (
        chance.choice(_TITLES), company.strip(), f"https://www.{host}", industry, str(chance.randrange(1, 5_000)),
        country, chance.choice(cities.split()),
    )  # fmt: skip
    phone = _number(chance, country) if chance.random() < 0.8 else ""
    return Person(first, last, f"{local.replace(chr(39), '')}{number}@{host}", country, phone, rest)


def _number(chance: random.Random, country: str) -> str:
    if country == "US":
        return f"{chance.choice(_AREAS)} 555 01{chance.randrange(100):02d}"
    if country == "GB":
        return f"{chance.choice(_UK)}{chance.randrange(1000):03d}"
    return f"{chance.choice(_FR)} {chance.randrange(100):02d} {chance.randrange(100):02d}"


def _written(chance: random.Random, someone: Person) -> str:
    """The number as somebody typed it."""
    if not someone.number:
        return ""
    digits = someone.number.replace(" ", "")
    code = {"US": "1", "GB": "44", "FR": "33"}[someone.country]
    home = digits if someone.country == "US" else f"0{digits}"
    ways = (f"+{code}{digits}", f"+{code} {someone.number}", home, f"00{code} {someone.number}", f"tel: {home}",
            f"+{code} ({digits[:3]}) {digits[3:6]}-{digits[6:]}", f"{home} ext. {chance.randrange(9999)}")  # fmt: skip
    return chance.choice(ways)


def _again(chance: random.Random, someone: Person) -> Person:
    """`someone` as another list has them: a typo, another case, no address, first and last swapped."""
    first, last, email = someone.first, someone.last, someone.email
    slip = chance.randrange(6)
    if slip == 0 and len(last) > 3:
        at = chance.randrange(1, len(last) - 1)
        last = last[:at] + last[at + 1 :]
    elif slip == 1:
        email = email.upper()
    elif slip == 2 and someone.number:
        email = ""
    elif slip == 3:
        first, last = last, first
    elif slip == 4:
        first = first[:1] + "."
    return Person(first, last, email, someone.country, someone.number, someone.rest)


def leads(count: int, seed: int = SEED) -> Iterator[tuple[int, tuple[str, ...]]]:
    """`count` rows of `HEADER`, each with the number of the true person behind it."""
    chance = random.Random(seed)
    people = 0
    for _ in range(count):
        if people and chance.random() < DUPLICATES:
            number = chance.randrange(people)
            someone = _again(chance, person(number, seed))
        else:
            number, people = people, people + 1
            someone = person(number, seed)
        day = f"2025-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
        tail = (chance.choice(_SOURCES), day, chance.choice(_NOTES))
        yield number, (someone.first, someone.last, someone.email, _written(chance, someone), *someone.rest, *tail)


def write(path: Path, truth: Path, count: int, seed: int = SEED) -> None:
    """Write the list as UTF-8 CSV, and beside it the truth: `row,person`, rows from 0."""
    with path.open("w", encoding="utf-8", newline="") as rows, truth.open("w", encoding="utf-8", newline="") as known:
        table, answers = csv.writer(rows), csv.writer(known)
        table.writerow(HEADER)
        answers.writerow(("row", "person"))
        for index, (number, row) in enumerate(leads(count, seed)):
            table.writerow(row)
            answers.writerow((index, number))
