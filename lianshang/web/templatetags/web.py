"""Tags of the pages: `{% load web %}`. They take plain values and know no subject."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField, widgets
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
LIGHTS = {
    "normal": "正常", "near": "临期", "late": "超期", "paused": "停钟",
    "met": "按时", "missed": "逾期办成", "none": "无时限",
}  # fmt: skip
CHOICES = (widgets.RadioSelect, widgets.CheckboxSelectMultiple)


def day_words(value: date, today: date) -> str:
    """Return `11月23日 周一`, with the year where it is not that of `today`."""
    year = "" if value.year == today.year else f"{value.year}年"
    return f"{year}{value.month}月{value.day}日 {WEEKDAYS[value.weekday()]}"


def moment_words(value: datetime, now: datetime) -> str:
    """Return `11月23日 周一 17:00` in the zone in force."""
    local = timezone.localtime(value)
    return f"{day_words(local.date(), timezone.localtime(now).date())} {local:%H:%M}"


@register.simple_tag
def when(value: datetime | None, now: datetime | None = None) -> SafeString | str:
    """A moment as people say it; “—” where there is none."""
    if value is None:
        return "—"
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), moment_words(value, now or timezone.now())
    )


@register.simple_tag
def day(value: date | None, today: date | None = None) -> SafeString | str:
    """A date as people say it; a moment is taken to its date in the zone in force."""
    if value is None:
        return "—"
    on = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), day_words(on, today or timezone.localdate()))


@register.filter
def figures(value: float | Decimal | None) -> str:
    """A number with its thousands apart and its own decimals; “—” for nothing to measure (0 stays 0)."""
    return "—" if value is None or value == "" else f"{value:,}"


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; with `label` it speaks, without it is decoration. Rebuild the assets after a new name."""
    said = format_html(' role="img" aria-label="{}"', label) if label else SafeString(' aria-hidden="true"')
    return format_html('<svg class="icon"{}><use href="{}#{}"></use></svg>', said, static("built/icons.svg"), name)


@register.simple_tag
def light(
    state: str, due_at: datetime | None = None, remaining: str = "", *, provisional: bool = False, small: bool = False
) -> SafeString:
    """The light of a clock: one of `LIGHTS`, when it is due (not where `small`), how much is left in words."""
    shown = _light(state, remaining, provisional=provisional)
    return format_html('{}<span class="light-due">{}</span>', shown, when(due_at)) if due_at and not small else shown


@lru_cache(maxsize=4096)
def _light(state: str, remaining: str, *, provisional: bool) -> SafeString:
    """Drawn once for each reading: a list shows the same ones in many rows."""
    word = LIGHTS[state]
    if state == "none" and remaining:  # a window that is past has no limit any more, and says what it is
        word, remaining = remaining, ""
    context = {"state": state, "word": word, "remaining": remaining, "provisional": provisional}
    return render_to_string("web/_light.html", context)


@register.inclusion_tag("web/_field.html")
def field(bound: BoundField, **attributes: Any) -> dict[str, Any]:
    """A field with label, help and error; further arguments become attributes (`_` reads `-`)."""
    widget = bound.field.widget
    attrs = {name.replace("_", "-"): value for name, value in attributes.items()}
    shape = widget_shape(widget)
    if shape != "choices":
        kind = {"check": "form-check-input", "select": "form-select"}.get(shape, "form-control")
        attrs["class"] = f"{kind} {widget.attrs.get('class', '')} {attrs.get('class', '')}".strip()
    return {
        "field": bound, "shape": shape, "input": bound.as_widget(attrs=attrs), "hidden": bound.is_hidden,
        "optional": not bound.field.required,
    }  # fmt: skip


def widget_shape(widget: widgets.Widget) -> str:
    """Return `choices` (a group of its own), `check`, `select` or `line`."""
    if isinstance(widget, CHOICES):
        return "choices"
    if isinstance(widget, widgets.CheckboxInput):
        return "check"
    return "select" if isinstance(widget, widgets.Select) else "line"
