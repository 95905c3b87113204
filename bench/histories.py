"""Histories of cases that the filled databases are made of: told through the services, once each.

`tell` brings a few cases of every kind through real steps; `fill` then copies their rows to other weeks, units,
enterprises and texts. So every row is one that the product itself wrote.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lianshang.cases import services
from lianshang.cases.models import Case
from lianshang.directory.actors import Actor, holder
from lianshang.directory.models import Unit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANSWER = "已到现场查看，问题属实，已安排处理并约定了完成时间，今后由专人每周查看一次。"


@dataclass(frozen=True)
class Cast:
    """Who takes part: the office, the lead with its liaison, a second unit with its own, and whoever looks after sealed cases."""

    dispatcher: Actor
    head: Actor
    callback: Actor
    complaints: Actor
    lead: Unit
    liaison: Actor
    co: Unit
    co_liaison: Actor

    def whistle(self, at: datetime, **more: object) -> Case:
        whistle = services.Whistle(text="厂区东门路灯坏了三天，夜班出车看不清。", contact_phone="13800000000", **more)
        return services.submit(whistle, actor=Actor(kind="holder", park=self.dispatcher.park), at=at)

    def dispatched(self, at: datetime, *, co: bool = False, **more: object) -> Case:
        sends = self.complaints if more.get("nature") == "complaint" else self.dispatcher
        case = self.whistle(at, **more)
        return services.dispatch(case, actor=sends, at=at + HOUR, lead=self.lead, co_units=[self.co] if co else [])

    def signed(self, at: datetime, **more: object) -> Case:
        return services.sign(self.dispatched(at, **more), actor=self.liaison, at=at + 1.5 * HOUR, interest="")

    def contacted(self, at: datetime, **more: object) -> Case:
        return services.contact(self.signed(at, **more), actor=self.liaison, at=at + 2 * HOUR, note="已电话联系。")

    def answered(self, at: datetime, after: timedelta = 2 * DAY, **more: object) -> Case:
        return services.answer(self.contacted(at, **more), actor=self.liaison, at=at + after, note=ANSWER)

    def confirmed(self, at: datetime, after: timedelta = 2 * DAY, grade: str = "satisfied", **more: object) -> Case:
        case = self.answered(at, after, **more)
        return services.confirm(case, actor=holder(case.park, case.pk), at=at + after + 3 * HOUR, grade=grade)


History = Callable[[Cast, datetime], Case]


def _reported(cast: Cast, at: datetime) -> Case:
    """Contact, report-in, stage feedback, answer, call-back."""
    case = services.report_in(cast.contacted(at), actor=cast.liaison, at=at + 3 * HOUR, note="到现场查看。")
    case = services.progress(case, actor=cast.liaison, at=at + 2 * DAY, note="已订购配件，三天内到货，到货当天安装。")
    case = services.answer(case, actor=cast.liaison, at=at + 6 * DAY, note=ANSWER)
    case = services.approve(case, actor=cast.dispatcher, at=at + 6 * DAY + HOUR)
    return services.call_back(
        case, actor=cast.callback, at=at + 7 * DAY, solved=True, grade="very_satisfied", note="已经解决。"
    )


def _helped(cast: Cast, at: datetime) -> Case:
    case = services.co_sign(cast.signed(at, co=True), actor=cast.co_liaison, at=at + 2 * HOUR)
    case = services.co_answer(case, actor=cast.co_liaison, at=at + DAY, note="道路部分已经清理完毕，照片随后补上。")
    case = services.answer(case, actor=cast.liaison, at=at + 2 * DAY, note=ANSWER)
    return services.confirm(case, actor=holder(case.park, case.pk), at=at + 3 * DAY, grade="satisfied")


def _reworked(cast: Cast, at: datetime) -> Case:
    case = cast.answered(at)
    case = services.reject(
        case, actor=holder(case.park, case.pk), at=at + 3 * DAY, reason="又坏了，没有修好。", grade="dissatisfied"
    )
    case = services.answer(case, actor=cast.liaison, at=at + 7 * DAY, note=f"重新办理。{ANSWER}")
    return services.confirm(case, actor=holder(case.park, case.pk), at=at + 8 * DAY, grade="fair")


def _refused(cast: Cast, at: datetime) -> Case:
    return services.refuse(
        cast.whistle(at), actor=cast.dispatcher, at=at + HOUR, reason="属于合同纠纷。", way_out="可向法院起诉。"
    )


def _withdrawn(cast: Cast, at: datetime) -> Case:
    case = cast.dispatched(at)
    return services.withdraw(case, actor=holder(case.park, case.pk), at=at + 4 * HOUR, reason="已自行解决。")


def _deferred(cast: Cast, at: datetime) -> Case:
    return services.defer(
        cast.contacted(at), actor=cast.head, at=at + DAY, reason="要等管网改造。", promised_at=at + 120 * DAY
    )


def _urged(cast: Cast, at: datetime) -> Case:
    case = cast.contacted(at)
    case = services.urge(case, actor=holder(case.park, case.pk), at=at + DAY)
    return services.supervise(case, actor=cast.head, at=at + 2 * DAY, note="请三日内办结，并说明原因。")


# How often each history comes, of 1,000 cases: nine in ten are over.
ENDED: list[tuple[int, History]] = [
    (480, lambda cast, at: cast.confirmed(at)),
    (120, lambda cast, at: cast.confirmed(at, after=15 * DAY, grade="fair")),  # late: a breach that is named
    (120, _reported),
    (70, _helped),
    (40, _reworked),
    (40, _refused),
    (20, _withdrawn),
    (10, lambda cast, at: cast.confirmed(at, nature="complaint")),
]
OPEN: list[tuple[int, History]] = [
    (15, lambda cast, at: cast.whistle(at)),
    (10, lambda cast, at: services.screen(cast.whistle(at), actor=cast.dispatcher, at=at + HOUR / 2)),
    (15, lambda cast, at: cast.dispatched(at)),
    (15, lambda cast, at: cast.signed(at, co=True)),
    (20, lambda cast, at: cast.contacted(at, urgency="紧急")),
    (10, lambda cast, at: cast.answered(at)),
    (5, lambda cast, at: services.approve(cast.answered(at), actor=cast.dispatcher, at=at + 2 * DAY + HOUR)),
    (5, _deferred),
    (5, _urged),
]
