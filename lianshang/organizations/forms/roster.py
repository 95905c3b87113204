from typing import Any

from django import forms


class PurposeForm(forms.Form):
    """What the members' names are opened for."""

    purpose = forms.CharField(
        label="查看用途", max_length=200, min_length=4,
        error_messages={"required": "请写明用途。", "min_length": "请把用途写具体些，例如“核对党员名册”。"},
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)
