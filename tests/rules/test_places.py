"""Countries by any name, and the zone fallback chain with its confidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.models.terms import Confidence, zone_of
from sdr.rules import zone_tables
from sdr.rules.country_names import NAMES
from sdr.rules.places import address_zones, candidate_zones, country, main_zone, region_code, zone, zone_named


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("England", "GB"),
        ("U.S.", "US"),
        ("usa", "US"),
        ("United States of America", "US"),
        ("États-Unis", "US"),
        ("Holland", "NL"),
        ("The Netherlands", "NL"),
        ("Pays-Bas", "NL"),
        ("UAE", "AE"),
        ("Deutschland", "DE"),
        ("Allemagne", "DE"),
        ("Alemania", "DE"),
        ("España", "ES"),
        ("Spanien", "ES"),
        ("Brasil", "BR"),
        ("Korea", "KR"),
        ("South Korea", "KR"),
        ("North Korea", "KP"),
        ("Korea, Republic of", "KR"),
        ("Côte d'Ivoire", "CI"),
        ("Ivory Coast", "CI"),
        ("Czechia", "CZ"),
        ("Österreich", "AT"),
        ("Russian Federation", "RU"),
        ("Türkiye", "TR"),
        ("日本", "JP"),
        ("de", "DE"),
        (" gb ", "GB"),
        ("DEU", "DE"),
        ("Trinidad and Tobago", "TT"),
        ("Germania", "DE"),
        ("XX", None),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_country(text: str, code: str | None) -> None:
    assert country(text) == code


def test_every_country_has_its_code_and_a_zone() -> None:
    codes = {line.split(" ", 1)[0] for line in NAMES.strip().splitlines()}
    assert len(codes) == 250
    assert all(country(code) == code for code in codes)
    zones = {code: main_zone(code) for code in codes - {"BV", "HM"}}
    assert all(name and zone_of(name) for name in zones.values())


def test_every_zone_in_the_tables_exists() -> None:
    for table in (zone_tables.REGIONS, zone_tables.CITIES):
        for line in table.strip().splitlines():
            code, name, _ = line.split(" ", 2)
            assert country(code) == code
            assert zone_of(name.rstrip(":")).key == name.rstrip(":")
    for line in zone_tables.ALIASES.strip().splitlines():
        assert zone_of(line.split(": ")[0])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Europe/Madrid", "Europe/Madrid"),
        ("europe/madrid", "Europe/Madrid"),
        ("america/new_york", "America/New_York"),
        ("PST", "America/Los_Angeles"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("UTC", "UTC"),
        ("Mars/Olympus", None),
        ("../../etc/passwd", None),
        ("Europe", None),
        ("", None),
    ],
)
def test_zone_named(text: str, name: str | None) -> None:
    assert zone_named(text) == name


@given(st.text(st.characters(exclude_categories=()), max_size=20))
def test_any_text_names_a_zone_that_exists_or_none(text: str) -> None:
    found = zone_named(text)
    assert found is None or zone_of(found)


MADRID = "Europe/Madrid"


@pytest.mark.parametrize(
    ("explicit", "where", "region", "city", "phones", "company", "expected"),
    [
        ("Asia/Calcutta", "US", "CA", None, (), None, ("Asia/Kolkata", Confidence.EXPLICIT)),
        ("nonsense", "FR", None, None, (), None, ("Europe/Paris", Confidence.ADDRESS)),
        (None, "US", "CA", None, ("America/New_York",), None, ("America/Los_Angeles", Confidence.ADDRESS)),
        (None, "US", "Texas", None, (), None, ("America/Chicago", Confidence.ADDRESS)),
        (None, "US", "Texas", "El Paso", (), None, ("America/Denver", Confidence.ADDRESS)),
        (None, "CA", "BC", None, (), None, ("America/Vancouver", Confidence.ADDRESS)),
        (None, "CA", None, "London", (), None, ("America/Toronto", Confidence.ADDRESS)),
        (None, None, None, "London", (), None, ("Europe/London", Confidence.ADDRESS)),
        (None, "AU", "WA", None, (), None, ("Australia/Perth", Confidence.ADDRESS)),
        (None, "BR", "Amazonas", None, (), None, ("America/Manaus", Confidence.ADDRESS)),
        (None, "ES", "Las Palmas", None, (), None, ("Atlantic/Canary", Confidence.ADDRESS)),
        (None, "US", None, None, ("America/Boise", "America/Los_Angeles"), "FR", ("America/Boise", Confidence.PHONE)),
        (None, None, None, None, (), "FR", ("Europe/Paris", Confidence.COMPANY)),
        (None, "US", None, None, (), None, ("America/New_York", Confidence.REP)),
        (None, None, None, None, (), None, (MADRID, Confidence.REP)),
        (None, "XX", "Nowhere", "Erewhon", (), None, (MADRID, Confidence.REP)),
        (None, None, None, None, tuple(f"z{n}" for n in range(8)), "US", ("America/New_York", Confidence.COMPANY)),
    ],
)
def test_zone_chain(
    explicit: str | None,
    where: str | None,
    region: str | None,
    city: str | None,
    phones: tuple[str, ...],
    company: str | None,
    expected: tuple[str, Confidence],
) -> None:
    assert zone(explicit, where, region, city, phones, company, MADRID) == expected


def test_a_guess_for_a_wide_country_is_the_reps_own_zone_when_it_lies_there() -> None:
    found = zone(None, "US", None, None, (), None, "America/Chicago")
    assert found == ("America/Chicago", Confidence.REP)


def test_candidates_join_address_company_and_number() -> None:
    assert address_zones("US", "FL", None) == ("America/New_York", "America/Chicago")
    assert address_zones("US", "FL", "Miami") == ("America/New_York",)
    assert candidate_zones("US", "FL", None, ("America/Denver",), "FR") == (
        "America/New_York",
        "America/Chicago",
        "Europe/Paris",
        "America/Denver",
    )


def test_region_code() -> None:
    assert region_code("US", "florida") == region_code("US", " fl ") == "FL"
    assert region_code("AU", "WA") == "WA"
    assert region_code("FR", "WA") is None
    assert region_code("US", None) is None
