"""Files made to fill the memory or the afternoon, built as they are needed, and a reader of them in a small room.

`python -m tests.exchange.hostile FOLDER NAME…` reads each in a process of at most `ROOM` bytes and prints a line of
JSON about it: the sentence it was refused with, or its rows.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
import zipfile
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

from sdr.exchange.reading import BadRecord, UnreadableFile, open_table

ROOM = 700 << 20  # bytes of address space, of which Python and its libraries take a third
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CASES: dict[str, Callable[[], bytes]] = {}


def case(build: Callable[[], bytes]) -> Callable[[], bytes]:
    """A file by the name of the function that builds it."""
    CASES[build.__name__] = build
    return build


def text(place: str, words: str) -> str:
    """A cell that holds its words itself."""
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'


HEAD = f'<row r="1">{text("A1", "Name")}{text("B1", "Email")}</row>'
ANA = f'<row r="2">{text("A2", "Ana")}{text("B2", "a@b.example")}</row>'


def sheet(rows: str, *, dimension: str = "", before: str = "") -> str:
    """A worksheet of these rows."""
    return f'<?xml version="1.0"?>{before}<worksheet {NS}>{dimension}<sheetData>{rows}</sheetData></worksheet>'


def shared(strings: Iterable[str], before: str = "") -> str:
    """The strings that cells name by number."""
    said = "".join(f"<si><t>{words}</t></si>" for words in strings)
    return f'<?xml version="1.0"?>{before}<sst {NS}>{said}</sst>'


def book(worksheet: str, strings: str = "", others: dict[str, bytes] | None = None) -> bytes:
    """A workbook of one sheet, as little as a reader needs."""
    members = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {NS} xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": worksheet,
        **({"xl/sharedStrings.xml": strings} if strings else {}),
        **(others or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def unlike(count: int) -> str:
    """`count` characters that do not pack a hundred to one."""
    return "".join(f"{n * 2654435761 % 4294967296:x}" for n in range(count // 7))


@case
def one_string_in_every_cell() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 150_000))
    return book(sheet(HEAD + rows), shared([unlike(32_000)]))


@case
def shared_strings_that_pack_too_well() -> bytes:
    return book(sheet(HEAD + ANA), shared("x" * 1000 for _ in range(50_000)))


@case
def a_cell_in_the_last_corner() -> bytes:
    return book(sheet(f'{HEAD}<row r="2">{text("XFD1048576", "x")}</row>'))


@case
def a_column_without_end() -> bytes:
    return book(sheet(f'{HEAD}<row r="2">{text("ZZZZZZZ2", "x")}</row>'))


@case
def a_row_number_without_end() -> bytes:
    return book(sheet(HEAD + '<row r="4000000000"><c><v>1</v></c></row>'))


@case
def a_last_row_without_places() -> bytes:
    return book(sheet(f'{HEAD}<row r="1048576">{"<c><v>1</v></c>" * 16_384}</row>'))


@case
def a_million_cells_without_places() -> bytes:
    return book(sheet(f"<row>{'<c><v>1</v></c>' * 1_000_000}</row>"))


@case
def a_dimension_that_lies() -> bytes:
    return book(sheet(HEAD + ANA, dimension='<dimension ref="A1:XFD1048576"/>'))


@case
def empty_rows_before_the_last() -> bytes:
    rows = "".join(f'<row r="{n}"/>' for n in range(3, 200_000))
    last = f'<row r="200000">{text("A200000", "Bo")}{text("B200000", "b@b.example")}</row>'
    return book(sheet(HEAD + ANA + rows + last, dimension='<dimension ref="A1:B2"/>'))


@case
def entities_of_entities() -> bytes:
    names = "abcdef"
    inner = "".join(f'<!ENTITY {b} "{f"&{a};" * 100}">' for a, b in pairwise(names))
    before = f'<!DOCTYPE l [<!ENTITY a "ha">{inner}]>'
    return book(sheet(f'{HEAD}<row r="2">{text("A2", "&f;")}{text("B2", "a@b.example")}</row>', before=before))


@case
def an_entity_of_another_file() -> bytes:
    before = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return book(sheet(f'{HEAD}<row r="2">{text("A2", "&a;")}{text("B2", "a@b.example")}</row>', before=before))


@case
def a_string_that_is_not_there() -> bytes:
    return book(sheet(HEAD + '<row r="2"><c r="A2" t="s"><v>99999999999</v></c></row>'), shared(["a"]))


@case
def an_archive_in_the_archive() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", b"0" * 20_000_000)
    return book(sheet(HEAD + ANA), others={"xl/embeddings/x.zip": inner.getvalue()})


@case
def a_line_without_end() -> bytes:
    return b"Name,Email\n" + b"x" * 100_000_000


@case
def a_line_of_commas() -> bytes:
    return b"Name,Email\n" + b"x," * 20_000_000


@case
def a_line_of_kanji() -> bytes:
    return b"Name,Email\n" + "山田".encode() * 10_000_000


@case
def a_million_columns() -> bytes:
    return (",".join(f"c{n}" for n in range(1_000_000)) + "\n" + "x," * 999_999 + "x\n").encode()


@case
def a_million_columns_without_a_name() -> bytes:
    return b"Name,Email" + b"," * 100_000 + b"\nAna,a@b.example\n"


@case
def rows_far_wider_than_the_header() -> bytes:
    return b"Name,Email\n" + (b"x," * 200_000 + b"x\n") * 20


@case
def a_million_blank_lines() -> bytes:
    return b"Name,Email\n" + b"\n" * 1_000_000 + b"Ana,a@b.example\n"


@case
def a_quote_in_every_line() -> bytes:
    return b"Name,Email,Notes\n" + b'"A,b@c.example,"x\n' * 20_000


@case
def nothing_but_quotes() -> bytes:
    return b"Name,Email\n" + b'"' * 3_000_000


@case
def a_cell_of_a_million_lines() -> bytes:
    return b'Name,Email\n"' + b"ab\n" * 60_000 + b'",a@b.example\n'


@case
def a_hole_of_nothing() -> bytes:
    return b"Name,Email\n" + b"Ana,a@b.example\n" * 30_000 + bytes(30_000_000)


def read(path: Path) -> dict[str, object]:
    """What became of the file: {"refused"} or {"rows", "bad"}."""
    try:
        table = open_table(path)
        table.sample()
        kinds = [isinstance(row, BadRecord) for row in table]
    except UnreadableFile as fault:
        return {"refused": f"{fault.message} {fault.hint}"}
    return {"rows": len(kinds) - sum(kinds), "bad": sum(kinds)}


def main(folder: Path, names: list[str]) -> None:
    """Read each by its name; files are built by another process, which needs more room."""
    for name in names:
        path = folder / name
        if (child := os.fork()) == 0:
            path.write_bytes(CASES[name]())
            os._exit(0)
        os.waitpid(child, 0)
        resource.setrlimit(resource.RLIMIT_AS, (ROOM, resource.RLIM_INFINITY))
        print(json.dumps({"name": name, **read(path)}), flush=True)
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        path.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or list(CASES))
