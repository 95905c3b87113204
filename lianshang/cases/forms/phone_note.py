"""A clerk's note of what an enterprise said by telephone, in a chat or on a visit: one page, by keyboard, under a minute."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from lianshang.cases import access, services
from lianshang.cases.chat.times import moment
from lianshang.cases.forms.public import phone_of
from lianshang.cases.forms.verbs import LONGEST_NOTE, one_line, one_of
from lianshang.cases.models import Case
from lianshang.cases.services import Whistle
from lianshang.cases.states import OPEN, SEALED, Channel, Nature
from lianshang.directory.actors import Actor
from lianshang.enterprises.models import Enterprise
from lianshang.kernel.profiles import Profile
from lianshang.kernel.refusals import Refused

HEARD = [(one.value, one.label) for one in (Channel.PHONE, Channel.CHAT, Channel.VISIT, Channel.CENTRE)]
NATURES = [(one.value, one.label) for one in Nature if one not in SEALED]
NO_TIME = "没看懂这个时间。请写成“昨天下午3点”“11月20日 9:30”，或者空着，按现在算。"


class Note(forms.Form):
    """What every note asks. `into` is the number of an open case that it is joined to at once."""

    enterprise_name = one_line("企业名称", 80, required=False, help_text="打两个字就可以选；名册里没有的照写。")
    text = forms.CharField(
        label="企业说了什么",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "请写下企业说了什么。"},
    )
    contact_name = one_line("联系人", 40, required=False)
    contact_phone = one_line("联系电话", 30, required=False)
    place = one_line("地点", 100, required=False)
    nature = one_of("诉求性质", NATURES, Nature.HELP)
    urgency = one_of("紧急程度", [])
    kind = one_of("限时类别", [])
    into = forms.CharField(max_length=24, required=False, widget=forms.HiddenInput)

    def __init__(self, profile: Profile, data: Any = None, *, actor: Actor, at: datetime, **more: Any) -> None:
        self.actor, self.at = actor, at
        super().__init__(data, label_suffix="", use_required_attribute=False, **more)
        for name, choices, first in (
            ("urgency", profile.urgencies, profile.default_urgency),
            ("kind", profile.kinds, profile.default_kind),
        ):
            field = self.fields[name]
            field.choices, field.initial = [(one, one) for one in choices], first

        self.fields["enterprise_name"].widget.attrs["autofocus"] = True

    def clean_contact_phone(self) -> str:
        return phone_of(self.cleaned_data["contact_phone"].strip())

    def whistle(self, **more: Any) -> Whistle:
        """Return what was said, under the enterprise's record where the name is its name."""
        answers = {name: value for name, value in self.cleaned_data.items() if name in Whistle.__dataclass_fields__}
        known = Enterprise.objects.filter(name=answers["enterprise_name"], is_active=True).order_by("pk").first()
        return Whistle(**(answers | {"enterprise": known} | more))

    def main_case(self) -> Case | None:
        """Return the open case that the note is to be joined to. Raises `Refused` where there is none such."""
        number = self.cleaned_data["into"].strip()
        if not number:
            return None
        main = access.open_ledger(self.actor).filter(number=number, state__in=OPEN).first()
        if main is None:
            raise Refused(f"{number} 已经不在办，不能并入。请直接登记，再到诉求里处理。")
        return main


class PhoneNote(Note):
    happened = one_line("什么时候说的", 40, required=False)
    channel = one_of("怎么来的", HEARD, Channel.PHONE)
    field_order = (
        "enterprise_name", "text", "contact_name", "contact_phone", "place", "happened", "channel", "nature", "urgency", "kind",
    )  # fmt: skip

    def clean_happened(self) -> datetime | None:
        """Return when it was said; None for now."""
        words = self.cleaned_data["happened"].strip()
        if not words:
            return None
        told = moment(words, timezone.localtime(self.at))
        if told is None:
            raise forms.ValidationError(NO_TIME)
        if told > self.at:
            raise forms.ValidationError("这个时间还没有到。请核对，或者空着，按现在算。")
        return told

    def submit(self) -> Case:
        main = self.main_case()
        whistle = self.whistle(happened_at=self.cleaned_data["happened"])
        return services.register_note(whistle, actor=self.actor, at=self.at, into=main)
