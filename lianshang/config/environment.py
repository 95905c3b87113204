"""Reads `LIANSHANG_*` variables. A bad value is refused with a sentence that names the variable and what is right."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lianshang.config.output import Unusable

TRUE, FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}

SECRET_LENGTH, SECRET_VARIETY = 50, 5

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
}


def text(name: str, default: str = "") -> str:
    return os.environ.get(f"LIANSHANG_{name}", "").strip() or default


def many(name: str) -> list[str]:
    """Values separated by commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def flag(name: str, *, default: bool = False) -> bool:
    value = text(name, str(int(default))).lower()
    if value not in TRUE | FALSE:
        raise wrong(name, value, "应为 1 或 0")
    return value in TRUE


def number(name: str, default: int, *, least: int, most: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise wrong(name, value, f"应为 {least} 到 {most} 之间的整数")
    return int(value)


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in choices:
        raise wrong(name, value, f"应为 {'、'.join(choices)} 之一")
    return value


def folder(name: str, default: Path) -> Path:
    path = Path(text(name, str(default))).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise wrong(name, str(path), "应为一个文件夹")
    return path


def zone(name: str, default: str) -> str:
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong(name, value, "应为时区名称，例如 Asia/Shanghai") from None
    return value


def address(name: str, default: str) -> SplitResult:
    """The public origin, as `http(s)://host[:port]` without a path."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise wrong(name, value, "应为网址，例如 https://lianshang.example.cn")
    return parts


def hosts(name: str, default: list[str]) -> list[str]:
    """Names under which the site answers; a star would let a stranger choose the address in our links."""
    names = many(name)
    if any("*" in host or "/" in host for host in names):
        raise wrong(name, ",".join(names), "应为逗号分隔的域名或 IP 地址，不能用 * 和网址")
    return list(dict.fromkeys([*default, *names]))


def secret(name: str) -> str:
    value = text(name)
    if value and (len(value) < SECRET_LENGTH or len(set(value)) < SECRET_VARIETY):
        raise wrong(name, value[:2] + "…", f"应为至少 {SECRET_LENGTH} 个字符的随机文字")
    return value


def database(name: str, default: Path) -> dict[str, Any]:
    """One entry of `DATABASES`, from `sqlite:///path` or `postgresql://user:password@host:port/name?option=value`."""
    value = text(name)
    if not value:
        return sqlite(default)
    right = "应为 sqlite:///相对路径、sqlite:////绝对路径 或 postgresql://用户:密码@主机:端口/库名"
    parts = _split(name, value, right)
    if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
        return sqlite(Path(unquote(parts.path[1:])).absolute())
    if parts.scheme in {"postgres", "postgresql"} and len(parts.path) > 1:
        return _postgres(parts)
    raise wrong(name, _without_password(value), right)


def email(name: str) -> dict[str, Any]:
    """Django's e-mail settings, from `smtp://`, `smtp+tls://` or `smtps://user:password@host:port`; none: no e-mail."""
    value = text(name)
    if not value:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    if value == "console:":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    right = "应为 smtps://用户:密码@主机:465、smtp+tls://用户:密码@主机:587 或 console:"
    parts = _split(name, value, right)
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname:
        raise wrong(name, _without_password(value), right)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }


def sms(name: str, default: Path) -> str:
    """The SMS gateway: none, `file:` (a file of this installation) or `file:path`, or the dotted name of a class."""
    value = text(name)
    if value == "file:":
        return f"file:{default}"
    if value and not value.startswith("file:/") and not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", value):
        raise wrong(name, value, "应为 file:、file:/绝对路径，或网关类的完整名称，如 our_gateway.sms.Gateway")
    return value


def wrong(name: str, value: str, right: str) -> Unusable:
    return Unusable(f"环境变量 LIANSHANG_{name} 的值“{value}”不对：{right}。")


def _split(name: str, value: str, right: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 a bad port raises only when it is read
    except ValueError:
        raise wrong(name, _without_password(value), right) from None
    return parts


def sqlite(path: Path) -> dict[str, Any]:
    """The entry of `DATABASES` for a file."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": dict(SQLITE_OPTIONS),
        "CONN_MAX_AGE": 300,  # opening one costs as much as some queries; a new one knows the newest statistics
    }


def _postgres(parts: SplitResult) -> dict[str, Any]:
    # Our questions are short: compiling one takes longer than answering it, and so does planning it anew each time.
    options: dict[str, Any] = {
        "connect_timeout": 10,
        "options": "-c jit=off",
        "server_side_binding": True,
        "prepare_threshold": 2,  # how often a connection asks in the same words before it keeps the plan
        **dict(parse_qsl(parts.query)),
    }
    host = options.pop("host", "") or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def _without_password(value: str) -> str:
    """A sentence on the screen or in a log shows no password."""
    head, at, tail = value.rpartition("@")
    return f"…@{tail}" if at and head else value
