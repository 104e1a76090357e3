"""Who a lead is: addresses, company domains and names, and what joins two records."""

import re

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st
from publicsuffixlist import PublicSuffixList

from sdr.rules import identity
from sdr.rules.identity import Address, Flaw, company_domain, company_key, email, keys
from tests.shared_data import folder

PART = st.text("ab0-_.+", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("JOHN@ACME.COM", Address("john@acme.com")),
        (" John@acme.com ", Address("john@acme.com")),
        ("Ann Lee <ann@acme.example>", Address("ann@acme.example", "Ann Lee")),
        ('"Lee, Ann" <ann@acme.com>', Address("ann@acme.com", "Lee, Ann")),
        ("mailto:ann@acme.com?subject=x", Address("ann@acme.com")),
        ("ann@acme.com.", Address("ann@acme.com")),
        ("ann@acme.com;", Address("ann@acme.com")),
        ("Ann Lee (ann@acme.com)", Address("ann@acme.com")),
        ("E-mail: ann@acme.com", Address("ann@acme.com")),
        ("ann@acme.com (work)", Address("ann@acme.com")),
        ("a@acme.com; b@acme.com", Address("a@acme.com", extra="b@acme.com")),
        ("a@acme.com b@acme.com", Address("a@acme.com", extra="b@acme.com")),
        ("a@acme.com/b@acme.com", Address("a@acme.com", extra="b@acme.com")),
        ("a@acme.com, A@acme.com", Address("a@acme.com")),
        ("a@acme.com, b@nowhere", Address("a@acme.com")),
        ("ann@acme.com\u200b", Address("ann@acme.com")),
        ("jörg@müller.de", Address("jörg@müller.de")),
        ("a@XN--mller-kva.de", Address("a@müller.de")),
        ("x@example.com", Address("x@example.com")),
        ("ann+show@mail.acme.co.uk", Address("ann+show@mail.acme.co.uk")),
    ],
)
def test_email_is_read(cell: str, address: Address) -> None:
    assert email(cell) == address


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("", "e-mail is empty"),
        ("ann(at)acme.com", "e-mail has no @"),
        ("@acme.com", "e-mail has nothing before the @"),
        ("ann@", "e-mail has nothing after the @"),
        ("a@@b.com", "e-mail has more than one @"),
        ("john smith@acme.com", "e-mail has a blank in it"),
        ("ann @acme.com", "e-mail has a blank in it"),
        ("ann@acme.test", "e-mail ends in .test, which no mail can reach"),
        ("ann@desk.local", "e-mail ends in .local, which no mail can reach"),
        ("bad.@doe.email", "e-mail: cannot have a period immediately before the @"),
    ],
)
def test_email_flaws_are_fragments(cell: str, says: str) -> None:
    assert email(cell) == Flaw(says)


@pytest.mark.parametrize("cell", ["a@b", "a..b@acme.com", "a@-acme.com", "a@acme_x.com", "a" * 65 + "@acme.com"])
def test_other_broken_addresses_have_a_reason_too(cell: str) -> None:
    found = email(cell)
    assert isinstance(found, Flaw)
    assert found.reason.startswith("e-mail: ")


@given(PART, st.lists(PART, min_size=1, max_size=3), st.sampled_from(["com", "de", "test", "c", "example", "1a"]))
@example("a", ["ab--c"], "com")
def test_the_quick_way_agrees_with_the_validator(local: str, labels: list[str], tld: str) -> None:
    cell = f"{local}@{'.'.join(labels)}.{tld}"
    found = email(cell)
    if isinstance(found, Address):
        assert validate_email(found.email, check_deliverability=False, strict=True).normalized == found.email
    else:
        with pytest.raises(EmailNotValidError):
            validate_email(cell, check_deliverability=False, strict=True)


@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_email_never_raises_and_reads_its_own_answer_back(cell: str) -> None:
    found = email(cell)
    if isinstance(found, Address):
        again = email(found.email)
        assert isinstance(again, Address)
        assert again.email == found.email
    else:
        assert re.fullmatch(r"e-mail[ :][ -~]+", found.reason)


