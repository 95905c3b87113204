import io
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django_scopes import scope
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lianshang.directory.models import Park
from lianshang.kernel import file_types, files, pictures
from lianshang.kernel.models import StoredFile
from lianshang.kernel.refusals import Refused
from lianshang.kernel.tests.test_numbers import make_park

ORIENTATION, GPS, CAMERA = 0x0112, 0x8825, 0x010F


@pytest.fixture
def park(db: None, settings: LazySettings, tmp_path: Path) -> Iterator[Park]:
    settings.MEDIA_ROOT = tmp_path / "files"
    park = make_park()
    with scope(park=park):
        yield park


def store(park: Park, content: bytes, name: str = "附件") -> StoredFile:
    return files.store(park, io.BytesIO(content), name)


def photo(kind: str = "JPEG", **options: object) -> bytes:
    """Two pixels wide, one high: red, then blue (large enough for JPEG to keep them apart)."""
    picture = Image.new("RGB", (64, 32), "red")
    picture.paste("blue", (32, 0, 64, 32))
    drawn = io.BytesIO()
    picture.save(drawn, kind, **options)
    return drawn.getvalue()


def from_a_phone() -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = 6, "SecretCamera"
    exif.get_ifd(GPS)[2] = (26.2, 0, 0)
    return photo(exif=exif.tobytes(), comment=b"SecretComment", icc_profile=b"SecretProfile")


def parcel(kind: str, *more: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{kind}.main+xml"/></Types>')
        for name in more:
            archive.writestr(name, "x")
    return made.getvalue()


def ole(*streams: str) -> bytes:
    entries = [s.encode("utf-16-le").ljust(64, b"\0") + (2 * len(s) + 2).to_bytes(2, "little") for s in streams]
    return file_types.OLE_HEAD.ljust(512, b"\0") + b"".join(entry.ljust(128, b"\0") for entry in entries)


GOOD: list[tuple[Callable[[], bytes], str, str]] = [
    (lambda: b"%PDF-1.7\n%%EOF", "a.pdf", "application/pdf"),
    (lambda: parcel(file_types.WORD), "a.docx", file_types.WORD),
    (lambda: parcel(file_types.EXCEL), "a.exe", file_types.EXCEL),
    (lambda: parcel(file_types.SLIDES), "a.pptx", file_types.SLIDES),
    (lambda: ole("Root Entry", "WordDocument"), "a.wps", "application/msword"),
    (lambda: ole("Root Entry", "Workbook"), "a.et", "application/vnd.ms-excel"),
    (lambda: ole("Root Entry", "PowerPoint Document"), "a.ppt", "application/vnd.ms-powerpoint"),
    (lambda: "企业,停电\n一,二".encode("gb18030"), "a.CSV", "text/csv"),
    ("停电三天".encode, "a.txt", "text/plain"),
    (lambda: photo("PNG"), "a.jpg", "image/png"),
    (lambda: photo("WEBP"), "a.webp", "image/webp"),
    (lambda: photo("GIF"), "a.gif", "image/png"),
]


@pytest.mark.parametrize(("content", "name", "kind"), GOOD, ids=[name for _, name, _ in GOOD])
def test_file_type_is_told_by_content(park, content, name, kind):
    assert store(park, content(), name).media_type == kind


BAD: list[tuple[bytes, str, str]] = [
    (b"", "a.pdf", "是空的"),
    (b"MZ" + bytes(100), "a.pdf", "不能上传"),
    (b"\x7fELF" + bytes(100), "a.txt", "不能上传"),
    (b"<!DOCTYPE html><script>", "a.txt", "不能上传"),
    (b"\xef\xbb\xbf <svg onload='x'>", "a.csv", "不能上传"),
    (b"#!/bin/sh", "a.txt", "不能上传"),
    (b"alert(1)", "a.js", "不能上传"),
    (b"\0\1\2", "a.txt", "不能上传"),
    (parcel("application/zip"), "a.docx", "不能上传"),
    (parcel(file_types.WORD, "word/vbaProject.bin"), "a.docx", "宏"),
    (parcel("application/vnd.ms-word.document.macroEnabled"), "a.docx", "宏"),
    (parcel(file_types.WORD)[:60], "a.docx", "没有传完整"),
    (ole("Root Entry"), "a.doc", "不能上传"),
    (ole("WordDocument", "_VBA_PROJECT"), "a.doc", "宏"),
    (photo()[:300], "a.jpg", "没有传完整"),
    (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200), "a.heic", "没有传完整"),
]


