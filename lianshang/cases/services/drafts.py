"""What was said in a chat or to the application: kept at once, registered by somebody, or set aside with a reason.

A message is no registration. Both times are stored; the clocks start with the registration unless the office lets them
start when it was said.
"""

import hashlib
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from lianshang.cases import access, codes
from lianshang.cases.chat.offers import Offer
from lianshang.cases.models import Case, Draft, DraftRespondent, Sender, Source
from lianshang.cases.navigation import NOTES
from lianshang.cases.services.accused import named
from lianshang.cases.services.intake import Whistle, submit
from lianshang.cases.services.merging import merge
from lianshang.directory.actors import Actor
from lianshang.directory.models import Park, Unit
from lianshang.enterprises.models import Enterprise
from lianshang.kernel import numbers
from lianshang.kernel.refusals import Hidden, Overtaken, Refused

SERIES = "draft"
LONGEST = 5000
SHORTEST_NAME = 4  # characters of a name's part that an enterprise may be known by


@dataclass(frozen=True)
class Pasted:
    """What became of a paste: its drafts, and how many messages had been pasted before."""

    key: uuid.UUID
    drafts: list[Draft]
    known: int


@transaction.atomic
def keep_pasted(offers: Sequence[Offer], *, actor: Actor, at: datetime) -> Pasted:
    """Keep each offer as a draft. What was pasted before, by the same words and time, is not kept twice.

    One paste of a park at a time, so that two of the same chat do not both take its messages for new.
    """
    Park.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.park.pk)
    paste = uuid.uuid4()
    marks = [_mark(offer, at) for offer in offers]
    known = set(Draft.objects.filter(source=Source.CHAT, external_id__in=marks).values_list("external_id", flat=True))
    fresh = {mark: offer for offer, mark in zip(offers, marks, strict=True) if mark not in known}
    firms = enterprises_of(Source.CHAT, [(offer.sender, offer.text) for offer in fresh.values()])
    rows = [_of_offer(offer, mark, actor, at, paste) for mark, offer in fresh.items()]
    for place, (row, firm) in enumerate(zip(rows, firms, strict=True)):
        row.position, row.enterprise = place, firm
    return Pasted(paste, _kept(rows, actor, at), len(offers) - len(fresh))


def _mark(offer: Offer, at: datetime) -> str:
    """Return what tells one message from another; one without a time is told by its words on that day."""
    said = offer.happened_at.isoformat() if offer.timed else f"{at:%Y-%m-%d}"
    return hashlib.sha256(f"{offer.sender}\n{said}\n{offer.original}".encode()).hexdigest()


def _of_offer(offer: Offer, mark: str, actor: Actor, at: datetime, paste: uuid.UUID) -> Draft:
    return Draft(
        park=actor.park,
        source=Source.CHAT,
        sender=offer.sender[:80],
        text=(offer.text or f"（只有{offer.missing}）")[:LONGEST],
        original=offer.original,
        missing=offer.missing,
        happened_at=min(offer.happened_at, at),
        noted_at=at,
        noted_by=actor.person,
        paste=paste,
        external_id=mark,
        reason=Draft.Reason.CHATTER if offer.chatter else "",
        settled_at=at if offer.chatter else None,
        settled_by=actor.person if offer.chatter else None,
    )


def _kept(rows: Sequence[Draft], actor: Actor, at: datetime) -> list[Draft]:
    """Give the rows their numbers and codes, and store them."""
    if not rows:
        return []
    year = at.astimezone(actor.park.zoneinfo).year
    for row, number in zip(rows, numbers.next_numbers(actor.park, SERIES, year, len(rows)), strict=True):
        row.number = f"Z{year}-{number:04d}"
        row.code_digest = codes.digest(codes.code_of(row))
    return Draft.objects.bulk_create(rows)


@transaction.atomic
def keep_message(
    *, sender: str, text: str, missing: str, external_id: str, happened_at: datetime, actor: Actor, at: datetime
) -> Draft:
    """Keep one message of the application. Needs a message id that was not kept before."""
    row = Draft(
        park=actor.park,
        source=Source.WECOM,
        sender=sender[:80],
        enterprise=enterprises_of(Source.WECOM, [(sender, "")])[0],
        text=(text or f"（只有{missing}）")[:LONGEST],
        original=text,
        missing=missing[:200],
        happened_at=min(happened_at, at),
        noted_at=at,
        external_id=external_id,
    )
    return _kept([row], actor, at)[0]


def enterprises_of(source: str, said: Sequence[tuple[str, str]]) -> list[Enterprise | None]:
    """Return for each (sender, text) the enterprise that we were told it belongs to, or that is named.

    Half a name will do where one enterprise alone has it, and in a chat alone: there a clerk looks at it.
    """
    told = {
        sender.name: sender.enterprise
        for sender in Sender.objects.filter(source=source, name__in={who for who, _ in said}).select_related(
            "enterprise"
        )
    }
    firms = list(Enterprise.objects.filter(is_active=True).only("pk", "name", "park_id"))
    halves = source == Source.CHAT
    return [
        told.get(who) or _named(firms, f"{who}\n{text}") or (_half_named(firms, who) if halves else None)
        for who, text in said
    ]


