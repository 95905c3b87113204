"""派单目录: drafts, editions in force from a day, sheets in and out, and who may change it."""

import io
from datetime import date, timedelta

import pytest
import python_calamine as calamine
import xlsxwriter
from django.utils import timezone

from lianshang.cases import catalogue, catalogue_sheet
from lianshang.cases.models import CatalogueEntry, CatalogueVersion
from lianshang.cases.services import catalogue as services
from lianshang.cases.services.catalogue import Matter
from lianshang.cases.tests.desks import at_desk
from lianshang.cases.tests.factories import DAY, MONDAY, Town
from lianshang.directory.models import Unit
from lianshang.kernel.refusals import Hidden, Refused

KINDS = ("咨询", "一般", "复杂")
HEAD = ["事项", "别名和关键词", "主办单位", "协办单位", "权责依据", "限时类别"]


def lamps(town: Town, **more: object) -> Matter:
    return Matter("道路照明", town.lead, "城市道路管理条例", **({"words": ("路灯", "照明")} | more))


def published(town: Town, *matters: Matter, since: date | None = None) -> CatalogueVersion:
    services.fill_draft(matters or [lamps(town)], actor=town.dispatcher, at=MONDAY)
    return services.publish(since=since or MONDAY.date(), actor=town.dispatcher, at=MONDAY)


def sheet(*rows: list[str], head: list[str] = HEAD) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    page = book.add_worksheet()
    for place, row in enumerate([head, *rows]):
        page.write_row(place, 0, row)
    book.close()
    return content.getvalue()


def units() -> list[Unit]:
    return list(Unit.objects.order_by("pk"))


def test_draft_says_nothing_until_it_is_published(town: Town):
    services.save_entry(lamps(town), actor=town.dispatcher, at=MONDAY)

    assert catalogue.in_force(MONDAY.date()) is None
    services.publish(since=MONDAY.date(), actor=town.dispatcher, at=MONDAY)
    assert catalogue.in_force(MONDAY.date()).number == 1


def test_edition_is_in_force_from_its_day_and_the_earlier_one_until_then(town: Town):
    first = published(town)
    later = MONDAY.date() + timedelta(days=7)
    second = published(town, lamps(town, co_units=(town.co,)), since=later)

    assert catalogue.in_force(later - timedelta(days=1)) == first
    assert catalogue.in_force(later) == second
    assert [entry.co_units.count() for entry in CatalogueEntry.objects.order_by("version")] == [0, 1]


def test_draft_begins_with_what_is_in_force(town: Town):
    published(town, lamps(town, co_units=(town.co,), kind="复杂"))

    draft = services.open_draft(actor=town.dispatcher, at=MONDAY)

    assert [services.matter_of(entry) for entry in catalogue.entries(draft)] == [
        lamps(town, co_units=(town.co,), kind="复杂")
    ]
    assert services.open_draft(actor=town.dispatcher, at=MONDAY) == draft


def test_entry_dropped_moves_the_others_up(town: Town):
    for name in ("甲", "乙", "丙"):
        services.save_entry(Matter(name, town.lead, "条例"), actor=town.dispatcher, at=MONDAY)

    services.drop_entry("乙", actor=town.dispatcher, at=MONDAY)

    entries = catalogue.entries(services.open_draft(actor=town.dispatcher, at=MONDAY))
    assert [(entry.position, entry.matter) for entry in entries] == [(1, "甲"), (2, "丙")]


def test_form_changes_its_own_entry_after_a_colleague_dropped_another(town: Town):
    for name in ("甲", "乙", "丙", "丁"):
        services.save_entry(Matter(name, town.lead, "条例"), actor=town.dispatcher, at=MONDAY)
    client = at_desk(town.dispatcher)
    page = client.get("/settings/catalogue/draft/3/")
    assert page.context["was"] == "丙"
    services.drop_entry("乙", actor=town.administrator, at=MONDAY)
    told = {"was": "丙", "matter": "丙改", "words": "", "lead": town.co.pk, "basis": "条例", "kind": ""}

    assert client.post("/settings/catalogue/draft/3/", told).status_code == 302
    refused = client.post("/settings/catalogue/draft/3/", told)

    assert [entry.matter for entry in CatalogueEntry.objects.order_by("position")] == ["甲", "丙改", "丁"]
    assert "草稿里已没有“丙”" in refused.content.decode()
    assert client.post("/settings/catalogue/draft/9/", {"do": "drop"}).status_code == 404


