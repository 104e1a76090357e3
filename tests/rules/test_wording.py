"""What changed between two texts: by word, exactly when something did."""

from hypothesis import given
from hypothesis import strategies as st

from sdr.rules.wording import changed_words, marked, own_words

LETTER = "Hello Ana,\n\nwe help companies like yours with one thing.\n\nKim"


def test_changes_are_shown_by_word_with_a_line_around() -> None:
    before = "one\ntwo\nshall I send it to you?\nthree\nfour\nfive"
    after = "one\ntwo\nmay I send it to you today?\nthree\nfour\nfive"
    assert [marked(line) for line in changed_words(before, after)] == [
        "two", "[-shall-]{+may+} I send it to [-you?-]{+you today?+}", "three",
    ]  # fmt: skip
    assert changed_words(before, before) == ()


@given(st.text("ab \n", max_size=30), st.text("ab \n", max_size=30))
def test_a_difference_is_told_exactly_when_there_is_one(before: str, after: str) -> None:
    found = changed_words(before, after)
    signs = {sign for line in found for sign, _text in line}
    if before == after:
        assert found == ()
    if before.split() != after.split():
        assert signs & {"gone", "new"}
    kept = {"gone": (before, after), "new": (after, before)}
    for sign, text in (part for line in found for part in line):
        assert text in kept.get(sign, (before, before))[0]


def test_what_somebody_wrote_into_a_text() -> None:
    assert own_words(LETTER, LETTER.replace("one thing", "one thing, as in Vigo")) == "thing, as in Vigo."
    assert own_words(LETTER, LETTER) == ""
