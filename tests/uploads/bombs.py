"""Files made to do harm: small where they are sent, large or endless where they are opened, or other than they say."""

import io
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image

from lianshang.kernel import file_types

MEGA = 2**20
TYPES = '<Types><Override ContentType="{}.main+xml"/></Types>'
SHEET = (
    '<?xml version="1.0"?>{}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}'
    "</sheetData></worksheet>"
)
BOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
LINKS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"/>'
    "</Relationships>"
)
LAUGHS = "<!DOCTYPE a [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
)


def zipped(**members: bytes | str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def word(**more: bytes | str) -> bytes:
    return zipped(**{"[Content_Types].xml": TYPES.format(file_types.WORD), "word/document.xml": "<a/>"} | more)


def book(sheet: str, **more: bytes | str) -> bytes:
    """A workbook of one sheet."""
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": TYPES.format(file_types.EXCEL),
        "_rels/.rels": LINKS.format("xl/workbook.xml", "officeDocument"),
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": LINKS.format("worksheets/sheet1.xml", "worksheet"),
        "xl/worksheets/sheet1.xml": sheet,
    }
    return zipped(**members | more)


def zeros() -> bytes:
    """Some 60 kB that unfold to 60 MB."""
    return word(**{"word/media/a.bin": bytes(60 * MEGA)})


def lying(content: bytes, size: int) -> bytes:
    """The same, with its sizes said to be small."""
    return content.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))


def lying_zeros() -> bytes:
    return lying(zeros(), 60 * MEGA)


def nested() -> bytes:
    """Parcels in parcels, each with ten of the next; the innermost are zeros."""
    content = zipped(a=bytes(30 * MEGA))
    for _ in range(4):
        content = zipped(**{f"{n}.zip": content for n in range(10)})
    return word(**{"word/embeddings/a.xlsx": content})


def many_members() -> bytes:
    return word(**{f"word/{n}": b"" for n in range(20_000)})


def shared_strings() -> bytes:
    """Four million texts."""
    texts = f"<sst>{'<si><t>a</t></si>' * 4_000_000}</sst>"
    return book(SHEET.format("", '<row r="1"><c r="A1"><v>1</v></c></row>'), **{"xl/sharedStrings.xml": texts})


def laughing_sheet() -> bytes:
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>&a11;</t></is></c></row>'
    return book(SHEET.format(LAUGHS, cell))


def laughing_word() -> bytes:
    return word(**{"word/document.xml": f'<?xml version="1.0"?>{LAUGHS}<a>&a11;</a>'})


def endless_sheet() -> bytes:
    """Two cells at opposite corners."""
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return book(SHEET.format("", f'<row r="1"><c r="A1"><v>1</v></c></row>{far}'))


def huge_png(side: int = 50_000) -> bytes:
    """A picture of 2,500 million pixels in some bytes: the head says so, the data end early."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(bytes(MEGA)))
        + _chunk(b"IEND", b"")
    )


def wordy_png() -> bytes:
    """A small picture with a text of a hundred megabytes."""
    packer = zlib.compressobj(9)
    text = b"a\0\0" + b"".join([*(packer.compress(bytes(MEGA)) for _ in range(100)), packer.flush()])
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    data = _chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"zTXt", text) + data + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def huge_jpeg() -> bytes:
    """A small one whose head says 50,000 × 50,000."""
    content = drawn("JPEG")
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + struct.pack(">HH", 50_000, 50_000) + content[at + 4 :]


def drawn(kind: str = "PNG", side: int = 64) -> bytes:
    kept = io.BytesIO()
    Image.effect_noise((side, side), 60).convert("RGB").save(kept, kind)
    return kept.getvalue()


def half(make: Callable[[], bytes]) -> Callable[[], bytes]:
    return lambda: (content := make())[: len(content) // 2]


def aliases() -> bytes:
    """YAML whose aliases unfold to a thousand million."""
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10))]
    return "\n".join(lines).encode()


def deep_yaml() -> bytes:
    return b"name: " + b"[" * 100_000


def endless_yaml() -> bytes:
    """As long as may be, and one key after another."""
    return "\n".join(f"k{n}: [a, {{b: c}}, 'd']" for n in range(9_000)).encode()


def deep_json() -> bytes:
    return b"[" * 90_000


def long_number() -> bytes:
    return json.dumps({"year": 1}).encode().replace(b"1", b"1" * 100_000)


def process() -> int:
    return os.getpid()


def environment() -> list[str]:
    return list(os.environ)


ATTACHED = {  # name of the file, what the refusal says
    "zeros": (zeros, "a.docx", "大得不正常"),
    "lying zeros": (lying_zeros, "a.docx", "大得不正常"),
    "nested": (nested, "a.docx", "大得不正常"),
    "many members": (many_members, "a.docx", "大得不正常"),
    "huge PNG": (huge_png, "a.png", "像素太多"),
    "huge JPEG": (huge_jpeg, "a.jpg", "像素太多"),
    "wordy PNG": (wordy_png, "a.png", "打不开"),
    "half a PNG": (half(drawn), "a.png", "打不开"),
    "half a JPEG": (half(lambda: drawn("JPEG")), "a.jpg", "打不开"),
    "half a parcel": (half(word), "a.docx", "打不开"),
    "a PDF that is none": (lambda: b"PK" + bytes(900), "a.pdf", "不能上传"),
}
TABLES = {
    "zeros": (lambda: book(" " * 60 * MEGA), "解压后过大"),
    "lying zeros": (lambda: lying(book(" " * 60 * MEGA), 60 * MEGA), "解压后过大"),
    "shared strings": (shared_strings, "解压后过大"),
    "laughs": (laughing_sheet, "打开|没有内容|已损坏"),
    "endless": (endless_sheet, "很远的行或列"),
    "half": (half(lambda: book(SHEET.format("", ""))), "已损坏"),
    "a PDF": (lambda: b"%PDF-1.7\n%%EOF", "这是 PDF 文件"),
    "a picture": (huge_png, "这是图片"),
}
TEMPLATES = {
    "zeros": (lambda: word(**{"word/media/a.bin": bytes(60 * MEGA)}), "不正常"),
    "nested": (nested, "不正常"),
    "laughs": (laughing_word, "不是 Word 自己写的"),
    "half": (half(word), "打不开"),
    "a PDF": (lambda: b"%PDF-1.7\n%%EOF", "请上传 Word 文件"),
}
MECHANISMS = {
    "aliases": (aliases, "引用"),
    "deep": (deep_yaml, "嵌套太深"),
    "endless": (endless_yaml, "处问题|没有读完|超过"),
    "a parcel": (lambda: word(), "UTF-8|文本"),
}
NOTICES = {
    "deep": (deep_json, "不是 JSON"),
    "long number": (long_number, "不是 JSON"),
    "a parcel": (lambda: word(), "不是 JSON"),
}
