"""Files of every kind, and files that would hurt: refused by what is in them, quickly, by a process of their own."""

import io
import zipfile

import pytest
import xlwt
from openpyxl import Workbook

from lib.tabular import limits
from lib.tabular.reading import Book, read
from lib.tabular.refusal import FileRefused
from tests.imports.files import saved, text, workbook

pytestmark = pytest.mark.once

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'


def package(sheet: str) -> bytes:
    """A real workbook whose sheet is replaced by this markup."""
    source = zipfile.ZipFile(io.BytesIO(workbook(["姓名"])))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else source.read(name))
    return buffer.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        read(content)
    return caught.value.code


def rows(content: bytes) -> list:
    return read(content).sheets[0].rows


def test_package_is_read_from_its_first_line():
    book = Workbook()
    book.active["B3"] = "段石松"
    assert rows(saved(book)) == [["", ""], ["", ""], ["", "段石松"]]


def test_hidden_parts_merges_formulas_and_errors_are_known():
    book = Workbook()
    sheet = book.active
    for line in (["单位", "姓名"], ["南沟", "甲"], [None, "=1+"], [None, "#REF!"]):
        sheet.append(line)
    sheet["B2"].number_format = "0.00"
    sheet["B2"] = 1985.1
    sheet.merge_cells("A2:A4")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.create_sheet("旧册").sheet_state = "hidden"
    found = read(saved(book))
    (visible,) = found.sheets
    assert found.hidden_sheets == ["旧册"]
    assert (visible.merges, visible.hidden_rows, visible.hidden_columns) == ([(1, 0, 3, 0)], {2}, {1})
    assert [row[1] for row in visible.rows[1:]] == [
        {"number": 1985.1, "format": "0.00"},
        {"error": "formula"},
        {"error": "error"},
    ]


def test_days_count_from_1904_where_the_workbook_says_so():
    import datetime

    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active["A1"] = datetime.date(1985, 3, 12)
    assert rows(saved(book)) == [[{"date": "1985-03-12"}]]


def test_old_workbook_with_hidden_row_and_column():
    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    for number in range(30):
        for column in range(4):
            sheet.write(number, column, f"格{number}-{column}")
    sheet.row(2).hidden = True
    sheet.col(1).hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    found = read(buffer.getvalue())
    assert (found.kind, found.sheets[0].rows[2][3]) == ("xls", "格2-3")
    assert (found.sheets[0].hidden_rows, found.sheets[0].hidden_columns) == ({2}, {1})


def test_web_page_that_calls_itself_xls():
    page = '<html><head><meta charset="gb2312"></head><table><tr><th colspan="2">名册</th></tr><tr><td>买买提&middot;江</td><td>&nbsp;</td></tr></table>'  # noqa: E501
    found = read(page.encode("gbk"))
    assert (found.kind, found.encoding, found.sheets[0].merges) == ("html", "gb2312", [(0, 0, 0, 1)])
    assert found.sheets[0].rows == [["名册", ""], ["买买提·江", "\u00a0"]]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gbk"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
    ],
)
def test_encodings(encoding: str, named: str):
    name = "段石松" if encoding == "gbk" else "𠮷䶮㛃"
    found = read(text([["姓名", "单位", "1", "2"], [name, "南沟,采矿", "3", "4"]] * 3, encoding))
    assert (found.encoding, found.sheets[0].rows[1]) == (named, [name, "南沟,采矿", "3", "4"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "，"])
def test_delimiters(delimiter: str):
    found: Book = read(text([["姓名", "特长", "单位"], ["段石松", "篮球/书法", "南沟"]], delimiter=delimiter))
    assert (found.delimiter, found.sheets[0].rows[1]) == (delimiter, ["段石松", "篮球/书法", "南沟"])


def test_lines_that_end_in_a_carriage_return_alone_and_breaks_inside_quotes():
    assert rows('姓名,备注\r段石松,"第一行\n第二行"\r'.encode()) == [["姓名", "备注"], ["段石松", "第一行\n第二行"]]


