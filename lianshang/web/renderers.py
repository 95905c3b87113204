"""How the widgets of a form are drawn: as Django draws them, without a template for each option and each attribute."""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDGETS = "django/forms/widgets"
SELECT = f"{WIDGETS}/select.html"
LINES = {f"{WIDGETS}/{name}.html" for name in ("text", "number", "email", "date", "hidden", "checkbox")}
Context = Mapping[str, Any]


class Renderer(DjangoTemplates):
    """Lists to choose from and plain lines are in nearly every form; what else there is is left to Django's templates."""

    def render(self, template_name: str, context: dict[str, Any], request: object = None) -> str:
        if template_name == SELECT:
            return select(context["widget"])
        if template_name in LINES:
            return line(context["widget"])
        return super().render(template_name, context, request)  # type: ignore[arg-type]


def select(widget: Context) -> SafeString:
    groups = ((_group(name, options),) for name, options, _ in widget["optgroups"])
    return format_html(
        '<select name="{}"{}>{}</select>',
        widget["name"], _attributes(widget["attrs"]), format_html_join("", "{}", groups),
    )  # fmt: skip


def _group(name: str | None, options: list[Context]) -> SafeString:
    drawn = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((str(one["value"]), _attributes(one["attrs"]), one["label"]) for one in options),
    )
    return format_html('<optgroup label="{}">{}</optgroup>', name, drawn) if name else drawn


def line(widget: Context) -> SafeString:
    value = widget["value"]
    given = SafeString("") if value is None else format_html(' value="{}"', str(value))
    attributes = _attributes(widget["attrs"])
    return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], given, attributes)


def _attributes(attrs: Context) -> SafeString:
    """Return the attributes with a space before each: what is False is left out, what is True is its name alone."""
    shown = ((name, "" if value is True else _given(value)) for name, value in attrs.items() if value is not False)
    return format_html_join("", " {}{}", shown)


def _given(value: object) -> SafeString:
    return format_html('="{}"', str(value))
