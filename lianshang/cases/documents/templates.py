"""Which Word template is in force for a kind of document: the park's own, or the shipped one."""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

from lianshang.cases.documents.wordings import WORDINGS
from lianshang.cases.models import DocumentKind, DocumentTemplate
from lianshang.kernel import files
from lianshang.papers import word


@dataclass(frozen=True)
class InForce:
    """The template that is used now; `row` is None where it is the shipped one and always was."""

    kind: str
    row: DocumentTemplate | None

    @property
    def label(self) -> str:
        return DocumentKind(self.kind).label

    @property
    def own(self) -> DocumentTemplate | None:
        return self.row if self.row and self.row.stored_id else None

    @property
    def content(self) -> bytes:
        if self.own is None or self.own.stored is None:
            return word.template(WORDINGS[self.kind])
        with files.open_file(self.own.stored) as file:
            return file.read()

    @property
    def digest(self) -> str:
        return self.own.stored.digest if self.own else shipped_digest(self.kind)


@cache
def shipped_digest(kind: str) -> str:
    return hashlib.sha256(word.template(WORDINGS[kind])).hexdigest()


def in_force(kind: str) -> InForce:
    """Return the template of the kind. Needs the park's scope."""
    return InForce(kind, _rows().filter(kind=kind).order_by("-number").first())


def all_in_force() -> list[InForce]:
    """Return the templates of all kinds."""
    newest: dict[str, DocumentTemplate] = {}
    for row in _rows().order_by("number"):
        newest[row.kind] = row
    return [InForce(kind, newest.get(kind)) for kind in WORDINGS]


def _rows() -> Any:
    return DocumentTemplate.objects.select_related("stored", "made_by")
