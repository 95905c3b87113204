"""A deed as a form: what it is about, what is asked, and the one service that it calls."""

from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.core.validators import MinValueValidator
from django.utils import timezone

from lianshang.directory.actors import Actor

FIRST = date(1921, 7, 23)  # nothing of the Party is older
DAY = "日期没有看懂。请写成 2026-11-23 这样。"
EARLY = "日期太早了。请检查年份。"


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[MinValueValidator(FIRST, EARLY)],
        error_messages={"required": f"请填写{label}。", "invalid": DAY},
    )


def words_field(label: str, longest: int, *, required: bool = True, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=required, help_text=help_text,
        error_messages={"required": f"请填写{label}。"},
    )  # fmt: skip


class Deed(forms.Form):
    """`subject` is the row that it is about. `act` raises `Refused` and `Hidden`."""

    heading: ClassVar[str] = ""
    button: ClassVar[str] = "保存"
    said: ClassVar[str] = "已登记。"
    hint: ClassVar[str] = ""

    def __init__(self, subject: Any, at: datetime, data: Any = None) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)
        self.subject, self.at = subject, at
        self.today = timezone.localtime(at).date()
        self.prepare()

    def prepare(self) -> None:
        """Fill in what there is to choose."""

    def act(self, actor: Actor) -> Any:
        raise NotImplementedError
