"""Which of the marked words stay hidden, and which further ones: asked of the officer for each thing that was said."""

from dataclasses import dataclass
from typing import Any

from django import forms

from lianshang.cases import giveaways, masking
from lianshang.cases.giveaways import Mark
from lianshang.cases.models import Saying


@dataclass(frozen=True)
class Piece:
    """A stretch of the text as the officer reads it: plain, or a mark. Numbers are masked here too until they are kept."""

    words: str
    kind: str = ""
    hidden: bool = False


class WordsForm(forms.Form):
    """`keep` are the marks that need not be hidden; `hide` further words, one to a line, as they stand in the text."""

    use_required_attribute = False

    keep = forms.MultipleChoiceField(
        label="不用遮的勾上", required=False, choices=[], widget=forms.CheckboxSelectMultiple
    )
    hide = forms.CharField(
        label="另外要遮的字句",
        required=False,
        max_length=2000,
        help_text="照原文写，一行一处。凡能认出来件人的都要遮：只有他知道的事、他的岗位、他说话的场合。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, saying: Saying, words: str, data: Any = None) -> None:
        self.saying, self.words = saying, words
        self.is_sent = bool(data) and data.get("saying") == str(saying.pk)
        marks = giveaways.unpacked(saying.marks)
        self.found = [one for one in marks if one.kind != giveaways.OWN]
        super().__init__(data if self.is_sent else None, label_suffix="", prefix=f"s{saying.pk}")
        self.fields["keep"].choices = [(str(n), f"{one.kind}：{self._read(one)}") for n, one in enumerate(self.found)]
        own = dict.fromkeys(words[one.start : one.end] for one in marks if one.kind == giveaways.OWN)
        self.initial = {
            "keep": [str(n) for n, one in enumerate(self.found) if not one.hidden],
            "hide": "\n".join(own),
        }
        if not self.found:
            del self.fields["keep"]

    def decided(self) -> dict[str, Any]:
        """Return what the service takes."""
        given = self.cleaned_data
        lines = [line.strip() for line in given["hide"].splitlines()]
        return {"keep": [int(one) for one in given.get("keep", ())], "hide": [line for line in lines if line]}

    @property
    def pieces(self) -> list[Piece]:
        """Return the text in order, plain stretches and marks."""
        told, place = [], 0
        for one in giveaways.unpacked(self.saying.marks):
            if one.start < place:
                continue
            told.append(Piece(masking.text(self.words[place : one.start])))
            told.append(Piece(self._read(one), one.kind, one.hidden))
            place = one.end
        told.append(Piece(masking.text(self.words[place:])))
        return [piece for piece in told if piece.words]

    def _read(self, one: Mark) -> str:
        words = self.words[one.start : one.end]
        return masking.text(words) if one.hidden else words
