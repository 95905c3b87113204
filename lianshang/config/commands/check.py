"""`lianshang check`: is this installation in order?"""

import argparse
from dataclasses import asdict

from lianshang.config.output import emit

HELP = "检查安装、设置和数据库是否正常"
NEEDS_DATABASE = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.utils import timezone

    from lianshang.config.checks import findings

    found = findings(timezone.localdate())
    faults = [finding for finding in found if finding.fault]
    lines = [f"{'错误' if finding.fault else '提醒'}  {finding.sentence}" for finding in found]
    last = f"发现 {len(faults)} 个错误。" if faults else "检查完毕，没有错误。"
    emit(args, {"faults": len(faults), "findings": [asdict(finding) for finding in found]}, "\n".join([*lines, last]))
    return 1 if faults else 0
