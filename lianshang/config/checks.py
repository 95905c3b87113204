"""What `lianshang check` looks at beyond Django's own checks. Each check yields findings; none means all is well."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.db import connection
from django.utils import timezone

from lianshang.config import assets
from lianshang.config.backups.archive import newest
from lianshang.config.database import unapplied

LEAST_FREE = 0.05  # of the disk
BACKUP_AGE = timedelta(hours=26)  # a day, and the time that one takes
CLOSE_DEMO = "请运行 lianshang account close-demo 停用。"
AHEAD = timedelta(days=60)  # due dates reach into days whose notice should be out by then


@dataclass(frozen=True)
class Finding:
    """A fault keeps the product from working right; what is not a fault is a warning."""

    check: str
    sentence: str
    fault: bool = True


def findings(today: date) -> list[Finding]:
    """All findings, faults first. `today` is the park's date."""
    groups = [framework(), migrations(), pragmas(), durability(), files(), disk(), pages(), demo(), calendar(today)]
    groups += [backups(timezone.now()), witness(), administrators(today)]
    return sorted((finding for group in groups for finding in group), key=lambda finding: not finding.fault)


def framework() -> Iterator[Finding]:
    for message in run_checks(databases=["default"]):
        if not message.is_silenced():
            yield Finding(message.id or "django", " ".join(str(message.msg).split()), fault=message.level >= ERROR)


def migrations() -> Iterator[Finding]:
    if waiting := unapplied():
        yield Finding("migrations", f"有 {len(waiting)} 个迁移未执行，请运行 lianshang migrate。")


def pragmas() -> Iterator[Finding]:
    """SQLite loses acknowledged rows at a power cut unless it writes ahead and syncs fully."""
    if connection.vendor != "sqlite":
        return
    for pragma, right, word in (("journal_mode", ("wal", "memory"), "WAL"), ("synchronous", (2, 3), "FULL")):
        if _ask(f"PRAGMA {pragma}") not in right:
            yield Finding(f"sqlite.{pragma}", f"SQLite 的 {pragma} 不是 {word}，断电可能丢失已确认的数据。")


def durability() -> Iterator[Finding]:
    if connection.vendor != "postgresql":
        return
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        if _ask(f"SHOW {name}") == "off":
            yield Finding(f"postgresql.{name}", f"PostgreSQL 的 {name} 已关闭，断电可能丢失已确认的数据，请打开。")


def files() -> Iterator[Finding]:
    folder = nearest(Path(settings.MEDIA_ROOT))
    if not os.access(folder, os.W_OK):
        yield Finding("files", f"附件文件夹 {settings.MEDIA_ROOT} 不能写入，请修改权限或 LIANSHANG_FILES。")


def disk() -> Iterator[Finding]:
    usage = shutil.disk_usage(nearest(Path(settings.MEDIA_ROOT)))
    if usage.free < usage.total * LEAST_FREE:
        yield Finding("disk", f"磁盘只剩 {usage.free // 2**20} MB，请清理后再继续接收材料。")


def backups(now: datetime) -> Iterator[Finding]:
    """Where a folder of backups is set, somebody expects one each night."""
    if not settings.BACKUPS:
        return
    last = newest(Path(settings.BACKUPS))
    if last is None:
        yield Finding("backups", f"{settings.BACKUPS} 里还没有备份，请安排每天运行 lianshang backup。", fault=False)
    elif now - last > BACKUP_AGE:
        hours = int((now - last) / timedelta(hours=1))
        sentence = f"最近一次备份是 {hours} 小时以前的，请查看为什么没有运行 lianshang backup。"
        yield Finding("backups", sentence, fault=False)


