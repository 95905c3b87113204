"""A ledger of 5,000 rows with 200 faults: each is found at its cell, none is invented, and the import goes out exactly."""

import io
from dataclasses import astuple
from datetime import datetime

import openpyxl
import pytest

from lianshang.cases import books, importing, ledger_columns, ledger_facts, marked_copy, mechanism, services
from lianshang.cases.forms.ledger_filter import LedgerFilter
from lianshang.cases.models import Case
from lianshang.cases.tests import faulty_ledger
from lianshang.cases.tests.factories import MONDAY, ZONE, Town

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)
ROWS, PLANTS, SEED = 5_000, 200, 2026


@pytest.fixture(scope="module")
def faulty():
    """The file and what was planted in it."""
    return faulty_ledger.make(ROWS, PLANTS, SEED)


def judged(town, content):
    ledger = importing.opened(content, "旧台账.xlsx")
    version = mechanism.named("", actor=town.system, at=NOW)
    profile = books.profile_of(version.pk)
    units = frozenset(faulty_ledger.UNITS)
    return ledger, importing.judged(ledger, profile=profile, zone=town.park.zoneinfo, at=NOW, units=units), version


def places(found):
    return {error.cell or str(error.row) for error in found}


def ledger_sheet():
    """The whole ledger as the sheet says it."""
    rows = LedgerFilter(None, {}).narrowed(Case.objects.open_ledger(), NOW).order_by("-registered_at", "-id")
    told = ledger_facts.told(list(rows.values_list("pk", flat=True)))
    return [ledger_columns.row(facts, number, ZONE, unmasked=True) for number, facts in enumerate(told, 1)]


def test_the_same_seed_plants_the_same(faulty):
    _, planted = faulty

    _, again = faulty_ledger.make(ROWS, PLANTS, SEED)

    assert again == planted
    assert len(planted) == PLANTS
    assert {plant.kind for plant in planted} == {*faulty_ledger.CELLS, *faulty_ledger.ROWS}


def test_every_planted_fault_is_found_at_its_cell_and_none_is_invented(town: Town, faulty):
    content, planted = faulty

    _, parsed, _ = judged(town, content)

    for level, found in (("error", parsed.errors), ("hint", parsed.hints)):
        wanted = {plant.cell: plant.kind for plant in planted if plant.level == level}
        assert {place: kind for place, kind in wanted.items() if place not in places(found)} == {}, "not found"
        assert [astuple(one) for one in found if (one.cell or str(one.row)) not in wanted] == [], "invented"
    assert len(parsed.drafts) == ROWS - len([plant for plant in planted if plant.level == "error"])


def test_the_copy_shows_every_fault_and_keeps_every_value(town: Town, faulty):
    content, planted = faulty
    ledger, parsed, _ = judged(town, content)

    copy = openpyxl.load_workbook(
        io.BytesIO(marked_copy.marked(content, ledger.sheet.name, parsed.errors, parsed.hints))
    )

    own, page = openpyxl.load_workbook(io.BytesIO(content))["台账"], copy["台账"]
    assert [[cell.value for cell in row] for row in own] == [[cell.value for cell in row] for row in page]
    merged = {"merged cells": -1}  # the comment stands where the cell now begins
    for plant in planted:
        place = plant.cell if plant.cell[0].isalpha() else f"A{plant.cell}"
        cell = page[f"{place[0]}{int(place[1:]) + merged.get(plant.kind, 0)}"]
        assert cell.comment is not None, plant
        assert cell.fill.fgColor.rgb.endswith(marked_copy.COLOURS["要改" if plant.level == "error" else "提示"]), plant
    assert copy["导入问题"].max_row == 1 + len(parsed.errors) + len(parsed.hints)


def test_an_import_goes_out_again_without_a_trace_in_the_ledger(town: Town, faulty):
    goes_out_again(town, faulty[0], 600)


def goes_out_again(town: Town, content: bytes, count: int | None) -> None:
    """Bring the first `count` rows in that can be (None: all) beside three own cases, undo it, and compare the ledger."""
    for n in range(3):
        town.answered(MONDAY, text=f"早先的诉求 {n}，与导入无关。")
    before = ledger_sheet()
    ledger, parsed, version = judged(town, content)
    drafts = parsed.drafts[:count]

    batch = services.bring_in(ledger, drafts, actor=town.system, at=NOW, version=version)
    between = len(ledger_sheet())
    services.undo_import(batch, actor=town.system, at=NOW)

    assert (len(before), between) == (3, 3 + len(drafts))
    assert ledger_sheet() == before
    assert Case.objects.count() == 3 + len(drafts), "nothing is deleted"
