from django.apps import AppConfig
from django.core.checks import Tags, register


class WebConfig(AppConfig):
    name = "lianshang.web"
    verbose_name = "页面"

    def ready(self) -> None:
        from lianshang.web.navigation import check_entries

        register(check_entries, Tags.urls)
