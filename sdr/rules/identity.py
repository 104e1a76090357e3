"""Who a lead is: the e-mail address, the company behind it, and the keys by which two records are one person.

Only an equal e-mail address or an equal external id ever joins records by itself; a phone number, a name or a
company only suggests. Nothing here asks a server whether an address exists.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sdr.rules.mail_domains import FAMILIES, HOSTS, OFFICES, SHARED
from sdr.rules.text import clean, folded

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

# The plain case, which email-validator would accept unchanged. No two hyphens together: that is IDN's form.
_PLAIN = re.compile(
    r"[a-z0-9_+-]++(?:\.[a-z0-9_+-]++)*+@(?:[a-z0-9]++(?:-[a-z0-9]++)*+\.)++"
    r"(?!(?:test|invalid|local|localhost|onion|arpa)\Z)[a-z]{2,}+"
)
_PLAIN_LONGEST = 63  # so short that no part of it can be too long
_RESERVED = re.compile(r"(?:^|\.)(test|invalid|local|localhost|onion|arpa)\.?$")
_ANGLED = re.compile(r"^(?P<name>[^<>]*)<(?P<address>[^<>]*)>(?P<rest>.*)$")
_GAP = re.compile(r"[;,|]+")
_SLASH = re.compile(r"(@[^\s/@]+)/")
_EDGES = "\"'`()[]{}<>.:;,"


class Flaw(NamedTuple):
    """What is wrong with a cell, as a fragment for a sentence, without any of the foreign text."""

    reason: str


class Address(NamedTuple):
    """An e-mail address in lower case; `name` stood beside it (`Ann <a@b.c>`), `extra` is a second address."""

    email: str
    name: str = ""
    extra: str = ""


def email(text: str) -> Address | Flaw:
    """The first address in `text`, or what is wrong with it."""
    plain = plain_email(text)
    return Address(plain) if plain else _untidy(clean(text))


def plain_email(text: str) -> str | None:
    """`text` in lower case when it is an address and nothing else, beyond doubt; else None: `email` looks closer."""
    lowered = text.lower()
    return lowered if len(lowered) <= _PLAIN_LONGEST and _PLAIN.fullmatch(lowered) else None


def _untidy(text: str) -> Address | Flaw:
    """An address among names, brackets, `mailto:` and second addresses."""
    name = ""
    if angled := _ANGLED.match(text):
        name = angled["name"].strip(" \"',")
        text = f"{angled['address'].strip()};{angled['rest']}"
    pieces = [piece.split() for piece in _GAP.split(_SLASH.sub(r"\1;", text)) if "@" in piece]
    if not pieces:
        return Flaw("e-mail has no @" if text else "e-mail is empty")
    before = next(index for index, word in enumerate(pieces[0]) if "@" in word)
    # `john smith@acme.com` must not become the mail of some Smith; `(ann@acme.com)` and `mail: a@b.c` are clear.
    if before and pieces[0][before][0] not in "([" and not pieces[0][before - 1].endswith(":"):
        return Flaw("e-mail has a blank in it")
    found = [_checked(_bare(word)) for piece in pieces for word in piece if "@" in word]
    first, others = found[0], [address for address in found[1:] if isinstance(address, str)]
    if isinstance(first, Flaw):
        return first
    return Address(first, name, next((other for other in others if other != first), ""))


def _bare(word: str) -> str:
    word = word.strip(_EDGES)
    return word[7:].split("?")[0].strip(_EDGES) if word[:7].lower() == "mailto:" else word


def _checked(word: str) -> str | Flaw:
    """`word` as an address in lower case and NFC, its international domain in letters, or its flaw."""
    lowered = word.lower()
    if lowered.count("@") > 1:
        return Flaw("e-mail has more than one @")
    local, _, domain = lowered.rpartition("@")
    if reserved := _RESERVED.search(domain):
        return Flaw(f"e-mail ends in .{reserved[1]}, which no mail can reach")
    if not local or not domain:
        return Flaw(f"e-mail has nothing {'before' if not local else 'after'} the @")
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(lowered, check_deliverability=False, strict=True).normalized
    except EmailNotValidError as fault:
        return Flaw(_fragment(str(fault)))


def _fragment(message: str) -> str:
    """The validator's sentence as a fragment, without the characters it quotes."""
    sentence = message.split(":")[0].split(" (")[0].rstrip(".").replace("@-sign", "@")
    sentence = sentence.removeprefix("The email address ").removeprefix("An email address ")
    return f"e-mail: {sentence[:1].lower()}{sentence[1:]}"


@cache
def _suffixes() -> tuple[PublicSuffixList, frozenset[str]]:
    """The public suffixes in letters, and all words of their list: what is not among these is in no rule of its own."""
    from publicsuffixlist import PSLFILE, PublicSuffixList

    listed = Path(PSLFILE).read_text("utf-8")
    unmarked = listed.replace("*.", "").replace("!", "")
    return PublicSuffixList(listed, accept_encoded_idn=False), frozenset(listed.split()).union(unmarked.split())


