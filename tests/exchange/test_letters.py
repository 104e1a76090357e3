"""Paper read back: what stands on it, how many pages, and what is not printed rather than printed wrong."""

from __future__ import annotations

import csv
import io
import math
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from sdr.exchange import letters
from sdr.exchange.folders import ExportFailed
from sdr.exchange.fonts import Font, font_for, fonts, printable
from sdr.exchange.letters import Printed, no_post, post_address, printed
from sdr.exchange.printing import LABELS, Box, size_for, wrapped
from sdr.models.terms import Channel
from sdr.rules.sender import Sender
from sdr.store import rows
from sdr.store.queries.messages import Waiting
from tests.desks import MONDAY
from tests.exchange.test_drafts import message
from tests.outboxes import ANA, STREET

NAMES = ("Łukasz Źrebięcki", "Győző Őri", "Jiří Dvořák", "Ольга Жукова", "Ελένη Παππά", "Nguyễn Thị Hạnh", "Zoë O’Neil")


def to(name: str = "Ana Ruiz", number: int = 5, channel: str = "letter", **told: object) -> Waiting:
    """A piece of post that waits."""
    row: rows.Message = message(id=number, channel=channel, address=STREET, text=f"Dear {name},\n\nshall we talk?")
    row = row._replace(**{key: value for key, value in told.items() if hasattr(row, key)})  # type: ignore[arg-type]
    where = {"company": "Acme Pumps", "country": "ES", "region": None, "city": "Madrid", "postcode": "28013"}
    where |= {key: value for key, value in told.items() if key in where}
    past = told.get("last_post", ())
    return Waiting(row, name, zone="Europe/Madrid", linkedin=None, phone=None, last_post=past, **where)  # type: ignore[arg-type]


def made(*waiting: Waiting, channel: Channel = Channel.LETTER, sender: Sender = ANA) -> Printed:
    return printed(waiting, channel, sender, "ES", MONDAY, "Europe/Madrid")


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_has_its_address_its_words_and_who_wrote_it(name: str) -> None:
    batch = made(to(name))
    assert batch.unfit == ()
    [page] = pages(letters.sheets_pdf(batch, "b"))
    lines = page.splitlines()
    at = lines.index(name)
    assert lines[at : at + 4] == [name, "Acme Pumps", "Gran Vía 5", "28013 Madrid"]
    for words in ("Ana Rep · Calle Mayor 1 · 28013 Madrid", "2026-03-02", f"Dear {name},", "shall we talk?"):
        assert words in lines


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_address_stands_in_the_window(paper: str) -> None:
    found: dict[str, tuple[float, float]] = {}

    def visit(text: str, _cm: object, matrix: list[float], *_more: object) -> None:
        for line in text.split("\n"):
            found.setdefault(line.strip(), (matrix[4], matrix[5]))

    pdf = PdfReader(io.BytesIO(letters.sheets_pdf(made(to(), sender=ANA._replace(paper=paper)), "b")))
    pdf.pages[0].extract_text(visitor_text=visit)
    left, bottom = found["Gran Vía 5"]
    top = float(pdf.pages[0].mediabox.height) - bottom
    mm, inch = 72 / 25.4, 72.0
    # DIN 5008 form B: the field is 20-105 mm from the left, 62.7-90 mm from the top. A no. 10 envelope shows 0.875-
    # 5.375 inches from the left and, of a sheet folded in three, about 2 to 3.4 inches from the top.
    window = Box(20 * mm, 62.7 * mm, 85 * mm, 27.3 * mm) if paper == "a4" else Box(0.875 * inch, 144, 324, 1.4 * inch)
    assert window.left <= left <= window.left + window.width
    assert window.top <= top <= window.top + window.height


def test_a_long_letter_goes_on_to_more_pages_and_loses_no_word() -> None:
    text = "\n".join(f"line {number} " + "word " * 30 for number in range(60))
    sheets = pages(letters.sheets_pdf(made(to(text=text), to("Bo Li", 6)), "b"))
    assert len(sheets) >= 4
    told = " ".join(" ".join(sheets[:-1]).split())
    assert all(f"line {number} word" in told for number in range(60))
    assert told.count("word") == 60 * 30
    assert "Bo Li" in sheets[-1]


@pytest.mark.parametrize("cards", [2, 4])
@pytest.mark.parametrize("count", [1, 2, 4, 5, 9])
def test_postcards_stand_two_or_four_on_a_sheet(cards: int, count: int) -> None:
    waiting = [to(f"Ana {number}", number, "postcard") for number in range(count)]
    batch = made(*waiting, channel=Channel.POSTCARD, sender=ANA._replace(cards=cards))
    sheets = pages(letters.sheets_pdf(batch, "b"))
    assert len(sheets) == math.ceil(count / cards)
    for number in range(count):
        assert f"Dear Ana {number}," in sheets[number // cards]


@pytest.mark.parametrize("kind", list(LABELS))
def test_labels_fill_a_sheet_and_go_on(kind: str) -> None:
    full = LABELS[kind][1] * LABELS[kind][2]
    for count, sheets in ((1, 1), (full, 1), (full + 1, 2)):
        waiting = [to(f"Ana {number}", number) for number in range(count)]
        found = pages(letters.labels_pdf(made(*waiting, sender=ANA._replace(labels=kind)), "b"))
        assert len(found) == sheets
        assert sum(page.count("Gran Vía 5") for page in found) == count


def test_equal_batches_are_equal_bytes_and_no_lead_is_in_the_papers_of_the_file() -> None:
    first, second = (letters.sheets_pdf(made(to("Secret Name")), "2026-03-02-letter-1") for _ in range(2))
    assert first == second
    about = PdfReader(io.BytesIO(first)).metadata
    assert about is not None
    assert about.title == "2026-03-02-letter-1"
    assert "Secret" not in str(dict(about))


# --- what is not printed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("waiting", "reason"),
    [
        (to("Ana \U00013000"), "no font here has the character “\U00013000” (U+13000); name a font"),
        (to("דנה כהן"), "right to left"),
        (to("فاطمة"), "right to left"),
        (to(address="Gran Vía 5 " + "und so weiter " * 12), "the address is too long"),
    ],
)
def test_what_cannot_be_printed_right_is_left_out_with_the_reason(waiting: Waiting, reason: str) -> None:
    batch = made(waiting, to("Bo Li", 6))
    [(who, told)] = batch.unfit
    assert who is waiting
    assert reason in told
    assert [one.name for one, _piece in batch.pieces] == ["Bo Li"]


