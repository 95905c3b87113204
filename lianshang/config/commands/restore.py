"""`lianshang restore`: an archive back into an empty place, proved before it takes effect; or only tried (`--drill`)."""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lianshang.config.output import Unusable, emit, say

if TYPE_CHECKING:
    from lianshang.config.backups.restoring import Restored
    from lianshang.config.backups.targets import Target

HELP = "恢复备份：先在旁边恢复并核对，再换上；--drill 只演练"
NEEDS_DATABASE = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("archive", metavar="ARCHIVE", help="备份文件，lianshang-….tar")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--into", metavar="FOLDER", default="", help="恢复成一个新文件夹（SQLite 和附件），默认恢复到本机设定的数据库"
    )
    where.add_argument("--drill", action="store_true", help="演练：恢复到临时文件夹，核对后删去")
    parser.add_argument("--replace", metavar="NAME", default="", help="目标不空时写上备份的文件名；原来的改名保留")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from lianshang.config.backups.restoring import restore

    path = Path(args.archive).expanduser().absolute()
    with _target(args, path) as target:
        restored = restore(path, target, replace=args.replace, tell=say)
    emit(args, _facts(restored, target, drill=args.drill), _text(restored, target, drill=args.drill))
    return 0 if all(proof.holds for proof in restored.proofs) else 1


@contextmanager
def _target(args: argparse.Namespace, path: Path) -> "Iterator[Target]":
    from django.conf import settings
    from django.db import connection
    from django.utils import timezone

    from lianshang.config.backups.targets import target_of

    if args.drill:
        with tempfile.TemporaryDirectory(prefix=".lianshang-drill-", dir=_writable(path.parent)) as folder:
            yield _in_folder(Path(folder))
    elif args.into:
        yield _in_folder(Path(args.into).expanduser().absolute())
    else:
        yield target_of(connection.settings_dict, Path(settings.MEDIA_ROOT), timezone.now(), Path(settings.HOME))


def _in_folder(folder: Path) -> "Target":
    from django.utils import timezone

    from lianshang.config.backups.targets import target_of
    from lianshang.config.environment import sqlite

    if folder.exists() and not folder.is_dir():
        raise Unusable(f"{folder} 不是文件夹。")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return target_of(sqlite(folder / "lianshang.sqlite3"), folder / "files", timezone.now(), folder)


def _writable(folder: Path) -> Path | None:
    """Drill beside the archive, where there is room for such things, unless the folder is read-only."""
    import os

    return folder if os.access(folder, os.W_OK) else None


def _facts(restored: "Restored", target: "Target", *, drill: bool) -> dict[str, Any]:
    manifest = restored.manifest
    return {
        "restored": restored.done and not drill,
        "drill": drill,
        "database": target.database["NAME"],
        "files": target.files,
        "at": manifest.at,
        "version": manifest.version,
        "rows": manifest.rows,
        "events": manifest.events,
        "proofs": [asdict(proof) for proof in restored.proofs],
        "kept": restored.kept,
    }


def _text(restored: "Restored", target: "Target", *, drill: bool) -> str:
    table = [f"{'对' if proof.holds else '错'}  {proof.what}　{proof.found}" for proof in restored.proofs]
    if not restored.done:
        last = "核对没有通过，没有恢复，目标没有改动。"
    elif drill:
        last = f"演练通过：{restored.manifest.at} 的备份可以恢复。演练的数据已删去。"
    else:
        last = f"已恢复到 {target.database['NAME']}，附件在 {target.files}。请运行 lianshang check。"
    return "\n".join([*table, *[f"原来的保留在 {name}" for name in restored.kept], last])
