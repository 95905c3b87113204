from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "lianshang.kernel"
    verbose_name = "内核"

    def ready(self) -> None:
        from lianshang.kernel import idempotency, statistics  # noqa: F401 register the ticks that forget and keep informed
        from lianshang.kernel.history import sealing, witnesses  # noqa: F401 their ticks
