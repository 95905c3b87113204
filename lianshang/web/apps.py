from django.apps import AppConfig
from django.core.checks import Tags, register


class WebConfig(AppConfig):
    name = "lianshang.web"
    verbose_name = "页面"

    def ready(self) -> None:
        from django.forms import Field

        from lianshang.web.navigation import check_entries

        register(check_entries, Tags.urls)
        Field.default_error_messages["required"] = (
            "这一项还没有填。"  # Django's own words are an office's, not people's
        )