def test_sizes_that_a_reader_would_choke_on_are_refused(monkeypatch: pytest.MonkeyPatch):
    far = package(
        HEAD + SHEET + f'<sheetData>{ROW}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    wide = "".join(f'<c r="A1" t="inlineStr"><is><t>{n}</t></is></c>' for n in range(3))
    assert refusal(far) == "too_many_rows_or_columns"
    assert refusal(text([list("一") * 101])) == "too_many_rows_or_columns"
    assert len(rows(b"a\n" * limits.ROWS)) == limits.ROWS
    # Cut off in silence, those behind the limit would be taken for people who have left.
    assert refusal(b"a\n" * (limits.ROWS + 1)) == "too_many_rows_or_columns"
    merged = package(
        HEAD
        + SHEET
        + f'<sheetData>{ROW}</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    )
    assert refusal(merged) == "merge_too_large"
    assert rows(package(HEAD + SHEET + f'<sheetData><row r="1">{wide}</row></sheetData></worksheet>'))


def test_packages_that_unpack_too_far_are_refused():
    block = "<row>" + '<c t="inlineStr"><is><t>职工</t></is></c>' * 20 + "</row>"
    count = limits.UNPACKED_BYTES // len(block.encode()) + 1000
    assert (
        refusal(package(HEAD + SHEET + "<sheetData>" + block * count + "</sheetData></worksheet>"))
        == "unpacked_too_large"
    )
    long = '<c r="A2" t="inlineStr"><is><t>' + "A" * 40_000_000 + "</t></is></c>"
    assert (
        refusal(package(HEAD + SHEET + f'<sheetData>{ROW}<row r="2">{long}</row></sheetData></worksheet>'))
        == "cell_too_long"
    )
    shorter = long.replace("A" * 40_000_000, "A" * 32_768)
    assert (
        refusal(package(HEAD + SHEET + f'<sheetData>{ROW}<row r="2">{shorter}</row></sheetData></worksheet>'))
        == "cell_too_long"
    )


def test_document_types_are_refused():
    entities = '<!DOCTYPE worksheet [<!ENTITY a0 "哈"><!ENTITY a1 "&a0;&a0;">]>'
    assert refusal(package(HEAD + entities + SHEET + f"<sheetData>{ROW}</sheetData></worksheet>")) == "dtd"


def test_a_package_that_lies_about_its_size_is_refused():
    content = bytearray(package(HEAD + SHEET + f"<sheetData>{ROW * 50}</sheetData></worksheet>"))
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert refusal(bytes(content)) == "unpacked_too_large"


def test_a_million_styled_rows_are_passed_over():
    styled = "".join(f'<row r="{r}" s="1" customFormat="1"/>' for r in range(2, 300_000))
    assert len(rows(package(HEAD + SHEET + f"<sheetData>{ROW}{styled}</sheetData></worksheet>"))) == 1


def test_prefixed_markup_is_read_too():
    sheet = (
        (HEAD + SHEET + f"<sheetData>{ROW}</sheetData></worksheet>").replace("<c ", "<x:c ").replace("</c>", "</x:c>")
    )
    for tag in ("worksheet", "sheetData", "row", "is", "t"):
        sheet = sheet.replace(f"<{tag}", f"<x:{tag}").replace(f"</{tag}>", f"</x:{tag}>")
    assert rows(package(sheet.replace("xmlns=", "xmlns:x="))) == [["姓名"]]


def test_files_that_are_none():
    assert refusal(b"") == "empty_file"
    assert refusal(workbook(["姓名"])[:2000]) == "damaged"
    assert refusal("姓名,单位\n锟斤拷,锟斤拷\n".encode()) == "mojibake"
    assert refusal(b"%PDF-1.4 something") == "unsupported_format"
    assert refusal(b"%TSD-Header-###%" + bytes(4096)) == "cipher"
    assert refusal(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600)) == "damaged"
    assert refusal(b"x" * (limits.FILE_BYTES + 1)) == "file_too_large"
