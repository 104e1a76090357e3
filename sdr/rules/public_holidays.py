"""Public holidays of a country and its region, offline, and the codes of regions by any usual name.

What nobody published is not invented: an unknown place is a `CalendarError` with the way out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from sdr.rules.hours import CalendarError
from sdr.rules.places import region_code
from sdr.rules.text import folded

# What English lists call regions whose own names the holiday tables hold: country and name to ISO 3166-2 part.
_ENGLISH = {
    "DE": {
        "bavaria": "BY", "hesse": "HE", "lower saxony": "NI", "north rhine-westphalia": "NW", "saxony": "SN",
        "rhineland-palatinate": "RP", "saxony-anhalt": "ST", "thuringia": "TH",
        "mecklenburg-western pomerania": "MV", "mecklenburg-vorpommern": "MV",
    },
    "ES": {
        "andalusia": "AN", "aragon": "AR", "balearic islands": "IB", "basque country": "PV", "canary islands": "CN",
        "castile and leon": "CL", "castile-la mancha": "CM", "catalonia": "CT", "navarre": "NC", "valencia": "VC",
    },
    "AT": {"vienna": "9", "lower austria": "3", "upper austria": "4", "styria": "6", "tyrol": "7", "carinthia": "2"},
    "CH": {"geneva": "GE", "lucerne": "LU", "zurich": "ZH", "basel": "BS", "berne": "BE", "ticino": "TI"},
}  # fmt: skip


@lru_cache(maxsize=1024)
def _holidays(country: str, years: tuple[int, ...], region: str | None) -> frozenset[date]:
    from holidays import country_holidays

    try:
        return frozenset(country_holidays(country, subdiv=region, years=years))
    except NotImplementedError:
        raise CalendarError(
            "No holidays are known for that country or region; use ISO codes such as ES, or DE with BY."
        ) from None


def holidays_of(country: str, years: Iterable[int], region: str | None = None) -> frozenset[date]:
    """Public holidays of `country` (ISO 3166 code) and `region` (ISO 3166-2 part) in `years`, offline.

    Raises `CalendarError` for a place that is not known.
    """
    return _holidays(country.strip().upper(), tuple(sorted(set(years))), region or None)


@lru_cache(maxsize=4096)
def region_of(country: str | None, region: str | None) -> str | None:
    """The ISO 3166-2 part of a state or province (`BY`) from its code or name; None when no holidays hang on it."""
    if not country or not region:
        return None
    named = region.strip().removeprefix(f"{country}-")
    return region_code(country, named) or _known(country).get(folded(named))


@lru_cache(maxsize=256)
def _known(country: str) -> dict[str, str]:
    """The regions that have holidays of their own, by folded code and name."""
    from holidays import country_holidays

    try:
        found = country_holidays(country)
    except NotImplementedError:
        return {}
    return {
        **_ENGLISH.get(country, {}),
        **{folded(name): code for name, code in found.subdivisions_aliases.items()},
        **{folded(code): code for code in found.subdivisions},
    }
