"""What an enterprise fills in: few fields, plain words, nothing typed is ever lost."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms

from lianshang.cases.forms.uploads import FilesField, ManyFiles
from lianshang.cases.states import Grade, Nature
from lianshang.directory.models import Unit
from lianshang.enterprises.models import Enterprise

SHORTEST = 4  # signs of a matter that somebody can act upon
ACCEPT = "image/*,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.wps,.et,.dps,.txt,.csv"
OPEN_NATURES = (Nature.HELP, Nature.INQUIRY, Nature.SUGGESTION, Nature.OPINION)
NOT_LISTED = "other"
UNSAID = ("", None, False, Nature.HELP)  # what a field says that nobody touched
PHONE = re.compile(r"\+?\d{7,15}(?:(?:转|分机|ext\.?|/|、)\d{1,15})?", re.IGNORECASE)
PHONE_FAULT = "电话号码看起来不完整。请再核对：手机 11 位，座机加区号。"
MISTYPED = re.compile(r"1(?:\d{9}|\d{11})(?!\d)")  # a mobile number with a digit too few or too many
MISTYPED_FAULT = "手机号应为 11 位，请看看是不是少了或多了一位。"


def files_field(label: str, help_text: str = "", *, photos: bool = True) -> FilesField:
    attrs = {"accept": ACCEPT} | ({"data-photos": ""} if photos else {})
    return FilesField(label=label, required=False, help_text=help_text, widget=ManyFiles(attrs=attrs))


def text_field(label: str, missing: str, help_text: str = "", **more: Any) -> forms.CharField:
    faults = {"required": missing, "max_length": "最多 5000 字。请写要点，细节可以放在附件里。"}
    return forms.CharField(
        label=label,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=help_text,
        error_messages=faults,
        **more,
    )


def phone_of(typed: str) -> str:
    """Return the number in half-width signs, if it may be one, with its extension. Raises `ValidationError`."""
    number = unicodedata.normalize("NFKC", typed)
    bare = re.sub(r"[\s()\-—–]", "", number)
    if number and not PHONE.fullmatch(bare):
        raise forms.ValidationError(PHONE_FAULT)
    if MISTYPED.match(bare):
        raise forms.ValidationError(MISTYPED_FAULT)
    return number


class Whistled(forms.Form):
    """What both entries ask: the matter, where, what shows it. The sentences about what is missing are ours."""

    use_required_attribute = False

    place = forms.CharField(
        label="在哪里",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": "如：二期厂房东门"}),
        error_messages={"max_length": "最多 100 字。"},
    )

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].strip()
        if len(text) < SHORTEST:
            raise forms.ValidationError("再多写几个字：什么事，从什么时候开始，希望怎么办。")
        return text

    def clean_phone(self) -> str:
        return phone_of(self.cleaned_data["phone"].strip())


class WhistleForm(Whistled):
    field_order = ("text", "files", "place", "phone", "no_phone", "enterprise_name", "nature", "urgent")

    text = text_field("说说遇到了什么问题", "请说说遇到了什么问题。", "什么事，从何时起，希望怎么办。")
    files = files_field("拍张照片，或附上材料", "每个 20 MB 以内；照片里的位置会去掉。")  # type: ignore[assignment]
    enterprise_name = forms.CharField(
        label="哪家企业",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "enterprises", "autocomplete": "organization"}),
        error_messages={"max_length": "最多 80 字。"},
    )
    phone = forms.CharField(
        label="怎么联系您",
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "placeholder": "手机或座机"}),
        error_messages={
            "required": "请留一个电话，承办单位好联系您；不想留的，请勾选“不留电话”。",
            "max_length": PHONE_FAULT,
        },
    )
    no_phone = forms.BooleanField(label="不留电话，凭查询码看结果", required=False)
    nature = forms.ChoiceField(
        label="这是",
        choices=[(nature.value, nature.label) for nature in OPEN_NATURES],
        initial=Nature.HELP.value,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项。", "invalid_choice": "请选一项。"},
    )
    urgent = forms.BooleanField(
        label="紧急（影响安全或停产）",
        required=False,
        help_text="有人身危险的，先拨 110、119、120；车祸拨 122。",
    )

    def __init__(self, *args: Any, enterprise: Enterprise | None, may_urge: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].required = not self.data.get("no_phone")
        if enterprise:
            del self.fields["enterprise_name"]
        if not may_urge:
            del self.fields["urgent"]

    @property
    def says_more(self) -> bool:
        """Whether something was said, or is at fault, in what the page folds away."""
        folded = [self[name] for name in ("enterprise_name", "nature", "urgent") if name in self.fields]
        return self.is_bound and any(field.errors or field.value() not in UNSAID for field in folded)


class SealedForm(Whistled):
    """Complaints and reports: whom it is about, and whether to give a name."""

    field_order = (
        "nature", "respondent_unit", "respondent_name", "text", "place", "files", "named", "called", "phone", "open_part"
    )  # fmt: skip

    nature = forms.ChoiceField(
        label="您要",
        choices=[
            (Nature.COMPLAINT.value, "投诉：自己的权益受了损"),
            (Nature.REPORT.value, "举报：别人违规违法"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "请选投诉或举报。", "invalid_choice": "请选投诉或举报。"},
    )
    respondent_unit = forms.ChoiceField(
        label="反映的是哪个单位",
        help_text="选中的单位，连同它的上下级，都看不到这件事。",
        error_messages={"required": "请选一个单位；不在列表里的，选“不在列表里”。", "invalid_choice": "请从列表里选。"},
    )
    respondent_name = forms.CharField(
        label="不在列表里的单位，或者具体的人",
        required=False,
        max_length=80,
        error_messages={"max_length": "最多 80 字。"},
    )
    text = text_field("反映什么", "请写下要反映的情况。", "时间、地点、经过。匿名的，请不要写能认出您的细节。")
    files = files_field("证据材料", "照片里的位置和设备信息会去掉；文档里可能带有作者姓名，匿名的请改用照片。")  # type: ignore[assignment]
    named = forms.ChoiceField(
        label="要不要留名",
        choices=[("no", "匿名：不记姓名、电话和企业"), ("yes", "留名：加密另存，专办员也看不到，要两个人同意才能看")],
        initial="no",
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项。", "invalid_choice": "请选一项。"},
    )
    called = forms.CharField(
        label="怎么称呼您",
        help_text="选“留名”的可以填。",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "最多 40 字。"},
    )
    open_part = forms.CharField(
        label="里面有没有要帮忙解决、可以公开办的事",
        help_text="有就写在这里，另立一件公开的诉求，照常派单；里面不要写投诉举报的内容。两件互不相连，您都凭查询码看。",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "最多 5000 字。请写要点。"},
    )
    phone = forms.CharField(
        label="联系电话",
        help_text="选“留名”的才填。",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"max_length": PHONE_FAULT},
    )

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        named = [(pk, unit.name) for pk, unit in self.units.items()]
        self.fields["respondent_unit"].choices = [("", "请选择"), *named, (NOT_LISTED, "不在列表里，写在下面")]

    def clean_respondent_unit(self) -> Unit | str:
        """Return the unit, or `NOT_LISTED`."""
        return self.units.get(self.cleaned_data["respondent_unit"], NOT_LISTED)

    def clean_phone(self) -> str:
        return super().clean_phone() if self.cleaned_data.get("named") == "yes" else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("respondent_unit") == NOT_LISTED and not data.get("respondent_name"):
            self.add_error("respondent_name", "请写下单位或人的名称：我们据此让有关的人回避。")
        if data.get("named") == "yes" and "phone" in data and not data["phone"]:
            self.add_error("phone", "请留一个电话，或者选匿名。")
        if 0 < len(data.get("open_part", "").strip()) < SHORTEST:
            self.add_error("open_part", "再多写几个字：什么事，希望怎么办。没有就空着。")
        return data


# -- on the receipt -------------------------------------------------------------------------------------------------


def grade_field(*, required: bool = True) -> forms.ChoiceField:
    """Five grades, none chosen beforehand."""
    return forms.ChoiceField(
        label="办得怎么样",
        required=required,
        choices=Grade.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一个满意度。", "invalid_choice": "请选一个满意度。"},
    )


class ConfirmForm(forms.Form):
    grade = grade_field()
    note = text_field("还想说的", "", required=False)


class RejectForm(forms.Form):
    note = text_field("哪里没有解决", "请写明哪里没有解决，承办单位好接着办。")
    grade = grade_field(required=False)


class SupplementForm(forms.Form):
    note = text_field("要补充什么", "", required=False)
    files = files_field("照片或材料", "每个不超过 20 MB，最多 9 个。")  # type: ignore[assignment]


class AnswerForm(SupplementForm):
    """A supplement that answers what the officer asked."""

    use_required_attribute = False

    note = text_field("您的回答", "请写上回答。不清楚的，也请写一句。")


class RecusalForm(forms.Form):
    """Who is to stand aside, and why: the reporter need not know any name."""

    use_required_attribute = False

    whose = forms.ChoiceField(
        label="要求谁回避",
        choices=[("handler", "承办单位正在办的人"), ("officer", "投诉举报专办员")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项。", "invalid_choice": "请选一项。"},
    )
    note = text_field("为什么", "请写明为什么要求回避。", "比如他是被反映的人的亲属，或者与这件事有利害关系。")


class UrgeForm(forms.Form):
    note = text_field("想说的话", "", required=False)


class WithdrawForm(forms.Form):
    note = text_field("为什么撤回", "", "撤回以后不再办理，也不能恢复；有需要可以再吹哨。", required=False)


class CodeForm(forms.Form):
    code = forms.CharField(
        label="查询码或企业码",
        max_length=60,
        help_text="查询码在回执上，企业码由综合党委办公室交给企业。大小写、空格和横线不用在意。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "请输入查询码或企业码。", "max_length": "没有这么长的查询码。请再核对。"},
    )
