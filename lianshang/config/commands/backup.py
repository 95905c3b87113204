"""`lianshang backup`: rows of one moment and the files that they name, in one archive that was read back."""

import argparse
from pathlib import Path

from lianshang.config.output import emit, say

HELP = "备份：数据库和附件写进一个文件，可在网站运行时做"
NEEDS_DATABASE = True

KEY = "密钥不在备份里：请把 LIANSHANG_SECRET_KEY 或 secret.key 另外保存一份。"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", nargs="?", metavar="FOLDER", default="", help="放在哪个文件夹，默认 LIANSHANG_BACKUPS 或 var/backups"
    )


def run(args: argparse.Namespace) -> int:
    from django.conf import settings
    from django.utils import timezone

    from lianshang.config.backups.making import make

    folder = (
        Path(args.folder).expanduser().absolute()
        if args.folder
        else Path(settings.BACKUPS or settings.HOME / "backups")
    )
    made = make(folder, timezone.now(), say)
    manifest = made.manifest
    facts = {
        "archive": made.path,
        "bytes": made.size,
        "at": manifest.at,
        "version": manifest.version,
        "database": manifest.database,
        "tables": len(manifest.tables),
        "rows": manifest.rows,
        "events": manifest.events,
        "files": len(manifest.files),
        "missing": manifest.missing,
    }
    lines = [
        f"已备份到 {made.path}（{made.size / 2**20:.1f} MB），已读回核对。",
        f"{manifest.rows} 行，其中办理记录 {manifest.events['rows']} 条；附件 {len(manifest.files)} 个。",
        *[f"缺少或损坏的附件：{name}" for name in manifest.missing],
        KEY,
    ]
    emit(args, facts, "\n".join(lines))
    return 1 if manifest.missing else 0
