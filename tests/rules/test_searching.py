"""Plain words: without case, accents and punctuation, in any script; and the ways of typing a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.rules.searching import ENDING, conditions, key_of, number_words


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", ""),
        ("  Ana   RUIZ ", "ana ruiz"),
        ("O'Brien & Sons, Inc.", "o brien sons inc"),
        ("ann.smith+web@acme.example", "ann smith web acme example"),
        ("Łukasz Wójcik", "lukasz wojcik"),
        ("Straße", "strasse"),
        ("ÅNGSTRÖM Øst", "angstrom ost"),
        ("Ｆｕｌｌ Ｗｉｄｔｈ １２", "full width 12"),
        ("Ольга Петрова", "ольга петрова"),
        ("प्रिया शर्मा", "प्रिया शर्मा"),  # the vowel signs stay in their word
        ("王芳", "王 芳"),
        ("東京ガス", "東 京 ガ ス"),
        ("김 민준", "김 민준"),
        ("فاطمة‌الأحمد", "فاطمةالأحمد"),  # joined by a mark without width
        ("a\u0000b\ue000c", "a b c"),
        ("\u00ad!?…🎈", ""),
    ],
)
def test_a_key_is_plain_words(text: str, key: str) -> None:
    assert key_of(text) == key


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_a_key_is_made_of_words_and_single_blanks_and_stays_what_it_is(text: str) -> None:
    key = key_of(text)
    assert key == " ".join(key.split())
    assert ENDING not in key
    assert key_of(key) == key


@given(st.text(st.characters(), max_size=30))
def test_plain_letters_have_the_key_that_they_have_among_others(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert f"{key_of(plain)} e".strip() == key_of(f"{plain} é")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("+34600000001", ("34600000001", "600000001", ENDING + "10000000643")),
        ("+12125550123", ("12125550123", "2125550123", ENDING + "32105552121")),
        ("+353861234567", ("353861234567", "861234567", ENDING + "765432168353")),
        ("", ()),
    ],
)
def test_a_number_is_found_abroad_at_home_and_by_its_ending(number: str, words: tuple[str, ...]) -> None:
    assert number_words(number) == words


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ((), ()),
        (("Ana", "ACME"), ((("ana",),), (("acme",),))),
        (("ana", "Ana"), ((("ana",),),)),
        (("ann@acme.com",), ((("ann acme com",),),)),
        (("!",), ()),
        (("24",), ((("24",),),)),
        (("0600",), ((("0600",), (ENDING + "0060",)),)),
        (("(0034)600-01",), ((("0034 600 01",), ("003460001",), ("3460001",), (ENDING + "100064300",)),)),
        (("+34", "600", "x"), ((("34", "600"), ("34600",), (ENDING + "00643",)), (("x",),))),
    ],
)
def test_neighbours_of_digits_may_be_one_number(typed: tuple[str, ...], found: object) -> None:
    assert conditions(typed) == found
