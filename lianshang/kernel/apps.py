from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "lianshang.kernel"
    verbose_name = "内核"