def test_catalogue_longer_than_can_be_looked_through_is_refused(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(catalogue, "MOST", 1)
    services.save_entry(lamps(town), actor=town.dispatcher, at=MONDAY)

    with pytest.raises(Refused, match="最多 1 条"):
        services.save_entry(Matter("税费", town.other, "条例"), actor=town.dispatcher, at=MONDAY)
    with pytest.raises(Refused, match="最多 1 条"):
        published(town, lamps(town), Matter("税费", town.other, "条例"))


def test_nothing_comes_into_force_backwards_empty_or_with_a_unit_out_of_use(town: Town):
    with pytest.raises(Refused, match="没有草稿"):
        services.publish(since=MONDAY.date(), actor=town.dispatcher, at=MONDAY)
    services.open_draft(actor=town.dispatcher, at=MONDAY)
    with pytest.raises(Refused, match="还没有条目"):
        services.publish(since=MONDAY.date(), actor=town.dispatcher, at=MONDAY)
    services.save_entry(lamps(town), actor=town.dispatcher, at=MONDAY)
    with pytest.raises(Refused, match="不能早于今天"):
        services.publish(since=(MONDAY - DAY).date(), actor=town.dispatcher, at=MONDAY)
    Unit.objects.filter(pk=town.lead.pk).update(is_active=False)
    with pytest.raises(Refused, match="已停用"):
        services.publish(since=MONDAY.date(), actor=town.dispatcher, at=MONDAY)


def test_only_those_who_set_the_park_change_the_catalogue(town: Town):
    for actor in (town.liaison, town.head, town.auditor, town.complaints):
        with pytest.raises(Hidden):
            services.save_entry(lamps(town), actor=actor, at=MONDAY)


def test_sheet_goes_out_and_comes_in_as_it_was(town: Town):
    version = published(
        town, lamps(town, co_units=(town.co,), kind="一般"), Matter("税费", town.other, "税收征收管理法")
    )

    content = catalogue_sheet.written(catalogue.entries(version), units(), KINDS)
    matters, faults = catalogue_sheet.read(content, "目录", units(), KINDS)

    assert faults == []
    assert matters == [services.matter_of(entry) for entry in catalogue.entries(version)]


def test_template_without_entries_has_headings_and_the_units(town: Town):
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(catalogue_sheet.written([], units(), KINDS)))

    assert book.get_sheet_by_name("派单目录").to_python()[0] == HEAD
    assert {row[0] for row in book.get_sheet_by_name("单位").to_python()} >= {unit.name for unit in units()}


def test_faults_of_a_sheet_stand_at_their_cells(town: Town):
    rows = [
        ["道路照明", "路灯", town.lead.name, town.lead.name, "条例", "特急"],
        ["", "", "无此单位", "", "条例", ""],
        ["道路照明", "", town.lead.name, "", "", ""],
    ]

    matters, faults = catalogue_sheet.read(sheet(*rows), "目录", units(), KINDS)

    assert matters == []
    assert [(fault.cell, fault.column) for fault in faults] == [
        ("D2", "协办单位"), ("F2", "限时类别"), ("A3", "事项"), ("C3", "主办单位"), ("E4", "权责依据"), ("A4", "事项"),
    ]  # fmt: skip
    assert "与第 2 行同名" in faults[-1].message


def test_pages_take_an_entry_and_a_sheet_and_publish(town: Town):
    client = at_desk(town.dispatcher)
    client.post("/settings/catalogue/draft/", {"do": "open"})
    told = {"matter": "道路照明", "words": "路灯，照明", "lead": town.lead.pk, "basis": "条例", "kind": ""}

    assert client.post("/settings/catalogue/draft/new/", told).status_code == 302
    assert CatalogueEntry.objects.get().words == "路灯、照明"
    upload = io.BytesIO(sheet(["税费", "退税", town.other.name, "", "税收征收管理法", ""]))
    upload.name = "目录.xlsx"
    assert client.post("/settings/catalogue/upload/", {"file": upload}).status_code == 302
    assert [entry.matter for entry in CatalogueEntry.objects.all()] == ["税费"]
    today = timezone.localdate().isoformat()
    assert client.post("/settings/catalogue/draft/", {"do": "publish", "since": today}).status_code == 302
    assert "税费" in client.get("/settings/catalogue/").content.decode()


def test_faulty_sheet_changes_nothing_and_the_page_names_the_cell(town: Town):
    client = at_desk(town.dispatcher)
    services.save_entry(lamps(town), actor=town.dispatcher, at=MONDAY)
    upload = io.BytesIO(sheet(["税费", "退税", "无此单位", "", "税收征收管理法", ""]))
    upload.name = "目录.xlsx"

    answer = client.post("/settings/catalogue/upload/", {"file": upload})

    assert answer.status_code == 422
    assert "C2" in answer.content.decode()
    assert [entry.matter for entry in CatalogueEntry.objects.all()] == ["道路照明"]
