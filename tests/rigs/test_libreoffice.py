"""The sheets that go out, opened by another program: LibreOffice reads the same values, and finds no formula in a text."""

import csv
import os
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from lianshang.cases import ledger_form, presets
from lianshang.cases.ledger_columns import COLUMNS, CONTACTS, ENTERPRISE
from lianshang.cases.ledger_workbook import Frame, PrintSheet, RawSheet, Workbook

WICKED = (
    "=1+1",
    "+8613800000000",
    "-5",
    "@SUM(A1)",
    '=HYPERLINK("x")',
    "\t=2",
    "＝3",
    "'=4",
    "普通的字",
    "0012",
    "1e5",
    "2026-01-02",
)
PATIENCE = 120  # seconds


@pytest.fixture(scope="module")
def office() -> str:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if not found:
        pytest.fail("no LibreOffice: apt-get install -y --no-install-recommends libreoffice-calc")
    return found


def rows() -> list[list[object]]:
    """Lines with a wicked text in each column that takes one."""
    told = []
    for number, text in enumerate(WICKED, 1):
        line = [_value(column.kind, number, text) for column in COLUMNS]
        line[ENTERPRISE] = "同一家公司" if number < 5 else text
        told.append(line)
    return told


def _value(kind: str, number: int, text: str) -> object:
    return {"count": number, "date": date(2026, 2, 28)}.get(kind, text)


def ledger(path: Path) -> None:
    book = Workbook(path)
    frame = Frame("=标题", "综合党委办公室", datetime(2026, 11, 23, 17, 0))  # noqa: DTZ001 shown as it is
    printed = PrintSheet(book, "问题台账", COLUMNS, frame, merged=ENTERPRISE)
    raw, people = RawSheet(book, "数据", COLUMNS), RawSheet(book, "联系方式", CONTACTS)
    for line in rows():
        printed.add(line)
        raw.add(line)
    printed.foot(["合计", f"{len(WICKED)} 件", *[""] * (len(COLUMNS) - 2)])
    raw.foot()
    people.foot()
    book.close()


def converted(office: str, path: Path, kind: str, made: str) -> Path:
    """Let LibreOffice open the file and save it anew."""
    home = path.parent / "profile"
    command = [
        office,
        f"-env:UserInstallation=file://{home}",
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        path.parent / "out",
        path,
    ]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=os.environ | {"HOME": str(path.parent)},
        check=False,
    )
    assert (path.parent / "out" / made).exists(), done.stdout + done.stderr
    return path.parent / "out" / made


def values(path: Path, sheet: str) -> list[list[object]]:
    return [list(line) for line in openpyxl.load_workbook(path)[sheet].values]


def test_the_ledger_opens_with_equal_values_and_no_formula(office: str, tmp_path: Path):
    path = tmp_path / "ledger.xlsx"
    ledger(path)

    anew = converted(office, path, "xlsx:Calc MS Excel 2007 XML", "ledger.xlsx")

    for sheet in ("问题台账", "数据", "联系方式"):
        assert values(anew, sheet) == values(path, sheet)
    cells = [cell for page in openpyxl.load_workbook(anew) for line in page for cell in line]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert str(openpyxl.load_workbook(anew)["问题台账"].merged_cells).count("E4:E7") == 1


def test_saved_as_csv_no_cell_begins_a_formula(office: str, tmp_path: Path):
    path = tmp_path / "ledger.xlsx"
    ledger(path)

    text = converted(
        office, path, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2", "ledger-数据.csv"
    )

    with text.open(encoding="utf-8", newline="") as file:
        told = list(csv.reader(file))
    assert len(told) == len(WICKED) + 1
    assert [cell for line in told for cell in line if cell.startswith(("=", "+", "-", "@", "\t"))] == []


def test_the_form_opens_with_its_lists(office: str, tmp_path: Path):
    path = tmp_path / "form.xlsx"
    ledger_form.write(path, profile=presets.preset("default"), units=["交通运输局", "税务局"], enterprises=["甲公司"])

    anew = converted(office, path, "xlsx:Calc MS Excel 2007 XML", "form.xlsx")

    assert values(anew, "填报")[:2] == values(path, "填报")[:2]
    rules = openpyxl.load_workbook(anew)["填报"].data_validations.dataValidation
    assert {"list", "custom"} <= {rule.type for rule in rules}


def test_the_rig_sees_a_formula(office: str, tmp_path: Path):
    path = tmp_path / "planted.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    book.save(path)

    anew = converted(office, path, "xlsx:Calc MS Excel 2007 XML", "planted.xlsx")

    assert openpyxl.load_workbook(anew).active["A1"].data_type == "f"
