"""What a file that was handed in really is, by its first bytes, and that it can be opened without harm.

A small file may unfold to fill the memory of the machine: a packed gigabyte of zeros, or two cells at opposite corners
of an endless sheet. Each is refused before it is parsed, by a sentence that says what to do.
"""

import codecs
import io
import re
import zipfile
import zlib
from pathlib import Path

from lianshang.kernel import unfolding

MOST_BYTES = 100 * 2**20  # of a file as it comes, and of a CSV unpacked
MOST_UNPACKED = 600 * 2**20  # of a workbook: 200,000 rows of 25 columns take about 250 MB
MOST_RATIO = 200  # ordinary sheets pack 5 to 40 times
FREE = 50 * 2**20  # up to here the ratio does not matter
OVERLAP = 512  # bytes kept from one piece to the next, so that a tag cut in two is still seen

LOCKED = "这个文件设了打开密码。请在 Excel 中取消密码、另存为 .xlsx，再重新选择。"
BROKEN = "这个 Excel 文件已损坏，无法打开。请用 Excel 或 WPS 打开后另存为 .xlsx，再重新选择。"
HUGE = "这个文件解压后过大，为安全起见没有打开。请只保留需要的工作表和行列，另存后再重新选择。"
FAR = "工作表里有内容落在很远的行或列（超过 200 列或 20 万行）。请删去多余的行列，另存后再重新选择。"
KINDS = "请另存为 .xlsx 或 CSV，再重新选择。"

_OTHERS = {
    b"%PDF": "这是 PDF 文件，不是表格。",
    b"{\\rtf": "这是 RTF 文档，不是表格。",
    b"\x89PNG": "这是图片，不是表格。",
    b"\xff\xd8\xff": "这是图片，不是表格。",
    b"Rar!": "这是 RAR 压缩包。请先解压。",
    b"7z\xbc\xaf": "这是 7z 压缩包。请先解压。",
}
# A cell or row that is not self-closed holds something; one that is only carries a format and takes no room.
_WIDE = rb"(?:G[S-Z]|[H-Z][A-Z]|[A-Z]{3,})\d+"
_TALL = rb"[A-Z]*(?:[2-9]\d{5}|\d{7,})"
_SUSPECT = re.compile(
    rb"r\s*=\s*[\"'](?:[C-Z][A-Z]|[A-Z]{3}|[A-Z]*\d{6})", re.IGNORECASE
)  # quick: most windows have none
# Written as Excel never does (r = "xfd9") it is understood all the same by the reader, so it is here too.
# Each looks at one tag and no further than a tag is long: a text without end must not be looked through from each of its tags.
_UP_TO = rb"[^<>]{0,400}?\sr\s*=\s*[\"']"
_REST = rb"[\"'][^<>]{0,400}(?<!/)>"
_BEYOND = re.compile(
    rb"<(?:\w+:)?(?:c|row)\b" + _UP_TO + rb"(?:" + _WIDE + rb"|" + _TALL + rb")" + _REST, re.IGNORECASE
)
_BROAD = re.compile(rb"<(?:\w+:)?c\b" + _UP_TO + rb"(?:C[W-Z]|[D-Z][A-Z])\d+" + _REST, re.IGNORECASE)
_LONG = re.compile(rb"<(?:\w+:)?(?:c|row)\b" + _UP_TO + rb"[A-Z]*\d{6,}" + _REST, re.IGNORECASE)
# No cell or row of Excel takes a hundred bytes, or has a < or > in its quotes: what could hide the rest of a tag from us.
_ODD = re.compile(
    rb"<(?:\w+:)?(?:c|row)\s(?:[^<>]{400}"
    rb"|[^<>\"']*+(?:\"[^<>\"]*+\"[^<>\"']*+|'[^<>']*+'[^<>\"']*+)*+(?:\"[^<>\"]*+|'[^<>']*+)[<>])"
)


class Unreadable(Exception):
    """The file cannot be used. The text is a Chinese sentence: what is the matter, then what to do."""


