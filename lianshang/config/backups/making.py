"""Makes a backup: the rows of one moment, then the files that they name, then the archive is read back."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import QuerySet, Sum

from lianshang.config.backups import archive, rows
from lianshang.config.backups.manifest import Manifest, Member, digest_of
from lianshang.config.output import Unusable
from lianshang.kernel import files
from lianshang.kernel.events import Event
from lianshang.kernel.models import StoredFile

SPARE = 64 << 20  # bytes that stay free beside the archive

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Made:
    path: Path
    size: int
    manifest: Manifest


def make(folder: Path, at: datetime, tell: Tell) -> Made:
    """Write one archive into the folder, named by the time in UTC. Needs a connection outside any transaction.

    The site may serve and write meanwhile: what is committed when the backup begins is in it, whole; later is not.
    Files are kept before their rows are, and never removed, so the snapshot's files are all there.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = archive.name_at(at)
    try:
        with archive.drafted(folder, name) as writer:
            with rows.snapshot():
                _check_room(folder)
                manifest = _manifest(at)
                _write_rows(writer, manifest, tell)
                wanted = list(_stored().values_list("park_id", "digest").iterator())
            _write_files(writer, manifest, wanted, tell)
            writer.finish(manifest)
            tell("正在读回核对……")
    except OSError as error:
        raise Unusable(f"没有写成备份：{folder} 写不进去（{error.strerror or error}）。") from error
    path = folder / name
    return Made(path, path.stat().st_size, manifest)


def _manifest(at: datetime) -> Manifest:
    applied = MigrationRecorder(connection).applied_migrations()
    return Manifest(
        at=at.astimezone(UTC).isoformat(timespec="seconds"),
        database=connection.vendor,
        migrations=sorted(f"{app}.{name}" for app, name in applied),
    )


def _write_rows(writer: archive.Writer, manifest: Manifest, tell: Tell) -> None:
    for model in rows.kept(apps):
        label = model._meta.label
        table = Member(label, [field.attname for field in rows.columns(model)], member=f"rows/{label}.jsonl.gz")
        table.sha256 = writer.add_lines(table.member, rows.lines(model, table))
        manifest.tables.append(table)
        if table.rows:
            tell(f"{label}　{table.rows} 行")
    told = [table for table in manifest.tables if issubclass(apps.get_model(table.model), Event)]
    manifest.events = {
        "tables": [table.model for table in told],
        "rows": sum(table.rows for table in told),
        "digest": digest_of([*told]),
    }


def _write_files(writer: archive.Writer, manifest: Manifest, wanted: list[tuple[int, str]], tell: Tell) -> None:
    """A file that is gone or no longer has its hash is named in the manifest; all others are kept none the less."""
    for park, digest in wanted:
        name = f"{park}/{digest}"
        try:
            content = (Path(settings.MEDIA_ROOT) / files.place(park, digest)).read_bytes()
        except OSError:
            content = b""
        if hashlib.sha256(content).hexdigest() == digest:
            writer.add(f"files/{name}", content)
            manifest.files[name] = len(content)
        else:
            manifest.missing.append(name)
    tell(f"附件　{len(manifest.files)} 个")


def _stored() -> Any:
    return QuerySet(StoredFile).order_by("park_id", "digest")


def _check_room(folder: Path) -> None:
    """Rows pack to less than the database takes; files do not pack at all."""
    needed = _database_size() + (_stored().aggregate(all=Sum("size"))["all"] or 0) + SPARE
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Unusable(
            f"{folder} 所在的磁盘只剩 {free >> 20} MB，备份可能要 {needed >> 20} MB：请清理，或换一个文件夹。"
        )


def _database_size() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])
