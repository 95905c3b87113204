"""Strings that stand nowhere but in what is secret, and the search for them in everything that goes out."""

import base64
import io
import json
import logging
import zipfile
from collections.abc import Iterator
from urllib.parse import quote

from django.http.response import HttpResponseBase

SECRETS = {
    "text": "黑鹇鸟七七四一",
    "title": "银喉雀五五零二",
    "place": "赤麻鸭坡三三八六",
    "enterprise": "白鹡鸰私厂六一九九",
    "contact name": "丹顶山雀",
    "contact phone": "13777104925",
    "contact email": "canary.7710@nowhere.example",
    "file name": "蓝翡翠证据四四一七",
    "file content": "CANARY-IN-FILE-83911",
    "respondent": "灰林鸮某某二二六零",
    "handling note": "红嘴鸥办理九九三一",
}
PACKED = b"PK\x03\x04"  # how such a file begins
IDENTITY = ("enterprise", "contact name", "contact phone", "contact email")  # of who complains: for their officer alone


def file_content() -> bytes:
    return f"{SECRETS['file content']}\n".encode()


def shapes(secret: str) -> frozenset[bytes]:
    """Return the bytes by which the secret would be seen: plain, percent, JSON, HTML, base64 at each offset, UTF-16, GBK."""
    plain = secret.encode()
    found = {plain, quote(secret).encode(), quote(secret, safe="").lower().encode(), json.dumps(secret)[1:-1].encode()}
    found |= {
        "".join(f"&#{ord(one)};" for one in secret).encode(),
        "".join(f"&#x{ord(one):x};" for one in secret).encode(),
    }
    found |= {secret.encode("utf-16-le"), secret.encode("gbk"), plain.hex().encode()}
    for offset in range(3):
        grown = base64.b64encode(bytes(offset) + plain)
        found |= {middle := grown[4 if offset else 0 : -4], middle.translate(bytes.maketrans(b"+/", b"-_"))}
    return frozenset(found)


SHAPES = {name: shapes(secret) for name, secret in SECRETS.items()}


def told(content: bytes) -> list[str]:
    """Return the names of the secrets that stand in the bytes, packed files opened."""
    layers = [content, *unpacked(content)]
    return sorted({name for name, forms in SHAPES.items() for one in forms for layer in layers if one in layer})


def unpacked(content: bytes) -> Iterator[bytes]:
    """Yield the parts of an xlsx, docx or zip; what an answer says before it, as in its heads, does not matter."""
    if PACKED in content and zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield archive.read(name)


def whole(answer: HttpResponseBase) -> bytes:
    """Return all that went out: status line's words, headers, cookies, body."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    heads = "\n".join(f"{name}: {value}" for name, value in answer.items()) + "\n" + answer.cookies.output()
    return heads.encode() + b"\n\n" + body


class Listener(logging.Handler):
    """Keeps every line of the log, arguments filled in, with what an exception's traceback would print."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def told(self) -> list[str]:
        return told("\n".join(self.lines).encode())
