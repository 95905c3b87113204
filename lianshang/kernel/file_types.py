"""What a file is, by its content. Names are believed in one thing only: whether plain text is a table (.csv)."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePath

import filetype

from lianshang.kernel import unfolding
from lianshang.kernel.refusals import Refused

PHOTOS = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "image/heic": (".heic", ".heif"),
}
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
# The first ending is the one that a wrongly named file gets. WPS writes its own endings over the same content.
TYPES = {
    **PHOTOS,
    PDF: (".pdf",),
    WORD: (".docx", ".wps"),
    EXCEL: (".xlsx", ".et"),
    SLIDES: (".pptx", ".dps"),
    "application/msword": (".doc", ".wps"),
    "application/vnd.ms-excel": (".xls", ".et"),
    "application/vnd.ms-powerpoint": (".ppt", ".dps"),
    "text/plain": (".txt",),
    "text/csv": (".csv",),
}
UNKNOWN = "这种文件不能上传。请换成照片、PDF、Word、Excel、PPT、WPS 或 TXT、CSV 再传，已填内容都在。"
BROKEN = "附件打不开，可能没有传完整。请检查文件后再传，已填内容都在。"
MACROS = "附件里带有宏，不能上传。请另存为不带宏的文件再传，已填内容都在。"

BOMB = "附件解开后大得不正常，为安全起见没有收下。请删去多余的内容，另存后再传，已填内容都在。"

LARGEST_LIST = 1024 * 1024

OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_ENTRY = 128  # bytes of an entry in the directory of an OLE file; entries stand at multiples of it
OLE_STREAMS = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "Book": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
}


def media_type(content: bytes, name: str) -> str:
    """Return one of `TYPES`. Raises `Refused` for anything else: programs, pages, drawings with scripts, macros."""
    if content.startswith(b"PK\x03\x04"):
        return _of_parcel(content)
    if content.startswith(OLE_HEAD):
        return _of_ole(content)
    if content.startswith(b"%PDF-"):
        return PDF
    guess = filetype.guess_mime(content)
    if guess in PHOTOS:
        return guess
    if guess is None and (suffix := PurePath(name).suffix.lower()) in (".txt", ".csv") and _is_text(content):
        return "text/csv" if suffix == ".csv" else "text/plain"
    raise Refused(UNKNOWN)


def is_plain(content: bytes) -> bool:
    """Whether telling its type opens nothing: neither a parcel nor a photo. All else is told by looking for some bytes."""
    return not content.startswith(b"PK\x03\x04") and filetype.guess_mime(content) not in PHOTOS


def fitting_name(name: str, kind: str) -> str:
    """Return the name with an ending that is true, without folders and without signs that hide the ending."""
    plain = "".join(char for char in PurePath(name.replace("\\", "/")).name if char.isprintable()).strip(". ")[-120:]
    path = PurePath(plain or "附件")
    endings = TYPES[kind]
    return str(path) if path.suffix.lower() in endings else f"{path}{endings[0]}"


def _of_parcel(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parcel:
            if any(entry.filename.lower().endswith("vbaproject.bin") for entry in parcel.infolist()):
                raise Refused(MACROS)
            with parcel.open("[Content_Types].xml") as listed:
                types = listed.read(LARGEST_LIST)
        unfolding.check(content)
    except KeyError:
        raise Refused(UNKNOWN) from None
    except unfolding.Bomb:
        raise Refused(BOMB) from None
    except unfolding.BROKEN:
        raise Refused(BROKEN) from None
    for kind in (WORD, EXCEL, SLIDES):
        if f'"{kind}.main+xml"'.encode() in types:
            return kind
    raise Refused(MACROS if b"macroEnabled" in types else UNKNOWN)


def _of_ole(content: bytes) -> str:
    if any(_has_entry(content, name) for name in ("_VBA_PROJECT", "_VBA_PROJECT_CUR")):
        raise Refused(MACROS)
    for name, kind in OLE_STREAMS.items():
        if _has_entry(content, name):
            return kind
    raise Refused(UNKNOWN)


def _has_entry(content: bytes, name: str) -> bool:
    """Whether the directory of an OLE file has an entry of that name: 64 bytes of UTF-16, then their length."""
    entry = name.encode("utf-16-le").ljust(64, b"\0") + (2 * len(name) + 2).to_bytes(2, "little")
    return any(at % OLE_ENTRY == 0 for at in _places(content, entry))


def _places(content: bytes, piece: bytes) -> Iterator[int]:
    at = content.find(piece)
    while at >= 0:
        yield at
        at = content.find(piece, at + 1)


def _bare(text: str) -> str:
    """Return the text without the spaces and line ends that are no printable signs; quick for megabytes."""
    for char in "\t\r\n\f\u3000\xa0":
        text = text.replace(char, "")
    return text


def _is_text(content: bytes) -> bool:
    """Text in UTF-8 or GB 18030 without control characters, and not a page or a script."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _bare(text).isprintable() and not text.lstrip().startswith(("<", "#!"))
    return False
