"""The 问题台账 as a file: its columns and frame, texts that stay texts, what is masked, what never is in it."""

import io
from dataclasses import MISSING, fields, replace
from datetime import date
from zipfile import ZipFile

import openpyxl
import pytest
from django.db import IntegrityError, transaction

from lianshang.cases import ledger_columns, masking, services
from lianshang.cases.models import Case, ExportJob, LedgerExport
from lianshang.cases.services import export_jobs
from lianshang.cases.tests.desks import at_desk, hidden, words
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, ZONE, Town, make_actor
from lianshang.kernel.refusals import Hidden, Refused

NOW = MONDAY + 20 * DAY
COLUMNS = [
    "序号", "受理编号", "受理时间", "来源渠道", "企业名称", "所属产业链", "诉求类型", "诉求内容摘要", "紧急程度", "首办单位", "首办责任人", "主办单位",
    "协办单位", "包联领导", "办理时限", "延期情况", "办理进展", "办理结果", "反馈时间", "办结时间", "办结类型", "满意度", "是否销号", "备注",
]  # fmt: skip
PHONE, IDENTITY = "13987654321", "520203199003071234"


def workbook(job: ExportJob) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(bytes(ExportJob.objects.get(pk=job.pk).content)))


def taken_out(town: Town, query: str = "", who: str = "dispatcher", **more: object) -> openpyxl.Workbook:
    return workbook(export_jobs.ask("ledger", query, actor=getattr(town, who), at=NOW, **more))


def rows(book: openpyxl.Workbook) -> list[dict[str, object]]:
    heads, *lines = book["数据"].values
    return [dict(zip(heads, line, strict=True)) for line in lines]


def closed(town: Town, **more: object) -> Case:
    case = services.co_sign(town.signed(co=True, **more), actor=town.co_liaison, at=MONDAY + 2 * HOUR)
    case = services.co_answer(case, actor=town.co_liaison, at=MONDAY + 3 * HOUR, note="道路部分已经清理完毕。")
    case = services.answer(case, actor=town.liaison, at=MONDAY + DAY, note="已更换灯具 12 盏，今晚恢复照明。")
    return services.confirm(case, actor=town.holder(case), at=MONDAY + 2 * DAY, grade="satisfied")


def test_columns_stand_in_the_order_of_the_ledger(town: Town):
    closed(town)

    book = taken_out(town)

    assert [cell.value for cell in book["问题台账"][3]] == COLUMNS
    assert list(next(book["数据"].values)) == COLUMNS


def test_a_closed_case_says_all_that_is_known(town: Town):
    case = closed(town, category="照明", channel="phone")

    line = rows(taken_out(town))[0]

    assert line | {"办理时限": None, "办理进展": None} == dict(zip(COLUMNS, (
        1, case.number, line["受理时间"], "电话", "示范焦化有限公司", None, "照明", case.title, "普通", "交通运输局", "李路",
        "交通运输局", "综合行政执法局", None, None, None, None, "已更换灯具 12 盏，今晚恢复照明。", line["反馈时间"],
        line["办结时间"], "已解决", "满意", "是", None,
    ), strict=True))  # fmt: skip
    days = ("受理时间", "反馈时间", "办结时间")
    assert [line[name].date() for name in days] == [date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4)]


def test_sheet_to_print_has_its_frame(town: Town):
    for n in range(3):
        town.whistle(MONDAY + n * HOUR)
    town.whistle(MONDAY + 4 * HOUR, enterprise=None, enterprise_name="另一家公司")

    page = taken_out(town, "order=oldest")["问题台账"]

    merged = {str(one) for one in page.merged_cells.ranges}
    assert merged == {"A1:X1", "A2:L2", "M2:X2", "E4:E6"}
    assert page["A1"].value == "LZ 示范园区问题台账"
    assert page["A2"].value == "填报单位：综合党委办公室"
    assert page["M2"].value == "统计截止时间：2026-11-22 09:30　单位：件"
    assert (page["A1"].alignment.horizontal, page["M2"].alignment.horizontal) == ("center", "right")
    assert page.freeze_panes == "C4"
    assert (page.print_title_rows, page.page_setup.orientation, page.page_setup.paperSize) == (
        "$3:$3",
        "landscape",
        8,
    )
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
    assert page.oddFooter.center.text == "第 &P 页 共 &N 页"
    assert [page.cell(line, 1).value for line in range(4, 9)] == [1, 2, 3, 4, "合计"]
    assert page["B8"].value == "4 件"
    head = page["A3"]
    assert (head.font.bold, head.alignment.wrap_text, head.border.left.style) == (True, True, "thin")


