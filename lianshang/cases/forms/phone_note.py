"""A clerk's note of what an enterprise said by telephone, in a chat group or on a visit: one page, fast."""

from typing import Any

from django import forms

from lianshang.cases import services
from lianshang.cases.forms.verbs import LONGEST_NOTE, one_line, one_of
from lianshang.cases.models import Case
from lianshang.cases.services import Whistle
from lianshang.cases.states import SEALED, Channel, Nature
from lianshang.directory.actors import Actor
from lianshang.enterprises.models import Enterprise
from lianshang.kernel.profiles import Profile

HEARD = [(one.value, one.label) for one in (Channel.PHONE, Channel.CHAT, Channel.VISIT, Channel.CENTRE)]
NATURES = [(one.value, one.label) for one in Nature if one not in SEALED]
OFFERED = 500  # names in the list of suggestions


class PhoneNote(forms.Form):
    text = forms.CharField(
        label="企业说了什么", max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 5, "autofocus": True})
    )
    enterprise_name = one_line("企业名称", 80, required=False, help_text="边打字边选；名册里没有的照写。")
    contact_name = one_line("联系人", 40, required=False)
    contact_phone = one_line("联系电话", 30, required=False, help_text="没有电话就联系不上企业，尽量问到。")
    place = one_line("地点", 100, required=False)
    channel = one_of("怎么来的", HEARD, Channel.PHONE)
    nature = one_of("诉求性质", NATURES, Nature.HELP)
    urgency = one_of("紧急程度", [])

    def __init__(self, profile: Profile, data: Any = None) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)
        self.fields["text"].error_messages["required"] = "请写下企业说了什么。"
        self.fields["urgency"].choices = [(one, one) for one in profile.urgencies]
        self.fields["urgency"].initial = profile.default_urgency
        self.fields["enterprise_name"].widget.attrs["list"] = "enterprises"

    @property
    def names(self) -> list[str]:
        """Return the names that are offered while typing."""
        return list(Enterprise.objects.filter(is_active=True).order_by("name").values_list("name", flat=True)[:OFFERED])

    def submit(self, actor: Actor, at: Any) -> Case:
        answers = self.cleaned_data
        known = Enterprise.objects.filter(name=answers["enterprise_name"], is_active=True).order_by("pk").first()
        return services.submit(Whistle(**answers, enterprise=known), actor=actor, at=at)
