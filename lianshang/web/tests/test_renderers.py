import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from lianshang.web.renderers import Renderer


class Everything(forms.Form):
    name = forms.CharField(label="名称", max_length=20, help_text="怎么叫都行")
    note = forms.CharField(widget=forms.Textarea, required=False)
    count = forms.IntegerField(min_value=1, required=False, disabled=True)
    mail = forms.EmailField(required=False)
    since = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date", "data-x": '"<&>'}))
    agreed = forms.BooleanField(required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)
    unit = forms.ChoiceField(
        choices=[("", "全部"), ("1", "<供电> & 水"), ("组", [("2", "甲"), ("3", "乙")])], required=False
    )
    several = forms.MultipleChoiceField(choices=[("1", "甲"), ("2", "乙")], required=False)


GIVEN = {"name": "\"<b>'", "count": "3", "since": "2026-11-23", "agreed": "on", "unit": "3", "several": ["1", "2"]}


@pytest.mark.parametrize("data", [None, {}, GIVEN])
def test_form_looks_as_django_draws_it(data):
    ours, theirs = (str(Everything(data, renderer=renderer())) for renderer in (Renderer, DjangoTemplates))

    assert _packed(ours) == _packed(theirs)
    assert "<select" in ours


def _packed(html: str) -> str:
    """Without the blanks between tags, which nobody sees."""
    return re.sub(r">\s+<", "><", html)