@cache
def _encoded_suffixes() -> PublicSuffixList:
    """The public suffixes as mail has them too (xn--p1ai): made for the first host of these, as it takes far longer."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


@lru_cache(maxsize=65_536)
def _registrable(host: str) -> str | None:
    """The part of `host` (small letters) that somebody registered, or None for a suffix, an IP address or no host."""
    if "." not in host or host.replace(".", "").isdigit():
        return None
    if "xn--" in host:
        return _encoded_suffixes().privatesuffix(host)
    suffixes, named = _suffixes()
    label, _, rest = host.partition(".")
    if not label or host in named or host[-1] == ".":
        return suffixes.privatesuffix(host)
    whole, found = _under(rest)
    return host if whole else found


@lru_cache(maxsize=4096)
def _under(rest: str) -> tuple[bool, str | None]:
    """What is registrable of a host that ends so and has one label more, of which no rule speaks; whether it is all."""
    host = f"_.{rest}"
    found = _suffixes()[0].privatesuffix(host)
    return found == host, found


def shared_mail(domain: str) -> bool:
    """Whether everybody may have an address at `domain` (gmail.com, yahoo.co.uk, orange.fr…)."""
    return domain in SHARED or domain.split(".")[0] in FAMILIES


_NUMBERED = re.compile(r"[-_.]?\d{1,2}$")


def role_address(address: str) -> bool:
    """Whether an address is read by whoever is in the office (info@, sales@, office2@…), and so is nobody's own."""
    local = address.partition("@")[0]
    return local in OFFICES or (local[-1:].isdigit() and _NUMBERED.sub("", local) in OFFICES)


_HOST = re.compile(r"^(?:(?:[a-z][a-z0-9+.-]*:)?//)?(?:[^/@]*@)?([^/:?#\s]+)", re.IGNORECASE)


def host_of(website: str) -> str:
    """The host of a website as people write it; "" when it has none."""
    found = _HOST.match(clean(website))
    return found[1].lower().rstrip(".") if found else ""


def company_domain(email_address: str | None, website: str | None) -> str | None:
    """The registrable domain that stands for the company: the mail's, else the site's; never a shared one.

    Public suffix list, its private part included: `acme.github.io` is a company of its own.
    """
    if email_address:
        domain = _registrable(email_address.rpartition("@")[2].lower())
        if domain and not shared_mail(domain):
            return domain
    if website and (host := host_of(website)):
        domain = _registrable(host)
        if domain and not shared_mail(domain) and domain not in HOSTS:
            return domain
    return None


_NOT_WORD = re.compile(r"\W+")
# What each byte of ASCII becomes in the key of a company: a small letter, a digit, an underscore or a blank.
_ASCII = bytes(ord(char.lower()) if char.isalnum() or char == "_" else 32 for char in map(chr, range(128))).ljust(256)
_LEGAL_FORMS = """
inc incorporated corp corporation co company llc llp lp ltd limited plc pllc pc pty pte pvt
gmbh mbh ag kg kgaa ohg gbr ug eg ev sa sas sasu sarl eurl sci snc spa srl srls sl slu sau sca
bv nv vof cv bvba sprl ab as asa aps oy oyj hf ehf kft zrt nyrt sro doo dd ood eood
ltda eireli kk gk bhd sdn tbk fzco fze dmcc wll ooo oao zao ао ооо оао зао пао тоо
holding holdings group gruppe groupe and und et
"""
_LEGAL = frozenset(_LEGAL_FORMS.split())
_LEGAL_FIRST = frozenset({"ооо", "оао", "зао", "ао", "пао", "ooo", "oao", "zao", "the", "pt", "sarl"})
_PHRASE_ENDS = frozenset({"cv", "oo", "ro", "a", "s", "o"})
_LEGAL_PHRASE = re.compile(r"(?<=\w) (?:sa de cv|s de rl de cv|sp z oo|spol s ro|s a|a s|d o o)$")


@lru_cache(maxsize=65_536)
def company_key(name: str) -> str:
    """The key of a company's name: folded, without punctuation and legal forms (`Acme, Inc.` is `acme`).

    A name made of nothing else keeps its first word.
    """
    words = _words(name)
    rest = _LEGAL_PHRASE.sub("", " ".join(words)).split() if words and words[-1] in _PHRASE_ENDS else words
    while len(rest) > 1 and rest[-1] in _LEGAL:
        rest.pop()
    while len(rest) > 1 and rest[0] in _LEGAL_FIRST:
        rest.pop(0)
    return " ".join(rest)


def _words(name: str) -> list[str]:
    """The folded words of a name; a full stop and an apostrophe part none."""
    if name.isascii():
        return name.replace("&", " and ").encode().translate(_ASCII, b".'").decode().split()
    name = folded(name.replace("株式会社", " ").replace("有限公司", " "))
    return _NOT_WORD.sub(" ", name.replace("&", " and ").replace(".", "").replace("'", "").replace("’", "")).split()


class Keys(NamedTuple):
    """What identifies a lead: `sure` keys join records when equal, `likely` ones only suggest it."""

    sure: tuple[str, ...]
    likely: tuple[str, ...]


def keys(
    *,
    email_address: str | None = None,
    email_2: str | None = None,
    external_id: str | None = None,
    phones: tuple[str, ...] = (),
    last_name: str | None = None,
    domain: str | None = None,
) -> Keys:
    """The identity keys of a lead, from clean values (`email`, `phones.phone`, `company_domain`).

    External ids keep their case: the ids of some CRMs differ in nothing else.
    """
    addresses = [f"email:{address.lower()}" for address in (email_address, email_2) if address]
    outside = [f"id:{external_id.strip()}"] if external_id and external_id.strip() else []
    numbers = [f"phone:{number}" for number in phones if number]
    surname = folded(last_name or "")
    named = [f"name:{domain}:{surname}"] if domain and surname else []
    return Keys(tuple(dict.fromkeys(addresses + outside)), tuple(dict.fromkeys(numbers + named)))
