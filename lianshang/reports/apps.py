from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "lianshang.reports"
    verbose_name = "简报"

    def ready(self) -> None:
        from lianshang.reports.services import articles  # noqa: F401 -- registers the tick that forgets
