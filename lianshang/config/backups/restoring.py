"""Restores a backup: into a draft beside the target, proved there, then swapped in."""

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model
from django_scopes import scopes_disabled

from lianshang.config.backups import archive, proofs, rows
from lianshang.config.backups.archive import Archive
from lianshang.config.backups.manifest import Manifest
from lianshang.config.backups.proofs import Proof
from lianshang.config.backups.targets import Target, standing_in
from lianshang.config.output import Unusable
from lianshang.config.seed import seed
from lianshang.kernel import files, statistics

SPARE = 64 << 20  # bytes
GROWTH = 3  # what rows take in a database with its indexes, against their lines

Tell = Callable[[str], None]


@dataclass
class Restored:
    """`kept` names what was there before, and where it is now. Not `done`: a proof failed, nothing was changed."""

    manifest: Manifest
    proofs: list[Proof]
    done: bool = False
    kept: list[str] = field(default_factory=list)


def restore(path: Path, target: Target, *, replace: str, tell: Tell) -> Restored:
    """Restore the archive into the target. `replace` is the archive's own name where the target is not empty.

    Raises `Unusable` for an archive that cannot be believed, and for a target that is in use, full or not empty; then,
    and where a proof fails, the target is as it was.
    """
    with archive.opened(path) as read:
        tell("正在核对备份……")
        read.verify()
        try:
            target.refuse_served()
            _check(path, read.manifest, target, replace)
            return _restored(read, target, tell)
        finally:
            target.abandon()


def _check(path: Path, manifest: Manifest, target: Target, replace: str) -> None:
    if not target.is_empty() and replace != path.name:
        raise Unusable(f"目标里已有园区的数据，没有恢复。确实要换掉，请加 --replace {path.name}；原来的会改名保留。")
    folder, free = target.room()
    needed = manifest.bytes * GROWTH + SPARE
    if free < needed:
        raise Unusable(f"{folder} 所在的磁盘只剩 {free >> 20} MB，恢复可能要 {needed >> 20} MB：请清理后再恢复。")


def _restored(read: Archive, target: Target, tell: Tell) -> Restored:
    found = Restored(read.manifest, [_same_key(read)])
    with standing_in(target.begin()), scopes_disabled():
        models = _tables(read.manifest, tell)
        _load(read, models, tell)
        found.proofs += proofs.same_rows(read.manifest, models)
        found.proofs += _files(read, target.draft_files)
        _bring_up(read.manifest, tell)
        tell("正在检查恢复的数据……")
        found.proofs += [proofs.references(), *proofs.structure(), proofs.clocks()]
        found.proofs.append(proofs.history(is_vouched=read.is_vouched))
        _settle()
    found.done = all(proof.holds for proof in found.proofs if proof.stops)
    if found.done:
        found.kept = target.swap()
    return found


def _tables(manifest: Manifest, tell: Tell) -> dict[str, type[Model]]:
    """Make the tables as they were at the archive's time, and return the models of that time by label."""
    tell("正在建表……")
    executor = MigrationExecutor(connection)
    graph, known = executor.loader.graph, {_key_of(name) for name in manifest.migrations}
    if strange := sorted(f"{app}.{name}" for app, name in known - set(graph.nodes)):
        raise Unusable(f"这个备份里有本机不认识的表结构（{strange[0]}），可能出自较新的版本：请先升级，再恢复。")
    leaves = [
        key
        for key in known
        if not any(one.key[0] == key[0] and one.key in known for one in graph.node_map[key].children)
    ]
    state: Any = executor.migrate(leaves)
    models = {model._meta.label: model for model in rows.kept(state.apps)}
    if models.keys() != {table.model for table in manifest.tables}:
        raise Unusable("这个备份里的表与它的表结构不符，不能恢复。请换一个备份。")
    return models


def _key_of(name: str) -> tuple[str, str]:
    app, _, migration = name.partition(".")
    return app, migration


def _load(read: Archive, models: dict[str, type[Model]], tell: Tell) -> None:
    """All rows in one transaction, references checked at its end."""
    connection.disable_constraint_checking()
    table = None
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in read.manifest.tables:
                model = models[table.model]
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 ours
                if rows.load(model, table.fields, read.lines(table.member)):
                    tell(f"{table.model}　{table.rows} 行")
            for statement in connection.ops.sequence_reset_sql(no_style(), list(models.values())):
                cursor.execute(statement)
    except (DatabaseError, KeyError, ValueError) as error:
        reason = (str(error).splitlines() or [""])[0]
        raise Unusable(f"{table.model if table else ''} 里有这个数据库放不下的内容，没有恢复：{reason}") from error
    finally:
        connection.enable_constraint_checking()


def _files(read: Archive, folder: Path) -> list[Proof]:
    """Write the files out, each under its hash and synced, and tell which were missing when the backup was made."""
    good = 0
    for name in read.manifest.files:
        park, _, digest = name.partition("/")
        path = folder / files.place(int(park), digest)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with read.member(f"files/{name}") as source, path.open("xb") as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
        with path.open("rb") as copy:
            good += hashlib.file_digest(copy, "sha256").hexdigest() == digest
    count, missing = len(read.manifest.files), read.manifest.missing
    told = [Proof("附件", f"{good} 个，摘要一致", good == count)]
    if missing:
        told.append(Proof("备份时已缺的附件", f"{len(missing)} 个，如 {missing[0]}", holds=False, stops=False))
    return told


def _bring_up(manifest: Manifest, tell: Tell) -> None:
    """Older tables become those of this version."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        tell(f"备份出自 {manifest.version}，正在升级表结构（{len(plan)} 步）……")
        call_command("migrate", interactive=False, verbosity=0, stdout=StringIO())
        seed()


def _settle() -> None:
    """Fold SQLite's log into the one file, which is then renamed alone; tell the planner what there is."""
    statistics.look()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _same_key(read: Archive) -> Proof:
    found = "与备份时相同，封签无误" if read.is_vouched else "与备份时不同：旧回执码无法显示，请找回 secret.key"
    return Proof("密钥", found, read.is_vouched, stops=False)