def _named(firms: Sequence[Enterprise], words: str) -> Enterprise | None:
    return max((firm for firm in firms if firm.name in words), key=lambda firm: len(firm.name), default=None)


def _half_named(firms: Sequence[Enterprise], who: str) -> Enterprise | None:
    """Return the one enterprise whose name holds a part of the sender's: 苏甲化工-何丽, 老钱（氢瓶科技）."""
    parts = [part for part in re.split(r"[\s\-—_（）()·@|/]+", who) if len(part) >= SHORTEST_NAME]
    meant = {firm for firm in firms for part in parts if part in firm.name}
    return meant.pop() if len(meant) == 1 else None


@transaction.atomic
def register_note(whistle: Whistle, *, actor: Actor, at: datetime, into: Case | None = None) -> Case:
    """Register a clerk's note, and join it to an open case of the same matter on request."""
    case = submit(whistle, actor=actor, at=at)
    return merge(case, actor=actor, at=at, into=into) if into else case


@transaction.atomic
def register_drafts(
    drafts: Iterable[Draft],
    whistle: Whistle,
    *,
    actor: Actor,
    at: datetime,
    remember: bool = False,
    into: Case | None = None,
) -> Case:
    """Make one case of the drafts, with the time of the first message beside its own; join it to another on request."""
    rows = list(Draft.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in drafts]).order_by("pk"))
    _refuse_settled(rows)
    case = submit(replace(whistle, happened_at=min(row.happened_at for row in rows)), actor=actor, at=at)
    Draft.objects.filter(pk__in=[row.pk for row in rows]).update(case=case, settled_at=at, settled_by=actor.person)
    if remember and whistle.enterprise:
        _remember({(row.source, row.sender) for row in rows if row.sender}, whistle.enterprise)
    return merge(case, actor=actor, at=at, into=into) if into else case


def _refuse_settled(rows: Sequence[Draft]) -> None:
    if not rows:
        raise Refused("没有选中消息。请勾选要登记的消息。")
    for row in rows:
        if row.case_id:
            raise Overtaken(f"{row.number} 已经由{row.settled_by or '系统'}登记为 {row.case.number}，不用再登记。")
        if row.reason:
            raise Overtaken(f"{row.number} 已经搁置（{row.get_reason_display()}）。要登记的，请先取回。")


def _remember(senders: set[tuple[str, str]], enterprise: Enterprise) -> None:
    for source, name in sorted(senders):
        changed = Sender.objects.filter(source=source, name=name).update(enterprise=enterprise)
        if not changed:
            Sender.objects.create(park_id=enterprise.park_id, source=source, name=name, enterprise=enterprise)


@transaction.atomic
def set_aside(
    drafts: Iterable[Draft], reason: str, *, actor: Actor, at: datetime, about: Sequence[Unit | str] = ()
) -> int:
    """Keep the words and say why there is no case of them. Returns how many; what others settled first stays so.

    A complaint or report needs whom it is `about`, units or names as they were said: whoever is inside loses sight of it.
    """
    rows = _own(drafts, actor)
    if reason not in Draft.Reason.values:
        raise Refused("请选择为什么不登记。")
    if reason == Draft.Reason.SEALED and not about:
        raise Refused("请写明投诉举报的是哪个单位或者谁，有关的人才回避得了。")
    waiting = list(rows.filter(settled_at=None).select_for_update(of=("self",)).order_by("pk"))
    if reason == Draft.Reason.SEALED:
        _accuse(waiting, about)
    return rows.filter(pk__in=[row.pk for row in waiting]).update(reason=reason, settled_at=at, settled_by=actor.person)


def _accuse(drafts: Sequence[Draft], about: Sequence[Unit | str]) -> None:
    told = [given for one in about for given in named(one)]
    rows = [DraftRespondent(park_id=row.park_id, draft=row, **given) for row in drafts for given in told]
    DraftRespondent.objects.bulk_create(rows)


@transaction.atomic
def take_back(draft: Draft, *, actor: Actor, at: datetime) -> None:
    """A draft that was set aside waits again; who took it back stays on it. Whom it is about is asked anew then."""
    again = {"reason": "", "settled_at": None, "settled_by": None, "taken_back_at": at, "taken_back_by": actor.person}
    if not _own([draft], actor).filter(case=None).exclude(reason="").update(**again):
        raise Refused(f"{draft.number} 已经登记或取回，不能再取回。")
    DraftRespondent.objects.filter(draft=draft).delete()


def _own(drafts: Iterable[Draft], actor: Actor) -> QuerySet[Draft]:
    """Return the drafts for who may settle each of them, else raise `Hidden`."""
    keys = {one.pk for one in drafts}
    rows = access.drafts_visible_to(actor).filter(pk__in=keys)
    if not actor.has(*NOTES) or rows.count() < len(keys):
        raise Hidden
    return Draft.objects.filter(pk__in=keys)
