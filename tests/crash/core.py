"""The use cases of every day: a whistle, its order, signature, answer and confirmation; complaints, imports, the worker."""

import io
from datetime import datetime
from typing import Any

from django.utils import timezone

from lianshang.cases import books, importing, mechanism, services
from lianshang.cases.chat.offers import offers
from lianshang.cases.models import ImportBatch
from lianshang.cases.services.importing import undo_import
from lianshang.cases.states import State
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, ZONE, Town
from lianshang.directory.models import Unit
from lianshang.kernel import files, outbox
from lianshang.kernel.tests.test_files import photo
from lianshang.notices import delivery
from lianshang.notices.models import Email
from lianshang.notices.services import mail
from tests.crash.scripts import AT, Script, nothing, receipt

HEAD = "编号,企业名称,标题,正文,提出时间,答复意见,答复时间,诉求性质,承办单位,满意度"
ROWS = (
    "A1,示范焦化有限公司,东门路灯,路灯坏了三天,2025-03-03 10:00,已更换灯具,2025-03-05 16:00,求助,交通运输局,满意",
    "A2,某某公司,排水,下雨积水,2026-06-01 08:00,,,,供水公司,",
)
CHAT = "何丽 2026/11/02 08:12\n厂区东门外的路灯三天没亮了\n老冯 2026/11/02 08:40\n稳岗补贴什么时候报\n"
WORKER_AT = timezone.now() + DAY  # steps owe from when they were recorded


def _photo(_: Town) -> files.Prepared:
    """As the form prepares it before the view begins; nothing lasts of that."""
    return files.prepare(io.BytesIO(photo()), "现场.jpg")


def _whistle(town: Town, picture: files.Prepared) -> str:
    """With a photo: its bytes are on the disk before its row, its row before the receipt."""
    return receipt(town.whistle(AT, files=((files.keep(town.park, picture), "现场.jpg"),)))


def _complaint(town: Town, _: Any) -> str:
    return receipt(town.whistle(AT, nature="complaint", text="夜间偷倒废渣，已有三次。", respondents=(town.lead,)))


def _dispatch(town: Town, case: Any) -> str:
    return receipt(services.dispatch(case, actor=town.dispatcher, at=AT, lead=town.lead, co_units=[town.co]))


def _answer(town: Town, given: Any) -> str:
    case, picture = given
    stored = files.keep(town.park, picture)
    return receipt(
        services.answer(
            case, actor=town.liaison, at=AT, note="已更换灯具，今晚恢复照明。", files=[(stored, "修好了.jpg")]
        )
    )


def _confirm(town: Town, case: Any) -> str:
    return receipt(services.confirm(case, actor=town.holder(case), at=AT, grade="satisfied"))


def bring_in(town: Town, _: Any = None) -> ImportBatch:
    ledger = importing.opened("\n".join([HEAD, *ROWS]).encode(), "旧台账.csv")
    now = datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)
    version = mechanism.named("", actor=town.system, at=now)
    units = frozenset(Unit.objects.values_list("name", flat=True))
    parsed = importing.judged(
        ledger, profile=books.profile_of(version.pk), zone=town.park.zoneinfo, at=now, units=units
    )
    return services.bring_in(ledger, parsed.drafts, actor=town.dispatcher, at=now, version=version)


def _register(town: Town, drafts: Any) -> str:
    whistle = services.Whistle(text="路灯不亮", enterprise=town.enterprise)
    return receipt(services.register_drafts(drafts, whistle, actor=town.dispatcher, at=AT, remember=True))


def pasted(town: Town, _: Any = None) -> list[Any]:
    return services.keep_pasted(offers(CHAT, MONDAY).offers, actor=town.dispatcher, at=MONDAY).drafts


def _owing(town: Town) -> Any:
    """Steps that people have not been told of."""
    return town.dispatched(timezone.now() - 2 * HOUR).pk


def _told(town: Town, _: Any) -> str:
    outbox.run_due(WORKER_AT, worker="rig")
    return "told"


def _mailed(town: Town) -> Any:
    mail(town.park, "a@example.cn", subject="您有 1 件待办", body="请登录查看。", at=MONDAY)
    mail(town.park, "b@example.cn", subject="您有 1 件待办", body="请登录查看。", at=MONDAY)
    return ()


def _posted(town: Town, _: Any) -> str:
    delivery.send_due(town.park, WORKER_AT + HOUR)
    return "posted"


def _all_sent(town: Town, world: Any) -> list[str]:
    """Each e-mail left the house at least once: twice is a nuisance, never is a loss."""
    sent = len(world.sent.read_text(encoding="utf-8").splitlines()) if world.sent.exists() else 0
    waiting = Email.objects.filter(sent_at=None).count()
    owed = Email.objects.count()
    return [f"{owed} e-mails, {sent} sent, {waiting} waiting"] if waiting or sent < owed else []


CORE = (
    Script("cases.services.submit", _photo, _whistle),
    Script("cases.services.submit (sealed)", nothing, _complaint),
    Script("cases.services.dispatch", lambda town: town.whistle(), _dispatch),
    Script(
        "cases.services.sign",
        lambda town: town.dispatched(),
        lambda town, case: receipt(services.sign(case, actor=town.liaison, at=AT)),
    ),
    Script("cases.services.answer", lambda town: (town.in_state(State.IN_PROGRESS), _photo(town)), _answer),
    Script("cases.services.confirm", lambda town: town.answered(), _confirm),
    Script("cases.services.bring_in", nothing, lambda town, _: receipt(bring_in(town))),
    Script(
        "cases.services.undo_import",
        bring_in,
        lambda town, batch: str(undo_import(batch, actor=town.dispatcher, at=AT)),
    ),
    Script("cases.services.register_drafts", pasted, _register),
    Script("cases.notices.tell_of_event", _owing, _told, keyed=False),
    Script("notices.delivery.send_due", _mailed, _posted, keyed=False, also=_all_sent),
)
