"""The words that fill a document, each from a record of the case."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from lianshang.cases import books, masking, supervision, turns
from lianshang.cases.documents import placeholders
from lianshang.cases.documents.wordings import TITLES
from lianshang.cases.lights import light_of
from lianshang.cases.models import Assignment, Case, CaseClock, CaseEvent, DocumentHead, DocumentKind
from lianshang.cases.moments import words
from lianshang.cases.states import SuperviseGrade
from lianshang.directory.actors import Actor
from lianshang.directory.models import Unit
from lianshang.papers.wording import paragraphs, title_lines

LIGHTS = {"normal": "正常", "near": "临期", "late": "超期", "paused": "停钟中", "none": "已过"}
BLANK_TIME, BLANK_PLACE = "　　　　年　　月　　日　　时　　分", "　　　　　　　　　　"
BLANK_NUMBER = "　　"
LONGEST_GIST = 12  # characters: with “关于” and what follows one line of a title


def date_words(on: date) -> str:
    """Return 2026年3月5日: Arabic figures, no leading zero (GB/T 9704-2012 7.3.5)."""
    return f"{on.year}年{on.month}月{on.day}日"


def day(moment: datetime | None) -> str:
    return date_words(timezone.localtime(moment).date()) if moment else ""


def gist(matter: str) -> str:
    """Return the first clauses of a matter that fit into a title: enterprises speak, a title names."""
    kept = ""
    for clause in re.split(r"(?<=[，；。？、])", matter):
        if kept and len(kept + clause.rstrip("，；。？、")) > LONGEST_GIST:
            break
        kept += clause
    return kept.rstrip("，；。？、")


class Facts:
    """What is on record of a case at a moment, as far as a document may say it.

    `told` is the step that the document tells of. A sealed case is told without who raised it.
    """

    def __init__(
        self, case: Case, told: CaseEvent, kind: str, *, actor: Actor, at: datetime, shows_phone: bool = False
    ) -> None:
        self.case, self.told, self.kind, self.actor, self.at = case, told, kind, actor, at
        self.shows_phone = shows_phone and not case.sealed
        self.events = list(case.events.select_related("actor", "actor_unit", "unit").order_by("ordinal"))
        self.parts = list(case.assignments.filter(ended_at=None).select_related("unit", "signed_by", "handled_by"))
        clocks = case.clocks.running().exclude(duty__in=books.QUIET).select_related("unit", "started_by")
        self.clocks: list[CaseClock] = list(clocks.order_by("due_at", "pk"))
        self.office = Unit.objects.filter(pk=books.office_of(case.park_id)).first()
        self.hide: Callable[[str], str] = str if self.shows_phone else masking.text

    def context(self) -> dict[str, Any]:
        """Return a value for every name of the catalogue; what is not on record is empty."""
        found = {
            **self._matter(), **self._whistler(), **self._course(), **self._urging(), **self._supervision(),
            **self._reply(), **self._consultation(), **self._issue(),
        }  # fmt: skip
        lists: dict[str, Any] = {name: [] for name in placeholders.CATALOGUE.lists}
        return dict.fromkeys(placeholders.CATALOGUE.plain, "") | lists | found

    # -- the matter -------------------------------------------------------------------------------------------------

    def _matter(self) -> dict[str, Any]:
        case = self.case
        matter, text = case.title.rstrip("。.…"), case.text.strip()
        return {
            "受理编号": case.number,
            "保密标注": "（保密件）" if case.sealed else "",
            "事项": self.hide(matter),
            "事由": self.hide(gist(matter)),
            "诉求内容": "" if text.rstrip("。.…") == matter else self.hide(text),
            "地点": self.hide(case.place),
            "性质": case.get_nature_display(),
            "限时类别": case.kind,
            "紧急程度": case.urgency,
            "诉求类型": case.category,
            "来源": case.get_channel_display(),
            "受理时间": words(case.registered_at),
            "受理日期": day(case.registered_at),
            "状态": case.get_state_display(),
            "下一步": self._next(),
            "机制方案": str(case.profile_version),
        }

    def _next(self) -> str:
        turn = turns.turn_of(self.case, self.clocks, str(self.office or "综合党委办公室"), self.at, frozenset())
        if not turn.who:
            return turn.what
        until = f"于{words(turn.light.due_at)}前" if turn.light.due_at else ""
        return f"请{turn.who}{until}{turn.what}。"

    def _whistler(self) -> dict[str, str]:
        case = self.case
        if case.sealed:
            return {"企业": "", "企业前缀": "", "企业联系人": "", "企业电话": ""}
        name, phone = (case.contact_name, case.contact_phone)
        whose = case.whose if case.enterprise_id or case.enterprise_name else ""
        return {
            "企业": whose,
            "企业前缀": f"{whose}反映的" if whose else "",
            "企业联系人": "" if case.anonymous else name if self.shows_phone else masking.name(name),
            "企业电话": "" if case.anonymous else phone if self.shows_phone else masking.masked(phone),
        }

    # -- units and limits -------------------------------------------------------------------------------------------

    @cached_property
    def lead(self) -> Assignment | None:
        return next((part for part in self.parts if part.part == Assignment.Part.LEAD), None)

    @property
    def co_units(self) -> list[Unit]:
        return [part.unit for part in self.parts if part.part == Assignment.Part.CO]

    def _course(self) -> dict[str, Any]:
        sent, lead, unit = self._last("dispatch"), self.lead, self.case.lead_unit
        first = self.case.first_handlers.select_related("unit", "person").order_by("-pk").first()
        helping = "、".join(one.name for one in self.co_units)
        return {
            "主办单位": str(unit or ""),
            "主办电话": unit.phone if unit else "",
            "主办经办人": str((lead and lead.handled_by) or ""),
            "协办单位": helping,
            "协办说明": f"，{helping}协办" if helping else "",
            "首办单位": str(first.unit) if first else "",
            "首办责任人": str(first.person or "") if first else "",
            "派单时间": words(sent.at) if sent else "",
            "派单日期": day(sent.at) if sent else "",
            "交办要求": self.hide(sent.note.strip()) if sent else "",
            "签收人": str((lead and lead.signed_by) or ""),
            "签收时间": words(lead.signed_at) if lead and lead.signed_at else "",
            "时限": [self._limit(clock) for clock in self.clocks],
            "没有时限": "" if self.clocks else "现在没有时限在走。",
        }

    def _limit(self, clock: CaseClock) -> dict[str, str]:
        light = light_of(clock, self.case, self.at)
        state = LIGHTS.get(light.state, "")
        return {
            "事项": clock.label,
            "单位": str(clock.unit or turns.owing(self.case, str(self.office or "综合党委办公室"))),
            "规定": clock.rule.partition("：")[2],
            "到期": f"{'暂按 ' if clock.provisional else ''}{words(clock.due_at, self.at)}",
            "现在": state if light.state == "paused" else "，".join(part for part in (state, light.remaining) if part),
        }

    # -- what was urged, ordered, answered, asked -------------------------------------------------------------------

    def _last(self, *verbs: str) -> CaseEvent | None:
        return next((event for event in reversed(self.events) if event.verb in verbs), None)

    def _who(self, event: CaseEvent) -> str:
        if event.by == CaseEvent.By.STAFF:
            return str(event.actor_unit or event.actor or "工作人员")
        return "反映人" if self.case.sealed else event.get_by_display()

    def _note(self, event: CaseEvent) -> str:
        """What was written; of a sealed case not what the reporter wrote, which may tell who it is."""
        return "" if self.case.sealed and event.by == CaseEvent.By.HOLDER else self.hide(event.note.strip())

    def _urging(self) -> dict[str, Any]:
        urged = [event for event in self.events if event.verb == "urge"]
        if not urged:
            return {"催办次数": "0"}
        rows = [self._urge(number, event) for number, event in enumerate(urged, 1)]
        last = rows[-1]
        return {
            "催办记录": rows, "催办次数": str(len(rows)),
            "催办时间": last["时间"], "催办人": last["谁"], "催办内容": last["内容"],
        }  # fmt: skip

    def _urge(self, number: int, event: CaseEvent) -> dict[str, str]:
        note = self._note(event)
        said = f"：{note}{'' if note.endswith(('。', '？')) else '。'}" if note else "。"
        return {
            "序号": str(number),
            "时间": words(event.at, self.at),
            "谁": self._who(event),
            "内容": note,
            "说明": said,
        }

    def _supervision(self) -> dict[str, Any]:
        ordered = self._last("supervise")
        if ordered is None:
            return {}
        return {
            "督办等级": dict(SuperviseGrade.choices).get(ordered.grade, "督办"),
            "督办对象": str(ordered.unit or self.case.lead_unit or ""),
            "督办日期": day(ordered.at),
            "督办情形": "" if ordered.cause == supervision.OTHER else ordered.cause,
            "督办回复期限": f"于{words(ordered.due_at, self.at)}前" if ordered.due_at else "",
            "督办要求": paragraphs(self._note(ordered), headings=False),
        }

    def _reply(self) -> dict[str, Any]:
        answered = self._last("answer")
        if answered is None:
            return {}
        files = answered.files.order_by("pk").values_list("name", flat=True)
        return {
            "答复内容": paragraphs(self._note(answered)),
            "答复依据": self.hide(answered.reference.strip().rstrip("。")),
            "办理结果": answered.get_close_type_display(),
            "答复日期": day(answered.at),
            "答复附件": [{"名称": self.hide(name)} for name in files],
        }

    def _consultation(self) -> dict[str, Any]:
        asked = self._last("consult", "escalate")
        if asked is None:
            return {}
        ruling = next((clock for clock in self.clocks if clock.duty == "ruling"), None)
        invited = dict.fromkeys(str(unit) for unit in (self.case.lead_unit, *self.co_units) if unit)
        return {
            "会商日期": day(asked.at),
            "提请单位": self._who(asked),
            "会商事由": paragraphs(self._note(asked), headings=False),
            "参会单位": "、".join(invited),
            "会商时间": BLANK_TIME,
            "会商地点": BLANK_PLACE,
            "会商期限": f"会商结果须于{words(ruling.due_at)}前写明。" if ruling else "",
        }

    # -- who issues it ----------------------------------------------------------------------------------------------

    @cached_property
    def issuer(self) -> Unit | None:
        """Whose document it is: the lead's for a reply, the office's for a consultation, else of whoever took the step."""
        if self.kind == DocumentKind.REPLY:
            return self.told.actor_unit or self.case.lead_unit
        return self.office if self.kind == DocumentKind.CONSULTATION else self.told.actor_unit or self.office

    def _title(self) -> str:
        pattern = TITLES.get(DocumentKind(self.kind))
        return (
            pattern.format(gist(self.hide(self.case.title.rstrip("。.…"))))
            if pattern
            else DocumentKind(self.kind).label
        )

    def _issue(self) -> dict[str, str]:
        unit = self.issuer
        head = DocumentHead.objects.filter(unit=unit).order_by("-pk").first() if unit else None
        drawer = self.actor.person if unit and unit.pk in self.actor.unit_ids else None
        person = drawer or (self.told.actor if unit and self.told.actor_unit_id == unit.pk else None)
        year = timezone.localtime(self.at).year
        return {
            "标题": "\n".join(title_lines(self._title())),
            "发文单位": str(unit or ""),
            "发文机关标志": head.mark if head else "",
            "发文字号": f"{head.code if head and head.code else BLANK_NUMBER * 2}〔{year}〕{BLANK_NUMBER}号",
            "发文联系人": str(person or BLANK_NUMBER * 2),
            "发文电话": (unit.phone if unit else "") or (person.phone if person else "") or BLANK_NUMBER * 3,
            "成文日期": day(self.at),
        }
