"""What is asked of whoever publishes."""

from datetime import datetime

from django import forms

from lianshang.directory.models import Park
from lianshang.indicators import freezing, periods
from lianshang.indicators.periods import NoPeriod


class PublishForm(forms.Form):
    """Which period. The figures are those of the open ledger; none can be typed."""

    kind = forms.ChoiceField(
        label="时段口径", choices=[(kind, kind) for kind in periods.KINDS], initial=periods.IN_PERIOD
    )
    period = forms.CharField(
        label="时段", required=False, max_length=30,
        help_text="口径选“当期”时填写：2026、2026-Q3、2026-11，或 2026-11-01..2026-11-23。",
    )  # fmt: skip

    def __init__(self, *args: object, park: Park, at: datetime, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.park, self.at = park, at

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if "kind" in cleaned:
            try:
                cleaned["period"] = freezing.period_of(cleaned["kind"], cleaned.get("period", ""), self.park, self.at)
            except NoPeriod as wrong:
                self.add_error("period", str(wrong))
        return cleaned


class CorrectForm(forms.Form):
    reason = forms.CharField(
        label="更正理由", max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写清哪里记错了、改了哪条原始记录。会和新旧两版一起显示。",
    )  # fmt: skip
