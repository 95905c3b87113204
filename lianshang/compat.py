"""The names that move between Django 5.2 with its backports and Django 6, in one place."""

from collections.abc import Mapping
from typing import Any

import django
from django.http import HttpRequest

BUILT_IN = django.VERSION >= (6, 0)

APPS = [] if BUILT_IN else ["template_partials.apps.SimpleAppConfig", "csp"]

TEMPLATE_BUILTINS = [] if BUILT_IN else ["template_partials.templatetags.partials"]

CSP_MIDDLEWARE = "django.middleware.csp.ContentSecurityPolicyMiddleware" if BUILT_IN else "csp.middleware.CSPMiddleware"

CSP_CONTEXT = "django.template.context_processors.csp" if BUILT_IN else "lianshang.compat.csp_nonce"

# The value that Django 6 gives the same name.
NONCE = "<CSP_NONCE_SENTINEL>"


def template_loaders(*, cached: bool) -> list[Any]:
    """`page.html#part` names a part."""
    loaders: list[Any] = ["django.template.loaders.app_directories.Loader"]
    if cached:
        loaders = [("django.template.loaders.cached.Loader", loaders)]
    return loaders if BUILT_IN else [("template_partials.loader.Loader", loaders)]


def csp_settings(directives: Mapping[str, list[str]]) -> dict[str, Any]:
    """The setting's name and value; `NONCE` in a directive stands for the response's nonce."""
    if BUILT_IN:
        return {"SECURE_CSP": dict(directives)}
    from csp.constants import NONCE as MARK

    policy = {name: [MARK if word == NONCE else word for word in words] for name, words in directives.items()}
    return {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": policy}}


def csp_nonce(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `{{ csp_nonce }}` in a `<script>` or `<style>`; made only where a template reads it."""
    return {"csp_nonce": getattr(request, "csp_nonce", "")}
