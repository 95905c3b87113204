"""`lianshang check-article`: JSON as agreed, exit codes, sentences for what cannot be used."""

import json
from pathlib import Path

import pytest
from django.utils import timezone

from lianshang.cases.tests.factories import Town, make_town
from lianshang.config.cli import main


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


@pytest.mark.parametrize(("number", "verdict", "code"), [(1, "supported", 0), (3, "contradicted", 1)])
def test_each_figure_is_told_with_its_place(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str], number: int, verdict: str, code: int
) -> None:
    from django_scopes import scope

    with scope(park=town.park):
        town.whistle(at=timezone.now())
    file = tmp_path / "稿.txt"
    file.write_bytes(f"\ufeff😀今年以来\r\n受理诉求{number}件，公交专线7条。".encode())

    left = main(["check-article", str(file), "--json"])

    assert left == code
    assert json.loads(capsys.readouterr().out) == [
        {"text": f"{number}件", "start": 11, "end": 13, "verdict": verdict, "true_value": 1, "figure": "cases.intake"},
        {"text": "7条", "start": 18, "end": 20, "verdict": "unknown", "true_value": None, "figure": None},
    ]


@pytest.mark.parametrize(
    ("content", "more", "sentence"),
    [
        (b"\xff\xfe\x00", (), "不是 UTF-8 文本"),
        (b"", ("--as-of", "2026-13-40"), "--as-of 的日期"),
        (None, (), "读不了文件"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(
    town: Town,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes | None,
    more: tuple[str, ...],
    sentence: str,
) -> None:
    file = tmp_path / "稿.txt"
    if content is not None:
        file.write_bytes(content)

    code = main(["check-article", str(file), *more])

    assert code == 2
    assert sentence in capsys.readouterr().err
