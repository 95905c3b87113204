"""Built in: `{% csrf_token %}` of every form also carries the form's own key, so that no form is without one."""

from typing import Any

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lianshang.kernel import idempotency

register = template.Library()


class KeyedForm(CsrfTokenNode):
    """Django's token against forged forms, and a key that no other form has (`kernel.idempotency`)."""

    def render(self, context: Any) -> SafeString:
        key = format_html('<input type="hidden" name="{}" value="{}">', idempotency.FIELD, idempotency.mint())
        return format_html("{}{}", super().render(context), key)


@register.tag("csrf_token")
def keyed_form(parser: Any, token: Any) -> KeyedForm:
    return KeyedForm()