def witness() -> Iterator[Finding]:
    """Without a witness nobody can tell a database that was put back together with its signatures."""
    from lianshang.kernel.history import witnesses
    from lianshang.kernel.history.notes import Forged
    from lianshang.kernel.history.tiles import Tiles

    if not settings.WITNESS and not settings.WITNESS_MAIL:
        sentence = "没有设置历史记录的见证，整个数据库被换成旧的就查不出来：请设置 LIANSHANG_WITNESS（放在另一台机器上的文件）或 LIANSHANG_WITNESS_MAIL。"
        yield Finding("witness", sentence, fault=False)
    if not settings.WITNESS or unapplied():
        return
    path = Path(settings.WITNESS)
    try:
        known = witnesses.newest(path)
        if known is None and witnesses.is_told(path):
            yield Finding(
                "witness", f"见证文件 {path} 不见了，或者被清空了：请找回；找不回的，请换一个文件名重新开始。"
            )
        witnesses.check(known, Tiles())
    except witnesses.Ahead as ahead:
        yield Finding(
            "witness", f"{ahead}请运行 lianshang verify 查看；确是恢复了旧备份的，请换一个见证文件，旧的留存。"
        )
    except (Forged, OSError):
        yield Finding("witness", f"见证文件 {settings.WITNESS} 读不了，或者最后一行不是本站签的，请查看。")


def pages() -> Iterator[Finding]:
    if not assets.built():
        yield Finding("assets", "页面的样式和脚本还没有生成，请运行 make assets。")


def demo() -> Iterator[Finding]:
    """A demo account belongs on no machine that strangers can reach: its password is published, it has no second factor."""
    from lianshang.directory.models import Account, Park

    if unapplied():
        return
    marked = Account.objects.filter(is_demo=True, is_active=True)
    reachable = settings.HTTPS or _is_reachable()
    if marked.exclude(park__is_demo=True).exists():
        yield Finding("demo.accounts", f"正式园区里有演示账号，密码是公开的，也不用动态口令：{CLOSE_DEMO}")
    elif reachable and marked.exists():
        yield Finding("demo.accounts", f"对外开放的网址上有演示账号，密码是公开的：{CLOSE_DEMO}")
    if reachable and Park.objects.filter(is_demo=True).exists():
        yield Finding("demo", "对外开放的网址上有演示园区，数据是虚构的；正式使用请换一个新的数据库。", fault=False)


def administrators(today: date) -> Iterator[Finding]:
    """三员分立: each park in use has all three, and has decided from when a second factor is a must."""
    from django_scopes import scope

    from lianshang.directory.models import ADMINISTRATORS, Park, Post, Role, SecurityRules

    for park in [] if unapplied() else Park.objects.filter(is_demo=False):
        with scope(park=park):
            held = set(Post.objects.in_force(today).values_list("role", flat=True))
            chosen = SecurityRules.objects.exclude(second_factor_from=None).exists()
        if missing := "、".join(Role(role).label for role in ADMINISTRATORS if role not in held):
            sentence = f"{park}还没有{missing}：请运行 lianshang account open，或由安全管理员安排。"
            yield Finding("administrators", sentence, fault=False)
        if not chosen:
            sentence = f"{park}还没有定从哪天起必须启用动态口令：请安全管理员在“登录规则”里定。"
            yield Finding("second-factor", sentence, fault=False)


def _is_reachable() -> bool:
    host = settings.ADDRESS.hostname
    return host not in settings.LOOPBACK and f"[{host}]" not in settings.LOOPBACK


def calendar(today: date) -> Iterator[Finding]:
    """The State Council publishes a year's rest days in the autumn before; without them due dates are provisional."""
    from lianshang.kernel.calendars import national
    from lianshang.kernel.editions import calendar_of
    from lianshang.kernel.models import CalendarVersion

    newest = CalendarVersion.objects.filter(calendar__park=None).order_by("-number").first()
    days = calendar_of(newest.pk) if newest else national()
    for day in (today, today + AHEAD):
        if days.provisional(day):
            sentence = f"{day.year} 年的放假安排还没有录入，落在这一年的到期日按平日推算，只能作参考。"
            yield Finding("calendar", sentence, fault=False)
            return


def _ask(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return row[0] if row else None


def nearest(folder: Path) -> Path:
    """Return the folder, or the closest one above it that exists."""
    return next(path for path in (folder, *folder.parents) if path.exists())