def opened(source: Path | str | bytes) -> bytes:
    """The bytes of a file, out of its gzip wrapping if it has one."""
    content = source if isinstance(source, bytes) else _fetched(Path(source))
    if len(content) > MOST_BYTES:
        raise Unreadable(f"文件超过 {MOST_BYTES // 2**20} MB。请分成几份，再逐份选择。")
    if content[:2] == b"\x1f\x8b":
        content = _gunzipped(content)
    if not content.strip():
        raise Unreadable("文件是空的。请确认保存的是有数据的那一份，再重新选择。")
    return content


def is_workbook(content: bytes) -> bool:
    """Whether this is an .xlsx; anything that is neither that nor text is refused by its name."""
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":  # the container of .xls, .doc and of every locked file
        locked = "EncryptedPackage".encode("utf-16-le") in content
        raise Unreadable(LOCKED if locked else f"这是旧版 Office 文件（.xls 一类）。{KINDS}")
    for start, sentence in _OTHERS.items():
        if content.startswith(start):
            raise Unreadable(f"{sentence}{KINDS}")
    if content[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise Unreadable(f"这是网页格式的表，只是扩展名像 Excel。请用 Excel 或 WPS 打开，{KINDS[1:]}")
    return content[:4] == b"PK\x03\x04"


def decoded(content: bytes) -> str:
    """Text of a CSV: UTF-8 with or without mark, UTF-16 with mark (Excel's “Unicode 文本”), or GB 18030."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content:
        raise Unreadable(f"这不是文本，也不是 Excel 文件。{KINDS}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _of_gb18030(content, content.count(b"\n", 0, error.start) + 1)


def check_workbook(content: bytes) -> int:
    """Refuse an archive that is no workbook, is locked, or would unfold beyond what a sheet needs; answers its true size."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if not any(member.filename.startswith("xl/") for member in members):
                raise Unreadable(f"这个压缩包里不是 Excel 工作簿。{KINDS}")
            _check_directory(members, len(content))
            room = min(MOST_UNPACKED, max(FREE, MOST_RATIO * len(content)))
            given = room
            for member in members:
                room -= _check_member(archive, member, room)
            return given - room
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, OSError) as error:
        raise Unreadable(BROKEN) from error


def _fetched(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(f"文件超过 {MOST_BYTES // 2**20} MB。请分成几份，再逐份选择。")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"打不开文件“{path}”。请检查路径和读取权限。") from error


def _gunzipped(content: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(content, MOST_BYTES + 1)
    except zlib.error as error:
        raise Unreadable("压缩包（.gz）已损坏，无法解开。请重新压缩或直接选择原文件。") from error
    if len(plain) > MOST_BYTES:
        raise Unreadable(HUGE)
    if not unpacker.eof:
        raise Unreadable("压缩包（.gz）不完整。请重新压缩或直接选择原文件。")
    return plain


def _of_gb18030(content: bytes, line: int) -> str:
    """GB 18030 reads almost anything: a UTF-8 file with one broken byte, which would come out as nonsense, is refused."""
    mended = content.decode("utf-8", errors="replace")
    if mended.count("\ufffd") * 20 < sum(1 for character in mended if character > "\x7f"):
        raise Unreadable(f"第 {line} 行附近有损坏的字符，读不出原文。请从原表重新导出（UTF-8 或 GB 18030）。")
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise Unreadable(f"认不出文字编码。请另存为 UTF-8 的 CSV，或{KINDS[1:]}") from error


def _check_directory(members: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_UNPACKED or (unpacked > FREE and unpacked > MOST_RATIO * packed):
        raise Unreadable(HUGE)
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable(LOCKED)


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> int:
    """Unfold it once without keeping it: the size in the directory is only a claim. Answers the true size."""
    size, broad, long, tail = 0, False, False, b""
    for piece in unfolding.pieces(archive, member):
        size += len(piece)
        if size > room:
            raise Unreadable(HUGE)
        window = tail + piece
        tail = window[-OVERLAP:]
        if not member.filename.endswith(".xml"):
            if b"sheetData" in window:  # a sheet under another ending would be read, and not looked at here
                raise Unreadable(BROKEN)
            continue
        if _ODD.search(window):
            raise Unreadable(BROKEN)
        if not _SUSPECT.search(window):
            continue
        broad, long = broad or bool(_BROAD.search(window)), long or bool(_LONG.search(window))
        if (broad and long) or _BEYOND.search(window):
            raise Unreadable(FAR)
    return size
