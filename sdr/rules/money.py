"""Money said and read: whole minor units of a currency (ISO 4217), never floating point."""

from __future__ import annotations

import re

SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
NO_CENTS = frozenset({"JPY", "KRW", "CLP", "VND", "ISK", "HUF"})
_AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,2})?")


def spoken_money(minor: int, currency: str | None) -> str:
    """As a rep reads it: `$105`, `$1,204.50`, `105 CHF`."""
    code = currency or "USD"
    whole, cents = (minor, 0) if code in NO_CENTS else divmod(abs(minor), 100)
    amount = f"{whole:,}" + (f".{cents:02d}" if cents else "")
    signed = f"-{amount}" if minor < 0 else amount
    return f"{SIGNS[code]}{signed}" if code in SIGNS else f"{signed} {code}"


def decimal(minor: int | None, currency: str | None) -> str | None:
    """The decimal string of JSON and files: `105.00`."""
    if minor is None:
        return None
    if (currency or "USD") in NO_CENTS:
        return str(minor)
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def minor_units(text: str, currency: str | None = None) -> int | None:
    """Minor units of an amount as people write it (`105`, `105.00`, `$1,204.50`, `105,00`); `None` if it is not one."""
    bare = re.sub(r"[^\d.,]", "", text)
    if "," in bare and ("." not in bare or bare.rindex(",") > bare.rindex(".")) and re.search(r",\d{1,2}$", bare):
        bare = bare.replace(".", "").replace(",", ".")
    bare = bare.replace(",", "")
    if not _AMOUNT.fullmatch(bare):
        return None
    whole, _, cents = bare.partition(".")
    return int(whole) if (currency or "USD") in NO_CENTS else int(whole) * 100 + int(cents.ljust(2, "0"))
