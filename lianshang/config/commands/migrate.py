"""`lianshang migrate`: bring the tables to this version, then put in what must exist."""

import argparse
from io import StringIO
from pathlib import Path

from lianshang.config.output import emit

HELP = "建立或升级数据库表，并写入必需的基础数据"
NEEDS_DATABASE = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(args: argparse.Namespace) -> int:
    import django
    from django.conf import settings
    from django.core.management import call_command

    from lianshang.config.database import unapplied

    django.setup()
    from lianshang.config.seed import seed

    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        Path(settings.DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    waiting = unapplied()
    call_command("migrate", interactive=False, verbosity=0, stdout=StringIO())
    lines = [f"已执行 {len(waiting)} 个迁移，数据库已就绪。" if waiting else "数据库已是最新。", *seed()]
    emit(args, {"applied": waiting, "seeded": lines[1:]}, "\n".join(lines))
    return 0
