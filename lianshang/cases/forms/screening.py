"""The office before anybody is sent: class, refusal, hand-over to another body, joining, mistakes."""

import unicodedata
from typing import Any

from lianshang.cases import access, books, services
from lianshang.cases.forms.verbs import VerbForm, one_line, one_of, passage
from lianshang.cases.models import Case
from lianshang.cases.states import OPEN
from lianshang.kernel.refusals import Refused

CATEGORY_LENGTH = 30


class Register(VerbForm):
    hint = "登记后成为正式的诉求，从现在起计时，企业凭查询码看得到进度。"

    def act(self) -> Case:
        return services.register_draft(self.case, actor=self.actor, at=self.at)


class Screen(VerbForm):
    hint = "研判后等待派单。也可以不研判，直接派单。"
    note = passage("研判意见", required=False)


class Reclassify(VerbForm):
    hint = "派单前可以调整。办理期限随类别和紧急程度定。"
    kind = one_of("限时类别", [])
    urgency = one_of("紧急程度", [])
    category = one_line(
        "诉求类型", CATEGORY_LENGTH, required=False, help_text="如 用电、道路运输、用工，用来看哪一类反复出现。"
    )

    def prepare(self) -> None:
        profile = books.profile_of(self.case.profile_version_id)
        self.fields["kind"].choices = [(kind, kind) for kind in profile.kinds]
        self.fields["urgency"].choices = [(urgency, urgency) for urgency in profile.urgencies]
        self.initial = {name: getattr(self.case, name) for name in ("kind", "urgency", "category")}


class Refuse(VerbForm):
    hint = "原因和可走的渠道，企业会在回执上看到。"
    reason = passage("不予受理的原因")
    way_out = one_line("可走的渠道", 200, help_text="写明去哪里、怎么联系。")


class Redirect(VerbForm):
    hint = "诉讼、仲裁、复议、信访等已有法定渠道的，移交有权处理的机关。"
    body = one_line("接收机关和查询办法", 200)
    reason = passage("移交原因")


class Separate(VerbForm):
    hint = "恢复后等待派单，从现在起计受理时限；欠企业的反馈时限照走。"
    reason = passage("为什么单独办")


class Merge(VerbForm):
    hint = "并入后，主件的答复会一并告知这家企业；两家企业互不知道对方。"
    number = one_line("主件编号", 24, help_text="在办的另一件诉求，如 2026-0123。")
    suggestions: tuple[tuple[str, str], ...] = ()

    def prepare(self) -> None:
        """Offer the other open cases of the same enterprise."""
        self.fields["number"].widget.attrs["list"] = "main-cases"
        rows = (
            self._others().filter(enterprise=self.case.enterprise_id)
            if self.case.enterprise_id
            else Case.objects.none()
        )
        self.suggestions = tuple(rows.order_by("-registered_at").values_list("number", "title")[:8])

    def _others(self) -> Any:
        rows = access.cases_visible_to(self.actor).filter(sealed=self.case.sealed, state__in=OPEN)
        return rows.exclude(pk=self.case.pk)

    def act(self) -> Case:
        number = unicodedata.normalize("NFKC", self.cleaned_data["number"]).strip()
        main = self._others().filter(number=number).first()
        if main is None:
            raise Refused(f"没有编号为“{number}”的在办诉求。请核对编号；已办结的不能作主件。")
        return services.merge(self.case, actor=self.actor, at=self.at, into=main)


class Mistake(VerbForm):
    hint = "误录不计入比率，但单独列出，不会删除。"
    reason = passage("为什么是误录", rows=2)
