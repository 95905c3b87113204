"""`lianshang import cases` and `lianshang undo`, as scripts see them."""

import json

import pytest
from django_scopes import scopes_disabled

from lianshang.cases.models import Case, ImportBatch
from lianshang.cases.tests.factories import make_town
from lianshang.config import cli
from lianshang.config.seed import seed
from lianshang.directory.models import Park

HEAD = "编号,标题,正文,提出时间,答复意见,答复时间"
GOOD = "A1,路灯,路灯坏了,2025-03-03 10:00,已更换,2025-03-05 16:00"
OTHER = "A2,用电,电压不稳,2025-03-04,,"
WRONG = "A3,排水,下雨积水,三月四日,,"


@pytest.fixture
def _ready(transactional_db):
    seed()


pytestmark = pytest.mark.usefixtures("_ready")


@pytest.fixture
def run(capsys):
    def call(*words):
        code = cli.main([*map(str, words), "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out), said.err

    return call


def written(tmp_path, *lines, head=HEAD, name="old.csv"):
    path = tmp_path / name
    path.write_text("\n".join([head, *lines]), encoding="utf-8")
    return path


def count():
    with scopes_disabled():
        return Case.objects.count()


def test_first_import_makes_the_first_park_and_says_so(run, tmp_path):
    code, found, said = run("import", "cases", written(tmp_path, GOOD, OTHER))

    assert (code, found["rows"], found["created"], found["errors"]) == (0, 2, 2, [])
    assert "已建立“未命名园区”（P1）" in said
    assert Park.objects.get().code == "P1"


def test_all_rows_or_none(run, tmp_path):
    code, found, _ = run("import", "cases", written(tmp_path, GOOD, WRONG))

    assert (code, found["batch"], found["rows"], found["created"]) == (1, None, 2, 0)
    assert [(e["row"], e["column"], e["value"]) for e in found["errors"]] == [(3, "提出时间", "三月四日")]
    assert found["errors"][0].keys() == {"row", "column", "value", "message"}
    assert count() == 0
    assert not Park.objects.exists()


def test_partial_brings_in_the_sound_rows(run, tmp_path):
    code, found, _ = run("import", "cases", written(tmp_path, GOOD, WRONG, OTHER), "--partial")

    assert (code, found["created"], len(found["errors"])) == (1, 2, 1)
    assert count() == 2


def test_dry_run_writes_nothing(run, tmp_path):
    code, found, _ = run("import", "cases", written(tmp_path, GOOD), "--dry-run")

    assert (code, found["batch"], found["rows"], found["created"]) == (0, None, 1, 0)
    assert not Park.objects.exists()


def test_same_number_twice_in_the_file_or_again_is_an_error_of_that_row(run, tmp_path):
    path = written(tmp_path, GOOD, OTHER)
    _, first, _ = run("import", "cases", path)

    code, again, _ = run("import", "cases", path)
    _, twice, _ = run(
        "import", "cases", written(tmp_path, OTHER.replace("A2", "B1"), GOOD.replace("A1", "B1"), name="b.csv")
    )

    assert code == 1
    assert [(e["row"], e["value"]) for e in again["errors"]] == [(2, "A1"), (3, "A2")]
    assert f"批次 {first['batch']}，old.csv 第 2 行" in again["errors"][0]["message"]
    assert "与第 2 行重复" in twice["errors"][0]["message"]


def test_undone_batch_can_be_imported_again(run, tmp_path):
    path = written(tmp_path, GOOD, OTHER)
    _, first, _ = run("import", "cases", path)

    code, undone, _ = run("undo", first["batch"])
    again, found, _ = run("import", "cases", path)

    assert (code, undone) == (0, {"batch": first["batch"], "undone": 2})
    assert (again, found["created"]) == (0, 2)
    assert run("undo", first["batch"])[0] == 2


def test_unknown_batch_is_refused(run):
    code, found, _ = run("undo", 999)

    assert (code, found) == (2, {"error": "没有批次 999。"})


def test_table_that_is_no_ledger_is_refused_by_what_it_has_and_lacks(run, tmp_path):
    code, found, _ = run(
        "import", "cases", written(tmp_path, "城乡建设,安全生产,其他", head="一级分类,二级分类,三级分类")
    )

    assert code == 2
    assert "一级分类、二级分类、三级分类" in found["error"]
    assert "提出时间" in found["error"]


def test_map_names_unusual_columns(run, tmp_path):
    path = written(tmp_path, "路灯坏了,2025-03-03", head="说了什么,几时")
    told = tmp_path / "map.json"
    told.write_text(json.dumps({"text": "说了什么", "asked_at": "几时"}), encoding="utf-8")

    assert run("import", "cases", path)[0] == 2
    assert run("import", "cases", path, "--map", told)[1]["created"] == 1


def test_profile_is_that_of_the_cases(run, tmp_path):
    run("import", "cases", written(tmp_path, OTHER), "--profile", "shandong")

    with scopes_disabled():
        case = Case.objects.get()
        assert case.profile_version.profile.name == "shandong"
        assert case.profile_version.profile.is_current
    assert run("import", "cases", written(tmp_path, GOOD), "--profile", "nowhere")[0] == 2


def test_file_that_is_not_there_is_refused(run, tmp_path):
    assert run("import", "cases", tmp_path / "none.csv")[0] == 2


def test_park_is_named_where_there_are_several(run, tmp_path):
    make_town("LZ"), make_town("XX")
    path = written(tmp_path, GOOD)

    assert run("import", "cases", path)[0] == 2
    assert run("import", "cases", path, "--park", "XX")[1]["created"] == 1
    with scopes_disabled():
        assert ImportBatch.objects.get().park.code == "XX"


def test_text_says_how_to_undo(tmp_path, capsys):
    code = cli.main(["import", "cases", str(written(tmp_path, GOOD))])

    assert code == 0
    assert "撤销：lianshang undo" in capsys.readouterr().out