def test_raw_sheet_has_nothing_merged_and_real_dates(town: Town):
    closed(town)

    page = taken_out(town)["数据"]

    assert not page.merged_cells.ranges
    assert (page.freeze_panes, page.auto_filter.ref) == ("C2", "A1:X2")
    assert page["C2"].is_date
    assert page["C2"].number_format == "yyyy-mm-dd"
    assert page["B2"].data_type == "s"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\n=", "＝"])
def test_no_text_becomes_a_formula(town: Town, start: str):
    Case.objects.filter(pk=town.whistle().pk).update(title=f"{start}1+1")
    job = export_jobs.ask("ledger", "", actor=town.dispatcher, at=NOW)

    assert rows(workbook(job))[0]["诉求内容摘要"] == f"'{start}1+1"
    with ZipFile(io.BytesIO(bytes(job.content))) as archive:
        assert not any(b"<f" in archive.read(name) for name in archive.namelist() if "worksheets" in name)


def test_personal_data_are_masked_unless_for_a_purpose(town: Town):
    town.whistle(text=f"请打 {PHONE} 找张伟，身份证 {IDENTITY}。", contact_phone=PHONE, contact_name="张伟")
    Case.objects.update(title=f"请打 {PHONE}，身份证 {IDENTITY}")

    hidden_one, open_one = taken_out(town), taken_out(town, unmasked=True, purpose="按计划电话回访")

    assert rows(hidden_one)[0]["诉求内容摘要"] == "请打 139****4321，身份证 520***********1234"
    assert [cell.value for cell in hidden_one["联系方式"][2]][4:] == ["张*", "139****4321"]
    assert PHONE in rows(open_one)[0]["诉求内容摘要"]
    assert [cell.value for cell in open_one["联系方式"][2]][4:] == ["张伟", PHONE]
    assert open_one["联系方式"]["F2"].data_type == "s"


def test_masking_leaves_other_numbers_alone():
    said = "订单 20251234567890123456，2025-03-04 13:00，产值 13800.5 万元，编号 2026-0123"

    assert masking.text(said) == said
    assert masking.text("座机 0858-5312345，邮箱 a.b@c.cn") == "座机 085****2345，邮箱 a***@***"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("电话１３８１２３４５６７８，谢谢", "电话138****5678，谢谢"),
        ("138.1234.5678", "138****5678"),
        ("138－1234－5678", "138****5678"),
        ("1381 234 5678", "138****5678"),
        ("(0858)5310000", "085****0000"),
        ("（0858）5310000 转 2", "085****0000 转 2"),
        ("0858 5310000", "085****0000"),
        ("08585310000", "085****0000"),
        ("0858—5310000", "085****0000"),
        ("0858-531-0000", "085****0000"),
        ("010-62345678", "010****5678"),
        ("电话：5310000", "电话：*******"),
        ("卡号 6222 0212 3456 7890 128", "卡号 622****0128"),
        ("４１１１１１１１１１１１１１１１", "411****1111"),
        ("身份证520203 19900307 123x。", "身份证520***********123x。"),
        ("邮箱ａ.b＠c.cn谢谢", "邮箱a***@***谢谢"),
    ],
)
def test_numbers_are_hidden_however_they_are_typed(typed: str, shown: str):
    assert masking.text(typed) == shown


def test_what_is_not_hidden_stays_as_it_was_typed():
    said = "ＡＢＣ（①２㎡）—订单４１１１１１１１１１１１１１１２，02-0858 号，0.13 万元；共 2025 1103 次"

    assert masking.text(said) == said
    assert [masking.name(one) for one in ("", "王", "王伟", "欧阳建国")] == ["", "王", "王*", "欧**"]


