"""`lianshang verify` as scripts see it, and what `check` says of witnesses."""

import json
from pathlib import Path

import pytest
from django.utils import timezone
from django_scopes import scope

from lianshang.cases.tests.factories import Town, make_town
from lianshang.config import checks, cli
from lianshang.directory.models import Park
from lianshang.kernel.history import sealing, witnesses
from lianshang.kernel.models import Leaf

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(capsys, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"

    def call(*words):
        code = cli.main(["verify", *map(str, words), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return call


@pytest.fixture
def town() -> Town:
    town = make_town()
    with scope(park=town.park):
        town.answered()
    return town


def seal(town: Town) -> None:
    with scope(park=town.park):
        sealing.seal(town.park, timezone.now())


def test_a_whole_history_ends_with_0_and_counts(run, town):
    seal(town)

    code, told = run()

    assert (code, told["faults"], told["waiting"]) == (0, [], 0)
    assert told["rows"] + told["blanks"] == told["size"]
    assert "cases.CaseEvent" in told["tables"]
    assert len(bytes.fromhex(told["root"])) == 32


def test_a_fault_ends_with_1_and_names_the_row(run, town):
    seal(town)
    with scope(park=town.park):
        leaf = Leaf.objects.filter(ledger="cases.caseevent").latest("row")
        Leaf.objects.filter(pk=leaf.pk).update(salt=b"0" * 16)

    code, told = run()

    first = told["faults"][0]
    assert (code, first["kind"], first["park"], first["row"]) == (1, "changed", town.park.code, leaf.row)
    assert (first["subject"], first["ordinal"]) == ("诉求", 4)
    assert first["sentence"].endswith("。")


def test_a_witness_of_more_than_we_have_ends_with_1(run, town, tmp_path: Path):
    seal(town)
    witnesses.write(tmp_path / "witness.jsonl")
    other = (tmp_path / "witness.jsonl").read_text(encoding="utf-8")

    whole = run("--witness", tmp_path / "witness.jsonl")
    with scope(park=town.park):
        town.whistle()
    seal(town)
    witnesses.write(tmp_path / "witness.jsonl")
    ahead = (tmp_path / "witness.jsonl").read_text(encoding="utf-8")
    (tmp_path / "witness.jsonl").write_text(other, encoding="utf-8")

    assert (whole[0], whole[1]["witnessed"]) == (0, 1)
    assert run("--witness", tmp_path / "witness.jsonl")[0] == 0
    assert ahead.startswith(other)


@pytest.mark.parametrize("content", [None, "", "{}", "一段文字"])
def test_what_is_no_witness_ends_with_2_and_a_sentence(run, town, tmp_path: Path, content):
    path = tmp_path / "witness.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")

    code, told = run("--witness", path)

    assert code == 2
    assert "见证" in told["error"]


def test_check_asks_for_a_witness_and_tells_when_ours_is_behind(settings, town, tmp_path: Path):
    settings.WITNESS, settings.WITNESS_MAIL = "", []
    assert [(one.check, one.fault) for one in checks.witness()] == [("witness", False)]

    settings.WITNESS = str(tmp_path / "witness.jsonl")
    assert list(checks.witness()) == []
    seal(town)
    witnesses.write(tmp_path / "witness.jsonl")
    assert list(checks.witness()) == []
    Path(settings.WITNESS).write_text('{"note": "x"}\n', encoding="utf-8")
    assert [one.fault for one in checks.witness()] == [True]


def test_a_witness_that_is_set_and_gone_is_told(run, settings, town, tmp_path: Path):
    path = tmp_path / "witness.jsonl"
    settings.WITNESS = str(path)
    seal(town)
    witnesses.write(path)
    assert run()[0] == 0

    path.unlink()

    assert run()[0] == 2
    assert [(one.check, one.fault) for one in checks.witness()] == [("witness", True)]


def test_nothing_is_there_yet(run):
    Park.objects.all()

    code, told = run()

    assert (code, told["rows"], told["size"]) == (0, 0, 0)
