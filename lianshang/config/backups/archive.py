"""The archive: a tar of a note, one packed table after the other, files by hash, the manifest, and its seal at the end.

An archive that was not finished has no seal. Nothing is ever unpacked under a name that the archive gives: names are
held to a pattern, and paths are ours.
"""

import fcntl
import gzip
import hashlib
import io
import os
import re
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from lianshang.config.backups import manifest as inside
from lianshang.config.backups.manifest import Manifest
from lianshang.config.output import Unusable

NOTE, MANIFEST, SEAL = "lianshang-backup.txt", "manifest.json", "seal.json"
NOTE_TEXT = "链上的备份。恢复：lianshang restore 文件名。内有个人信息，请妥善保管；密钥另存。\n".encode()
MEMBER = re.compile(
    r"rows/\w+\.\w+\.jsonl\.gz|files/\d+/[0-9a-f]{64}|" + "|".join(map(re.escape, (NOTE, MANIFEST, SEAL)))
)
NAME = re.compile(r"lianshang-(\d{8}T\d{6}Z)\.tar")
TIME = "%Y%m%dT%H%M%SZ"
BLOCK, END = 512, 1024  # bytes: tar's block, and the zeros that end it
AT_ONCE = 1 << 20  # bytes

FOREIGN = "这不是链上的备份文件。"
HALF = "这个备份不完整（没有写完、没有传完，或者损坏），不能恢复。请换一个备份。"
CHANGED = "备份里的 {name} 与清单不符，可能损坏或被改动，不能恢复。请换一个备份。"


def name_at(at: datetime) -> str:
    """Return an archive's name; the time is UTC, so that names sort by time wherever they were made."""
    return f"lianshang-{at.astimezone(UTC).strftime(TIME)}.tar"


def newest(folder: Path) -> datetime | None:
    """Return when the newest archive in the folder was begun, by its name."""
    found = [match[1] for path in folder.glob("lianshang-*.tar") if (match := NAME.fullmatch(path.name))]
    return datetime.strptime(max(found), TIME).replace(tzinfo=UTC) if found else None


class Writer:
    """Writes members one after the other into a draft that its owner alone can read."""

    def __init__(self, file: IO[bytes], folder: Path) -> None:
        self.file, self.folder = file, folder
        self.tar = tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT)  # noqa: SIM115 closed by `finish`
        self.add(NOTE, NOTE_TEXT)

    def add(self, name: str, content: bytes) -> None:
        self._add(name, io.BytesIO(content), len(content))

    def add_lines(self, name: str, lines: Iterable[bytes]) -> str:
        """Pack the lines and return the SHA-256 of the packed bytes."""
        with tempfile.TemporaryFile(dir=self.folder) as draft:
            with gzip.GzipFile(fileobj=draft, mode="wb", compresslevel=6, mtime=0) as packed:
                packed.writelines(lines)
            size = draft.tell()
            draft.seek(0)
            digest = _hash(draft)
            draft.seek(0)
            self._add(name, draft, size)
        return digest

    def finish(self, manifest: Manifest) -> None:
        """Write manifest and seal; everything is on the disk afterwards."""
        content = manifest.packed()
        self.add(MANIFEST, content)
        self.add(SEAL, inside.seal(content))
        self.tar.close()
        self.file.flush()
        os.fsync(self.file.fileno())

    def _add(self, name: str, stream: IO[bytes], size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self.tar.addfile(member, stream)


@contextmanager
def drafted(folder: Path, name: str) -> Iterator[Writer]:
    """Write an archive under a temporary name; it gets its own when it is whole and has been read back.

    What earlier attempts left behind goes; what another process is writing now stays.
    """
    for left in folder.glob(".lianshang-*.part"):
        _remove_unless_held(left)
    path, draft = folder / name, folder / f".{name}.part"
    if path.exists() or draft.exists():
        raise Unusable(f"{path} 已经有了，没有覆盖。")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield Writer(file, folder)
            with opened(draft) as archive:
                archive.verify()
            draft.rename(path)
        _sync(folder)
    finally:
        draft.unlink(missing_ok=True)


class Archive:
    """A finished archive, open for reading. `opened` has held it to its seal; `verify` reads every byte."""

    def __init__(self, tar: tarfile.TarFile, members: dict[str, tarfile.TarInfo]) -> None:
        self.tar, self.members = tar, members
        sealed, content = self._read(SEAL), self._read(MANIFEST)
        self.is_vouched = inside.is_vouched(content, sealed)
        self.manifest = inside.unpacked(content)

    def verify(self) -> None:
        """Hold names and hashes of all members to the manifest. Raises `Unusable` with the first that differs."""
        expected = {NOTE, MANIFEST, SEAL, *(table.member for table in self.manifest.tables)}
        expected |= {f"files/{name}" for name in self.manifest.files}
        for name in expected ^ self.members.keys():
            raise Unusable(CHANGED.format(name=name))
        hashes = {table.member: table.sha256 for table in self.manifest.tables}
        hashes |= {f"files/{name}": name.rpartition("/")[2] for name in self.manifest.files}
        hashes[NOTE] = hashlib.sha256(NOTE_TEXT).hexdigest()
        for name, digest in hashes.items():
            with self.member(name) as stream:
                if _hash(stream) != digest:
                    raise Unusable(CHANGED.format(name=name))

    def lines(self, name: str) -> Iterator[bytes]:
        with self.member(name) as stream, gzip.GzipFile(fileobj=stream) as packed:
            yield from packed

    def member(self, name: str) -> IO[bytes]:
        stream = self.tar.extractfile(self.members[name])
        if stream is None:
            raise Unusable(HALF)
        return stream

    def _read(self, name: str) -> bytes:
        with self.member(name) as stream:
            return stream.read()


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open an archive; raises `Unusable` for what is half, foreign, changed, or newer than this product."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise Unusable(f"打不开 {path}：{error.strerror or error}。") from error
    with file, _reading(), tarfile.open(fileobj=file, mode="r:") as tar:
        yield Archive(tar, _members(tar, file))


@contextmanager
def _reading() -> Iterator[None]:
    """Whatever tar and gzip find wrong is one sentence."""
    try:
        yield
    except (gzip.BadGzipFile, zlib.error, EOFError, tarfile.TarError, UnicodeDecodeError) as error:
        raise Unusable(HALF) from error


def _members(tar: tarfile.TarFile, file: IO[bytes]) -> dict[str, tarfile.TarInfo]:
    found: dict[str, tarfile.TarInfo] = {}
    for member in tar:
        if not found and member.name != NOTE:
            raise Unusable(FOREIGN)
        if not member.isreg() or not MEMBER.fullmatch(member.name) or member.name in found or SEAL in found:
            raise Unusable(f"备份里有不该有的内容“{member.name[:80]}”，不能恢复。请换一个备份。")
        found[member.name] = member
    if SEAL not in found or MANIFEST not in found or not _ends(file, found[SEAL]):
        raise Unusable(HALF)
    return found


def _ends(file: IO[bytes], last: tarfile.TarInfo) -> bool:
    """After the seal there is nothing but the zeros that end a tar, and all of them."""
    file.seek(last.offset_data + -(-last.size // BLOCK) * BLOCK)
    rest = file.read(AT_ONCE)
    return len(rest) >= END and file.tell() % tarfile.RECORDSIZE == 0 and not any(rest)


def _remove_unless_held(draft: Path) -> None:
    with suppress(OSError), draft.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        draft.unlink()


def _hash(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(AT_ONCE):
        digest.update(chunk)
    return digest.hexdigest()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
