"""What is inside an archive: versions, tables with counts and digests, files, and what was missing already."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from lianshang import __version__
from lianshang.config.backups.rows import Table
from lianshang.config.output import Unusable

PRODUCT, FORMAT = "lianshang", 1
DAMAGED = "这个备份的清单读不懂，不能恢复。请换一个备份。"


@dataclass
class Member(Table):
    """A table as it lies in the archive: the packed lines and their SHA-256."""

    member: str = ""
    sha256: str = ""


@dataclass
class Manifest:
    """`files` maps `park/digest` to bytes; `missing` names what a row asked for and the disk did not give."""

    at: str
    database: str
    migrations: list[str]
    tables: list[Member] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    events: dict[str, Any] = field(default_factory=dict)
    product: str = PRODUCT
    format: int = FORMAT
    version: str = __version__

    def packed(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def bytes(self) -> int:
        """Return how much room its content takes when it is unpacked."""
        return sum(table.bytes for table in self.tables) + sum(self.files.values())


def unpacked(content: bytes) -> Manifest:
    """Raises `Unusable` for what is not ours, or was made by a newer product than this."""
    try:
        told = json.loads(content)
        if told["product"] != PRODUCT:
            raise Unusable("这不是链上的备份。")
        if told["format"] > FORMAT or _order(told["version"]) > _order(__version__):
            raise Unusable(f"这个备份出自较新的版本 {told['version']}，本机是 {__version__}：请先升级，再恢复。")
        told["tables"] = [Member(**table) for table in told["tables"]]
        return Manifest(**{one.name: told[one.name] for one in fields(Manifest)})
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unusable(DAMAGED) from None


def digest_of(tables: list[Table]) -> str:
    """Return one digest over the digests of several tables, by name."""
    named = sorted(f"{table.model} {table.digest}\n" for table in tables)
    return hashlib.sha256("".join(named).encode()).hexdigest()


def seal(content: bytes) -> bytes:
    """Return what vouches for the manifest: a code under the installation's key, that key's name, a hash over all of it."""
    name, code = _name(settings.SECRET_KEY), _code(content, settings.SECRET_KEY)
    return json.dumps({"key": name, "code": code, "sha256": hash_of(content, name, code)}).encode()


def hash_of(content: bytes, name: str, code: str) -> str:
    return hashlib.sha256(content + name.encode() + code.encode()).hexdigest()


def is_vouched(content: bytes, sealed: bytes) -> bool:
    """Return whether one of this installation's keys vouches for the manifest; False: the key is another one.

    Raises `Unusable` where hash or code contradict the manifest.
    """
    try:
        told = json.loads(sealed)
        name, code, claimed = str(told["key"]), str(told["code"]), str(told["sha256"])
    except (KeyError, TypeError, ValueError):
        raise Unusable(DAMAGED) from None
    if claimed != hash_of(content, name, code):
        raise Unusable("这个备份的清单与封签不符，可能损坏或被改动，不能恢复。请换一个备份。")
    known = [key for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS) if _name(key) == name]
    if known and not constant_time_compare(code, _code(content, known[0])):
        raise Unusable("这个备份的封签是假的，内容被改动过，不能恢复。请换一个备份。")
    return bool(known)


def _name(key: str) -> str:
    return salted_hmac("lianshang.backups.name", "", secret=key, algorithm="sha256").hexdigest()[:16]


def _code(content: bytes, key: str) -> str:
    return salted_hmac("lianshang.backups.seal", content, secret=key, algorithm="sha256").hexdigest()


def _order(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(version))[:3]]
