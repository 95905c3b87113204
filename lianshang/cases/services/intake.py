"""From the whistle to the desk, and what the desk may do before anybody is sent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from lianshang.cases import apart, books, codes
from lianshang.cases.flow import FLOW
from lianshang.cases.headlines import headline
from lianshang.cases.identities import Who
from lianshang.cases.models import Case, CaseFile, ImportBatch, Respondent
from lianshang.cases.services.accused import Accused, named
from lianshang.cases.services.endings import end
from lianshang.cases.states import SEALED, Channel, CloseType, Nature, Way
from lianshang.directory.actors import Actor
from lianshang.enterprises.models import Enterprise
from lianshang.kernel import file_types, numbers, search
from lianshang.kernel.models import ProfileVersion, StoredFile
from lianshang.kernel.refusals import Refused

SAID = (
    "text", "place", "nature", "category", "channel", "enterprise", "enterprise_name", "contact_name", "contact_phone",
    "contact_email", "anonymous", "external_number", "batch", "happened_at",
)  # fmt: skip # what a case takes from a whistle as it is


@dataclass(frozen=True)
class Whistle:
    """What an enterprise says, however it reached us. Empty kind or urgency: the profile's first choice.

    `happened_at` is when it was said, where that was before it was registered; with `since_said` the clocks start then.
    """

    text: str
    title: str = ""
    place: str = ""
    nature: str = Nature.HELP
    kind: str = ""
    urgency: str = ""
    category: str = ""
    channel: str = Channel.QR
    enterprise: Enterprise | None = None
    enterprise_name: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    anonymous: bool = False
    external_number: str = ""
    batch: ImportBatch | None = None
    respondents: tuple[Accused, ...] = ()
    files: tuple[tuple[StoredFile, str], ...] = field(default_factory=tuple)
    happened_at: datetime | None = None
    since_said: bool = False

    def starts(self, at: datetime) -> datetime:
        """Return the moment that the clocks start at, where it is registered at `at`."""
        return min(self.happened_at, at) if self.since_said and self.happened_at else at


def current_profile_version() -> ProfileVersion:
    version = ProfileVersion.objects.filter(profile__is_current=True).order_by("-number").defer("document").first()
    if version is None:
        raise Refused("本园区还没有启用机制方案。请管理员在“机制方案”里启用一套，再登记诉求。")
    return version


def _number(actor: Actor, at: datetime, *, sealed: bool) -> str:
    """Sealed cases are numbered at random, so that no gap or count in the open series betrays them."""
    if sealed:
        return f"M-{numbers.random_code(8)}"
    year = at.astimezone(actor.park.zoneinfo).year
    return f"{year}-{numbers.next_number(actor.park, codes.OPEN_SERIES, year):04d}"


def _draft(whistle: Whistle, *, actor: Actor, at: datetime) -> Case:
    version = current_profile_version()
    profile = books.profile_of(version.pk)
    sealed = whistle.nature in SEALED
    own = {name: getattr(whistle, name) for name in SAID}
    case = Case(
        park=actor.park,
        number=_number(actor, at, sealed=sealed),
        sealed=sealed,
        registered_at=at,
        profile_version=version,
        title=whistle.title or headline(whistle.text),
        kind=whistle.kind or profile.default_kind,
        urgency=whistle.urgency or profile.default_urgency,
        **own,
    )
    case.code_digest = codes.digest(codes.code_of(case))
    if sealed:
        _set_apart(case, whistle, actor)
    case.search_text = search.index_text(
        case.number, case.title, case.text, case.place, case.whose, case.external_number
    )
    return case


def _set_apart(case: Case, whistle: Whistle, actor: Actor) -> None:
    """Leave in a sealed case nothing of who says it; that is locked up when the case is stored."""
    firm = whistle.enterprise.name if whistle.enterprise else whistle.enterprise_name
    case.who_apart = Who(firm, whistle.contact_name, whistle.contact_phone, whistle.contact_email)
    for name, value in apart.neutral(whistle.text, whistle.place).items():
        setattr(case, name, value)
    if actor.kind == "holder":
        case.registered_at, case.happened_at = apart.day_of(case.registered_at), None


def attach(case: Case, files: Iterable[tuple[StoredFile, str]]) -> None:
    """Hang files on the step just taken. The names of a reporter's files may tell who it is: those are numbered."""
    if case.sealed and case.last_event.by == case.last_event.By.HOLDER:
        files = [(row, file_types.fitting_name(f"附件{n}", row.media_type)) for n, (row, _) in enumerate(files, 1)]
    CaseFile.objects.bulk_create(
        CaseFile(park_id=case.park_id, case=case, event=case.last_event, stored=stored, name=name)
        for stored, name in files
    )


