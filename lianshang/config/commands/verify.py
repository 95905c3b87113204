"""`lianshang verify`: is every record still what was written, from the live columns to the signatures and the files?"""

import argparse
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from lianshang.config.output import Unusable, emit

if TYPE_CHECKING:
    from lianshang.kernel.history.faults import Report

HELP = "核对历史记录：逐条重算，对照签名、见证和附件"
NEEDS_DATABASE = True

SHOWN = 20  # faults told in words
ALONE = "没有见证：数据库和签名一起被换成旧的，这里看不出来。请设置 LIANSHANG_WITNESS，或用 --witness 指定。"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--witness", metavar="FILE", default="", help="对照见证文件（或存下的见证邮件），默认 LIANSHANG_WITNESS"
    )


def run(args: argparse.Namespace) -> int:
    from lianshang.kernel.history import notes

    path, begun = _witness(args.witness), time.monotonic()
    report = _verified(path)
    facts = {
        **{name: value for name, value in asdict(report).items() if name != "faults"},
        "root": report.root.hex(),
        "keys": [notes.key_line(key, notes.origin()) for key in notes.public_keys()],
        "witness": str(path or ""),
        "faults": [{**asdict(fault), "sentence": fault.sentence} for fault in report.faults],
        "seconds": round(time.monotonic() - begun, 3),
    }
    emit(args, facts, _text(report, path))
    return 1 if report.faults else 0


def _witness(given: str) -> Path | None:
    from django.conf import settings

    if not (told := given or settings.WITNESS):
        return None
    path = Path(told).expanduser()
    if not path.is_file():
        raise Unusable(f"找不到见证文件 {told}。")
    return path


def _verified(path: Path | None) -> "Report":
    """Look at one moment, while the site goes on writing."""
    from django.conf import settings
    from django.utils import timezone

    from lianshang.config.backups.rows import snapshot
    from lianshang.kernel.history.notes import Forged
    from lianshang.kernel.history.verifying import verify

    try:
        with snapshot():
            return verify(timezone.now(), witness=path, folder=Path(settings.MEDIA_ROOT))
    except Forged:
        raise Unusable(f"{path} 不是见证文件：每行应是一段 JSON，有 note 一项。") from None
    except OSError as error:
        raise Unusable(f"读不了 {path}：{error.strerror or error}。") from error


def _alone() -> str:
    from django.conf import settings

    return f"见证文件 {settings.WITNESS} 不在：请看是否被移走，或者后台任务还没有写过。" if settings.WITNESS else ALONE


def _text(report: "Report", path: Path | None) -> str:
    lines = [
        f"核对了 {report.rows} 条记录（{len(report.tables)} 张表）、{report.checkpoints} 次签名、{report.files} 个附件。",
        f"树根 {report.root.hex()}（{report.size} 叶）。",
    ]
    if report.waiting:
        late = f"，其中 {report.late} 条超过 60 秒：请看后台任务是否在运行" if report.late else ""
        lines.append(f"{report.waiting} 条尚在写入{late}。")
    lines.append(f"见证 {path}：{report.witnessed} 行。" if path else _alone())
    lines += [f"错误  {fault.sentence}" for fault in report.faults[:SHOWN]]
    if more := len(report.faults) - SHOWN:
        lines += [f"另有 {more} 处，用 --json 看全。"] if more > 0 else []
    lines.append(f"发现 {len(report.faults)} 处不符。" if report.faults else "没有发现改动。")
    return "\n".join(lines)