def test_old_words_are_masked_too_and_who_is_anonymous_is_not_led_to():
    words_of = dict.fromkeys(ledger_columns.KEPT, f"找 {PHONE}")
    kept = facts(said=words_of, chain="煤化工", contact_officer="李主任")

    for anonymous in (False, True):
        line = ledger_columns.row(replace(kept, anonymous=anonymous), 1, ZONE)
        assert not any(PHONE in str(value) for value in line)
        told = dict(zip(COLUMNS, line, strict=True))
        led = (told["所属产业链"], told["包联领导"])
        assert led == (("—", "—") if anonymous else ("找 139****4321", "李主任"))


def facts(**more: object) -> ledger_columns.Facts:
    plain = dict.fromkeys((one.name for one in fields(ledger_columns.Facts) if one.default is MISSING), "")
    known = {"registered_at": MONDAY, "closed_at": None, "state": "dispatched", "anonymous": False, "rework_count": 0}
    known |= {"events": (), "said": {}, "co_units": ()}
    return ledger_columns.Facts(**plain | known | more)


def test_unmasked_needs_the_right_and_a_purpose(town: Town):
    with pytest.raises(Hidden):
        taken_out(town, who="auditor", unmasked=True, purpose="按计划电话回访")
    with pytest.raises(Refused):
        taken_out(town, unmasked=True, purpose=" ")

    client = at_desk(town.dispatcher)
    assert client.post("/cases/export/unmasked/", {"purpose": "嗯"}).status_code == 422
    assert at_desk(town.auditor).get("/cases/export/unmasked/").status_code == 404
    assert not LedgerExport.objects.exists()


def test_complaints_and_drafts_are_never_in_it(town: Town):
    town.whistle(nature="complaint")
    services.note_down(services.Whistle(text="电话记录，待核实。"), actor=town.dispatcher, at=MONDAY)

    for who in ("dispatcher", "head", "complaints", "auditor"):
        assert rows(taken_out(town, who=who)) == []


def test_what_is_shown_goes_out_in_its_order(town: Town):
    first, second = town.whistle(MONDAY), town.whistle(MONDAY + HOUR)
    town.signed(MONDAY + 2 * HOUR)

    numbers = [line["受理编号"] for line in rows(taken_out(town, "state=sent&order=oldest"))]

    assert numbers == [first.number, second.number]


def test_units_take_out_their_own_cases_alone(town: Town):
    mine = town.signed()
    town.whistle(MONDAY + HOUR)

    assert [line["受理编号"] for line in rows(taken_out(town, who="liaison"))] == [mine.number]


def test_each_sheet_is_put_on_a_record_that_cannot_be_changed(town: Town):
    town.whistle()
    export_jobs.ask("ledger", "state=open", actor=town.dispatcher, at=NOW, unmasked=True, purpose="按计划电话回访")

    kept = LedgerExport.objects.get()
    assert (kept.person, kept.rows, kept.unmasked, kept.purpose) == (town.dispatcher.person, 1, True, "按计划电话回访")
    assert kept.narrowed_to == "在办"
    for change in (lambda: LedgerExport.objects.update(purpose=""), lambda: LedgerExport.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    audit = make_actor(town.park, "计核", "audit_admin", town.office)
    assert "按计划电话回访" in words(at_desk(audit).get("/exports/"))
    assert "导出问题台账 1 件，未遮盖（在办）" in words(at_desk(audit).get("/audit/?kind=export"))
    assert "按计划电话回访" not in words(at_desk(town.liaison).get("/exports/"))


def test_list_and_desk_go_out_in_one_click_from_their_page(town: Town):
    case = town.whistle()
    town.whistle(nature="complaint")
    client = at_desk(town.dispatcher)

    for address, sheet in (("/cases/?state=open", "问题台账"), ("/desk/", "收件箱")):
        sent = hidden(client.get(address))
        job = client.post("/cases/export/", sent)["Location"]
        assert "已生成，共 1 件" in words(client.get(job))
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"{job}file/").content))
        assert book.sheetnames[0] == sheet
        assert book["数据"]["B2"].value == case.number
        assert at_desk(town.head).get(f"{job}file/").status_code == 404


def test_old_records_show_what_their_ledger_said():
    kept = "办理进展：已安排\n第二行\n主办单位：供水公司\n满意度：满意"

    assert ledger_columns.parted(kept) == {"progress": "已安排\n第二行", "unit": "供水公司", "satisfaction": "满意"}