@pytest.mark.parametrize(
    ("address", "site", "domain"),
    [
        ("ann@mail.acme.co.uk", None, "acme.co.uk"),
        ("ann@acme.example", "https://www.other.com/x", "acme.example"),
        ("ann@gmail.com", "https://www.acme.com/about?x=1", "acme.com"),
        ("ann@yahoo.co.uk", None, None),
        ("ann@hotmail.fr", "", None),
        ("ann@gmx.at", None, None),
        ("ann@web.de", None, None),
        ("ann@orange.fr", None, None),
        ("ann@mail.ru", None, None),
        (None, "WWW.Acme.COM:8080", "acme.com"),
        (None, "http://user@acme.de/", "acme.de"),
        (None, "https://www.linkedin.com/company/acme", None),
        (None, "acme.github.io", "acme.github.io"),
        (None, "192.168.0.1", None),
        (None, "n/a", None),
        ("ann@co.uk", None, None),
        (None, None, None),
    ],
)
def test_company_domain(address: str | None, site: str | None, domain: str | None) -> None:
    assert company_domain(address, site) == domain


LIBRARY = PublicSuffixList()
LABEL = st.text("abz0-_*!", max_size=3)
ENDING = st.sampled_from(sorted(identity._suffixes()[1])) | st.sampled_from(
    ["com", "example", "x", "uk", "1", "xn--55qx5d.cn"]
)


@given(st.lists(LABEL, max_size=3), ENDING, st.sampled_from(["", "."]))
def test_the_registrable_part_of_a_host_is_the_librarys(labels: list[str], ending: str, end: str) -> None:
    host = (".".join([*labels, ending]) + end).lower()
    numbers = "." not in host or host.replace(".", "").isdigit()
    assert identity._registrable(host) == (None if numbers else LIBRARY.privatesuffix(host))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme, Inc.", "ACME inc"),
        ("Acme GmbH & Co. KG", "acme"),
        ("Société Générale S.A.", "Societe Generale"),
        ("Acme Pumps Pty Ltd", "The Acme Pumps"),
        ("ООО Ромашка", "Ромашка"),
        ("Acme S.A. de C.V.", "Acme"),
        ("Wiślak Sp. z o.o.", "wislak"),
        ("Müller & Söhne AG", "Muller and Sohne"),
        ("Maersk A/S", "Maersk"),
    ],
)
def test_company_key_joins_spellings(one: str, other: str) -> None:
    assert company_key(one) == company_key(other)


def test_company_key_keeps_what_tells_companies_apart() -> None:
    assert company_key("Acme Pumps") != company_key("Acme Valves")
    assert company_key("S.A.") == "sa"
    assert company_key("Limited Company") == "limited"
    assert company_key("") == ""


@given(st.text(st.sampled_from("aB1_.'&-, \t\x1c/é") | st.characters(), max_size=30))
def test_a_company_in_ascii_has_the_key_that_other_letters_would_give_it(name: str) -> None:
    plain = name.encode("ascii", "ignore").decode()
    assert company_key(plain) == company_key(f"{plain} 株式会社")


def test_only_address_and_external_id_are_sure() -> None:
    found = keys(
        email_address="Ann@acme.com",
        email_2="a.lee@acme.com",
        external_id=" 00Q5e ",
        phones=("+14155550100",),
        last_name="Léé",
        domain="acme.com",
    )
    assert found.sure == ("email:ann@acme.com", "email:a.lee@acme.com", "id:00Q5e")
    assert found.likely == ("phone:+14155550100", "name:acme.com:lee")
    assert keys(external_id="00q5e").sure != keys(external_id="00Q5e").sure


def test_blank_never_matches_blank() -> None:
    nothing = keys(email_address="", email_2=None, external_id=" ", phones=("",), last_name=" ", domain="acme.com")
    assert nothing.sure == ()
    assert nothing.likely == ()


def test_the_sample_people_join_by_address_alone() -> None:
    import csv
    from itertools import combinations

    with folder("fake_people", "fake_people_dev.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    groups: dict[str, list[str]] = {}
    for row in rows:
        found = email(row["email"])
        if isinstance(found, Address):
            groups.setdefault(found.email, []).append(row["cluster"])
    pairs = [pair for group in groups.values() for pair in combinations(group, 2)]
    assert len(pairs) == 353
    assert all(one == other for one, other in pairs)
