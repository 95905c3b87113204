"""The words of a file that somebody hands in to be checked: plain text, or the paragraphs of a Word file."""

import io
import zipfile
from typing import Any

from docx import Document

from lianshang.kernel import apart, file_types
from lianshang.kernel.refusals import Refused
from lianshang.papers import parcels

LARGEST = 5 * 1024 * 1024
TOO_LARGE = f"文件超过 {LARGEST // 2**20} MB。请只留文字再传，或把文字粘贴进来。"
NO_TEXT = "请上传 TXT 或 Word（.docx）文件，或把文字粘贴进来。"
EMPTY = "文件里没有文字。请检查后再传，或把文字粘贴进来。"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def of_file(content: bytes, name: str) -> str:
    """Return the text of a .txt or .docx file. Raises `Refused` for any other, and for one without words."""
    if len(content) > LARGEST:
        raise Refused(TOO_LARGE)
    if not file_types.is_plain(content):
        text = _apart(content, name)
    elif file_types.media_type(content, name) == "text/plain":
        text = decoded(content)
    else:
        raise Refused(NO_TEXT)
    if not text.strip():
        raise Refused(EMPTY)
    return text


def decoded(content: bytes) -> str:
    """Return text in UTF-8 (with or without a mark) or GB 18030. Raises `Refused`."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("文件的编码认不出。请另存为 UTF-8 的 TXT 再传，或把文字粘贴进来。")


def _apart(content: bytes, name: str) -> str:
    """Read a Word file in a process of its own: it may be made to eat memory."""
    try:
        return apart.run(of_parcel, content, name)
    except apart.TooMuch:
        raise Refused(parcels.BOMB) from None
    except (KeyError, ValueError, SyntaxError, zipfile.BadZipFile, AttributeError):
        raise Refused(file_types.BROKEN) from None


def of_parcel(content: bytes, name: str) -> str:
    """As `of_word`. Raises `Refused` for what is no Word file, or too large a one."""
    if file_types.media_type(content, name) != file_types.WORD:
        raise Refused(NO_TEXT)
    parcels.check_sizes(content)
    return of_word(content)


def of_word(content: bytes) -> str:
    """Return the paragraphs of the body, those in tables too, one a line."""
    body = Document(io.BytesIO(content)).element.body
    return "\n".join(_text(paragraph) for paragraph in body.iter(f"{_W}p"))


def _text(paragraph: Any) -> str:
    """The words of a paragraph as they are read: those of links and of what was inserted, not of what was deleted."""
    said = {f"{_W}br": "\n", f"{_W}tab": "\t", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
    return "".join(
        (one.text or "") if one.tag == f"{_W}t" else said.get(one.tag, "")
        for run in paragraph.iter(f"{_W}r")
        for one in run
    )
