"""Faulty tables: every fault at once, each with its place."""

import gzip
import json
import shutil
import subprocess
import sys

import pytest
import xlsxwriter

from lianshang.chain.analysis.faults import Faulty
from lianshang.chain.analysis.reading import read_park
from lianshang.chain.shipped import FOLDER
from lianshang.chain.tests.parks import PARK_TABLE, demo_park


@pytest.fixture
def folder(tmp_path):
    for path in FOLDER.glob("*.csv"):
        shutil.copyfile(path, tmp_path / path.name)
    shutil.copyfile(PARK_TABLE / "park_demo.csv", tmp_path / "park_demo.csv")
    return tmp_path


def edit(path, line, old, new):
    lines = path.read_text(encoding="utf-8").split("\n")
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("\n".join(lines), encoding="utf-8")


def faults(folder):
    with pytest.raises(Faulty) as caught:
        read_park(folder)
    return [(fault.file, fault.row, fault.column, fault.message) for fault in caught.value.faults]


def test_reading_tells_all_faults_of_all_tables(folder):
    edit(folder / "products.csv", 5, ",road,", ",boat,")
    edit(folder / "process_flows.csv", 8, "1.85", "viel")
    edit(folder / "process_flows.csv", 10, "MIDD", "MUDD")
    edit(folder / "park_activities.csv", 3, "E001", "E901")
    (folder / "processes.csv").unlink()

    assert faults(folder) == [
        ("park_activities.csv", 3, "enterprise", "园区企业表里没有“E901”。"),
        ("process_flows.csv", 8, "coef", "应为数字，现为“viel”。"),
        ("process_flows.csv", 10, "product", "产品表里没有“MUDD”。"),
        ("processes.csv", 0, "", "文件夹里没有这张表。"),
        ("products.csv", 5, "transport", "应为 grid、local、none、pipeline、road 之一，现为“boat”。"),
    ]


@pytest.mark.parametrize(
    ("file", "line", "old", "new", "message"),
    [
        ("park_activities.csv", 2, "400000", "-1", "不能小于 0，现为“-1”。"),
        ("park_activities.csv", 2, "400000", "nan", "应为有限的数字，现为“nan”。"),
        ("park_activities.csv", 2, "400000", "1e999", "应为有限的数字，现为“1e999”。"),
        ("park_activities.csv", 2, "400000", "", "不能为空。"),
        ("park_activities.csv", 3, "GAS_CLEAN", "COKE_OVEN", "与第 2 行重复：E001、COKE_OVEN。"),
        ("park_demo.csv", 3, "E002", "E001", "与第 2 行重复：E001。"),
        ("process_flows.csv", 9, ",1.0,", ",2.0,", "基准产出的系数应为 1，工艺流表里是 2。"),
        ("process_flows.csv", 8, "1.6", "1.9", "下限 1.9 高于系数 1.85。"),
        ("processes.csv", 3, "WCOAL", "NUT", "工艺流表里没有“WASH”产出“NUT”这一行。"),
        ("substitutes.csv", 3, "FUEL_PG", "FUEL_XX", "工艺表里没有“FUEL_XX”。"),
        ("regional_context.csv", 2, "431009", "viel", "应为数字，现为“viel”。"),
        ("products.csv", 2, ",0,0,0,", ",0,0,2,", "应为 0 或 1，现为“2”。"),
    ],
)
def test_reading_says_what_is_wrong(folder, file, line, old, new, message):
    edit(folder / file, line, old, new)

    assert message in {told for _, _, _, told in faults(folder)}


def test_reading_misses_a_column_once(folder):
    edit(folder / "process_flows.csv", 1, ",coef,", ",Koeffizient,")

    assert faults(folder) == [("process_flows.csv", 1, "coef", "缺少这一列。")]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01garbage\x00", b'code,"unit\n', b"%PDF-1.4", b"code\n"])
def test_reading_refuses_what_is_no_table(folder, content):
    (folder / "products.csv").write_bytes(content)

    told = faults(folder)

    assert {file for file, *_ in told} == {"products.csv"}


def test_reading_refuses_a_folder_that_is_not_there(tmp_path):
    assert faults(tmp_path / "none")[0][3] == "没有这个文件夹。"


def test_reading_takes_gb18030_gzip_and_excel(folder):
    (folder / "products.csv").write_bytes((folder / "products.csv").read_text("utf-8").encode("gb18030"))
    (folder / "processes.csv.gz").write_bytes(gzip.compress((folder / "processes.csv").read_bytes()))
    (folder / "processes.csv").unlink()
    with xlsxwriter.Workbook(folder / "park_activities.xlsx") as book:
        sheet = book.add_worksheet()
        for at, line in enumerate((folder / "park_activities.csv").read_text("utf-8").splitlines()):
            for column, cell in enumerate(line.split(",")):
                number = at and column in {2, 4, 5}
                sheet.write(at, column, float(cell) if number else cell)
    (folder / "park_activities.csv").unlink()

    assert read_park(folder) == demo_park()


def test_command_prints_json_alone_and_loads_no_solver_for_others(folder):
    program = [sys.executable, "-m", "lianshang", "chain", "analyse", str(folder), "--json"]

    done = subprocess.run(program, capture_output=True, check=False)

    answer = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(answer["findings"]) == 42
    assert list(answer["findings"][0]) == ["product", "type", "supply", "demand", "unit"]


def test_command_answers_faults_with_places_and_two(folder):
    (folder / "park_demo.csv").unlink()
    program = [sys.executable, "-m", "lianshang", "chain", "analyse", str(folder), "--json"]

    done = subprocess.run(program, capture_output=True, check=False, text=True)

    assert done.returncode == 2
    assert json.loads(done.stdout)["faults"] == [
        {"file": "park_demo.csv", "row": 0, "column": "", "message": "文件夹里没有这张表。"}
    ]
    assert done.stderr == "park_demo.csv：文件夹里没有这张表。\n"


def test_solver_is_loaded_by_whoever_asks_it_alone():
    code = "import sys, lianshang.chain.shipped as s; s.network(); print(sorted({'highspy','numpy','rustworkx'} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)

    assert done.stdout == "[]\n"
