"""`lianshang due` as people and scripts use it."""

import io
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from lianshang.config.cli import main
from lianshang.config.commands import due as command
from lianshang.kernel.calendars import national, overlay

FRIDAY = {"start": "2026-02-13", "n": 5, "unit": "working-days"}


def ask(capsys, *words):
    code = main(["due", *words])
    return code, capsys.readouterr()


def answer(capsys, *words):
    code, printed = ask(capsys, *words, "--json")
    assert code == 0
    return json.loads(printed.out)


def stream(capsys, monkeypatch, *lines, words=()):
    text = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    code = main(["due", "-", *words])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_due_answers_in_json(capsys):
    found = answer(capsys, "2026-02-13", "5", "working-days")

    assert list(found) == ["due", "provisional", "calendar", "version", "steps"]
    assert found["due"] == "2026-02-27T17:00:00+08:00"
    assert found["provisional"] is False
    assert (found["calendar"], found["version"]) == ("national", national().version)
    assert found["steps"][-1] == "到期：2月27日（周五）17:00。"


def test_due_answers_in_chinese(capsys):
    code, printed = ask(capsys, "2026-02-13", "5", "working-days")

    assert code == 0
    assert printed.out.splitlines()[1] == "2月14日（周六）是调休上班日，计第 1 个工作日。"
    assert printed.out.splitlines()[-1] == f"日历：全国工作日历，版本 {national().version}。"


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-11-23", "2026-11-23T01:00:00+08:00"),
        ("2026/11/23", "2026-11-23T01:00:00+08:00"),
        ("2026.11.3 7:05", "2026-11-03T08:05:00+08:00"),
        ("2026-11-23 9:05", "2026-11-23T10:05:00+08:00"),
        ("2026/2/13 9:05", "2026-02-13T10:05:00+08:00"),
        ("2026-11-23T09:05:30", "2026-11-23T10:05:30+08:00"),
        ("2026-11-23T01:05:00Z", "2026-11-23T10:05:00+08:00"),
        ("2026-11-23T09:05+08:00", "2026-11-23T10:05:00+08:00"),
        ("2026-11-23T09:05:00.5+0800", "2026-11-23T10:05:00.500000+08:00"),
    ],
)
def test_start_is_read_in_the_usual_spellings(capsys, start, expected):
    assert answer(capsys, start, "1", "hours")["due"] == expected


def test_receipt_is_passed_on(capsys):
    found = answer(capsys, "2026-11-21", "1", "working-days", "--receipt", "next-working-day")

    assert found["due"] == "2026-11-24T17:00:00+08:00"


def test_unpublished_year_is_provisional(capsys):
    assert answer(capsys, "2026-12-31", "1", "working-days")["provisional"] is True


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["2026-02-13", "-3", "days"], "期限不能是负数（-3），请填 0 或正整数。"),
        (["2026-02-13", "1.5", "days"], "期限要是整数，不能是“1.5”。"),
        (["2026-02-13", "５", "days"], "期限要是整数，不能是“５”。"),
        (["2026-02-30", "1", "days"], "没有“2026-02-30”这个时间，请检查日期和钟点。"),
        (["明天", "1", "days"], "看不懂起算时间“明天”，请写成 2026-02-13 或 2026-02-13T10:30。"),
        (["2026-02/13", "1", "days"], "看不懂起算时间“2026-02/13”，请写成 2026-02-13 或 2026-02-13T10:30。"),
        (["2026-02-13", "1", "days", "--receipt", "x"], "没有“x”这种收件方式，可用：as-received、next-working-day。"),
    ],
)
def test_unusable_input_is_one_sentence_and_exit_2(capsys, words, sentence):
    code, printed = ask(capsys, *words, "--json")

    assert code == 2
    assert printed.err == f"{sentence}\n"
    assert json.loads(printed.out) == {"error": sentence}


@pytest.mark.parametrize("words", [["2026-02-13"], ["2026-02-13", "5"], ["2026-02-13", "5", "weeks"]])
def test_missing_or_unknown_unit_is_told_the_units(capsys, words):
    code, printed = ask(capsys, *words)

    assert code == 2
    assert "working-minutes、working-hours、working-days" in printed.err


def test_stream_keeps_the_order_and_goes_on_after_a_bad_line(capsys, monkeypatch):
    later = {"start": "2026-11-21", "n": 1, "unit": "working-days", "receipt": "next-working-day"}

    code, answers = stream(capsys, monkeypatch, b"\xef\xbb\xbf" + json.dumps(FRIDAY).encode(), b"{", later)

    assert code == 1
    assert [found.get("due") for found in answers] == ["2026-02-27T17:00:00+08:00", None, "2026-11-24T17:00:00+08:00"]
    assert list(answers[1]) == ["error"]


