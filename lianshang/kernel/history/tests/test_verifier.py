"""The verifier that stands alone: it judges the published vectors alike, and what this product hands out."""

import importlib.util
import json
import sys
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django_scopes import scope

from lianshang.kernel.history import notes, standing, witnesses
from lianshang.kernel.history.tests.test_merkle import VECTORS, decoded
from lianshang.kernel.history.tests.test_sealing import seal, write
from lianshang.kernel.tests.test_numbers import make_park

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FILE = Path(__file__).resolve().parents[4] / "examples" / "verify_history.py"


@pytest.fixture(scope="module")
def alone():
    spec = importlib.util.spec_from_file_location("verify_history", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def handed_out(tmp_path):
    """A witness file of three heads, a receipt that is proved, and one that is only promised."""
    park = make_park()
    for name in "abc":
        rows = write(park, name)
        seal(park)
    witnesses.write(tmp_path / "witness.jsonl")
    with scope(park=park):
        (tmp_path / "proved.json").write_text(standing.kept(rows[0], "2026-0001"), encoding="utf-8")
        promised = standing.kept(write(park, "d")[0], "2026-0002")
        (tmp_path / "promised.json").write_text(promised, encoding="utf-8")
    return tmp_path


def words(folder, *names):
    key = notes.key_line(notes.public_keys()[0], notes.origin())
    receipts = [word for name in names for word in ("--receipt", str(folder / name))]
    return ["--key", key, "--witness", str(folder / "witness.jsonl"), *receipts]


def judged(alone, check, *given):
    try:
        check(*given)
    except alone.Wrong:
        return False
    return True


def test_it_is_short_and_needs_nothing_of_ours():
    text = FILE.read_text(encoding="utf-8")
    modules = {line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))}

    assert len(text.splitlines()) < 300
    assert modules - sys.stdlib_module_names == {"cryptography"}


@pytest.mark.parametrize("vector", VECTORS["inclusion"], ids=lambda vector: vector[6])
def test_it_judges_inclusion_as_published(alone, vector):
    index, size, head, leaf, path, wrong, _ = vector

    given = (b64decode(leaf or ""), index, size, decoded(path), b64decode(head or ""))
    assert judged(alone, alone.check_inclusion, *given) is not wrong


@pytest.mark.parametrize("vector", VECTORS["consistency"], ids=lambda vector: vector[6])
def test_it_judges_consistency_as_published(alone, vector):
    old, size, old_head, head, path, wrong, _ = vector

    given = (old, size, decoded(path), b64decode(old_head or ""), b64decode(head or ""))
    assert judged(alone, alone.check_consistency, *given) is not wrong


@pytest.mark.django_db
def test_it_finds_what_we_hand_out_in_order(alone, handed_out, capsys):
    assert alone.main(words(handed_out, "proved.json")) == 0

    told = capsys.readouterr().out
    assert "3 heads" in told
    assert "the witness saw the same head" in told
    assert "2026-0001 was received" in told


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["note", "order", "path", "leaf", "promise", "key", "torn"])
def test_it_finds_what_was_changed(alone, handed_out, fault):
    lines = [json.loads(line) for line in (handed_out / "witness.jsonl").read_text(encoding="utf-8").splitlines()]
    told = json.loads((handed_out / "proved.json").read_text(encoding="utf-8"))
    given, expected = words(handed_out, "proved.json"), 1
    if fault == "note":
        lines[1]["note"] = lines[1]["note"].replace("\n", "0\n", 1)
    elif fault == "order":
        lines[1]["consistency"], lines[2]["consistency"] = lines[2]["consistency"], lines[1]["consistency"]
    elif fault == "path":
        told["path"] = told["path"][::-1]
    elif fault == "leaf":
        told["index"] += 1
    elif fault == "promise":
        told["promise"] = told["promise"].replace("2026-0001", "2026-0009")
    elif fault == "key":
        given[1] = notes.key_line(bytes(range(32)), notes.origin())
    else:
        told, expected = [], 2
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (handed_out / "witness.jsonl").write_text(text, encoding="utf-8")
    (handed_out / "proved.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")

    assert alone.main(given) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("short", ["promised", "no key", "no witness", "no promise", "head unknown"])
def test_it_does_not_say_that_all_holds_where_it_is_not_proved(alone, handed_out, capsys, short):
    given = words(handed_out, "promised.json" if short == "promised" else "proved.json")
    if short == "no key":
        given = given[2:]
    elif short == "no witness":
        given = given[:2] + given[4:]
    elif short == "no promise":
        (handed_out / "proved.json").write_text("{}", encoding="utf-8")
    elif short == "head unknown":
        lines = (handed_out / "witness.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        (handed_out / "witness.jsonl").write_text("".join(lines[:2]), encoding="utf-8")

    assert alone.main(given) == 3
    assert "all holds" not in capsys.readouterr().out


@pytest.mark.django_db
def test_it_takes_no_site_for_another(alone, handed_out, capsys, monkeypatch):
    monkeypatch.setattr(notes, "origin", lambda: "elsewhere.example/history")
    park = make_park("EW")
    rows = write(park, "x")
    seal(park)
    with scope(park=park):
        (handed_out / "proved.json").write_text(standing.kept(rows[0], "2026-0001"), encoding="utf-8")

    assert alone.main(words(handed_out, "proved.json")) == 1
    assert "elsewhere.example" in capsys.readouterr().out
