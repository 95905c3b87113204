"""A Word file brought in from outside, looked at before anything opens it: size, contents, links, fields."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from docx.oxml import parse_xml

from lianshang.kernel import file_types
from lianshang.kernel.refusals import Refused

LARGEST = 5 * 1024 * 1024  # bytes as sent
LARGEST_UNPACKED = 30 * 1024 * 1024
LARGEST_PART = 8 * 1024 * 1024  # bytes of one part; a document of text alone has some hundred thousand
MOST_PARTS = 300
STEEPEST = 100  # times that a part of over a megabyte may be larger than it was packed
STEEP_FROM = 1024 * 1024

NOT_WORD = "请上传 Word 文件（.docx）。旧格式 .doc 请在 Word 或 WPS 里另存为 .docx。"
TOO_LARGE = f"模板超过 {LARGEST // 2**20} MB。请删去大图后再传。"
BOMB = "文件里的内容大得不正常，不能用作模板。请另存为一个新的 .docx 再传。"
LINKS = "模板里有外部链接（{0}），打开文书时会去别处取内容。请去掉链接后再传。"
EMBEDDED = "模板里嵌有别的文件或控件（{0}）。请删去后再传。"
FIELDS = "模板里有域“{0}”，会引用别处的内容或执行命令。请删去后再传，页码、日期一类的域可以保留。"
ENTITIES = "文件内容不是 Word 自己写的样子。请另存为一个新的 .docx 再传。"

HARMLESS_FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES", "DATE", "TIME", "STYLEREF", "SEQ", "TOC", "PAGEREF", "="}
STRANGE_PARTS = re.compile(
    r"(^|/)(embeddings|activeX|ctrlProps|afchunk|attachedToolbars|customUI)(/|\d*\.)|\.(bin|exe|mht|html?|rtf)$",
    re.IGNORECASE,
)
CHUNKS = re.compile(r"relationships/(aFChunk|subDocument|attachedTemplate|oleObject|control|package)\b", re.IGNORECASE)


def check(content: bytes, name: str) -> None:
    """Raise `Refused` for what is no Word file, too large, or carries macros, links, files or fields that fetch things."""
    if len(content) > LARGEST:
        raise Refused(TOO_LARGE)
    if not content.startswith(b"PK") or file_types.media_type(content, name) != file_types.WORD:
        raise Refused(NOT_WORD)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parcel:
            _check_sizes(parcel.infolist())
            for entry in parcel.infolist():
                _check_part(entry.filename, parcel.read(entry))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise Refused(file_types.BROKEN) from None


def check_sizes(content: bytes) -> None:
    """Raise `Refused` for a parcel that would unpack to far too much: for files that are only read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parcel:
            _check_sizes(parcel.infolist())
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise Refused(file_types.BROKEN) from None


def repacked(content: bytes) -> bytes:
    """Return the same file with its parts dated alike, so that the same document has the same digest."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            alike = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            alike.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(alike, old.read(entry))
    return packed.getvalue()


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    """By what the parcel says of itself: no more than that is ever unpacked of a part."""
    steep = any(e.file_size > STEEP_FROM and e.file_size > STEEPEST * max(e.compress_size, 1) for e in entries)
    large = any(entry.file_size > LARGEST_PART for entry in entries)
    names = [entry.filename for entry in entries]
    if len(names) > MOST_PARTS or sum(e.file_size for e in entries) > LARGEST_UNPACKED or steep or large:
        raise Refused(BOMB)
    if len(set(names)) != len(names) or any(part.startswith("/") or ".." in part.split("/") for part in names):
        raise Refused(ENTITIES)


def _check_part(name: str, content: bytes) -> None:
    if STRANGE_PARTS.search(name):
        raise Refused(EMBEDDED.format(name.rpartition("/")[2]))
    if not name.lower().endswith((".xml", ".rels")):
        return
    _check_text(content)
    tree = _tree(content)
    if name.lower().endswith(".rels"):
        _check_links(tree)
    elif name.startswith("word/"):
        _check_fields(tree)
    elif any(mark in words for words in tree.itertext() for mark in ("{{", "{%")):
        raise Refused("占位符只能写在正文、页眉和页脚里，不能写在文件属性里。请在“文件—信息”里删去后再传。")


def _check_text(content: bytes) -> None:
    """Parts of Word are in UTF-8 and declare nothing; another encoding would hide from us what it says."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(ENTITIES) from None
    head = text[:200].lower()
    if ("encoding=" in head and "utf-8" not in head) or "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Refused(ENTITIES)


def _tree(content: bytes) -> Any:
    """Read as its readers do: in the raw text the same words can be written in too many ways."""
    try:
        return parse_xml(content)
    except SyntaxError:
        raise Refused(file_types.BROKEN) from None


def _named(tree: Any) -> Iterator[tuple[str, Any, dict[str, str]]]:
    """Yield the elements with their names and attributes, whatever prefix they were written with."""
    for one in tree.iter("{*}*"):
        yield _local(one.tag), one, {_local(name): value for name, value in one.attrib.items()}


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _check_links(relations: Any) -> None:
    for _, _, values in _named(relations):
        if values.get("TargetMode", "").strip().lower() == "external":
            raise Refused(LINKS.format(values.get("Target", "")[:60] or "地址不明"))
        if chunk := CHUNKS.search(values.get("Type", "")):
            raise Refused(EMBEDDED.format(chunk[1]))


def _check_fields(tree: Any) -> None:
    for instruction in _instructions(tree):
        words = instruction.split()
        if words and words[0].upper() not in HARMLESS_FIELDS and not words[0].startswith(("=", "\\")):
            raise Refused(FIELDS.format(words[0][:30]))


def _instructions(tree: Any) -> Iterator[str]:
    """The instruction of each field, put together where Word has cut it into runs; a nested one ends the outer's first word."""
    pieces = [""]
    for name, one, values in _named(tree):
        if name == "fldChar" and values.get("fldCharType") == "begin":
            pieces.append("")
        elif name in ("instrText", "delInstrText"):
            pieces[-1] += one.text or ""
        elif name == "fldSimple":
            yield values.get("instr", "")
    yield from pieces