def test_stream_without_faults_ends_well(capsys, monkeypatch):
    code, answers = stream(capsys, monkeypatch, FRIDAY, {**FRIDAY, "row": 7, "calendar": "national"})

    assert code == 0
    assert answers[0] == answers[1]


def test_stream_takes_defaults_from_the_options(capsys, monkeypatch):
    saturday = {"start": "2026-11-21", "n": 1, "unit": "working-days"}

    _, answers = stream(capsys, monkeypatch, saturday, words=["--receipt", "next-working-day"])

    assert answers[0]["due"] == "2026-11-24T17:00:00+08:00"


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"", "JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b"[" * 100_000, "JSON"),
        ([1], "对象"),
        ({"start": "2026-02-13", "n": 5}, "unit"),
        ({**FRIDAY, "n": 5.0}, "整数，不能是 5.0"),
        ({**FRIDAY, "n": True}, "整数，不能是 true"),
        ({**FRIDAY, "n": "5"}, "整数"),
        ({**FRIDAY, "n": -1}, "负数"),
        ({**FRIDAY, "n": 10**30}, "100 年"),
        ({**FRIDAY, "start": None}, "看不懂"),
        ({**FRIDAY, "start": "\ud800"}, "看不懂"),
        ({**FRIDAY, "start": "0001-01-01T00:00+14:00"}, "起算年份"),
        ({**FRIDAY, "unit": "weeks"}, "单位"),
        ({**FRIDAY, "unit": ["days"]}, "字符串"),
        ({**FRIDAY, "calendar": ["national"]}, "字符串"),
        ({**FRIDAY, "calendar": "没有.json"}, "打不开"),
        ({**FRIDAY, "receipt": "x"}, "收件方式"),
    ],
)
def test_stream_says_what_is_wrong_with_a_line(capsys, monkeypatch, line, error):
    code, answers = stream(capsys, monkeypatch, line, FRIDAY)

    assert code == 1
    assert error in answers[0]["error"]
    assert answers[1]["due"] == "2026-02-27T17:00:00+08:00"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("park.json", '{"name": "某园区", "days": {"2026-03-03": {"off": true, "name": "三月三"}}}'),
        ("park.yaml", "name: 某园区\ndays:\n  2026-03-03: {off: true, name: 三月三}\n"),
        ("park", "name: 某园区\ndays: {2026-03-03: {off: true, name: 三月三}}\n"),
    ],
)
def test_calendar_may_be_a_document_over_the_national_one(capsys, tmp_path, name, text):
    (tmp_path / name).write_text(text)

    found = answer(capsys, "2026-03-02", "1", "working-days", "--calendar", str(tmp_path / name))

    assert (found["due"], found["calendar"]) == ("2026-03-04T17:00:00+08:00", "某园区")
    assert found["steps"][1] == "3月3日（周二）三月三放假，不计。"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"days: {2026-03-03: {x: 1}}\nname: a", "days.2026-03-03"),
        (b"{", "不是 UTF-8 编码的 JSON 或 YAML"),
        (b"\xff", "不是 UTF-8 编码的 JSON 或 YAML"),
        (b"", "应是一组"),
    ],
)
def test_faulty_document_names_the_place(capsys, tmp_path, text, sentence):
    (tmp_path / "park.yaml").write_bytes(text)

    code, printed = ask(capsys, "2026-03-02", "1", "days", "--calendar", str(tmp_path / "park.yaml"))

    assert code == 2
    assert sentence in printed.err


def test_calendar_of_a_park_comes_from_the_database(capsys, monkeypatch):
    park = overlay(national(), {"name": "石浦园区", "days": {"2026-03-03": {"off": True}}})
    shelf = {("石浦园区", "SP"): park}
    seam = SimpleNamespace(named=lambda name, code: shelf.get((name, code)))
    monkeypatch.setitem(sys.modules, "lianshang.config.calendars", seam)
    command._calendar.cache_clear()

    found = answer(capsys, "2026-03-02", "1", "working-days", "--calendar", "石浦园区", "--park", "SP")
    code, printed = ask(capsys, "2026-03-02", "1", "working-days", "--calendar", "无名园区", "--park", "SP")

    command._calendar.cache_clear()
    assert (found["calendar"], found["version"]) == ("石浦园区", park.version)
    assert (code, "没有名为“无名园区”的日历" in printed.err) == (2, True)


def test_due_starts_without_django():
    script = "import sys; from lianshang.config.cli import main; main(sys.argv[1:]); sys.exit('django' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", script, "due", "2026-02-13", "5", "days"], check=False)

    assert done.returncode == 0
