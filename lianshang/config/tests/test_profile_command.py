import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lianshang.cases import presets
from lianshang.cases.duties import COUNTS, DUTIES, PARTIES
from lianshang.config.commands import profile as command
from lianshang.config.output import Unusable
from lianshang.kernel.profiles import Limit, describe, dump

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    parser.set_defaults(json=True, park=None)
    return command.run(parser.parse_args(words))


def days(n: int) -> Limit:
    return Limit("period", n=n, unit="working-days")


def test_list_names_the_shipped_profiles_default_first(capsys):
    code = run("list")

    names = [row["name"] for row in json.loads(capsys.readouterr().out)]
    assert code == 0
    assert names == ["default", "huazhou", "jiaocheng", "jinniu", "pingtan", "quanzhou", "shandong", "xuchang"]


def test_show_prints_sentences_and_limits(capsys):
    code = run("show", "jiaocheng")

    shown = json.loads(capsys.readouterr().out)
    assert code == 0
    assert "报到：1 小时内。" in shown["sentences"]
    assert [(row["duty"], row["phrase"]) for row in shown["limits"]] == [
        ("report_in", "1 hours"),
        ("handle", "same day, or promise a date"),
        ("promise", "promise a date"),
    ]
    assert shown["profile"]["duties"]["report_in"] == "1 hours"


@pytest.mark.django_db
def test_show_refuses_an_unknown_name_with_a_suggestion():
    with pytest.raises(Unusable, match="没有名为“defalt”的机制方案。是不是“default”？"):
        run("show", "defalt")


def test_check_accepts_a_sound_file(tmp_path, capsys):
    file = tmp_path / "mine.yaml"
    file.write_text(dump(presets.preset("quanzhou")), encoding="utf-8")

    code = run("check", str(file))

    found = json.loads(capsys.readouterr().out)
    assert (code, found["ok"], found["faults"], found["name"]) == (0, True, [], "quanzhou")


def test_check_prints_every_fault_and_ends_with_one(tmp_path, capsys):
    file = tmp_path / "mine.json"
    file.write_text('{\n\t"name": "mine",\n\t"duties": {"sing": "2 hours"}\n}', encoding="utf-8")

    code = run("check", str(file))

    assert code == 1
    assert json.loads(capsys.readouterr().out) == {
        "ok": False,
        "faults": [
            {"line": 1, "path": "", "message": "缺少“label”。请补上。"},
            {"line": 3, "path": "duties.sing", "message": "不认识“sing”。是不是“sign”？"},
        ],
    }


@pytest.mark.parametrize("content", [b"name: [", b"\x50\x4b\x03\x04\xff\xff\xff", b"", b"- 1"])
def test_check_cannot_use_what_is_no_profile(tmp_path, content):
    file = tmp_path / "mine.yaml"
    file.write_bytes(content)

    with pytest.raises(Unusable):
        run("check", str(file))


def test_check_cannot_use_a_missing_file(tmp_path):
    with pytest.raises(Unusable, match="读不了文件"):
        run("check", str(tmp_path / "none.yaml"))


def test_check_reads_gb18030(tmp_path, capsys):
    file = tmp_path / "mine.yaml"
    file.write_bytes("name: mine\nlabel: 园区机制\nduties: {sign: 2 hours}".encode("gb18030"))

    code = run("check", str(file))

    assert (code, json.loads(capsys.readouterr().out)["label"]) == (0, "园区机制")


def test_command_starts_without_django():
    script = "import sys; from lianshang.config.commands import profile; print('django' in sys.modules)"

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)

    assert ran.stdout.strip() == "False"


PUBLISHED = [
    ("default", "sign", "", "", Limit("period", n=2, unit="working-hours")),
    ("default", "contact", "", "紧急", Limit("period", n=2, unit="hours")),
    ("default", "contact", "", "", days(1)),
    ("default", "handle", "咨询", "", days(2)),
    ("default", "handle", "一般", "", days(5)),
    ("default", "handle", "复杂", "", days(15)),
    ("default", "co_reply", "", "", Limit("before-lead", n=2, unit="working-days", at_least=1)),
    ("default", "rework", "", "", days(15)),
    ("shandong", "accept", "", "", days(1)),
    ("shandong", "feedback", "", "", days(3)),
    ("shandong", "handle", "", "", days(15)),
    ("quanzhou", "accept", "", "", Limit("same-day")),
    ("quanzhou", "co_reply", "", "", days(3)),
    ("quanzhou", "handle", "", "", days(7)),
    ("quanzhou", "return_window", "", "", days(1)),
    ("quanzhou", "ruling", "", "", Limit("same-day")),
    ("xuchang", "accept", "", "", days(3)),
    ("xuchang", "handle", "", "", days(15)),
    ("jinniu", "contact", "", "紧急", Limit("period", n=2, unit="hours")),
    ("jinniu", "contact", "", "普通", None),
    ("jinniu", "handle", "需调查处理", "", Limit("period", n=2, unit="days")),
    ("jinniu", "handle", "咨询", "", Limit("same-day")),
    ("jiaocheng", "report_in", "", "", Limit("period", n=1, unit="hours")),
    ("jiaocheng", "handle", "", "", Limit("same-day", or_promise=True)),
    ("huazhou", "plan", "", "", days(2)),
    ("huazhou", "progress", "", "", Limit("monthly", day=20)),
    ("pingtan", "handle", "", "", days(10)),
]


@pytest.mark.parametrize(("name", "duty", "kind", "urgency", "limit"), PUBLISHED)
def test_preset_keeps_the_published_limit(name, duty, kind, urgency, limit):
    profile = presets.preset(name)

    assert profile.limit(duty, kind, urgency) == limit


def test_preset_totals_and_asking_times_are_the_published_ones():
    shandong, quanzhou, xuchang = (presets.preset(name).extension for name in ("shandong", "quanzhou", "xuchang"))

    assert (shandong.total.phrase, shandong.kinds) == ("30 working-days", ())
    assert (quanzhou.latest.phrase, quanzhou.at_most) == ("1 working-days", None)
    assert (xuchang.total.phrase, xuchang.kinds) == ("30 working-days", ("复杂",))


@pytest.mark.parametrize("name", presets.preset_names())
def test_preset_reads_back_and_speaks_plainly(name):
    profile = presets.preset(name)

    assert profile.name == name
    assert presets.read(profile.document) == presets.read(dump(profile)) == profile
    assert not re.search(r"[a-z]+://|！|None|  ", "\n".join(describe(profile)))


def test_page_sample_is_sound_and_names_every_duty():
    sample = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1]

    assert [duty.name for duty in presets.read(sample).duties] == list(DUTIES)


def test_page_lists_every_word():
    missing = [word for word in (*DUTIES, *PARTIES, *COUNTS, *presets.preset_names()) if f"`{word}`" not in PAGE]

    assert missing == []


def test_parties_are_the_roles_of_the_directory():
    roles = pytest.importorskip("lianshang.directory.models").Role

    parties = {name: words for name, words in PARTIES.items() if name not in ("holder", "superior")}
    apart = {roles.SECURITY_ADMIN, roles.AUDIT_ADMIN}  # see to accounts and records, and have no part in a case
    assert parties == {name: words for name, words in roles.choices if name not in apart}
