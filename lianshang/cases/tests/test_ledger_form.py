"""The form to fill in, and the copy of a user's own file: what is offered, what is not imported, what is marked."""

import io
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lianshang.cases import importing, ledger_form, marked_copy, presets
from lianshang.cases.headings import FIELDS
from lianshang.cases.ledger_rows import CellError
from lianshang.cases.models import ImportJob
from lianshang.cases.services import import_jobs
from lianshang.cases.tests.desks import at_desk, words
from lianshang.cases.tests.factories import MONDAY, ZONE, Town
from lianshang.kernel import children, parcels
from lianshang.kernel.refusals import Refused

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)


@pytest.fixture
def form(town: Town) -> openpyxl.Workbook:
    answer = at_desk(town.dispatcher).get("/import/form/")
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def saved(book: openpyxl.Workbook) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def judged(content: bytes):
    ledger = importing.opened(content, "填好的.xlsx")
    return importing.judged(ledger, profile=presets.preset("default"), zone=ZONE, at=NOW)


def test_form_offers_the_words_of_the_park(form: openpyxl.Workbook):
    rules = {str(rule.sqref)[0]: rule for rule in form["填报"].data_validations.dataValidation}
    at = {field.name: chr(65 + place) for place, field in enumerate(ledger_form.FIELDS)}

    assert {rules[at[name]].type for name in ("nature", "kind", "urgency", "unit", "enterprise")} == {"list"}
    assert (rules[at["urgency"]].errorStyle or "stop", rules[at["unit"]].errorStyle) == ("stop", "information")
    assert (rules[at["asked_at"]].type, form["填报"].column_dimensions[at["phone"]].number_format) == ("custom", "@")
    assert form["名单"].sheet_state == "hidden"
    assert "交通运输局" in [cell.value for line in form["名单"] for cell in line]


def test_every_heading_of_the_form_is_known_and_its_example_is_not_imported(form: openpyxl.Workbook):
    page = form["填报"]
    at = {field.name: place + 1 for place, field in enumerate(ledger_form.FIELDS)}
    for name, value in {"number": "A1", "asked_at": datetime(2026, 3, 4), "title": "路灯不亮"}.items():  # noqa: DTZ001
        page.cell(3, at[name]).value = value

    parsed = judged(saved(form))

    assert set(at) <= set(FIELDS)
    assert [(draft.number, draft.title, draft.row) for draft in parsed.drafts] == [("A1", "路灯不亮", 3)]
    assert (parsed.errors, parsed.hints) == ([], [])


def test_copy_of_a_csv_is_a_workbook_with_the_same_values():
    content = "编号,标题,提出时间\n=1,路灯,三月四日\n007,用电,2026-03-04\n".encode("gb18030")
    wrong = CellError(2, "提出时间", "三月四日", "认不出日期时间", "C2")

    book = openpyxl.load_workbook(io.BytesIO(marked_copy.marked(content, "旧台账", [wrong], [])))

    page = book["旧台账"]
    assert [[cell.value for cell in line] for line in page] == [
        ["编号", "标题", "提出时间"], ["=1", "路灯", "三月四日"], ["007", "用电", "2026-03-04"],
    ]  # fmt: skip
    assert page["A2"].data_type == "s" or page["A2"].data_type == "inlineStr"
    assert page["C2"].comment.text == "提出时间：认不出日期时间"
    assert [cell.value for cell in book["导入问题"][2]][:3] == [2, "C2", "提出时间"]


def test_copy_is_written_anew_where_only_a_side_part_is_broken():
    book = openpyxl.Workbook()
    book.active.append(["标题", "提出时间"])
    book.active.append(["路灯", "三月四日"])
    content, broken = saved(book), io.BytesIO()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(broken, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, b"<a><" if name == "docProps/core.xml" else source.read(name))

    wrong = CellError(2, "提出时间", "三月四日", "认不出日期时间", "B2")
    copy = openpyxl.load_workbook(io.BytesIO(marked_copy.marked(broken.getvalue(), book.active.title, [wrong], [])))

    assert copy[book.active.title]["B2"].comment.text == "提出时间：认不出日期时间"


def test_copy_keeps_formats_widths_and_other_sheets():
    book = openpyxl.Workbook()
    page = book.active
    page.append(["标题", "提出时间"])
    page.append(["路灯", "三月四日"])
    page["A2"].font = openpyxl.styles.Font(bold=True)
    page.column_dimensions["A"].width = 33
    book.create_sheet("说明")["A1"] = "别动"

    wrong = CellError(2, "提出时间", "三月四日", "认不出日期时间", "B2")
    copy = openpyxl.load_workbook(io.BytesIO(marked_copy.marked(saved(book), page.title, [wrong], [])))

    kept = copy[page.title]
    assert (kept["A2"].font.bold, kept.column_dimensions["A"].width) == (True, 33)
    assert copy.sheetnames == [page.title, "说明", "导入问题"]


def test_copy_is_downloaded_from_the_page(town: Town):
    client = at_desk(town.dispatcher)
    content = "编号,标题,提出时间\nA1,路灯,三月四日\nA2,用电,2026-03-04\n".encode()
    page = client.post("/import/", {"file": SimpleUploadedFile("旧 台账.csv", content)})["Location"]
    fields = client.get(page).context["form"]
    client.post(f"{page}match/", {name: fields[name].value() or "" for name in fields.fields} | {"profile": "default"})

    answer = client.get(f"{page}marked/")

    assert openpyxl.load_workbook(io.BytesIO(answer.content))["旧 台账"]["C2"].comment
    assert "下载标出问题的副本" in words(client.get(page))
    assert at_desk(town.administrator).get(f"{page}marked/").status_code == 404


def test_unknown_unit_is_a_hint_that_does_not_stand_in_the_way(town: Town):
    client = at_desk(town.dispatcher)
    content = "编号,标题,提出时间,主办单位\nA1,路灯,2026-03-04,供水公司\n".encode()
    page = client.post("/import/", {"file": SimpleUploadedFile("a.csv", content)})["Location"]
    fields = client.get(page).context["form"]
    client.post(f"{page}match/", {name: fields[name].value() or "" for name in fields.fields} | {"profile": "default"})

    assert "园区里没有这个单位" in words(client.get(page))
    assert client.post(f"{page}store/").status_code == 302
    assert ImportJob.objects.get().stage == "done"


def bomb(claimed: int | None = None) -> bytes:
    """A workbook that unfolds to 60 MB out of some 60 kB."""
    kept = io.BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60 * 2**20)
    content = kept.getvalue()
    if claimed is not None:
        size = (60 * 2**20).to_bytes(4, "little")
        content = content.replace(size, claimed.to_bytes(4, "little"))
    return content


@pytest.mark.parametrize("claimed", [None, 1000])
def test_zip_bomb_is_refused_whatever_it_claims(town: Town, claimed: int | None):
    with pytest.raises(Refused, match="解压后过大"):
        import_jobs.open_job("a.xlsx", bomb(claimed), actor=town.dispatcher, at=MONDAY)
    assert len(bomb()) < parcels.FREE // parcels.MOST_RATIO


def test_child_is_told_the_database_of_this_process(town: Town):
    assert children.address().split(":")[0] in ("sqlite", "postgresql", "postgres")
