"""What keeps `lianshang serve` from starting: settings that lose data or open doors, each with what to change.

A warning that nobody reads protects nobody, so the site does not start. Commands that run once are not guarded, and a
demo on this machine alone may be plain HTTP.
"""

import fcntl
import hashlib
import ipaddress
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

from lianshang.config import checks
from lianshang.config.environment import SECRET_LENGTH, SECRET_VARIETY
from lianshang.config.output import Unusable

LEAST_FREE = 1 << 30  # bytes, or the twentieth part of a smaller disk
FIRST_HASHER = "Argon2PasswordHasher"


def refusals(host: str) -> list[str]:
    """Return one sentence for each reason not to serve on this address; none: the site may start."""
    here = _only_here(host)
    groups = (
        debug(here=here),
        doors(here=here),
        accounts(here=here),
        secrets(),
        database(),
        records(),
        calendar(),
        folders(),
        disk(),
    )
    return [sentence for group in groups for sentence in group]


def _only_here(host: str) -> bool:
    """Whether nobody but this machine reaches the site: by where it listens, and by the address it gives to others."""
    return _loopback(host) and _loopback(settings.ADDRESS.hostname or "")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def debug(*, here: bool) -> Iterator[str]:
    if settings.DEBUG and not here:
        yield "LIANSHANG_DEBUG 开着，出错页会把内部数据给外人看：请设为 0，或者只在本机监听。"


def doors(*, here: bool) -> Iterator[str]:
    if "*" in settings.ALLOWED_HOSTS:
        yield "允许的网址里有 *，别人可以伪造我们发出的链接：请在 LIANSHANG_HOSTS 里写明域名。"
    if not here and not settings.HTTPS:
        yield "对外提供服务却没有用 https，账号和诉求会被中途看到：请把 LIANSHANG_ADDRESS 设为 https 网址，由前面的代理加密；只在本机用，请监听 127.0.0.1。"
    if settings.HTTPS and not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        yield "登录凭据没有限定只走 https：请去掉对 SESSION_COOKIE_SECURE、CSRF_COOKIE_SECURE 的改动。"
    if settings.HTTPS and not settings.SECURE_HSTS_SECONDS:
        yield "没有要求浏览器只走 https（HSTS），头一次访问可能被换成明文：请恢复 SECURE_HSTS_SECONDS。"
    if not str(settings.PASSWORD_HASHERS[0]).endswith(FIRST_HASHER):
        yield "密码没有用 Argon2 保存：请恢复 PASSWORD_HASHERS 的第一项。"


def accounts(*, here: bool) -> Iterator[str]:
    """Demo accounts are exempt from the second factor, and their password is published."""
    from lianshang.directory.models import Account

    if not here and not checks.unapplied() and Account.objects.filter(is_demo=True, is_active=True).exists():
        yield f"对外提供服务，却有密码公开的演示账号：{checks.CLOSE_DEMO}"


def secrets() -> Iterator[str]:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if any(len(key) < SECRET_LENGTH or len(set(key)) < SECRET_VARIETY for key in keys):
        yield f"LIANSHANG_SECRET_KEY 太短或太简单，登录凭据可以伪造：请换成至少 {SECRET_LENGTH} 个字符的随机文字。"


def database() -> Iterator[str]:
    for finding in (*checks.migrations(), *checks.pragmas(), *checks.durability()):
        yield finding.sentence


def records() -> Iterator[str]:
    """What is appended to is guarded in the database itself; a copy made by other tools may come without its triggers."""
    from lianshang.config.backups.proofs import guarded
    from lianshang.kernel import append_only

    if not checks.unapplied() and (bare := sorted(guarded() - append_only.guards(connection))):
        yield f"办理记录的表 {bare[0]} 没有防改的触发器，记录可以被悄悄改动：请用 lianshang restore 恢复一份备份，不要用别的工具搬库。"


def calendar() -> Iterator[str]:
    """A year that is not published yet only warns: due dates in it say that they are provisional."""
    from lianshang.kernel.models import CalendarVersion

    if not CalendarVersion.objects.filter(calendar__park=None).exists():
        yield "一份工作日历都没有，期限无从算起：请运行 lianshang migrate 装入国家工作日历。"


def folders() -> Iterator[str]:
    """Uploads are handed out by a view that asks who wants them, never by a server of static files."""
    kept = Path(settings.MEDIA_ROOT).resolve()
    public = [Path(settings.STATIC_ROOT).resolve(), *(Path(folder).resolve() for folder in settings.STATICFILES_DIRS)]
    if any(kept == folder or folder in kept.parents or kept in folder.parents for folder in public):
        yield f"附件文件夹 {kept} 与公开的网页文件夹重叠，附件谁都能下载：请用 LIANSHANG_FILES 换一个文件夹。"
    for finding in checks.files():
        yield finding.sentence


def disk() -> Iterator[str]:
    usage = shutil.disk_usage(checks.nearest(Path(settings.MEDIA_ROOT)))
    if usage.free < min(LEAST_FREE, usage.total // 20):
        yield f"磁盘只剩 {usage.free // 2**20} MB，收下的诉求可能存不下：请清理磁盘后再启动。"


def only_server() -> IO[str] | None:
    """Hold the one place of a serving process on SQLite until the file is closed; None on PostgreSQL. Raises `Unusable`.

    Two of them would each run a worker and keep their own caches. Commands that run once take no place.
    """
    if connection.vendor != "sqlite":
        return None
    return only_one(Path(settings.HOME), str(settings.DATABASES["default"]["NAME"]))


def only_one(home: Path, name: str) -> IO[str]:
    """Hold the place of whoever serves the SQLite database `name` from the folder `home`. Raises `Unusable`."""
    place = home / f"serving-{hashlib.sha256(name.encode()).hexdigest()[:12]}.lock"
    place.parent.mkdir(parents=True, exist_ok=True)
    held = place.open("a+", encoding="ascii")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.seek(0)
        other = held.read().strip() or "另一个进程"
        held.close()
        raise Unusable(
            f"这个数据库已经有一个网站进程在服务（进程号 {other}）。SQLite 只能有一个：请先停掉它，或改用 PostgreSQL。"
        ) from None
    held.truncate(0)
    held.write(str(os.getpid()))
    held.flush()
    return held