@pytest.mark.parametrize(("content", "name", "why"), BAD, ids=[f"{name}-{why}" for _, name, why in BAD])
def test_file_that_is_not_allowed_is_refused(park, content, name, why):
    with pytest.raises(Refused, match=why):
        store(park, content, name)

    assert not StoredFile.objects.exists()


def test_file_above_the_limit_is_refused_in_the_words_of_the_page(park):
    with pytest.raises(Refused, match=r"^附件超过 20 MB。请压缩后再传，已填内容都在。$"):
        store(park, b"%PDF-" + bytes(20 * 2**20))


def test_photo_with_too_many_pixels_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 64 * 32 - 1)

    with pytest.raises(Refused, match="像素太多"):
        pictures.kept(photo(), "a.jpg")


def test_photo_stands_upright_and_tells_nothing_else(park):
    stored = store(park, from_a_phone())

    with files.open_file(stored) as kept:
        content = kept.read()
    picture = Image.open(io.BytesIO(content))
    assert b"Secret" not in content
    assert not picture.getexif()
    assert picture.size == (32, 64)
    assert [_colour(picture, at) for at in ((16, 16), (16, 48))] == ["red", "blue"]


def test_drawing_tells_nothing_either(park):
    notes = PngInfo()
    notes.add_text("Author", "SecretAuthor")

    stored = store(park, photo("PNG", pnginfo=notes))

    with files.open_file(stored) as kept:
        assert b"Secret" not in kept.read()


def _colour(picture: Image.Image, at: tuple[int, int]) -> str:
    red, _, blue = picture.getpixel(at)
    return "red" if red > blue else "blue"


def test_same_content_is_kept_once_in_each_park(park):
    other = make_park("B")

    first, again = store(park, b"%PDF-1"), store(park, b"%PDF-1", "other.pdf")
    with scope(park=other):
        foreign = store(other, b"%PDF-1")

    assert first == again
    assert [first.digest, first.size] == [foreign.digest, 6]
    assert files._path(park.pk, first.digest) != files._path(other.pk, foreign.digest)


def test_file_lies_closed_to_others_and_leaves_nothing_beside_it(park, settings):
    stored = store(park, b"%PDF-1")

    lying = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]

    assert lying == [files._path(park.pk, stored.digest)]
    assert stat.S_IMODE(lying[0].stat().st_mode) == 0o600


def test_file_is_answered_as_an_attachment_that_runs_nowhere(park):
    stored = store(park, b"%PDF-1")

    answer = files.response(stored, "停电 说明.exe")

    headers = {name: answer[name] for name in ("Content-Type", "X-Content-Type-Options", "Content-Disposition")}
    content = b"".join(answer.streaming_content)
    answer.close()
    assert content == b"%PDF-1"
    assert headers == {
        "Content-Type": "application/pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "attachment; filename*=utf-8''%E5%81%9C%E7%94%B5%20%E8%AF%B4%E6%98%8E.exe.pdf",
    }
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("说明.pdf", "说明.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\\\Users\\x\\合同.PDF", "合同.PDF"),
        ("fdp\u202egpj.exe\r\n", "fdpgpj.exe.pdf"),
        ("...", "附件.pdf"),
        ("", "附件.pdf"),
    ],
)
def test_file_name_is_harmless(name, shown):
    assert file_types.fitting_name(name, "application/pdf") == shown


def test_what_was_just_made_is_answered_as_files_are():
    answer = files.attached("a,b", '名 "单".csv', "text/csv; charset=utf-8")

    assert answer.content == b"a,b"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E5%90%8D%20%22%E5%8D%95%22.csv"
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
