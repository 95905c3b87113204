from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "lianshang.notices"
    verbose_name = "通知"

    def ready(self) -> None:
        from lianshang.notices import delivery  # noqa: F401 registers the tick that sends e-mail