@transaction.atomic
def submit(whistle: Whistle, *, actor: Actor, at: datetime) -> Case:
    """Register a whistle: the row, its number, its first event and its first clocks in one commit."""
    row, said = _draft(whistle, actor=actor, at=at), whistle.starts(at)
    case = FLOW.move(row, "register", actor=actor, at=said, note=whistle.text)
    _accuse(case, whistle.respondents)
    attach(case, whistle.files)
    return case


@transaction.atomic
def note_down(whistle: Whistle, *, actor: Actor, at: datetime) -> Case:
    """Keep a draft, such as a phone note or a chat message that is not a case yet."""
    case = FLOW.fire(_draft(whistle, actor=actor, at=at), "note_down", actor=actor, at=at, note=whistle.text)
    _accuse(case, whistle.respondents)
    attach(case, whistle.files)
    return case


def register_draft(case: Case, *, actor: Actor, at: datetime) -> Case:
    note = "" if case.sealed else case.text
    return FLOW.fire(case, "register", actor=actor, at=at, note=note, changes={"registered_at": at})


def _accuse(case: Case, respondents: Iterable[Accused]) -> None:
    given = [fields for one in respondents for fields in named(one)]
    Respondent.objects.bulk_create(Respondent(park_id=case.park_id, case=case, **fields) for fields in given)


def screen(case: Case, *, actor: Actor, at: datetime, note: str = "") -> Case:
    return FLOW.fire(case, "screen", actor=actor, at=at, note=note)


def reclassify(
    case: Case, *, actor: Actor, at: datetime, kind: str = "", urgency: str = "", category: str = ""
) -> Case:
    """Put the case in another class before it is dispatched; the handling limit follows the class at dispatch."""
    given = {"kind": kind, "urgency": urgency, "category": category}
    profile = books.profile_of(case.profile_version_id)
    if kind and kind not in profile.kinds:
        raise Refused(f"现用机制方案没有“{kind}”这一限时类别。可选：{'、'.join(profile.kinds)}。")
    if urgency and urgency not in profile.urgencies:
        raise Refused(f"现用机制方案没有“{urgency}”这一紧急程度。可选：{'、'.join(profile.urgencies)}。")
    return FLOW.fire(case, "reclassify", actor=actor, at=at, changes={k: v for k, v in given.items() if v})


def refuse(case: Case, *, actor: Actor, at: datetime, reason: str, way_out: str) -> Case:
    """Not accepted: the reason and the way out are told (潍坊 hotline regulation art 19)."""
    if not reason.strip() or not way_out.strip():
        raise Refused("不予受理要写明原因和可走的渠道，企业会在回执上看到。")
    ended = CloseType.NOT_ACCEPTED
    return end(case, "refuse", ended, actor=actor, at=at, note=reason, reference=way_out, way=Way.PAGE)


def redirect(case: Case, *, actor: Actor, at: datetime, reason: str, body: str) -> Case:
    """Handed to the body that has the power; its name is kept and told."""
    if not body.strip():
        raise Refused("移交要写明接收机关和查询办法，企业会在回执上看到。")
    ended = CloseType.REDIRECTED
    return end(case, "redirect", ended, actor=actor, at=at, note=reason, reference=body, way=Way.PAGE)


def mistake(case: Case, *, actor: Actor, at: datetime, reason: str) -> Case:
    """误录: excluded from rates, listed, never deleted."""
    if not reason.strip():
        raise Refused("请写明为什么是误录。误录不计入比率，但会单独列出。")
    return end(case, "mistake", CloseType.MISTAKEN, actor=actor, at=at, note=reason)


def record_closed(case: Case, *, actor: Actor, at: datetime, reply: str) -> Case:
    """A historical record that was answered before it came to us."""
    return end(case, "record_closed", CloseType.UNSTATED, actor=actor, at=at, note=reply, way=Way.PAGE)


def withdraw(case: Case, *, actor: Actor, at: datetime, reason: str = "") -> Case:
    return end(case, "withdraw", CloseType.WITHDRAWN, actor=actor, at=at, note=reason)
