"""Uploaded files, kept by the hash of their content.

A row of `StoredFile` is written only after its bytes are safe on the disk (synced, renamed, folder synced), so a row
never points to nothing; bytes without a row are left by a transaction that was undone, and harm nobody. Photos are
drawn anew, which leaves place, camera and hidden previews behind; that and whatever unpacks is done in a process apart.
It takes seconds and SQLite has one writer: a view that opens a transaction has its uploads `prepared` before.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import IO, Any, BinaryIO, TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from lianshang.kernel import apart, file_types, pictures
from lianshang.kernel.models import StoredFile
from lianshang.kernel.refusals import Refused

TOO_LARGE = "附件超过 {limit} MB。请压缩后再传，已填内容都在。"
EMPTY = "附件是空的。请重新选择文件，已填内容都在。"
TOO_MUCH = "这个附件在限定的时间和内存里打不开。请缩小或另存后再传，已填内容都在。"

View = Callable[..., HttpResponse]
Answer = TypeVar("Answer", bound=HttpResponseBase)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is kept of an upload."""

    content: bytes
    media_type: str


def prepare(stream: IO[bytes], name: str) -> Prepared:
    """Return what would be kept; nothing is written.

    Raises `Refused` for files that are empty, too large, or of a type that is not in `file_types.TYPES`.
    """
    content = _read(stream)
    if file_types.is_plain(content):
        return Prepared(content, file_types.media_type(content, name))
    try:
        return Prepared(*apart.run(pictures.kept, content, name))
    except apart.TooMuch:
        raise Refused(TOO_MUCH) from None


class PreparedUpload(UploadedFile):
    """An upload of which is known what will be kept, or why nothing will."""

    def __init__(self, upload: UploadedFile) -> None:
        super().__init__(upload.file, upload.name, upload.content_type, upload.size, upload.charset)
        self.outcome = self._outcome()

    def _outcome(self) -> Prepared | Refused:
        try:
            return prepare(self, self.name or "")
        except Refused as no:
            return no


def prepared(view: View) -> View:
    """Prepare what the form brings before the view begins. A refusal waits for `store`, where the form can tell it."""

    @wraps(view)
    def ready(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for name, uploads in list(request.FILES.lists()):
            request.FILES.setlist(name, [PreparedUpload(one) for one in uploads])
        return view(request, *args, **kwargs)

    return ready


def store(park: Model, stream: IO[bytes], name: str, *, at: datetime | None = None) -> StoredFile:
    """Keep what was uploaded and return its row; the same content is kept once in each park. `at`: as when, if not now.

    Needs the park's scope and belongs into the transaction of the row that refers to it. Raises as `prepare` does.
    """
    kept = stream.outcome if isinstance(stream, PreparedUpload) else prepare(stream, name)
    if isinstance(kept, Refused):
        raise kept
    return keep(park, kept, at=at)


def keep(park: Model, kept: Prepared, *, at: datetime | None = None) -> StoredFile:
    """Keep what is known to be good, such as a document that was just made. Otherwise as `store`."""
    digest = hashlib.sha256(kept.content).hexdigest()
    _write(_path(park.pk, digest), kept.content)
    row, _ = StoredFile.objects.get_or_create(
        park=park,
        digest=digest,
        defaults={"size": len(kept.content), "media_type": kept.media_type} | ({"stored_at": at} if at else {}),
    )
    return row


def open_file(stored: StoredFile) -> BinaryIO:
    """Return the bytes as an open file. Who may read them was decided by whoever asks."""
    return _path(stored.park_id, stored.digest).open("rb")


def response(stored: StoredFile, name: str) -> FileResponse:
    """Answer with the file as an attachment that no browser runs or keeps, under its name with a true ending."""
    answer = FileResponse(
        open_file(stored),
        as_attachment=True,
        filename=file_types.fitting_name(name, stored.media_type),
        content_type=stored.media_type,
    )
    return _kept_from_harm(answer)


def attached(content: bytes | str, name: str, media_type: str) -> HttpResponse:
    """Answer with what was just made as an attachment, in the same way."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return _kept_from_harm(answer)


def _kept_from_harm(answer: Answer) -> Answer:
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _read(stream: IO[bytes]) -> bytes:
    """Read no more than a file may have, whatever length was announced."""
    content = stream.read(settings.UPLOAD_LIMIT + 1)
    if len(content) > settings.UPLOAD_LIMIT:
        raise Refused(TOO_LARGE.format(limit=settings.UPLOAD_LIMIT // 2**20))
    if not content:
        raise Refused(EMPTY)
    return content


def place(park_id: int, digest: str) -> Path:
    """Return where a content lies inside the folder of files."""
    return Path(str(park_id)) / digest[:2] / digest


def _path(park_id: int, digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / place(park_id, digest)


def _write(path: Path, content: bytes) -> None:
    """Put the bytes under the path so that neither a crash nor a power cut leaves half of them there."""
    _make_folder(path.parent)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _make_folder(folder: Path) -> None:
    """Make the folder and those above it; each is on the disk before anything is put into it."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
