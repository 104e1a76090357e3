"""The words that invented people are made of: names of many scripts, companies, titles, numbers kept for fiction.

The numbers are in ranges that ring nowhere (North America 555-01xx, Ofcom's and ARCEP's drama numbers). Those ranges
hold about 130,000: a few thousand serve as switchboards, the rest as direct lines, of which big lists share some.
"""

from __future__ import annotations

import random

# First names, last names, country and cities of one script; the weight is how often it stands here.
_ENGLISH_FIRST = """
Ana John Mary Paul Linda Mark Susan Peter Karen James Robert Michael David William Richard Joseph Thomas Daniel Matthew
Anthony Steven Andrew Joshua Kenneth Kevin Brian George Edward Ronald Timothy Jason Jeffrey Ryan Jacob Gary Nicholas
Patricia Jennifer Barbara Jessica Sarah Nancy Lisa Betty Margaret Sandra Ashley Kimberly Emily Donna Michelle Carol
Amanda Melissa Deborah Stephanie Rebecca Laura Helen Sharon Cynthia Kathleen Amy Angela Shirley Brenda Pamela Nicole
Emma Oliver Grace Harry Isla Jack Poppy Noah Freya Alfie Imogen Rupert Gemma Nigel Fiona Callum Rhys Eilidh
"""
_ENGLISH_LAST = """
Smith Jones O'Brien Lee Brown Clark Taylor Evans Wright Green Baker Hill Johnson Williams Miller Davis Wilson Anderson
Moore Jackson Martin Thompson White Harris Lewis Walker Hall Allen Young King Scott Adams Nelson Carter Mitchell Turner
Phillips Campbell Parker Edwards Collins Stewart Morris Rogers Reed Cook Morgan Bell Murphy Bailey Cooper Richardson
"""
_HEADS = (
    "Ash Black Brad Brook Cald Cran Dal East Farn Gold Hart Hazel Kings Lang Mar Nor Oak Pem Rad Red Sand Stan Thorn"
)
_TAILS = (
    "born bury by combe cott croft dale den field ford gate ham hurst ington land ley more ridge shaw ton wood worth"
)
_COMPOSED = " ".join(head + tail for head in _HEADS.split() for tail in _TAILS.split())
PEOPLE = (
    (f"{_ENGLISH_FIRST}", f"{_ENGLISH_LAST * 6} {_COMPOSED}", "US", "Austin Boston Denver Tampa Reno Omaha", 30),
    (f"{_ENGLISH_FIRST}", f"{_COMPOSED} {_ENGLISH_LAST * 3}", "GB", "London Leeds Bristol Cardiff York", 20),
    ("Zoë François Hélène René Chloé Loïc Jérôme Luc Marie Anne Camille Hugo Léa Jules Inès Théo Manon Aurélie Cédric",
     "Lefèvre Dupré Müller Garçon Bézier Martin Bernard Dubois Durand Moreau Laurent Simon Michel Leroy Roux Fournier",
     "FR", "Lyon Nîmes Paris Lille Brest", 12),
    ("Łukasz Žofie Jiří Małgorzata Győző Şule İpek Petr Jana Zsófia Emre Agnieszka Tomáš Katarína",
     "Wójcik Dvořák Nagy Çelik Ångström Nowak Svoboda Kovács Yılmaz Horvát Novotný Lindqvist", "US", "Chicago Houston",
     8),
    ("Анна Иван Ольга Сергей Мария Дмитрий Павел Елена Наталья Андрей", 
     "Иванова Петров Смирнова Кузнецов Попов Соколов", "GB", "London", 3),
    ("Ελένη Γιώργος Μαρία Νίκος Κατερίνα Δημήτρης", "Παπαδοπούλου Γεωργίου Δημητρίου Νικολάου", "FR", "Paris", 3),
    ("伟 芳 娜 敏 静 强 秀英 建国", "王 李 张 刘 陈 杨 赵 欧阳", "US", "Seattle", 3),
    ("陽子 健太 さくら ケンジ 美咲 大輔", "佐藤 鈴木 高橋 田中 渡辺 伊藤", "US", "Portland", 3),
    ("민준 서연 지훈 하은 도윤 수아", "김 이 박 최 정 강", "GB", "Manchester", 3),
    ("محمد فاطمة علي مريم خالد نور", "الأحمد حسن العلي الخطيب", "FR", "Marseille", 3),
    ("נועה דוד תמר יוסף מיכל", "כהן לוי מזרחי פרץ", "US", "New York", 3),
    ("प्रिया राहुल अनीता विकास", "शर्मा पटेल सिंह गुप्ता", "GB", "Leicester", 3),
    ("สมชาย มาลี วิชัย", "ใจดี สุขสันต์ ทองคำ", "US", "Dallas", 3),
    ("Nguyễn Trần Phạm Lê", "Văn Đức Thị Hoa Quốc Bảo", "FR", "Toulouse", 3),
)  # fmt: skip
TITLES = (
    "VP Sales", "Head of Operations", "CFO", "Plant Manager", "Buyer", "IT Director", "sales mgr.", "Owner / CEO", "",
)  # fmt: skip
INDUSTRIES = (
    "Pumps", "Logistics", "Software", "Dairy", "Steel", "Clinics", "Insurance", "Hotels", "Printing", "Seeds",
)  # fmt: skip
_MARQUES = """
Acme Nord Blue Delta First Alpine Baltic Corvus Dunmore Everest Falcon Garnet Harbor Ivory Jasper Kestrel Lumen
Meridian Nimbus Orion Pioneer Quantum Raven Summit Tundra Umbra Vertex Willow Xenon Yarrow Zephyr
"""
MARQUES = tuple(_MARQUES.split())
FORMS = ("Inc.", "Ltd", "GmbH", "SA", "LLC", "& Sons", "")
SOURCES = ("Webinar May", "Trade fair Hannover", "Website form", "Bought list Q2", "Partner", "Whitepaper")
NOTES = (
    "", "", "", 'asked for a price, "soon"', "met at the booth; call after 3pm", "two sites\nbudget in autumn",
    "=see mail",
)  # fmt: skip

