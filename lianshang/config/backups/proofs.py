"""What a restored place is held to before anybody relies on it. Each proof is a line: what was looked at, and what was found."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model, QuerySet
from django.utils import timezone
from django_scopes import scope

from lianshang.cases import books, theme_flow
from lianshang.cases.models import Case, Theme
from lianshang.config.backups import rows
from lianshang.config.backups.manifest import Manifest, digest_of
from lianshang.directory.models import Park
from lianshang.kernel import append_only
from lianshang.kernel.book import Book
from lianshang.kernel.history.verifying import verify

SAMPLE = 300  # cases whose clocks are counted again
SAME, MOVES = (
    ("duty", "unit_id", "round", "rule", "calendar_version_id", "provisional", "started_at", "first_due_at", "due_at",
     "paused_at", "stopped_at", "outcome"),
    ("what", "at", "old_due_at", "new_due_at"),
)  # fmt: skip


@dataclass(frozen=True)
class Proof:
    """`stops`: where it does not hold nothing is restored; else it is told."""

    what: str
    found: str
    holds: bool
    stops: bool = True


def same_rows(manifest: Manifest, models: dict[str, type[Model]]) -> list[Proof]:
    """Read every table back: counts and digests are those of the archive. `models` are those of the archive's time."""
    read = {table.model: rows.read(models[table.model], table.fields) for table in manifest.tables}
    others = [
        f"{table.model} 应有 {table.rows} 行，现有 {read[table.model].rows} 行"
        for table in manifest.tables
        if (read[table.model].rows, read[table.model].digest) != (table.rows, table.digest)
    ]
    found = "；".join(others[:3]) or f"{len(read)} 张表 {sum(table.rows for table in read.values())} 行，逐行一致"
    told = [read[table.model] for table in manifest.tables if table.model in manifest.events["tables"]]
    digest, count = digest_of([*told]), sum(table.rows for table in told)
    events = Proof("办理记录", f"{count} 条，摘要 {digest[:12]}", digest == manifest.events["digest"])
    return [Proof("各表的行", found, not others), events]


def references() -> Proof:
    """No row points to nothing."""
    try:
        connection.check_constraints()
    except IntegrityError as error:
        return Proof("引用关系", str(error).splitlines()[0], holds=False)
    return Proof("引用关系", "没有指空的引用", holds=True)


def structure() -> list[Proof]:
    """Append-only tables are guarded, and SQLite finds its own pages in order."""
    missing = sorted(guarded() - append_only.guards(connection))
    found = [Proof("只增不改的表", f"缺保护：{'、'.join(missing)}" if missing else "都有保护", not missing)]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            told = str(cursor.fetchone()[0])
        found.append(Proof("数据库文件", "完好" if told == "ok" else told, told == "ok"))
    return found


def history(*, is_vouched: bool) -> Proof:
    """Recompute every record's leaf and the signed heads. What was amiss when the backup was made is told, and restored."""
    report = verify(timezone.now())
    others = [fault for fault in report.faults if fault.kind != "key"]
    if others:
        found = f"{len(others)} 处不符，如 {others[0].sentence}"
    else:
        key = "；签名的密钥与本机不同" if report.faults else ""
        found = f"{report.rows} 条，树根 {report.root.hex()[:12]}，与 {report.checkpoints} 次签名一致{key}"
    return Proof("历史记录", found, holds=not report.faults, stops=bool(others) and not is_vouched)


def clocks() -> Proof:
    """Count the clocks of a sample again from their events: they equal those that are kept."""
    seen, others = 0, []
    for park in Park.objects.all():
        with scope(park=park):
            for all_of, room in ((Case.objects.all(), books), (Theme.objects.all(), theme_flow)):
                for subject in _sample(all_of):
                    seen += 1
                    if _told(room.live(subject)) != _told(room.rebuilt(subject)):
                        others.append(str(subject))
    found = f"{seen} 件重算，与保存的一致" if not others else f"{len(others)} 件重算后不一致，如 {others[0]}"
    return Proof("期限", found, not others)


def _sample(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Return every n-th row, so that old and new ones are among them."""
    every = max(1, rows.count() // SAMPLE)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))[::every]
    return rows.filter(pk__in=keys).order_by("pk")


def _told(book: Book) -> tuple[Any, ...]:
    kept = [tuple(getattr(clock, name) for name in SAME) for clock in book.clocks]
    return sorted(kept, key=str), sorted(tuple(getattr(move, name) for name in MOVES) for move in book.changes)


def guarded() -> set[str]:
    """Return the tables that migrations guard."""
    steps = [step for migration in MigrationLoader(None).disk_migrations.values() for step in migration.operations]
    return {step.table for step in steps if isinstance(step, append_only.AppendOnly)}
