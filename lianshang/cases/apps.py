from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "lianshang.cases"
    verbose_name = "诉求"

    def ready(self) -> None:
        from lianshang.cases import (  # noqa: F401 -- register what the worker runs
            abuse,
            escalation,
            evidence,
            forgetting,
            indicators,
            notices,
            retention,
            theme_notices,
            training,
        )
