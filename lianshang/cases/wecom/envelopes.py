"""The XML of 企业微信, read without entities, declarations and depth; and what a message says as a draft."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

from lianshang.cases.wecom.scheme import Unreadable

LARGEST = 128 * 1024  # bytes of one message
DEEPEST = 2  # the root and its fields; what lies deeper (a list of articles) is not for us
KINDS = {"image": "图片", "voice": "语音", "video": "视频", "shortvideo": "视频", "file": "文件"}


@dataclass(frozen=True)
class Incoming:
    """One message of a member. `key` tells it from all others; empty where there is nothing to keep (an event)."""

    sender: str
    key: str
    at: datetime
    text: str = ""
    missing: str = ""


def fields(document: bytes) -> dict[str, str]:
    """Return the texts of the root's children. Raises `Unreadable` for anything but a small, plain document."""
    if len(document) > LARGEST:
        raise Unreadable
    found: dict[str, str] = {}
    path: list[str] = []

    def begin(name: str, _: Any) -> None:
        path.append(name)
        if len(path) == DEEPEST:
            found.setdefault(name, "")

    def text(words: str) -> None:
        if len(path) == DEEPEST:
            found[path[-1]] += words

    def refuse(*_: Any) -> int:
        raise Unreadable

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, lambda _: path.pop()
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, LookupError, ValueError):  # the latter two for encodings that expat cannot read
        raise Unreadable from None
    return found


def incoming(document: bytes) -> Incoming:
    """Return what the decrypted document says. Raises `Unreadable`."""
    said = fields(document)
    try:
        at = datetime.fromtimestamp(int(said.get("CreateTime", "")), tz=UTC)
    except (ValueError, OverflowError, OSError):
        raise Unreadable from None
    kind, key = said.get("MsgType", ""), said.get("MsgId", "")[:64]
    sender = said.get("FromUserName", "").strip()
    if kind == "event" or not key or not sender:
        return Incoming(sender, "", at)
    words, missing = _words(kind, said)
    return Incoming(sender, key, at, words.strip()[:5000], missing[:200])


def _words(kind: str, said: dict[str, str]) -> tuple[str, str]:
    """Return what was said, and what is not here: a picture is fetched by nobody, its media id is kept."""
    if kind == "text":
        return said.get("Content", ""), ""
    if kind == "location":
        return f"位置：{said.get('Label', '')}（{said.get('Location_X', '')}，{said.get('Location_Y', '')}）", ""
    if kind == "link":
        return "\n".join(said[name] for name in ("Title", "Description", "Url") if said.get(name)), ""
    media = said.get("MediaId", "")
    return said.get("Recognition", ""), f"{KINDS.get(kind, '其他内容')} 1" + (f"（{media}）" if media else "")


def text_reply(words: str, *, to: str, sent_from: str, at: datetime) -> bytes:
    """Return the document of a text answer, not encrypted yet."""
    return (
        f"<xml><ToUserName>{escape(to)}</ToUserName><FromUserName>{escape(sent_from)}</FromUserName>"
        f"<CreateTime>{int(at.timestamp())}</CreateTime><MsgType>text</MsgType><Content>{escape(words)}</Content></xml>"
    ).encode()


def wrapped(encrypted: str, signature: str, timestamp: str, nonce: str) -> str:
    """Return the document in which an encrypted answer travels."""
    return (
        f"<xml><Encrypt>{encrypted}</Encrypt><MsgSignature>{signature}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{escape(nonce)}</Nonce></xml>"
    )
