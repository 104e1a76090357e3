"""Opening people's files: what each odd shape gives, and that no row is lost in silence."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.exchange.decoding import name_of
from sdr.exchange.reading import BadRecord, Record, UnreadableFile, open_table

GOOD = [("Ana Ruiz", "ana@acme.example"), ("José Müller", "jose@acme.example"), ("Zoë Lefèvre", "zoe@beta.example")]


def text_of(rows=GOOD, delimiter=",", newline="\n"):
    return newline.join(delimiter.join(row) for row in [("Name", "Email"), *rows]) + newline


def cells(table):
    return [row.cells for row in table if isinstance(row, Record)]


def bad(table):
    return [row for row in table if isinstance(row, BadRecord)]


@pytest.mark.parametrize(
    ("data", "encoding", "assumed"),
    [
        (text_of().encode(), "utf-8", False),
        (text_of().encode("utf-8-sig"), "utf-8", False),
        (text_of().encode("utf-16"), "utf-16-le", False),
        (b"\xfe\xff" + text_of().encode("utf-16-be"), "utf-16-be", False),
        (text_of(delimiter="\t").encode("utf-16-le"), "utf-16-le", True),
        (text_of(delimiter="\t").encode("utf-16-be"), "utf-16-be", True),
        (text_of().encode("utf-32"), "utf-32-le", False),
        (text_of().encode("cp1252"), "cp1252", True),
        (text_of(delimiter=";", newline="\r\n").encode("cp1252"), "cp1252", True),
        (text_of(newline="\r").encode("mac-roman"), "mac-roman", True),
    ],
)
def test_the_same_rows_come_out_of_every_encoding(data, encoding, assumed):
    table = open_table(data)
    assert (table.encoding, table.assumed, table.header, table.header_row) == (encoding, assumed, ("Name", "Email"), 1)
    assert cells(table) == GOOD
    assert table.warnings == ()


def test_shift_jis_is_told_from_western_text():
    japanese = [("山田太郎", "taro@acme.example"), ("佐藤花子", "hana@acme.example")]
    table = open_table(text_of(japanese).encode("cp932"))
    assert (table.encoding, table.assumed) == ("cp932", True)
    assert cells(table) == japanese
    french = [("Hélène Béranger", "h@acme.example"), ("Gérard Crémieux", "g@acme.example")]
    assert cells(open_table(text_of(french).encode("cp1252"))) == french


def test_windows_lines_pasted_into_utf8_are_repaired_and_counted():
    data = text_of().encode() + "Günther Weiß,g@beta.example\n".encode("cp1252") + "Łukasz,l@beta.example\n".encode()
    table = open_table(data)
    assert cells(table) == [*GOOD, ("Günther Weiß", "g@beta.example"), ("Łukasz", "l@beta.example")]
    assert len(table.warnings) == 1
    assert table.warnings[0].startswith("2 characters were not in the file's encoding")


def test_letters_that_first_appear_late_still_decide_the_encoding():
    plain = [(f"Ann {n}", f"ann{n}@acme.example") for n in range(12_000)]
    table = open_table(text_of([*plain, *GOOD], newline="\r").encode("mac-roman"))
    assert table.encoding == "mac-roman"
    assert cells(table)[-3:] == GOOD


def test_a_given_encoding_is_believed_and_an_unknown_one_refused():
    assert cells(open_table(text_of().encode("cp850"), encoding="cp850")) == GOOD
    assert cells(open_table(text_of().encode("utf-16"), encoding="utf-16")) == GOOD
    for name in ("no-such", "base64", "idna", ""):
        with pytest.raises(UnreadableFile) as caught:
            open_table(text_of().encode(), encoding=name)
        assert "encoding" in caught.value.message


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_delimiter_gives_the_same_leads(delimiter):
    rows = [("Ruiz", "ana@acme.example", "1.5"), ("Li", "li@acme.example", "2.5"), ("Oh", "oh@acme.example", "x")]
    text = "\n".join(delimiter.join(row) for row in [("Name", "Email", "Score"), *rows])
    table = open_table(text.encode())
    assert table.delimiter == delimiter
    assert cells(table) == rows


def test_the_sep_line_is_obeyed_and_is_no_data():
    table = open_table(b"sep=;\r\nName;Email\r\nRuiz, Ana;ana@acme.example\r\n")
    assert (table.delimiter, table.header_row, table.header) == (";", 2, ("Name", "Email"))
    assert list(table) == [Record(3, ("Ruiz, Ana", "ana@acme.example"))]


def test_notes_above_the_header_are_passed_over():
    data = (
        b'Notes:\n"When exporting your connection data, you may notice, that some are missing."\n\n'
        b"First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        b"Ana,Ruiz,https://www.linkedin.com/in/ana,,Acme,CEO,12 Mar 2024\n"
    )
    table = open_table(data)
    assert table.header_row == 4
    assert table.header[0] == "First Name"
    assert len(table.preamble) == 2
    assert [row.line for row in table] == [5]


@pytest.mark.parametrize(
    ("data", "header", "rows"),
    [
        (b"ana@acme.example\nbob@acme.example\n", ("column 1",), 2),
        (b"Ana,ana@acme.example\nBob,bob@acme.example\n", ("column 1", "column 2"), 2),
        (b"Email\nana@acme.example\n", ("Email",), 1),
        (b"Company\nAcme, Inc.\nBeta\n", ("Company",), 2),
        (b"Name,Email\n", ("Name", "Email"), 0),
        (b"Name,Email", ("Name", "Email"), 0),
        (b"Name,Email,,\nAna,a@acme.example,,\n", ("Name", "Email"), 1),
        (b"Name,Email,,\nAna,a@acme.example,,x\n", ("Name", "Email", "column 3", "column 4"), 1),
        (b"Name,Email,Name,Email\nA,a@b.example,C,c@d.example\n", ("Name", "Email", "Name (2)", "Email (2)"), 1),
    ],
)
def test_headers(data, header, rows):
    table = open_table(data)
    assert table.header == header
    assert table.header_row == (0 if header[0] == "column 1" else 1)
    assert len(cells(table)) == rows
    assert bad(table) == []


def test_blank_rows_are_skipped_and_not_counted():
    table = open_table(b"Name,Email,Phone\n\nAna,a@b.example,1\n,,\n  , ,\t\n\nBob,b@b.example,2\n\n")
    assert [row.line for row in table] == [3, 7]


def test_spaces_before_quotes_do_not_split_a_company():
    table = open_table(b'Name , Email , Company\nAna, a@b.example, " Acme, Inc. "\nBob, b@b.example, Beta\n')
    assert table.header == ("Name", "Email", "Company")
    assert cells(table) == [("Ana", "a@b.example", " Acme, Inc. "), ("Bob", "b@b.example", "Beta")]


def test_spaces_inside_quotes_are_kept():
    assert cells(open_table(b'Name,Notes\n"  two ","  <b>  "\n')) == [("  two ", "  <b>  ")]


def test_long_and_short_rows():
    table = open_table(
        b"Name,Email,Phone,Company\n"
        b"Ana,a@b.example,1,Acme,too much\n"
        b"Bob,b@b.example,2,Beta,,\n"
        b"Cid,c@b.example\n"
        b"d@b.example\n"
        b"+49 30 1234567\n"
        b"nothing here\n"
        b"Eve,Smith\n"
    )
    assert [row.line for row in table] == [2, 3, 4, 5, 6, 7, 8]
    assert [(row.line, row.reason) for row in bad(table)] == [
        (2, "the row has 5 cells, the header 4"),
        (7, "the row has 1 of 4 cells and no address"),
    ]
    assert bad(table)[0].cells == ("Ana", "a@b.example", "1", "Acme", "too much")
    assert ("Cid", "c@b.example", "", "") in cells(table)


def test_an_unclosed_quote_swallows_nothing():
    rows = [f"P{n},p{n}@acme.example,fine" for n in range(3000)]
    rows[1500] = 'P1500,p1500@acme.example,"open'
    table = open_table(("Name,Email,Notes\n" + "\n".join(rows)).encode())
    assert [(row.line, "never closed" in row.reason) for row in bad(table)] == [(1502, True)]
    assert bad(table)[0].cells == ("P1500", "p1500@acme.example", "open")
    assert len(cells(table)) == 2999


def test_a_quote_closed_by_chance_swallows_nothing_either():
    table = open_table(
        b'Name,Email,Notes\nAna,a@b.example,"open\nBob,b@b.example,fine\nCid,c@b.example,"\nDee,d@b.example,"ok, ok"\n'
    )
    assert [row.line for row in bad(table)] == [2, 4]
    assert [row[0] for row in cells(table)] == ["Bob", "Dee"]


def test_honest_line_breaks_in_notes_are_kept():
    note = "first line\nsecond, with commas, three\n\nlast"
    table = open_table(f'Name,Email,Notes\nAna,a@b.example,"{note}"\nBob,b@b.example,x\n'.encode())
    assert list(table) == [Record(2, ("Ana", "a@b.example", note)), Record(6, ("Bob", "b@b.example", "x"))]


def test_rows_quoted_in_a_note_are_still_a_note():
    note = "from the form:\nAna Ruiz,ana@acme.example\nthanks"
    table = open_table(f'Name,Notes\nAna,"{note}"\n'.encode())
    assert list(table) == [Record(2, ("Ana", note))]


def test_a_cell_of_many_lines_is_rejected_alone():
    note = "\n".join(f"line {n}" for n in range(30))
    table = open_table(f'Name,Email,Notes\nAna,a@b.example,"{note}"\nBob,b@b.example,x\n'.encode())
    assert [(row.line, row.cells[2]) for row in bad(table)] == [(2, note)]
    assert cells(table) == [("Bob", "b@b.example", "x")]


def test_stray_quotes_are_read_as_well_as_possible():
    table = open_table(b'Name,Email\n"John "Johnny" Doe",j@b.example\n5" pipes,p@b.example\n')
    assert cells(table) == [('John Johnny" Doe"', "j@b.example"), ('5" pipes', "p@b.example")]
    assert len(table.warnings) == 1


def test_a_cell_over_a_mebibyte_is_rejected_and_one_below_is_not():
    huge, large = "x" * ((1 << 20) + 1), "y" * (1 << 20)
    table = open_table(f"Name,Notes\nAna,{huge}\nBob,{large}\nCid,ok\n".encode())
    assert [row.line for row in bad(table)] == [2]
    assert bad(table)[0].cells == ("Ana", huge)
    assert cells(table) == [("Bob", large), ("Cid", "ok")]


def test_nul_and_lone_surrogates_are_taken_out_and_counted():
    table = open_table(b"Name,Email\nA\0na,a@b.example\nB\xed\xa0\x80b,b@b.example\n")
    assert cells(table) == [("Ana", "a@b.example"), ("B\ufffdb", "b@b.example")]
    assert len(table.warnings) == 2
    wide = open_table("Name,Email\nA\ud800na,a@b.example\n".encode("utf-16", "surrogatepass"))
    assert cells(wide) == [("A\ufffdna", "a@b.example")]


def test_reading_twice_gives_the_same_and_counts_once():
    table = open_table(b"Name,Email\nA\0na,a@b.example\n")
    assert list(table) == list(table)
    assert table.warnings == ("1 NUL characters were left out.",)


def test_the_share_that_was_read_grows_to_the_whole():
    table = open_table(("Name,Email\n" + "Ann,ann@acme.example\n" * 60_000).encode())
    shares = [table.share for _ in table]
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.5
    assert shares[-1] == 1


def test_line_ends_across_blocks():
    rows = [(f"Ann {n}", f"ann{n}@acme.example") for n in range(60_000)]
    table = open_table(text_of(rows, newline="\r\n").encode())
    assert cells(table) == rows
    assert [row.line for row in table] == list(range(2, 60_002))


def test_a_line_end_cut_in_two_by_a_block_is_one_line_end():
    data = b"Name,Email,Seni\r\n" + b"xxxxx,yyyyyyyy\r\n" * 70_000
    assert data[(1 << 20) - 1 : (1 << 20) + 1] == b"\r\n"
    assert [row.line for row in open_table(data)] == list(range(2, 70_002))


def test_a_letter_cut_in_two_after_a_repair_is_one_letter():
    data = b"Name,Notes\nJos\xe9,x\n" + ("Zoé," + "é" * 26 + "\n").encode() * 20_000
    assert data[(1 << 20) - 1 : (1 << 20) + 1] == "é".encode()
    table = open_table(data)
    rows = cells(table)
    assert rows[0] == ("José", "x")
    assert set(rows[1:]) == {("Zoé", "é" * 26)}
    assert len(table.warnings) == 1


def test_records_of_many_lines_across_blocks():
    note = "first line\nsecond line of the note " * 3
    rows = [f'Ann {n},ann{n}@acme.example,"{note}"\n' for n in range(20_000)]
    table = open_table(("Name,Email,Notes\n" + "".join(rows)).encode())
    assert list(table) == [Record(2 + 4 * n, (f"Ann {n}", f"ann{n}@acme.example", note)) for n in range(20_000)]


def test_a_space_before_a_quote_far_down_is_understood_for_its_row():
    rows = [f"Ann {n},ann{n}@acme.example,Acme" for n in range(12_000)]
    table = open_table(("Name,Email,Company\n" + "\n".join(rows) + '\nBob, b@b.example, "Beta, Inc."\n').encode())
    assert cells(table)[-1] == ("Bob", "b@b.example", "Beta, Inc.")
    assert bad(table) == []


def test_one_known_word_further_down_is_no_header():
    table = open_table(b"Foo,Bar\nName,x\nAna,y\n")
    assert (table.header, len(cells(table))) == (("Foo", "Bar"), 2)


def test_typographic_quotes_are_not_japanese():
    rows = [("“Ana” Ruiz", "a@b.example"), ("“Bob” Ode", "b@b.example")]
    assert cells(open_table(text_of(rows).encode("cp1252"))) == rows


def test_a_file_on_disk_reads_like_bytes(tmp_path):
    path = tmp_path / "leads.xlsx"  # the name is not believed
    path.write_bytes(text_of().encode())
    assert cells(open_table(path)) == GOOD


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\n\n  \n", "empty"),
        (b"sep=;\n", "empty"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel"),
        (b"\xd0\xcf\x11\xe0" + bytes(60) + "EncryptedPackage".encode("utf-16-le"), "password"),
        (bytes(range(1, 32)) * 40, "binary"),
        (b"PK\x03\x04 nonsense", "damaged"),
        (b"\x1f\x8b\x08\x00", "compressed"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(data, says):
    with pytest.raises(UnreadableFile) as caught:
        open_table(data)
    assert says in caught.value.message
    assert caught.value.message.endswith(".")
    assert caught.value.hint


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(UnreadableFile):
            open_table(path)


def counted(data):
    """Read everything; whatever comes, it is records or `UnreadableFile`."""
    try:
        table = open_table(data)
        rows = list(table)
    except UnreadableFile:
        return
    width = len(table.header)
    assert all(len(row.cells) == width for row in rows if isinstance(row, Record))
    assert [row.line for row in rows] == sorted({row.line for row in rows})
    "".join("".join(row.cells) for row in rows).encode()


@given(st.binary(max_size=400))
def test_random_bytes_never_raise_anything_else(data):
    counted(data)


@given(st.lists(st.sampled_from(['"', ",", ";", "\n", "\r", " ", "a@b.example", "Name", "x", "\0", "é"]), max_size=60))
def test_random_tables_never_raise_anything_else(parts):
    counted("".join(parts).encode())


@given(
    st.binary(max_size=200),
    st.sampled_from([b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"Name,Email\n"]),
)
def test_random_bytes_after_a_known_start(data, start):
    counted(start + data)


@given(
    st.lists(
        st.tuples(
            st.text(
                st.one_of(st.characters(exclude_categories=["Cs", "Cc"]), st.sampled_from('"\r\n\t')),
                min_size=1,
                max_size=12,
            ),
            st.integers(0, 9999),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_what_csv_wrote_comes_back(pairs):
    rows = [(name, f"p{n}@acme.example") for name, n in pairs]
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([("Name", "Email"), *rows])
    table = open_table(out.getvalue().encode())
    assert table.header == ("Name", "Email")
    assert cells(table) == rows


@pytest.mark.parametrize(
    ("encoding", "said"), [("cp1252", "Windows-1252"), ("utf-8", "UTF-8"), ("utf-16-le", "UTF-16-LE"), ("mac", "mac")]
)
def test_an_encoding_is_named_as_people_know_it(encoding, said):
    assert name_of(encoding) == said
