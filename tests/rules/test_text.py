"""Foreign text: cleaned, folded, measured, disarmed."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from sdr.rules.text import (
    clean,
    cut,
    folded,
    neutral,
    plain,
    slug,
    width,
)
from tests.shared_data import folder

ANY = st.text(st.characters(exclude_categories=()), max_size=40)
NASTY = st.text(st.sampled_from("=+-@\t\r\n\x00＝＋－＠' aé\u200b\u0301\ud800"), max_size=6)
DRAWABLE = st.text(st.sampled_from("aé \u0301コ🚀界ł\u0338\u00adक्षि한ﾊ①🏠👍é"), max_size=12)
BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]")


@pytest.mark.parametrize(
    ("dirty", "line"),
    [
        ("  Ana\tRuiz ", "Ana Ruiz"),
        ("Acme [/EMEA]", "Acme [/EMEA]"),
        ("a\x1b]52;c;Zm9v\x1b\\b", "ab"),
        ("a\x1b]0;title\x07b", "ab"),
        ("a\x1b]8;;https://x.example\x1b\\link\x1b]8;;\x1b\\b", "alinkb"),
        ("a\x1b]52;c;Zm9v", "a]52;c;Zm9v"),  # without an end it may be anybody's words
        ("Ana \x1b[31mRuiz\x1b[0m", "Ana Ruiz"),
        ("Ana \x1b[38;2;1;2;3m\x1b[?25lRuiz", "Ana Ruiz"),
        ("a\x1b[\x00b", "a[b"),
        ("Ana\x1bRuiz", "AnaRuiz"),
        ("\x9b31mred\x7f", "31mred"),  # in a misread file it is ›, and what follows are letters of a word
        ("\u202egnp.exe\u2066", "gnp.exe"),
        ("e\u200b\u0301", "é"),
        ("cafe\u0301", "café"),
        ("\ud800x", "\ufffdx"),
        ("\ufeffemail", "email"),
        ("one\r\ntwo\rthree\u2028four", "one two three four"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("\x00", ""),
        ("Nguyễn Văn An", "Nguyễn Văn An"),
    ],
)
def test_clean_line(dirty: str, line: str) -> None:
    assert clean(dirty) == line


def test_clean_keeps_lines_when_asked() -> None:
    assert clean(" a\r\nb\rc\td\x07\n", lines=True) == "a\nb\nc d"


@given(ANY, st.booleans())
def test_clean_text_is_safe_and_stays_clean(text: str, lines: bool) -> None:
    once = clean(text, lines=lines)
    assert clean(once, lines=lines) == once
    assert not BAD.search(once)
    assert "\t" not in once
    assert lines or "\n" not in once
    assert unicodedata.is_normalized("NFC", once)
    assert once.encode("utf-8").decode("utf-8") == once


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("  WÓJCIK   Tomasz ", "wojcik tomasz"),
        ("Straße", "strasse"),
        ("Łódź Wiślak", "lodz wislak"),
        ("ＡＣＭＥ", "acme"),
        ("François Müller", "francois muller"),
        ("Алексей", "алексеи"),
        ("Ångström Ørsted", "angstrom orsted"),
    ],
)
def test_folded(text: str, key: str) -> None:
    assert folded(text) == key


@given(ANY)
def test_a_folded_key_is_found_by_itself_and_by_any_form(text: str) -> None:
    key = folded(text)
    assert folded(key) == key
    assert folded(unicodedata.normalize("NFD", text)) == folded(unicodedata.normalize("NFC", text))


@given(st.lists(st.text(min_size=1, max_size=4)))
def test_words_fold_alone_as_they_fold_together(words: list[str]) -> None:
    assert folded(" ".join(words)) == " ".join(" ".join(map(folded, words)).split())


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("コンニチハ, セカイ!", 19),
        ("cafe\u0301", 4),
        ("\x00", 0),
        ("", 0),
        ("Acme", 4),
        ("👩\u200d👩\u200d👧", 2),
        ("🇩🇪", 2),
        ("👍🏽", 2),
        ("❤\ufe0f", 2),
        ("❤", 1),
        ("1\ufe0f\u20e3", 2),
        ("한국", 4),
        ("ＡＣＭＥ", 8),
    ],
)
def test_width(text: str, cells: int) -> None:
    assert width(text) == cells


@given(DRAWABLE)
def test_width_is_what_the_screen_will_draw(text: str) -> None:
    assert width(text) == cell_len(text)


@given(ANY, st.integers(0, 12))
def test_cut_fits_and_keeps_the_beginning(text: str, cells: int) -> None:
    short = cut(text, cells)
    assert width(short) <= cells
    assert short == text or text.startswith(short.removesuffix("…"))
    if width(text) <= cells:
        assert short == text
    elif cells:
        assert short.endswith("…")
        assert width(short) >= cells - 1


def test_cut_never_parts_a_letter_from_its_accent() -> None:
    assert cut("cafe\u0301s", 4, mark="") == "cafe\u0301"
    assert cut("コンニチハ", 4) == "コ…"
    assert cut("Okafor", 2, mark="...") == "Ok"


@given(st.one_of(ANY, NASTY))
@settings(max_examples=1000)
def test_neutral_comes_back_exactly_and_never_starts_a_formula(text: str) -> None:
    cell = neutral(text)
    assert plain(cell) == text
    assert cell[:1] not in {*"=+-@\t\r\n\x00＝＋－＠"} or not cell


def test_neutral_leaves_ordinary_text_alone() -> None:
    assert neutral("text with = in middle") == "text with = in middle"
    assert neutral("") == ""
    assert neutral("+14155550100") == "'+14155550100"
    assert neutral("'quoted") == "''quoted"
    assert plain("'tis") == "'tis"


def test_neutral_disarms_the_known_payloads() -> None:
    payloads = folder("csv_injection", "csv-payload.txt").read_text("utf-8").splitlines()
    armed = [line for line in payloads if line[:1] in {*"=+-@"}]
    assert len(armed) >= 5
    assert all(neutral(line) == "'" + line for line in armed)


@pytest.mark.parametrize(
    ("text", "piece"),
    [("Hannover show 2026", "hannover-show-2026"), ("../../etc", "etc"), ("CON", "x-con"), ("Алексей", "x"), ("", "x")],
)
def test_slug(text: str, piece: str) -> None:
    assert slug(text) == piece


@given(st.one_of(ANY, st.text("ab-./", min_size=35, max_size=90)))
def test_slug_is_always_a_safe_piece(text: str) -> None:
    assert re.fullmatch("[a-z0-9]([a-z0-9-]{0,39})", slug(text))
