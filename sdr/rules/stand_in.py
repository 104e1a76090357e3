"""Whom an out-of-office answer names instead: "please contact Bo Lind, bo@acme.example, +46 8 123 456".

The same seven languages as the return date. Without words that send the reader to somebody nothing is found, and a
mailbox that is nobody's (info@, support@) is not a person.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sdr.rules.names import person
from sdr.rules.text import clean

LONGEST = 5_000  # characters that are read
NEAR = 160  # characters behind the cue in which the person is named

_CUE = re.compile(
    r"\b(?:contact|reach out to|reach|refer to|get in touch with|write to|e-?mail|call|turn to|speak (?:to|with)|"
    r"replaced by|covered by|cover is|my deputy is|"
    r"kontaktieren(?: sie)?|wenden sie sich(?: bitte)? an|an|vertreten durch|vertretung(?: ist| übernimmt)?|"
    r"contacter|contactez|vous adresser à|adressez-vous à|joindre|remplacée? par|"
    r"contacte(?: con| a)?|contactar(?: con| a)?|póngase en contacto con|dirigirse a|diríjase a|escriba a|"
    r"entre em contat?o com|entrar em contat?o com|contat?ar|dirija-se a|"
    r"contattate|contattare|contatti|rivolgersi a|rivolgetevi a|scrivere a|"
    r"contact op(?:nemen)? met|contact op te nemen met|vervangen door|wend u tot)\b[:\s]",
    re.IGNORECASE,
)
# "an" alone sends nobody anywhere but in "wenden Sie sich in dieser Zeit an …".
_GERMAN = re.compile(r"\b(?:wenden|richten|schreiben)\s+sie\b[^.!?\n]{0,60}$", re.IGNORECASE)
_POLITE = """
my our the colleague colleagues co-worker deputy boss manager mr mrs ms miss dr sir madam please either directly
mein meine meinen meinem meiner kollege kollegen kollegin herr herrn frau bitte
mon ma mes collègue monsieur madame m mme mlle
mi compañero compañera colega el la los señor señora sr sra don doña a
o minha meu senhor senhora
il lo mio mia collega signor signora sig sig.ra dott
mijn de heer mevrouw dhr mevr op met at to with on
"""
_PARTICLES = "de van von der den del della di da dos das du la le el al bin ben ter ten zu y e"
_FILLER, _JOINING = frozenset(_POLITE.split()), frozenset(_PARTICLES.split())
_EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w@./])\+?\(?\d[\d\s().\-/]{6,20}\d")
_WORD = re.compile(r"[^\s,;:()<>\[\]\"“”]+")
_NOBODY = re.compile(
    r"(?:info|support|sales|office|service|help|helpdesk|hello|hallo|contact|kontakt|team|mail|post|admin|no-?reply|"
    r"vertrieb|verkauf|zentrale|empfang|reception|ventas|vendas|vendite|commercial|verkoop|customer\.?service|it|hr)",
    re.IGNORECASE,
)
_MOST_WORDS = 5  # of a name


class StandIn(NamedTuple):
    """Who is named; `phone` as it was written, `phrase` the words that named them."""

    name: str
    email: str | None
    phone: str | None
    phrase: str


def stand_in(text: str, *, but: frozenset[str] = frozenset()) -> StandIn | None:
    """The first person that `text` sends its reader to; None when it names none. `but` are addresses of the sender."""
    read = text[:LONGEST]
    for cue in _CUE.finditer(read):
        if cue[0].strip(": \n").casefold() == "an" and not _GERMAN.search(read[: cue.start()]):
            continue
        found = _person(read[cue.end() : cue.end() + NEAR], but)
        if found is not None:
            phrase = " ".join(read[cue.start() : cue.end() + found[1]].split())
            return StandIn(*found[0], clean(phrase))
    return None


def _person(behind: str, but: frozenset[str]) -> tuple[tuple[str, str | None, str | None], int] | None:
    """Name, address and number of whoever comes right behind a cue, and where the words about them end."""
    name, ends = _name(behind)
    near = re.split(r"\n\s*\n|[!?]", behind)[0]
    mail = next((one for one in _EMAIL.finditer(near) if one[0].rstrip(".").casefold() not in but), None)
    if mail is not None and _NOBODY.fullmatch(mail[0].partition("@")[0]):
        mail = None
    if not name and mail is not None:
        name = _name_of(mail[0])
    if not name or (mail is None and len(name.split()) < 2):
        return None
    number = next((one for one in _PHONE.finditer(near) if sum(map(str.isdigit, one[0])) >= 7), None)
    ends = max([ends, *(one.end() for one in (mail, number) if one is not None)])
    address = mail[0].rstrip(".").casefold() if mail is not None else None
    return (name, address, number[0].strip() if number is not None else None), ends


def _name(behind: str) -> tuple[str, int]:
    """The capitalised words a text begins with, polite words left out, and where they end."""
    kept: list[str] = []
    ends = 0
    for word in _WORD.finditer(behind):
        plain = word[0].rstrip(".")
        between = behind[ends : word.start()]
        if kept and (between.strip() or "\n\n" in between):
            break  # a comma, a bracket, a paragraph: the name is over
        if plain.casefold() in _FILLER and not (kept and plain.casefold() in _JOINING):
            if kept:
                break
        elif "@" in plain or not _of_a_name(plain, begun=bool(kept)) or len(kept) == _MOST_WORDS:
            break
        else:
            kept.append(plain)
        ends = word.end()
        if kept and word[0].endswith(".") and len(plain) > 2:
            break  # the sentence is over
    while kept and kept[-1].casefold() in _JOINING:
        kept.pop()
    return clean(person(" ".join(kept)).display) if kept else "", ends


def _of_a_name(word: str, *, begun: bool) -> bool:
    if begun and word.casefold() in _JOINING:
        return True
    return word[:1].isupper() and all(char.isalpha() or char in "'’-." for char in word)


def _name_of(address: str) -> str:
    """`bo.lind@acme.example` is Bo Lind; a part without a dot says too little to be a whole name."""
    parts = [part for part in re.split(r"[._]", address.partition("@")[0]) if part.isalpha()]
    return " ".join(part.capitalize() for part in parts)
