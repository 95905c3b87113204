"""Drawing documents of a case, and putting a park's own templates and heads in place of ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lianshang.cases.documents import kinds, placeholders, templates
from lianshang.cases.documents.facts import Facts
from lianshang.cases.documents.wordings import WORDINGS
from lianshang.cases.models import Case, CaseDocument, DocumentForm, DocumentHead, DocumentKind, DocumentTemplate
from lianshang.directory.actors import Actor
from lianshang.directory.models import Park, Unit
from lianshang.kernel import apart, file_types, files
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.papers import filling, fonts, typesetting, wording
from lianshang.papers.wording import Letter

ENDINGS = {DocumentForm.WORD: "docx", DocumentForm.PDF: "pdf"}
TYPES = {DocumentForm.WORD: file_types.WORD, DocumentForm.PDF: file_types.PDF}


TOO_MUCH = "这个文件在限定的时间和内存里打不开，不能用作模板。请另存为一个新的 .docx 再传。"


class Faulty(Refused):
    """The template would not come out whole. `faults` has all sentences."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("".join(faults))


@dataclass(frozen=True)
class Drawn:
    """A document in memory, still to be kept."""

    case: Case
    kind: str
    form: str
    content: bytes
    template: templates.InForce
    digest: str
    shows_phone: bool


def font_case() -> fonts.Case:
    """Return the fonts at hand: those of the installation's folder, then the machine's."""
    return fonts.case(Path(settings.FONTS_ROOT))


def draw(case: Case, *, actor: Actor, at: datetime, kind: str, form: str, shows_phone: bool = False) -> Drawn:
    """Return the document as the records are now; nothing is written. Takes some tenths of a second.

    Raises `Hidden` for whom it is no business of, `Refused` where a step is missing or there is no font.
    """
    told = kinds.check(kind, case, actor)
    if form not in ENDINGS:
        raise Hidden
    facts = Facts(case, told, kind, actor=actor, at=at, shows_phone=shows_phone)
    context, template = facts.context(), templates.in_force(kind)
    title, author = f"{DocumentKind(kind).label} {case.number}", context["发文单位"]
    if form == DocumentForm.WORD:
        content = filling.fill(template.content, context, title=title, author=author, at=timezone.localtime(at))
        digest = template.digest
    else:
        said = wording.said(WORDINGS[kind], context)
        content = typesetting.pdf(said, font_case(), author=author, at=at)
        template, digest = templates.InForce(kind, None), typesetting.digest(said["shape"])
    return Drawn(case, kind, form, content, template, digest, facts.shows_phone)


@transaction.atomic
def keep(drawn: Drawn, *, actor: Actor, at: datetime) -> CaseDocument:
    """Keep what was drawn as a file of the case, with who drew it, when, from which template."""
    case = drawn.case
    name = f"{DocumentKind(drawn.kind).label} {case.number}.{ENDINGS[DocumentForm(drawn.form)]}"
    return CaseDocument.objects.create(
        park_id=case.park_id,
        case=case,
        kind=drawn.kind,
        form=drawn.form,
        template=drawn.template.own,
        template_digest=drawn.digest,
        stored=files.keep(case.park, files.Prepared(drawn.content, TYPES[DocumentForm(drawn.form)])),
        name=name,
        case_version=case.version,
        shows_phone=drawn.shows_phone,
        made_at=at,
        made_by=actor.person,
        made_by_unit=actor.unit,
    )


def faults_of(content: bytes, name: str, *, at: datetime) -> list[str]:
    """Return what is wrong with a template, after a trial with an invented case, in a process apart.

    Raises `Refused` for what is no such file.
    """
    try:
        return apart.run(filling.check, content, name, placeholders.CATALOGUE, placeholders.example(), at=at)
    except apart.TooMuch:
        raise Refused(TOO_MUCH) from None


def replace_template(kind: str, content: bytes, name: str, *, actor: Actor, at: datetime) -> DocumentTemplate:
    """Use this file for the kind from now on. What was drawn before stays as it was.

    Raises `Faulty` with what is wrong with it, `Refused` for what is no such file. It is looked at before the transaction:
    nobody else's writing waits for that.
    """
    if kind not in WORDINGS:
        raise Hidden
    if faults := faults_of(content, name, at=at):
        raise Faulty(faults)
    return _put_in_place(kind, files.Prepared(content, file_types.WORD), name, actor=actor, at=at)


@transaction.atomic
def _put_in_place(kind: str, kept: files.Prepared, name: str, *, actor: Actor, at: datetime) -> DocumentTemplate:
    stored = files.keep(actor.park, kept)
    _one_at_a_time(actor)
    now = templates.in_force(kind)
    if now.own and now.own.stored_id == stored.pk:
        raise Refused("这个文件正在使用，不必再传。")
    return _next(kind, actor=actor, at=at, stored=stored, name=name[-120:])


@transaction.atomic
def revert_template(kind: str, *, actor: Actor, at: datetime) -> DocumentTemplate:
    """Use the shipped template again."""
    _one_at_a_time(actor)
    if kind not in WORDINGS or not templates.in_force(kind).own:
        raise Refused("现在用的就是自带模板，不必恢复。")
    return _next(kind, actor=actor, at=at)


def _one_at_a_time(actor: Actor) -> None:
    """Whoever comes second sees what the first put in its place, and numbers after it."""
    Park.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.park.pk)


def _next(kind: str, *, actor: Actor, at: datetime, **more: object) -> DocumentTemplate:
    newest = DocumentTemplate.objects.filter(kind=kind).order_by("-number").first()
    number = newest.number + 1 if newest else 1
    return DocumentTemplate.objects.create(
        park=actor.park, kind=kind, number=number, made_at=at, made_by=actor.person, **more
    )


def set_head(unit: Unit, *, mark: str, code: str, actor: Actor, at: datetime) -> DocumentHead:
    """What is printed above the letters of the unit from now on; empty: nothing, as for a draft."""
    return DocumentHead.objects.create(
        park=actor.park, unit=unit, mark=mark.strip(), code=code.strip(), made_at=at, made_by=actor.person
    )


def is_letter(kind: str) -> bool:
    """Whether the kind is a document that an organ issues, not a form."""
    return isinstance(WORDINGS[kind], Letter)
