"""A glance never passes over two people that would be asked about, and passes over most of the others."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from bench.generate import HARD, rows
from sdr.rules.likeness import ASKED, likeness, person
from sdr.rules.sketches import Beside, may_be_one, sketch

FIRMS = (
    "Nord Dairy 15",
    "Nord Diary 15",
    "Nord Dairy 16",
    "Nord Dairy 15 and sons",
    "Blue Steel",
    "Blue Steal",
    "",
    "Ä",
)
HOSTS = ("nord.example", "mail.nord.example", "gmail.com", "blue.co.uk", "other.co.uk", "10.0.0.1")

told = st.fixed_dictionaries({
    "first": st.sampled_from(["Ana", "Anna", "A", "Ruiz", ""]),
    "last": st.sampled_from(["Ruiz", "Ruis", "Ana", ""]),
    "company": st.sampled_from(FIRMS) | st.text(max_size=12),
    "mails": st.lists(
        st.builds("{}@{}".format, st.sampled_from(["ana.ruiz", "info", "aruiz", "Ana.Ruiz"]), st.sampled_from(HOSTS)),
        max_size=2,
    ),
    "website": st.none() | st.builds("https://www.{}/x".format, st.sampled_from(HOSTS)) | st.sampled_from(HOSTS),
    "numbers": st.lists(st.sampled_from(["+34600000001", "+34600000002"]), max_size=2, unique=True),
    "external_id": st.none() | st.sampled_from(["7", "8"]),
    "linkedin": st.none() | st.sampled_from(["linkedin.com/in/ana", "https://www.linkedin.com/in/ana/"]),
    "account": st.none() | st.integers(1, 2),
})  # fmt: skip
HALF_KNOWN = {
    "first": "Ana", "last": "Ruiz", "company": "", "mails": [], "website": None, "numbers": [], "external_id": None,
    "linkedin": None, "account": None,
}  # fmt: skip


@given(told, told)
@example(HALF_KNOWN, HALF_KNOWN | {"company": "Nord Dairy 15"})
@example(
    HALF_KNOWN | {"company": "Nord", "mails": ["a@nord.example"]},
    HALF_KNOWN | {"company": "Blue", "website": "https://nord.example"},
)
def test_nobody_is_passed_over_who_would_be_asked_about(one, other):
    whole = [_whole(each) for each in (one, other)]
    if likeness(*whole).score >= ASKED:
        assert may_be_one(_glance(one, 1), _glance(other, 2))


def test_most_people_of_one_name_at_different_companies_are_passed_over():
    names = [HALF_KNOWN | {"company": f"Nord Dairy {number}"} for number in range(40)]
    glances = [_glance(one, number) for number, one in enumerate(names)]
    kept = sum(may_be_one(one, other) for one in glances for other in glances if one is not other)
    assert kept < 40 * 39 / 100


def test_no_double_of_a_hard_list_is_passed_over():
    people: dict[int, list[tuple[dict, int]]] = {}
    for row, (number, _kind, cells) in enumerate(rows(3_000, noise=HARD)):
        people.setdefault(number, []).append((_of(cells), row))
    pairs = [(one, other) for found in people.values() for one in found for other in found if one[1] < other[1]]
    asked = [(one, other) for one, other in pairs if likeness(_whole(one[0]), _whole(other[0])).score >= ASKED]
    assert len(asked) > 100
    assert all(may_be_one(_glance(*one), _glance(*other)) for one, other in asked)


def _of(cells):
    first, last, email, phone, _title, company, website, *_ = cells
    mails, numbers = ([text] if text else [] for text in (email, phone))
    return HALF_KNOWN | {
        "first": first, "last": last, "company": company, "mails": mails, "website": website, "numbers": numbers,
    }  # fmt: skip


def _whole(told):
    return person(
        first=told["first"], last=told["last"], company=told["company"], emails=tuple(told["mails"]),
        website=told["website"], numbers=tuple(told["numbers"]), system="x", external_id=told["external_id"],
        linkedin=told["linkedin"], account=told["account"],
    )  # fmt: skip


def _glance(told, number):
    one = person(
        first=told["first"], last=told["last"], company=told["company"], numbers=tuple(told["numbers"]),
        linkedin=told["linkedin"], account=told["account"],
    )  # fmt: skip
    mails = [*told["mails"], None, None]
    return sketch(one, Beside(mails[0], mails[1], told["website"], told["external_id"]), number)
