import json
import subprocess
import sys
from argparse import Namespace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from lianshang.config import cli
from lianshang.config.output import dumps, emit


def test_unknown_command_is_refused_with_the_commands_there_are(capsys):
    code = cli.main(["nonsense"])

    assert code == 2
    assert "没有“nonsense”这个命令" in capsys.readouterr().err


def test_refusal_with_json_is_json_alone_on_standard_output(capsys):
    code = cli.main(["serve", "--port", "many", "--json"])

    assert code == 2
    assert json.loads(capsys.readouterr().out) == {"error": "--port 的值 'many' 不对。用法见 lianshang serve --help。"}


@pytest.mark.parametrize("name", cli.names())
def test_every_command_explains_itself(capsys, name):
    with pytest.raises(SystemExit) as end:
        cli.main([name, "--help"])

    assert end.value.code == 0
    assert "--json" in capsys.readouterr().out


def test_command_line_starts_without_django():
    program = "import sys; from lianshang.config import cli; cli.main(['--version']); sys.exit('django' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], check=False)

    assert done.returncode == 0


def test_json_keeps_numbers_numbers_and_chinese_readable(capsys):
    data = {"金额": Decimal("12.50"), "件数": Decimal(3), "时间": datetime(2026, 11, 23, 1, tzinfo=UTC)}

    emit(Namespace(json=True), data, "unused")

    assert capsys.readouterr().out == '{"金额": 12.5, "件数": 3, "时间": "2026-11-23T01:00:00+00:00"}\n'


def test_json_refuses_what_is_not_a_number():
    with pytest.raises(ValueError, match="not JSON compliant"):
        dumps({"rate": float("nan")})


def test_bad_settings_end_a_command_with_one_sentence(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "lianshang", "check"],
        env={"LIANSHANG_ZONE": "Mars", "LIANSHANG_HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "环境变量 LIANSHANG_ZONE 的值“Mars”不对：应为时区名称，例如 Asia/Shanghai。\n"
