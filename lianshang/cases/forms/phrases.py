from typing import Any

from django import forms

from lianshang.cases.models import Phrase
from lianshang.cases.services import phrases
from lianshang.directory.actors import Actor
from lianshang.directory.models import Unit


class PhrasesForm(forms.Form):
    """A unit's sentences, one a line."""

    lines = forms.CharField(
        label="一行一条", required=False, widget=forms.Textarea(attrs={"rows": 12}),
        max_length=phrases.MOST * (Phrase.LONGEST + 2),
        help_text="写答复、反馈时点一下就填进去。例如：已安排人员到现场查看，今天 17:00 前告知您结果。",
    )  # fmt: skip

    def __init__(self, unit: Unit, data: Any = None) -> None:
        kept = Phrase.objects.filter(unit=unit).order_by("position").values_list("text", flat=True)
        super().__init__(data, label_suffix="", initial={"lines": "\n".join(kept)})
        self.unit = unit
        self.fields["lines"].error_messages["max_length"] = "太长了。请删去不常用的。"

    def keep(self, actor: Actor) -> int:
        """Raises `Refused` and `Hidden`."""
        return len(phrases.keep_phrases(self.unit, self.cleaned_data["lines"].splitlines(), actor=actor))