_AREAS = tuple(area for area in range(201, 990) if area % 100 not in (11, 0) and area // 10 % 10 != 9)
_UK = ("20 7946 0", "113 496 0", "114 496 0", "115 496 0", "116 496 0", "117 496 0", "121 496 0", "7700 900")
_FR = ("1 99 00", "2 61 91", "3 53 01", "4 65 71", "5 36 49", "6 39 98")
_SWITCHBOARDS = 20  # of a hundred numbers


def number_of(chance: random.Random, country: str, firm: int, *, direct: bool) -> str:
    """A national number with spaces: a direct line, or the switchboard of a company."""
    pick = chance if direct else random.Random(firm)
    last = pick.randrange(_SWITCHBOARDS, 100) if direct else pick.randrange(_SWITCHBOARDS)
    if country == "US":
        return f"{pick.choice(_AREAS)} 555 01{last:02d}"
    if country == "GB":
        return f"{pick.choice(_UK)}{pick.randrange(10)}{last:02d}"
    return f"{pick.choice(_FR)} {pick.randrange(100):02d} {last:02d}"


def written(chance: random.Random, number: str, country: str) -> str:
    """The number as somebody typed it."""
    if not number:
        return ""
    digits = number.replace(" ", "")
    code = {"US": "1", "GB": "44", "FR": "33"}[country]
    home = digits if country == "US" else f"0{digits}"
    ways = (f"+{code}{digits}", f"+{code} {number}", home, f"00{code} {number}", f"tel: {home}",
            f"+{code} ({digits[:3]}) {digits[3:6]}-{digits[6:]}", f"{home} ext. {chance.randrange(9999)}")  # fmt: skip
    return chance.choice(ways)
