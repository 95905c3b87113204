"""Every key of a mechanism profile is obeyed: each has a life here that goes otherwise because of it."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime

import pytest

from lianshang.cases import escalation, lights, mechanism, notices, presets, queues, services
from lianshang.cases.models import Case
from lianshang.cases.states import State
from lianshang.cases.tests.desks import address, at_desk, words
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town
from lianshang.directory.models import Role
from lianshang.kernel.editions import calendar_of
from lianshang.kernel.profiles import (
    Callback,
    Deferral,
    Duty,
    Extension,
    Limit,
    Near,
    Pause,
    Profile,
    Rate,
    Return,
    Rework,
    Rung,
    Span,
)  # fmt: skip
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.notices.models import Notice

SECTIONS = {
    "extension": Extension, "returns": Return, "pauses": Pause, "rework": Rework, "callback": Callback,
    "deferral": Deferral, "near": Near, "ladder": Rung, "rates": Rate,
}  # fmt: skip
TOLD = {
    "name",
    "label",
    "basis",
    "pauses.basis",
    *(f"rates.{field.name}" for field in fields(Rate)),
}  # shown with what they name
REASON = "不属本局职责，应由执法局办。"
OBEYED: dict[str, Callable[[Town], None]] = {}


def keys() -> list[str]:
    told = [field.name for field in fields(Profile) if field.name not in ("vocabulary", *SECTIONS)]
    return told + [f"{name}.{field.name}" for name, part in SECTIONS.items() for field in fields(part)]


def obeys(*names: str) -> Callable[[Callable[[Town], None]], Callable[[Town], None]]:
    def kept(life: Callable[[Town], None]) -> Callable[[Town], None]:
        OBEYED.update(dict.fromkeys(names, life))
        return life

    return kept


def work_by(town: Town, **said: object) -> Profile:
    """Let the park work by the default mechanism with these parts of its own."""
    value = replace(presets.preset("default"), name="own", **said)
    mechanism.adopt(value, actor=town.system, at=MONDAY - DAY)
    return value


def limits(**own: Limit | None) -> tuple[Duty, ...]:
    """Return the default's limits with these of one's own; None: no such duty."""
    known = {duty.name: duty for duty in presets.preset("default").duties}
    known |= {name: Duty(name, limit) for name, limit in own.items() if limit}
    return tuple(duty for name, duty in known.items() if own.get(name, ...) is not None)


def days(n: int) -> Span:
    return Span(n, "working-days")


def extended(case: Case, town: Town, until: datetime = MONDAY + 9 * DAY, at: datetime = MONDAY + DAY) -> Case:
    return services.ask_extension(case, actor=town.liaison, at=at, until=until, reason="灯杆要定制。")


def due(case: Case, duty: str) -> datetime:
    return case.clocks.filter(duty=duty).order_by("-round")[0].due_at


def test_every_key_is_obeyed_or_merely_told():
    assert set(keys()) == set(OBEYED) | TOLD
    assert not set(OBEYED) & TOLD


@pytest.mark.parametrize("key", sorted(set(keys()) - TOLD))
def test_key_changes_what_happens(town: Town, key: str):
    OBEYED[key](town)


@obeys("receipt")
def _(town: Town) -> None:
    work_by(
        town,
        receipt="next-working-day",
        extension=None,
        duties=limits(handle=Limit("period", n=1, unit="working-days")),
    )

    case = town.dispatched(MONDAY - 2 * DAY)

    assert due(case, "handle").date() == (MONDAY + DAY).date()


@obeys("kinds", "default_kind", "urgencies", "default_urgency")
def _(town: Town) -> None:
    kinds, urgencies = ("咨询", "一般", "复杂", "小"), ("普通", "紧急", "急")
    work_by(town, kinds=kinds, default_kind="小", urgencies=urgencies, default_urgency="急")

    case = town.whistle()

    assert (case.kind, case.urgency) == ("小", "急")
    with pytest.raises(Refused, match="可选：咨询、一般、复杂、小"):
        services.dispatch(case, actor=town.dispatcher, at=MONDAY, lead=town.lead, kind="大")
    with pytest.raises(Refused, match="可选：普通、紧急、急"):
        services.dispatch(case, actor=town.dispatcher, at=MONDAY, lead=town.lead, urgency="缓")


@obeys("duties")
def _(town: Town) -> None:
    before = due(town.dispatched(), "handle")
    work_by(town, duties=limits(handle=Limit("period", n=9, unit="working-days")))

    assert due(town.dispatched(), "handle") > before + 3 * DAY


@obeys("extension.duty")
def _(town: Town) -> None:
    work_by(town, extension=Extension("promise"))
    case = town.signed()

    with pytest.raises(Refused, match="只有“承诺办成”可以延期"):
        extended(case, town)


@obeys("extension.times")
def _(town: Town) -> None:
    work_by(town, extension=Extension("handle", times=1))
    case = services.grant_extension(extended(town.signed(), town), actor=town.dispatcher, at=MONDAY + DAY)

    with pytest.raises(Refused, match="最多 1 次"):
        extended(case, town, until=MONDAY + 14 * DAY)


@obeys("extension.at_most", "extension.total")
def _(town: Town) -> None:
    for rule in (Extension("handle", at_most=days(1)), Extension("handle", total=days(6))):
        work_by(town, extension=rule, duties=limits(handle=Limit("period", n=5, unit="working-days")))
        with pytest.raises(Refused, match="最多可延到11月10日 17:00"):
            extended(town.signed(), town, until=MONDAY + 9 * DAY)


@obeys("extension.earliest", "extension.latest")
def _(town: Town) -> None:
    work_by(town, extension=Extension("handle", earliest=days(2), latest=days(1)))
    case = town.signed()

    with pytest.raises(Refused, match="离到期还早"):
        extended(case, town)
    with pytest.raises(Refused, match="至少 1 个工作日"):
        extended(case, town, at=MONDAY + 7 * DAY)


@obeys("extension.approver", "extension.beyond")
def _(town: Town) -> None:
    work_by(town, extension=Extension("handle", times=1, approver="chain_chief", beyond="committee_head"))
    case = extended(town.signed(), town)
    assert case.decider == Role.CHAIN_CHIEF

    with pytest.raises(Refused, match="链长批准"):
        services.grant_extension(case, actor=town.dispatcher, at=MONDAY + DAY)
    case = extended(services.grant_extension(case, actor=town.chief, at=MONDAY + DAY), town, until=MONDAY + 14 * DAY)

    assert case.decider == Role.COMMITTEE_HEAD
    assert services.grant_extension(case, actor=town.head, at=MONDAY + DAY).state == State.IN_PROGRESS


@obeys("extension.kinds")
def _(town: Town) -> None:
    work_by(town, extension=Extension("handle", kinds=("复杂",)))

    with pytest.raises(Refused, match="只有“复杂”类可以延期"):
        extended(town.signed(), town)


@obeys("returns.window")
def _(town: Town) -> None:
    work_by(town, returns=Return("handle"))
    case = town.signed()

    assert services.ask_return(case, actor=town.liaison, at=MONDAY + 4 * DAY, reason=REASON).state == "return_requested"


@obeys("returns.times", "returns.final")
def _(town: Town) -> None:
    work_by(town, returns=Return("return_window", times=2))
    case = town.signed()
    for _n in range(2):
        case = services.ask_return(case, actor=town.liaison, at=MONDAY + 3 * HOUR, reason=REASON)
        case = services.deny_return(case, actor=town.dispatcher, at=MONDAY + 3 * HOUR, reason="由你局负责。")
    assert not case.assignments.filter(ruled=True).exists()

    with pytest.raises(Refused, match="已申请退单 2 次，机制方案最多 2 次"):
        services.ask_return(case, actor=town.liaison, at=MONDAY + 4 * HOUR, reason=REASON)


@obeys("returns.ruled_by")
def _(town: Town) -> None:
    work_by(town, returns=Return("return_window", ruled_by="committee_head", final=True))
    case = services.ask_return(town.signed(), actor=town.liaison, at=MONDAY + 3 * HOUR, reason=REASON)

    assert [row.verb for row in queues.desk(town.head, MONDAY + 4 * HOUR).rows] == ["grant_return"]
    assert "ruling" not in [row.clock.duty for row in queues.desk(town.dispatcher, MONDAY + 4 * HOUR).rows if row.clock]
    assert "同意退单" not in words(at_desk(town.dispatcher).get(case.get_absolute_url()))
    with pytest.raises(Refused, match="退单由综合党委负责人裁定"):
        services.grant_return(case, actor=town.dispatcher, at=MONDAY + 4 * HOUR, lead=town.co)
    assert "由综合党委办公室改派" in words(at_desk(town.head).get(address(case, "grant_return")))
    case = services.grant_return(case, actor=town.head, at=MONDAY + 4 * HOUR, reason="请改派执法局。")
    assert case.state == State.SCREENED
    assert services.dispatch(case, actor=town.dispatcher, at=MONDAY + 5 * HOUR, lead=town.co).lead_unit == town.co


@obeys("pauses.cause")
def _(town: Town) -> None:
    work_by(town, pauses=(Pause("停电"),))
    case = town.in_state(State.IN_PROGRESS)

    with pytest.raises(Refused, match="停电"):
        services.pause(case, actor=town.dispatcher, at=MONDAY + DAY, cause="检测", reason="送检")
    services.pause(case, actor=town.dispatcher, at=MONDAY + DAY, cause="停电", reason="变电所检修")


@obeys("rework.times", "rework.escalate_to")
def _(town: Town) -> None:
    work_by(town, rework=Rework(1, "chain_chief"))
    case = town.answered()
    case = services.reject(case, actor=town.holder(case), at=MONDAY + 2 * DAY, reason="灯还是不亮。")
    case = services.answer(case, actor=town.liaison, at=MONDAY + 3 * DAY, note="又换了一批灯具。")
    case = services.reject(case, actor=town.holder(case), at=MONDAY + 4 * DAY, reason="仍然不亮。")

    assert (case.state, case.decider) == (State.CONSULTING, Role.CHAIN_CHIEF)
    assert town.chief.person in notices.people(case, (notices.DECIDER,), None, on=MONDAY.date())
    assert [row.verb for row in queues.put_to(town.chief, MONDAY + 4 * DAY)] == ["conclude"]
    assert "等您决定 1" in words(at_desk(town.chief).get("/leader/"))
    with pytest.raises(Refused, match="这件已提级，由链长定"):
        services.conclude(case, actor=town.dispatcher, at=MONDAY + 4 * DAY, result="换灯杆。")
    assert services.conclude(case, actor=town.chief, at=MONDAY + 4 * DAY, result="换灯杆。").state == State.IN_PROGRESS


@obeys("callback.attempts")
def _(town: Town) -> None:
    work_by(town, callback=Callback(1))
    case = town.in_state(State.CALLBACK)
    case = services.miss_call(case, actor=town.callback, at=MONDAY + 2 * DAY)

    assert services.close_unreached(case, actor=town.callback, at=MONDAY + 2 * DAY).state == State.CLOSED


@obeys("deferral.approver")
def _(town: Town) -> None:
    work_by(town, deferral=Deferral("chain_chief"))
    case = town.in_state(State.IN_PROGRESS)
    said = {"at": MONDAY + DAY, "reason": "要等管网改造。", "promised_at": MONDAY + 60 * DAY}

    with pytest.raises(Hidden):
        services.defer(case, actor=town.head, **said)
    case = services.defer(case, actor=town.chief, **said)
    assert case.state == State.DEFERRED
    due = case.clocks.get(duty="defer_review", stopped_at=None).due_at
    assert [row.case.pk for row in queues.desk(town.chief, due).rows] == [case.pk]
    assert queues.desk(town.head, due).rows == []


@obeys("deferral.review_every", "deferral.at_most")
def _(town: Town) -> None:
    work_by(town, duties=limits(defer_review=None), deferral=Deferral("", Span(10, "days"), Span(40, "days")))
    case = town.in_state(State.IN_PROGRESS)
    asking = words(at_desk(town.head).get(address(case, "defer")))
    assert "每 10 天复核一次" in asking
    assert "挂账最长 40 天" in asking

    with pytest.raises(Refused, match="挂账最长 40 天"):
        services.defer(case, actor=town.head, at=MONDAY + DAY, reason="要等。", promised_at=MONDAY + 60 * DAY)
    case = services.defer(case, actor=town.head, at=MONDAY + DAY, reason="要等。", promised_at=MONDAY + 30 * DAY)

    assert due(case, "defer_review").date() == (MONDAY + 11 * DAY).date()


@obeys("near.fraction", "near.remaining")
def _(town: Town) -> None:
    clock = town.dispatched().clocks.get(duty="handle")
    limit, calendar = Limit("period", n=5, unit="working-days"), calendar_of(clock.calendar_version_id)
    now = MONDAY + 3 * DAY

    near = [lights.is_near(clock, limit, rule, calendar, now) for rule in (Near(), Near(0.4), Near(0.9, days(4)))]

    assert near == [False, True, True]


@obeys("ladder.duty", "ladder.moment", "ladder.by", "ladder.level", "ladder.reach")
def _(town: Town) -> None:
    rungs = (Rung("sign", "after", Span(2, "working-hours"), "约谈", ("auditor",)),)
    work_by(town, ladder=rungs)
    case = town.dispatched()

    escalation.climb(town.park, due(case, "sign") + HOUR)
    assert not Notice.objects.exists()
    escalation.climb(town.park, due(case, "sign") + 3 * HOUR)

    (notice,) = Notice.objects.all()
    assert notice.text.startswith("约谈（签收）")
    assert notice.person == town.auditor.person
