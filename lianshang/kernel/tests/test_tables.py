"""Sheets as people hand them in, and what must be refused before it is opened."""

import gzip
import io
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter

from lianshang.kernel import parcels, tables
from lianshang.kernel.tables import Row, Unreadable

NOON = datetime.fromisoformat("2026-03-02T12:00")
SOON = 5  # seconds of processor time
KNOWN = {"受理编号", "企业名称", "诉求内容", "受理时间"}


def make_workbook(fill: Callable[[Any, Any], None], name: str = "台账") -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        fill(book, book.add_worksheet(name))
    return stream.getvalue()


def make_rows(*rows: list[Any]) -> bytes:
    def fill(book: Any, page: Any) -> None:
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)

    return make_workbook(fill)


def make_archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("___", "/_").replace("__", "/"), content)
    return stream.getvalue()


def with_text_in_its_sheet(text: bytes, ending: str = "xml") -> bytes:
    """A workbook with these bytes among the rows of its sheet, whose part has that ending."""
    content = make_rows(["受理编号", "诉求内容"], ["1", "用电"])
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        members = {name.replace("/", "__"): source.read(name) for name in source.namelist()}
    sheet = "xl__worksheets__sheet1.xml"
    members[sheet] = members[sheet].replace(b"</sheetData>", text + b"</sheetData>")
    relations = members["xl___rels__workbook.xml.rels"].replace(b"sheet1.xml", f"sheet1.{ending}".encode())
    members["xl___rels__workbook.xml.rels"] = relations
    members[f"xl__worksheets__sheet1.{ending}"] = members.pop(sheet)
    return make_archive(**members)


def recognise(cell: str) -> bool:
    return cell in KNOWN


def test_numbers_of_tickets_stay_whole_numbers():
    content = make_rows(["受理编号", "比例"], [99999, 0.5], ["0851", 12.25])

    sheet = tables.read(content)

    assert [row.cells for row in sheet.rows] == [("99999", "0.5"), ("0851", "12.25")]


