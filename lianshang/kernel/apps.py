from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "lianshang.kernel"
    verbose_name = "内核"

    def ready(self) -> None:
        from lianshang.kernel import statistics  # noqa: F401 registers the tick that keeps SQLite informed
        from lianshang.kernel.history import sealing, witnesses  # noqa: F401 their ticks
