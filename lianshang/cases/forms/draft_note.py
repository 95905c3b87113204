"""What was said in a chat, made a case: the words stand there already, the enterprise is chosen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from lianshang.cases import services
from lianshang.cases.forms.phone_note import Note
from lianshang.cases.forms.public import NOT_LISTED
from lianshang.cases.models import Case, Draft
from lianshang.cases.states import Channel
from lianshang.directory.actors import Actor
from lianshang.directory.models import Unit
from lianshang.enterprises.models import Contact
from lianshang.kernel.profiles import Profile

LONGEST_PASTE = 100_000  # characters


class Paste(forms.Form):
    pasted = forms.CharField(
        label="把群里的聊天粘贴到这里",
        max_length=LONGEST_PASTE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "autofocus": True, "class": "tall"}),
        error_messages={
            "required": "请先在群里选中聊天、复制，再粘贴到这里。",
            "max_length": "一次最多 10 万字。请分几次粘贴。",
        },
    )


class About(forms.Form):
    """Whom a message is about that is a complaint or report: one unit of the park, or what was said."""

    unit = forms.ChoiceField(
        label="反映的是哪个单位",
        help_text="选中的单位，连同它的上下级，今后都看不到。",
        error_messages={"required": "请选一个单位；不在列表里的，选“不在列表里”。", "invalid_choice": "请从列表里选。"},
    )
    name = forms.CharField(
        label="不在列表里的单位，或者具体的人",
        required=False,
        max_length=80,
        help_text="写了姓名，这个人也看不到。",
        error_messages={"max_length": "最多 80 字。"},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)
        self.units = {str(unit.pk): unit for unit in Unit.objects.filter(is_active=True).order_by("name")}
        listed = [(pk, unit.name) for pk, unit in self.units.items()]
        self.fields["unit"].choices = [("", "请选择"), *listed, (NOT_LISTED, "不在列表里，写在下面")]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("unit") == NOT_LISTED and not given.get("name"):
            self.add_error("name", "请写下单位或人的名称：我们据此让有关的人回避。")
        return given

    @property
    def told(self) -> tuple[Unit | str, ...]:
        unit, name = self.units.get(self.cleaned_data["unit"]), self.cleaned_data["name"]
        return tuple(one for one in (unit, name) if one)


class DraftNote(Note):
    since_said = forms.BooleanField(
        label="时限从企业说的时候起算", required=False, help_text="不勾就从登记起算；两个时间都会记下。"
    )
    remember = forms.BooleanField(label="记住这位是这家企业的，以后直接填上", required=False)
    field_order = (
        "enterprise_name", "text", "contact_name", "contact_phone", "place", "nature", "urgency", "kind", "since_said", "remember",
    )  # fmt: skip

    def __init__(
        self, profile: Profile, drafts: Sequence[Draft], data: Any = None, *, actor: Actor, at: datetime
    ) -> None:
        self.drafts = drafts
        super().__init__(profile, data, actor=actor, at=at, initial=_known(drafts))
        if not any(draft.sender for draft in drafts):
            del self.fields["remember"]

    def submit(self) -> Case:
        main = self.main_case()
        whistle = self.whistle(channel=Channel.CHAT)
        remember = self.cleaned_data.get("remember", False)
        return services.register_drafts(
            self.drafts, whistle, actor=self.actor, at=self.at, remember=remember, into=main
        )


def _known(drafts: Sequence[Draft]) -> dict[str, Any]:
    """Return what the drafts say by themselves: the words in their order, the enterprise that they agree upon."""
    firms = {draft.enterprise for draft in drafts if draft.enterprise}
    firm = firms.pop() if len(firms) == 1 else None
    contact = (
        Contact.objects.filter(enterprise=firm, is_primary=True).select_related("person").first() if firm else None
    )
    senders = {draft.sender for draft in drafts}
    return {
        "text": "\n".join(_words(draft, several=len(senders) > 1) for draft in drafts),
        "enterprise_name": firm.name if firm else "",
        "contact_name": contact.person.name if contact else (senders.pop()[:40] if len(senders) == 1 else ""),
        "contact_phone": contact.person.phone if contact else "",
        "remember": bool(firm is None),
    }


def _words(draft: Draft, *, several: bool) -> str:
    said = f"{draft.sender}：{draft.text}" if several and draft.sender else draft.text
    return f"{said}（群里另有{draft.missing}）" if draft.missing and not draft.text.startswith("（只有") else said