def test_dates_of_excel_stay_dates():
    def fill(book: Any, page: Any) -> None:
        page.write_row(0, 0, ["受理时间", "答复时间"])
        page.write_datetime(1, 0, date(2026, 3, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
        page.write_datetime(1, 1, NOON, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))

    sheet = tables.read(make_workbook(fill))

    assert sheet.rows == (Row(2, (date(2026, 3, 2), NOON)),)


def test_headings_are_found_below_title_and_reporting_unit():
    def fill(book: Any, page: Any) -> None:
        page.merge_range(0, 0, 0, 2, "问题台账", book.add_format())
        page.write_row(1, 0, ["填报单位：某园区", "", "截至 2026 年 3 月"])
        page.write_row(2, 0, ["受理编号", "企业名称", "诉求内容"])
        page.write_row(3, 0, ["1", "甲公司", "用电"])

    sheet = tables.read(make_workbook(fill), recognise=recognise)

    assert (sheet.header_row, sheet.headings) == (3, ("受理编号", "企业名称", "诉求内容"))
    assert sheet.rows == (Row(4, ("1", "甲公司", "用电")),)


def test_blank_rows_are_skipped_but_numbered():
    content = "受理编号,诉求内容\n1,用电\n\n,\n2,用水\n".encode()

    sheet = tables.read(content)

    assert [row.number for row in sheet.rows] == [2, 5]


def test_repeated_headings_sums_and_signatures_are_no_rows():
    content = "受理编号,诉求内容\n1,用电\n受理编号,诉求内容\n2,用水\n合计,2\n填表人：某某,审核人：某某\n备注：共两件,\n".encode()

    sheet = tables.read(content, recognise=recognise)

    assert [row.cells[0] for row in sheet.rows] == ["1", "2"]


def test_merged_cells_stand_in_each_row():
    def fill(book: Any, page: Any) -> None:
        page.write_row(0, 0, ["企业名称", "诉求内容"])
        page.merge_range(1, 0, 3, 0, "甲公司", book.add_format())
        for at, text in enumerate(["用电", "用水", "用工"], 1):
            page.write(at, 1, text)

    sheet = tables.read(make_workbook(fill))

    assert [row.cells for row in sheet.rows] == [("甲公司", "用电"), ("甲公司", "用水"), ("甲公司", "用工")]


def test_head_of_two_rows_is_read_by_its_lower_row():
    def fill(book: Any, page: Any) -> None:
        plain = book.add_format()
        page.merge_range(0, 0, 1, 0, "受理编号", plain)
        page.merge_range(0, 1, 1, 1, "企业名称", plain)
        page.merge_range(0, 2, 0, 3, "诉求", plain)
        page.write_row(1, 2, ["诉求内容", "受理时间"])
        page.write_row(2, 0, ["1", "甲公司", "用电", "2026-03-02"])

    sheet = tables.read(make_workbook(fill), recognise=recognise)

    assert sheet.headings == ("受理编号", "企业名称", "诉求内容", "受理时间")
    assert [row.number for row in sheet.rows] == [3]


def test_sheet_that_begins_away_from_the_corner_keeps_its_row_numbers_and_columns():
    def fill(book: Any, page: Any) -> None:
        page.write_row(3, 2, ["受理编号", "诉求内容"])
        page.write_row(4, 2, ["1", "用电"])

    sheet = tables.read(make_workbook(fill), recognise=recognise)

    assert sheet.headings == ("", "", "受理编号", "诉求内容")
    assert sheet.rows == (Row(5, ("", "", "1", "用电")),)


def test_sheet_with_known_headings_is_taken_before_the_first():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet("填表说明").write_row(0, 0, ["请按", "要求填"])
        book.add_worksheet("台账").write_row(0, 0, ["受理编号", "诉求内容"])

    chosen = tables.read(stream.getvalue(), recognise=recognise)

    assert chosen.name == "台账"


def test_unknown_sheet_is_refused_with_the_names_that_are_there():
    with pytest.raises(Unreadable, match="只有：台账"):
        tables.read(make_rows(["甲", "乙"]), sheet="明细")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("wrap", [bytes, gzip.compress])
def test_csv_is_read_in_every_usual_encoding_and_wrapping(encoding: str, wrap: Callable[[bytes], bytes]):
    content = wrap("受理编号,诉求内容\n1,“用电”㐂\n".encode(encoding))

    sheet = tables.read(content, "台账.csv")

    assert sheet.headings == ("受理编号", "诉求内容")
    assert sheet.rows == (Row(2, ("1", "“用电”㐂")),)


def test_gzipped_workbook_is_read(tmp_path):
    path = tmp_path / "台账.xlsx.gz"
    path.write_bytes(gzip.compress(make_rows(["受理编号", "诉求内容"], ["1", "用电"])))

    assert tables.read(path).rows == (Row(2, ("1", "用电")),)


def test_row_of_a_csv_counts_as_one_whatever_lines_its_text_has():
    content = '受理编号,诉求内容\n1,"第一行\n\n第二行"\n2,用水\n'.encode()

    sheet = tables.read(content)

    assert sheet.rows == (Row(2, ("1", "第一行\n第二行")), Row(3, ("2", "用水")))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("\n\t\t\t用电\u3000紧张\xa0\n\n\t", "用电 紧张"),
        ("第一行_x000D_\n第二行", "第一行\n第二行"),
        ("电话１２３，编号ＡＢ", "电话123，编号AB"),
        ("\ufeff\u200b甲\x00乙\x07", "甲乙"),
    ],
)
def test_text_is_cleaned(typed: str, meant: str):
    assert tables.clean(typed) == meant


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (199, "GR"), (702, "AAA")])
def test_columns_have_letters(index: int, letters: str):
    assert tables.letter(index) == letters


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的"),
        (b" \n ", "文件是空的"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "图片"),
        (b"<html><table></table></html>", "网页格式"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (b"PK\x03\x04 broken", "已损坏"),
        (b"\x1f\x8b broken", "压缩包"),
        (gzip.compress(b"a,b\n1,2\n" * 1000)[:-20], "不完整"),
        (b"\x00\x01\x02", "不是文本"),
        (b"\xff\xff\xff\xff", "认不出文字编码"),
        ("受理编号,诉求内容\n".encode() + b'1,"abc\n2,def\n', "引号没有成对"),
        (("一二三四五六七八九十" * 9).encode() + b"\xff", "损坏的字符"),
        (make_archive(word__document=b"<w/>"), "不是 Excel 工作簿"),
        (make_archive(xl__workbook=b"nonsense"), "已损坏"),
        (",".join(map(str, range(201))).encode(), "超过 200 列"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(content: bytes, sentence: str):
    with pytest.raises(Unreadable, match=sentence):
        tables.read(content)


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(Unreadable, match="打不开文件"):
        tables.read(tmp_path / "没有.csv")


def test_archive_that_unfolds_too_far_is_refused():
    zeros = make_archive(**{"xl__sheet.xml": b"\0" * (60 * 2**20)})

    with pytest.raises(Unreadable, match="解压后过大"):
        tables.read(zeros)


def test_archive_that_lies_about_its_size_is_refused(monkeypatch):
    monkeypatch.setattr(parcels, "MOST_UNPACKED", 2**20)
    honest = make_archive(**{"xl__sheet.xml": b"\0" * (2 * 2**20)})
    true_size, claimed = (2 * 2**20).to_bytes(4, "little"), (1000).to_bytes(4, "little")

    with pytest.raises(Unreadable, match="解压后过大"):
        tables.read(honest.replace(true_size, claimed))


def test_gzip_that_unfolds_too_far_is_refused(monkeypatch):
    monkeypatch.setattr(parcels, "MOST_BYTES", 1000)

    with pytest.raises(Unreadable, match="解压后过大"):
        tables.read(gzip.compress(b"a,b\n" * 1000))


@pytest.mark.parametrize("far", [(1_048_575, 0), (0, 300)])
def test_cell_at_the_end_of_the_sheet_is_refused_before_it_is_laid_out(far: tuple[int, int]):
    def fill(book: Any, page: Any) -> None:
        page.write(0, 0, "甲")
        page.write(*far, "乙")

    with pytest.raises(Unreadable, match="很远的行或列"):
        tables.read(make_workbook(fill))


@pytest.mark.parametrize(
    "text",
    [
        b"<!-- r='CC " + b"<c " * 100_000 + b" -->",
        b"<!-- " + b"<c " * 100_000 + b"/> <f </c> -->",
        b"<!-- <c" + b" r='GZ1'" * 40 + b"/> -->",
    ],
)
def test_tags_without_end_take_no_time(text: bytes):
    content = with_text_in_its_sheet(text)
    began = time.process_time()

    tables.read(content)

    assert time.process_time() - began < SOON


@pytest.mark.parametrize("place", [b'r ="XFD60000"', b"r\n=\n'XFD60000'", b'r="xfd60000"'])
def test_far_cell_is_refused_however_its_place_is_written(place: bytes):
    with pytest.raises(Unreadable, match="很远的行或列"):
        tables.read(with_text_in_its_sheet(b'<row r="3"><c ' + place + b"><v>1</v></c></row>"))


@pytest.mark.parametrize("ending", ["dat", "XML", "png"])
def test_sheet_under_another_ending_is_refused(ending: str):
    with pytest.raises(Unreadable, match="已损坏"):
        tables.read(with_text_in_its_sheet(b'<row r="3"><c r="XFD60000"><v>1</v></c></row>', ending))


@pytest.mark.parametrize("hides", [b" " * 500, b'x=">" ', b"x='<' ", b'a="1" x="<a>" '])
def test_tag_that_no_program_writes_is_refused(hides: bytes):
    with pytest.raises(Unreadable, match="已损坏"):
        tables.read(with_text_in_its_sheet(b'<row r="3"><c ' + hides + b'r="XFD60000"><v>1</v></c></row>'))


def test_format_at_the_end_of_the_sheet_does_no_harm():
    def fill(book: Any, page: Any) -> None:
        page.write_row(0, 0, ["受理编号", "诉求内容"])
        page.write_blank(0, 16_000, None, book.add_format({"bold": True}))

    assert tables.read(make_workbook(fill)).headings == ("受理编号", "诉求内容")