def test_a_text_too_long_for_a_postcard_is_left_out() -> None:
    [(_who, told)] = made(to(channel="postcard", text="word " * 900), channel=Channel.POSTCARD).unfit
    assert "too long for a postcard" in told


def test_characters_without_a_look_are_no_reason_to_leave_anybody_out() -> None:
    batch = made(to("Ana\u200d Ruiz\ufe0f", text="so\u00adft"))
    assert batch.unfit == ()
    assert "Ana Ruiz" in pages(letters.sheets_pdf(batch, "b"))[0]
    assert printable("a\u00a0b\u200dc\nd") == "a bc\nd"


def test_a_font_is_taken_only_when_it_has_every_character() -> None:
    few, many = Font("few", frozenset(map(ord, "abc"))), Font("many", frozenset(map(ord, "abcd")))
    assert font_for("a b\nc", [few, many]) is few
    assert font_for("abcd", [few, many]) is many
    assert "“z” (U+007A)" in str(font_for("abcz", [few, many]))
    assert "U+007A" in str(font_for("z", []))


def test_the_font_that_was_named_comes_first_and_one_that_is_none_is_said(tmp_path: Path) -> None:
    own = next(font for font in fonts("") if font.name.endswith("Vera.ttf")).name.removeprefix("desk-")
    assert fonts(own)[0].name == f"desk-{own}"
    (tmp_path / "no.ttf").write_bytes(b"not a font")
    for path in (str(tmp_path / "no.ttf"), str(tmp_path / "missing.ttf"), str(tmp_path)):
        with pytest.raises(ExportFailed, match="cannot be read; name a TrueType file"):
            made(to(), sender=ANA._replace(font=path))


def test_without_reportlab_the_way_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts.cache_clear()
    monkeypatch.setitem(sys.modules, "reportlab", None)
    monkeypatch.setitem(sys.modules, "reportlab.pdfbase", None)
    with pytest.raises(
        ExportFailed, match=r"reportlab is not installed; install it with pip install 'sdr-desk\[pdf\]'"
    ):
        made(to())


# --- where it goes -----------------------------------------------------------------------------------------------


def test_without_a_street_the_one_of_an_earlier_letter_is_taken_else_it_is_asked_for() -> None:
    assert post_address(to(address="28013 Madrid"), "ES") == ()
    assert "no street" in (no_post(to(address=""), "ES") or "")
    known = to(address="Madrid", last_post=("Madrid", "Gran Vía 5", "Old Street 1"))
    assert post_address(known, "ES") == ("Ana Ruiz", "Acme Pumps", "Gran Vía 5", "28013 Madrid")
    assert no_post(known, "ES") is None


def test_an_address_of_too_many_lines_is_said() -> None:
    assert "7 lines" in (no_post(to(address="a\nb\nc\nd\n28013 Madrid"), "ES") or "")


def test_abroad_the_country_stands_last() -> None:
    assert post_address(to(), "DE")[-1] == "SPAIN"


# --- the merge file ----------------------------------------------------------------------------------------------


def test_the_merge_file_has_a_row_a_piece_and_no_cell_runs(tmp_path: Path) -> None:
    batch = made(to("=HYPERLINK(1)"), to("Ana", 6, company=None, text="@SUM(1)\n+1"))
    letters.merge_csv(batch)(tmp_path / "merge.csv")
    with (tmp_path / "merge.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["name"] for row in table] == ["'=HYPERLINK(1)", "Ana"]
    assert table[1] | {"text": ""} == {
        "name": "Ana", "company": "", "address 1": "Gran Vía 5", "address 2": "28013 Madrid", "address 3": "",
        "address 4": "", "address 5": "", "address 6": "", "text": "", "lead": "1", "message": "6",
    }  # fmt: skip
    assert table[1]["text"] == "'@SUM(1)\n+1"


# --- lines -------------------------------------------------------------------------------------------------------


@pytest.fixture
def font() -> Font:
    return fonts("")[0]


@pytest.mark.parametrize("text", ["", "word", "two words\n\nand more of them", "a" * 500, "x " * 300, "日本" * 100])
def test_wrapped_lines_fit_and_hold_every_character(text: str, font: Font) -> None:
    lines = wrapped(text, font, 10, 100)
    assert all(font.width(line, 10) <= 100 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_size_is_the_first_at_which_all_lines_fit(font: Font) -> None:
    box = Box(0, 0, 100, 30)
    assert size_for(["ab", "cd"], font, box, (12, 10, 8)) == 12
    assert size_for(["ab", "cd", "ef"], font, box, (12, 10, 8)) == 8
    assert size_for(["x" * 100], font, box, (12, 10, 8)) is None
