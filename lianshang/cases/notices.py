"""What of a case is told to whom. Handlers read committed events, write notices and run at least once."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from lianshang.cases import books, codes, deciders, recusal
from lianshang.cases.flow import FLOW
from lianshang.cases.models import Assignment, Case, CaseEvent
from lianshang.cases.states import State
from lianshang.directory.models import Park, Person, Post, PostQuerySet, Role
from lianshang.kernel import outbox
from lianshang.notices import services

NEWS = "您的诉求 {} 有新进展，请打开回执查看：\n{}\n\n本邮件由系统发出，请勿回复。\n"
HISTORY = timedelta(days=2)  # told so much later, an event is history and nobody's turn any more
OFFICE, LEAD, UNIT, CALLBACK, HEAD, DECIDER = "office", "lead", "unit", "callback", "head", "decider"
TOLD = {
    "register": ((OFFICE,), "新诉求待派单"),
    "dispatch": ((UNIT,), "新派单待签收"),
    "involve": ((UNIT,), "请协办，待签收"),
    "release": ((UNIT,), "不必再协办"),
    "ask_return": ((DECIDER,), "退单申请待裁定"),
    "deny_return": ((LEAD,), "退单未获同意，请办理"),
    "ask_extension": ((DECIDER,), "延期申请待裁定"),
    "grant_extension": ((LEAD,), "延期已同意"),
    "deny_extension": ((LEAD,), "延期未获同意"),
    "pause": ((LEAD,), "已停钟"),
    "resume": ((LEAD,), "已恢复计时"),
    "separate": ((OFFICE,), "恢复单办，待派单"),
    "change_lead": ((UNIT,), "不再主办"),
    "grant_return": ((UNIT,), "退单已同意"),
    "consult": ((OFFICE, HEAD), "请会商"),
    "defer": ((LEAD,), "已挂账"),
    "conclude": ((LEAD,), "会商完毕，请办理"),
    "escalate": ((DECIDER, OFFICE, LEAD), "重办次数已满，已提级"),
    "hand_over": ((UNIT,), "换人经办"),
    "co_answer": ((LEAD,), "协办单位已答复"),
    "answer": ((OFFICE,), "答复待审核"),
    "approve": ((CALLBACK,), "待回访"),
    "send_back": ((LEAD,), "审核退回，请重办"),
    "reject": ((LEAD, OFFICE), "企业退回重办"),
    "call_back_unsolved": ((LEAD,), "回访未解决，请重办"),
    "reopen": ((LEAD,), "已重启，请接着办"),
    "resume_deferred": ((LEAD,), "挂账恢复，请办理"),
    "supplement": ((LEAD, OFFICE), "有补充说明"),
    "urge": ((UNIT,), "催办"),
    "supervise": ((UNIT,), "督办"),
    "respond_supervision": ((OFFICE, HEAD), "督办已书面回复"),
    "lift_supervision": ((UNIT,), "督办已解除"),
    "withdraw": ((LEAD, OFFICE), "企业已撤回"),
    "terminate": ((LEAD,), "已终止办理"),
    "declare_interest": ((OFFICE, HEAD), "有回避待决定"),
    "ask_recusal": ((OFFICE, HEAD), "有回避待决定"),
    "grant_recusal": ((OFFICE, LEAD), "回避已决定"),
    "deny_recusal": ((OFFICE, LEAD), "回避已决定"),
    "ask_identity": ((OFFICE, HEAD), "有查看申请待决定"),
    "open_identity": ((OFFICE, HEAD), "查看申请已决定"),
    "refuse_identity": ((OFFICE, HEAD), "查看申请已决定"),
    "recall": ((UNIT,), "派单已收回"),
}  # fmt: skip
REMINDERS = ("urge", "supervise")  # the events that go out as SMS too, as the ladder does


@outbox.handles("cases.event")
def tell_of_event(park: Park, event_id: int) -> None:
    """Tell those whose turn it is now, never the one who acted. Sealed cases reach their own officers alone."""
    event = CaseEvent.objects.select_related("subject").get(pk=event_id)
    if event.recorded_at - event.at > HISTORY:
        return
    tell_enterprise(park, event)
    groups, words = _told_of(event)
    if not groups:
        return
    now = timezone.now()
    turn = people(event.subject, groups, event.unit_id, on=timezone.localdate(now))
    if others := [person for person in turn if person.pk != event.actor_id]:
        reminder = event.verb in REMINDERS
        notify(others, event.subject, ref=f"case-event:{event.pk}", words=words, at=now, reminder=reminder)


def _told_of(event: CaseEvent) -> tuple[tuple[str, ...], str]:
    """Which groups are told what. A return that somebody above the office agreed to leaves the office to send again."""
    groups, words = TOLD.get(event.verb, ((), ""))
    if event.verb == "grant_return" and event.subject.state == State.SCREENED:
        return (*groups, OFFICE), "退单已同意，待派单"
    if event.verb == "urge" and event.unit_id in (None, books.office_of(event.park_id)):
        return (OFFICE,), words
    return groups, words


def tell_enterprise(park: Park, event: CaseEvent) -> None:
    """Where the enterprise left an address: that there is news, and the receipt where it stands. Nothing of the matter."""
    if not FLOW.transitions[event.verb].told or event.by == CaseEvent.By.HOLDER:
        return
    case = event.subject
    if not case.contact_email:
        return
    link = settings.ADDRESS.geturl() + reverse("cases:receipt", args=[codes.public_code(park, case)])
    services.mail(
        park, case.contact_email, subject=f"{case.number} 有新进展", body=NEWS.format(case.number, link), at=event.at
    )


def notify(told: Iterable[Person], case: Case, *, ref: str, words: str, at: datetime, reminder: bool = False) -> None:
    """One notice each in the app, and neutral messages. A sealed case is named by its number alone, and to no group."""
    text = f"{words}：{case.number}" if case.sealed else f"{words}：{case.number} {case.title}"
    services.tell_all(
        told, topic="cases", ref=ref, text=text[:200], url=case.get_absolute_url(), at=at,
        urgent=case.urgency == "紧急", email=True, reminder=reminder, group=not case.sealed,
    )  # fmt: skip


def people(case: Case, groups: Iterable[str], unit_id: int | None, *, on: date) -> list[Person]:
    """Return who stands for these groups that day, each person once, nobody from inside the respondents."""
    found: dict[int, Person] = {}
    for group in groups:
        for post in recusal.outside(_posts(case, group, unit_id, on), case, on=on):
            found[post.person_id] = post.person
    return list(found.values())


def _posts(case: Case, group: str, unit_id: int | None, on: date) -> PostQuerySet:
    posts = Post.objects.in_force(on).select_related("person").order_by("pk")
    if group == OFFICE or (group == DECIDER and not deciders.asked(case)):
        return posts.filter(role=Role.COMPLAINTS_OFFICER if case.sealed else Role.DISPATCHER)
    if group == HEAD:
        return posts.filter(role=Role.COMMITTEE_HEAD)
    if group == DECIDER and deciders.asked(case):
        return posts.filter(role=deciders.asked(case))
    if group == CALLBACK:
        return posts.filter(role=Role.COMPLAINTS_OFFICER if case.sealed else Role.CALLBACK_OFFICER)
    if group == LEAD:
        handler = Assignment.objects.filter(case=case, part=Assignment.Part.LEAD).order_by("-pk").first()
        unit_id = handler.unit_id if handler else None
    return posts.filter(role=Role.LIAISON, unit=unit_id) if unit_id else posts.none()
