from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "lianshang.notices"
    verbose_name = "通知"

    def ready(self) -> None:
        from lianshang.notices import absences, contact_persons, delivery  # noqa: F401 registers what is told, and the tick that sends
